//! What a target says about itself, and whether it is one at all.
//!
//! Sends three reads, and a fourth where they give nothing. Says what is in the way in one message instead of failing everything after.

use super::{Call, Session};
use crate::exchange::{Exchange, FailureKind};
use crate::scim::capabilities::{Capabilities, DocumentDefect, MAX_DOCUMENTS};
use crate::scim::resource::member;
use crate::scim::urn;

/// Where the discovery documents stand (RFC 7644 §4).
pub const DOCUMENTS: [&str; 3] = ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"];

/// Base paths under which service providers are often found.
const USUAL_BASES: [&str; 4] = ["/scim/v2", "/v2", "/scim", "/api/scim/v2"];

/// What discovery found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// What the target advertises, completed from the RFC where it says nothing.
    pub capabilities: Capabilities,
    /// What was sent and answered: one exchange a document.
    pub exchanges: Vec<Exchange>,
    /// What is wrong in the documents.
    pub defects: Vec<DocumentDefect>,
    /// What a reader of the verdict must know: documents that were not served.
    pub remarks: Vec<String>,
    /// Why nothing can be tested.
    pub trouble: Option<Trouble>,
}

/// Why nothing can be tested. Whole sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No connection.
    #[error("The target can't be reached: {0}")]
    Unreachable(String),
    /// It accepts connections and gives no usable answer.
    #[error("The target gives no usable answer: {0}")]
    Unusable(String),
    /// The credential was not accepted.
    #[error("The token was never accepted: {0}")]
    Unauthorized(String),
    /// Something else than SCIM.
    #[error("The target does not speak SCIM at this base URL: {what}.{}", suggestion(.bases))]
    NotScim {
        /// What it answers.
        what: String,
        /// Base URLs worth a try.
        bases: Vec<String>,
    },
    /// It throttles.
    #[error("The target asks for more patience than the run has: {0}")]
    Throttled(String),
}

fn suggestion(bases: &[String]) -> String {
    if bases.is_empty() {
        return String::new();
    }
    format!(" Try one of these base URLs: {}", bases.join(", "))
}

/// Reads the discovery documents of a target.
pub async fn discover(session: &dyn Session) -> Discovery {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for path in DOCUMENTS {
        let exchange = session.send(read(path)).await;
        let unreachable = matches!(trouble_of(&exchange), Some(Trouble::Unreachable(_)));
        exchanges.push(exchange);
        if unreachable {
            break;
        }
    }
    let documents: Vec<_> = exchanges.iter().map(document).collect();
    let body = |at: usize| documents.get(at).copied().flatten();
    let mut trouble = judge(session.base_url(), &exchanges, &documents);
    let answers = !matches!(
        trouble,
        None | Some(Trouble::Unreachable(_) | Trouble::Throttled(_))
    );
    if answers && serves_users(session).await {
        trouble = None;
    }
    let (mut capabilities, defects) = Capabilities::read(body(0), body(1), body(2));
    let mut remarks: Vec<String> = DOCUMENTS
        .iter()
        .zip(&documents)
        .zip(&exchanges)
        .filter(|((_, document), _)| document.is_none())
        .map(|((path, _), exchange)| {
            format!(
                "{path} is not served ({}); the RFC's defaults stand in for it",
                said(exchange)
            )
        })
        .collect();
    let listed = DOCUMENTS.iter().zip(documents.iter().copied());
    remarks.extend(listed.filter_map(|(path, document)| unread(path, document?)));
    remarks.extend(root_endpoints(&mut capabilities, session.base_url()));
    Discovery {
        capabilities,
        defects,
        remarks: if trouble.is_some() {
            Vec::new()
        } else {
            remarks
        },
        trouble,
        exchanges,
    }
}

/// What is to be said of a list that is longer than what is read of it.
fn unread(path: &str, document: &serde_json::Value) -> Option<String> {
    let listed = member(document, "Resources")?.as_array()?.len();
    (listed > MAX_DOCUMENTS).then(|| {
        format!("{path} lists {listed} documents; the first {MAX_DOCUMENTS} of them are read, and the others not known")
    })
}

/// Takes the path of the base URL off endpoints that carry it, so that their resources are found all the same: what is
/// to be said about it, if one did. Endpoints are relative to the base URL (RFC 7643 §6).
fn root_endpoints(capabilities: &mut Capabilities, base: &str) -> Option<String> {
    let base = url::Url::parse(base).ok()?;
    let mount = base.path().trim_end_matches('/');
    if mount.is_empty() {
        return None;
    }
    let mut remark = None;
    for found in &mut capabilities.resource_types {
        let Some(rest) = found
            .endpoint
            .strip_prefix(mount)
            .filter(|rest| rest.starts_with('/'))
        else {
            continue;
        };
        let (given, rest) = (found.endpoint.clone(), rest.to_owned());
        remark.get_or_insert_with(|| {
            format!("/ResourceTypes says {given} where {rest} is meant: an endpoint is relative to the base URL")
        });
        found.endpoint = rest;
    }
    remark
}

