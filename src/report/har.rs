//! The conversation as HTTP Archive 1.2: one page a case, one entry an exchange.
//!
//! Written as it is read, so that no more than one exchange is held. Members that begin with `_` are
//! scimitar's own, as the format allows.

use std::collections::HashMap;
use std::io::Write;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::json::harmless;
use super::word;
use crate::exchange::{Body, Exchange, Header, Request, Response, Timing};
use crate::record::conversation::Talk;
use crate::record::{CaseRecord, Conversation, RunRecord, Unreadable};

/// Page of discovery and of the rehearsal: they belong to no case.
const SET_UP: &str = "set-up";
/// What the format has for a version or a type that is not known.
const UNKNOWN: &str = "unknown";

/// Writes the archive.
pub(super) fn write(
    record: &RunRecord,
    conversation: &mut Conversation<'_>,
    comment: &str,
    out: &mut dyn Write,
) -> Result<(), Unreadable> {
    let origin = record
        .started
        .parse::<Timestamp>()
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let creator = json!({ "name": "scimitar", "version": record.tool.version });
    out.write_all(b"{\"log\":{\"version\":\"1.2\",\"creator\":")?;
    harmless(&creator, out)?;
    out.write_all(b",\"comment\":")?;
    harmless(&comment, out)?;
    out.write_all(b",\"pages\":[")?;
    let cases: HashMap<&str, &CaseRecord> = record
        .cases
        .iter()
        .map(|case| (case.id.as_str(), case))
        .collect();
    let mut separator: &[u8] = b"\n";
    for talk in conversation.talks() {
        out.write_all(separator)?;
        harmless(&page(talk, cases.get(talk.case.as_str()), origin), out)?;
        separator = b",\n";
    }
    out.write_all(b"\n],\"entries\":[")?;
    separator = b"\n";
    conversation.each(|exchange| {
        out.write_all(separator)?;
        separator = b",\n";
        harmless(&entry(exchange, origin), out)
    })?;
    out.write_all(b"\n]}}\n")?;
    Ok(())
}

/// What was said in one case.
fn page(talk: &Talk, case: Option<&&CaseRecord>, origin: Timestamp) -> Value {
    let title = match (case, talk.case.as_str()) {
        (Some(case), id) => format!("{id}: {}", case.title),
        (None, "") => "discovery".to_owned(),
        (None, other) => other.to_owned(),
    };
    let mut page = json!({
        "startedDateTime": time(origin, talk.started_us),
        "id": id(&talk.case),
        "title": title,
        "pageTimings": { "onContentLoad": -1, "onLoad": millis(talk.ended_us.saturating_sub(talk.started_us)) },
    });
    if let Some(case) = case {
        page["_pack"] = case.pack.as_str().into();
        page["_outcome"] = word::key(case.outcome).into();
    }
    page
}

fn entry(exchange: &Exchange, origin: Timestamp) -> Value {
    let Timing {
        started_us,
        headers_us,
        total_us,
    } = exchange.timing;
    // Without a head all of the time was spent waiting for one.
    let wait = if exchange.response.is_some() {
        headers_us.min(total_us)
    } else {
        total_us
    };
    let version = exchange
        .response
        .as_ref()
        .map_or(UNKNOWN, |response| response.version.as_str());
    let mut entry = json!({
        "pageref": id(&exchange.case),
        "startedDateTime": time(origin, started_us),
        "time": millis(total_us),
        "request": request(&exchange.request, version),
        "response": exchange.response.as_ref().map_or_else(|| unanswered(exchange), answered),
        "cache": {},
        "timings": {
            "blocked": -1, "dns": -1, "connect": -1, "ssl": -1,
            "send": 0, "wait": millis(wait), "receive": millis(total_us - wait),
        },
        "_n": exchange.n,
    });
    if !exchange.step.is_empty() {
        entry["comment"] = exchange.step.as_str().into();
    }
    entry
}

fn request(request: &Request, version: &str) -> Value {
    let query: Vec<Value> = request
        .query
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut shown = json!({
        "method": request.method,
        "url": request.url,
        "httpVersion": version,
        "cookies": [],
        "headers": headers(&request.headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": request.body.as_ref().map_or(0, |body| body.length),
    });
    if let Some(body) = &request.body {
        shown["postData"] = json!({
            "mimeType": media_type(&request.headers).unwrap_or_default(),
            "text": body.text,
        });
        comment(&mut shown["postData"], body);
    }
    shown
}

fn answered(response: &Response) -> Value {
    let redirect = response
        .header("location")
        .filter(|_| (300..400).contains(&response.status));
    let coded = response.header("content-encoding").is_some();
    let mut content = json!({
        "size": response.body.length,
        "mimeType": media_type(&response.headers).unwrap_or_default(),
        "text": response.body.text,
    });
    comment(&mut content, &response.body);
    json!({
        "status": response.status,
        "statusText": reason(response.status),
        "httpVersion": response.version,
        "cookies": [],
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": redirect.unwrap_or_default(),
        "headersSize": -1,
        "bodySize": if coded { json!(-1) } else { json!(response.body.length) },
    })
}

/// An exchange without a complete response.
fn unanswered(exchange: &Exchange) -> Value {
    let status = exchange.failure.as_ref().and_then(|failure| failure.status);
    let why = exchange
        .failure
        .as_ref()
        .map_or("no response", |failure| failure.detail.as_str());
    json!({
        "status": status.unwrap_or(0),
        "statusText": status.map(reason).unwrap_or_default(),
        "httpVersion": UNKNOWN,
        "cookies": [],
        "headers": [],
        "content": { "size": 0, "mimeType": "x-unknown" },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_error": why,
    })
}

/// Says of a body what its text does not.
fn comment(place: &mut Value, body: &Body) {
    if body.truncated {
        let text = format!(
            "the first {} of {} bytes; --evidence all keeps bodies whole",
            body.text.len(),
            body.length
        );
        place["comment"] = text.into();
    }
}

fn headers(headers: &[Header]) -> Vec<Value> {
    headers
        .iter()
        .map(|header| json!({ "name": header.name, "value": header.value }))
        .collect()
}

fn media_type(headers: &[Header]) -> Option<&str> {
    headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-type"))
        .map(|header| header.value.as_str())
}

fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

fn id(case: &str) -> &str {
    if case.is_empty() { SET_UP } else { case }
}

/// Microseconds as the milliseconds of the format.
#[expect(clippy::cast_precision_loss, reason = "no run takes 285 years")]
fn millis(us: u64) -> f64 {
    us as f64 / 1000.0
}

/// A moment of the run, RFC 3339 with microseconds.
fn time(origin: Timestamp, us: u64) -> String {
    let after = SignedDuration::from_micros(i64::try_from(us).unwrap_or(i64::MAX));
    let moment = origin.checked_add(after).unwrap_or(origin);
    format!("{moment:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_run_with_microseconds() {
        let origin: Timestamp = "2026-11-20T08:30:00Z".parse().unwrap();
        for (us, expected) in [
            (0, "2026-11-20T08:30:00.000000Z"),
            (7_038_001, "2026-11-20T08:30:07.038001Z"),
            (u64::MAX, "2026-11-20T08:30:00.000000Z"),
        ] {
            assert_eq!(time(origin, us), expected);
        }
    }
}