/// Whether users are listed as SCIM does, discovery or no discovery.
async fn serves_users(session: &dyn Session) -> bool {
    let mut call = read("/Users");
    call.query = vec![("count".to_owned(), "1".to_owned())];
    let exchange = session.send(call).await;
    let body = document(&exchange);
    body.is_some_and(|body| urn::listed(body, urn::LIST_RESPONSE))
}

fn read(path: &str) -> Call {
    Call::read("", &format!("discovery {path}"), path)
}

/// The JSON object that was served, if one was.
fn document(exchange: &Exchange) -> Option<&serde_json::Value> {
    let json = exchange.json()?;
    let served = exchange.status() == Some(200) && (json.is_object() || json.is_array());
    served.then_some(json)
}

fn judge(
    base: &str,
    exchanges: &[Exchange],
    documents: &[Option<&serde_json::Value>],
) -> Option<Trouble> {
    if documents.iter().any(Option::is_some) {
        return None;
    }
    let all = |test: fn(u16) -> bool| {
        exchanges
            .iter()
            .all(|exchange| exchange.status().is_some_and(test))
    };
    if all(|status| matches!(status, 401 | 403)) {
        let first = exchanges.first()?.status()?;
        let detail = format!("every request was answered with {first}");
        return Some(Trouble::Unauthorized(detail));
    }
    if let Some(trouble) = exchanges.iter().find_map(trouble_of) {
        return Some(trouble);
    }
    exchanges
        .iter()
        .find_map(foreign)
        .map(|what| Trouble::NotScim {
            what,
            bases: other_bases(base),
        })
}

/// What transport trouble means for the run as a whole.
fn trouble_of(exchange: &Exchange) -> Option<Trouble> {
    let failure = exchange.failure.as_ref()?;
    let detail = failure.detail.clone();
    Some(match failure.kind {
        FailureKind::Dns
        | FailureKind::Refused
        | FailureKind::ConnectTimeout
        | FailureKind::TlsCertificate
        | FailureKind::Tls => Trouble::Unreachable(detail),
        FailureKind::Throttled => Trouble::Throttled(detail),
        _ => Trouble::Unusable(detail),
    })
}

/// What an answer is, where it is none of SCIM: a page, a redirect, not found.
fn foreign(exchange: &Exchange) -> Option<String> {
    let response = exchange.response.as_ref()?;
    if matches!(response.status, 300..=399) {
        let to = response.header("location").unwrap_or("nowhere");
        return Some(format!(
            "it answers {} and points to {}, which is not followed",
            response.status,
            plain(to)
        ));
    }
    let media = response.header("content-type").unwrap_or_default();
    let begin = response
        .body
        .text
        .trim_start()
        .get(..64)
        .unwrap_or(&response.body.text);
    let begin = begin.trim_start().to_ascii_lowercase();
    if media.contains("html") || begin.starts_with("<!doctype html") || begin.starts_with("<html") {
        let title = title(&response.body.text);
        let titled = title.map_or_else(String::new, |title| format!(" titled \"{title}\""));
        return Some(format!("it answers with a web page{titled}"));
    }
    match response.status {
        404 | 405 => Some(format!(
            "it answers {} to every discovery document",
            response.status
        )),
        200..=299 => Some("it answers something that is no JSON object".to_owned()),
        status => Some(format!("it answers {status} to every discovery document")),
    }
}

/// The title of a web page, fit for a terminal.
fn title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let text = plain(html.get(start..end)?.trim());
    (!text.is_empty()).then_some(text)
}

/// Text of a server in a message: one line, no control or invisible characters, not long.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(120) {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Base URLs of the same origin that are worth a try.
fn other_bases(base: &str) -> Vec<String> {
    let after = base.find("://").map_or(0, |at| at + 3);
    let host_end = base
        .get(after..)
        .and_then(|rest| rest.find('/'))
        .map_or(base.len(), |at| after + at);
    let origin = base.get(..host_end).unwrap_or(base);
    USUAL_BASES
        .iter()
        .map(|path| format!("{origin}{path}"))
        .filter(|other| other != base)
        .collect()
}

fn said(exchange: &Exchange) -> String {
    match (&exchange.response, &exchange.failure) {
        (Some(response), _) if response.status == 200 => "no JSON object".to_owned(),
        (Some(response), _) => format!("status {}", response.status),
        (None, Some(failure)) => failure.detail.clone(),
        (None, None) => "no answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::exchange::{Body, Failure, Header, Response};
    use crate::session::BoxFuture;

    /// Answers every call alike.
    struct Canned(Result<(u16, &'static str, &'static str), FailureKind>);

    impl Session for Canned {
        fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
            let mut exchange = Exchange {
                n: 0,
                case: call.case,
                step: call.step,
                request: crate::exchange::Request::default(),
                response: None,
                failure: None,
                timing: crate::exchange::Timing::default(),
            };
            match self.0 {
                Ok((status, media, text)) => {
                    exchange.response = Some(Response {
                        status,
                        headers: vec![Header {
                            name: "content-type".into(),
                            value: media.into(),
                        }],
                        body: Body {
                            text: text.into(),
                            json: serde_json::from_str(text).ok().map(Arc::new),
                            ..Body::default()
                        },
                        ..Response::default()
                    });
                }
                Err(kind) => {
                    exchange.failure = Some(Failure {
                        kind,
                        detail: "connection refused".into(),
                        status: None,
                    });
                }
            }
            Box::pin(std::future::ready(exchange))
        }

        fn base_url(&self) -> &'static str {
            "https://idp.example/scim"
        }
    }

    async fn check(
        canned: Result<(u16, &'static str, &'static str), FailureKind>,
        expected: Option<&str>,
    ) -> Discovery {
        let found = discover(&Canned(canned)).await;
        let message = found.trouble.as_ref().map(ToString::to_string);
        match (&message, expected) {
            (None, None) => {}
            (Some(message), Some(part)) => assert!(message.contains(part), "{message}"),
            other => panic!("{other:?}"),
        }
        found
    }

    #[tokio::test]
    async fn what_is_in_the_way_is_said_once() {
        let found = check(
            Err(FailureKind::Refused),
            Some("can't be reached: connection"),
        )
        .await;
        assert_eq!(found.exchanges.len(), 1);
        check(Err(FailureKind::NotHttp), Some("no usable answer")).await;
        check(Err(FailureKind::Throttled), Some("more patience")).await;
        let denied = (401, "application/scim+json", "{}");
        check(Ok(denied), Some("The token was never accepted")).await;
        let page = (200, "text/html", "<html><TITLE>Sign\nin\u{1b}[31m</TITLE>");
        let found = check(Ok(page), Some("a web page titled \"Sign in\\u{1b}[31m\"")).await;
        let message = found.trouble.unwrap().to_string();
        assert!(message.contains("https://idp.example/scim/v2"), "{message}");
        assert!(!message.contains("example/scim,"), "{message}");
        let absent = (404, "application/json", "{\"status\":\"404\"}");
        check(Ok(absent), Some("404 to every discovery document")).await;
        check(Ok((302, "", "")), Some("302 and points to nowhere")).await;
        check(Ok((200, "text/plain", "hello")), Some("no JSON object")).await;
    }

    #[tokio::test]
    async fn documents_become_capabilities() {
        let config = r#"{"patch":{"supported":true}}"#;
        let found = check(Ok((200, "application/scim+json", config)), None).await;
        assert!(found.capabilities.patch);
        assert_eq!(found.exchanges.len(), 3);
        assert!(found.remarks.is_empty());
    }

    #[tokio::test]
    async fn a_list_that_is_cut_is_said() {
        let many = vec![r#"{"id":"urn:x"}"#; MAX_DOCUMENTS + 1].join(",");
        let list = format!(r#"{{"Resources":[{many}]}}"#);
        let found = check(Ok((200, "application/scim+json", list.leak())), None).await;
        let said = "/Schemas lists 1001 documents; the first 1000 of them are read, and the others not known";
        assert!(
            found.remarks.iter().any(|remark| remark == said),
            "{:?}",
            found.remarks
        );
    }

    #[tokio::test]
    async fn endpoints_that_carry_the_base_are_found() {
        let types = r#"{"Resources":[{"name":"User","endpoint":"/scim/Users","schema":"urn:x"},
            {"name":"Odd","endpoint":"/scimmed","schema":"urn:y"}]}"#;
        let found = check(Ok((200, "application/scim+json", types)), None).await;
        let endpoints: Vec<_> = found
            .capabilities
            .resource_types
            .iter()
            .map(|it| it.endpoint.as_str())
            .collect();
        assert_eq!(endpoints, ["/Users", "/scimmed"]);
        let remark = found.remarks.first().map(String::as_str);
        assert_eq!(
            remark,
            Some(
                "/ResourceTypes says /scim/Users where /Users is meant: an endpoint is relative to the base URL"
            )
        );
    }
}
