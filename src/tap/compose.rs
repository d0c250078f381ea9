//! From a recording to a scenario file.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use super::expect;
use super::known::{Given, Known};
use super::proxy::Recording;
use super::rewrite::creates;
use super::secret::{Refusal, Secrets};
use super::sift::{main_credential, sift};
use super::step::{Content, Step};
use crate::scim::resource::member;
use crate::seed::Seed;
use crate::session::intent::MARKED;
use crate::suite::write::{self, Expected, Head};

/// What stands above the scenario.
const REMARK: &str = "Written by `scimitar record`. Names, addresses and secrets are invented; read it before you share it.";

/// What the user decides about the file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Id of the case: the name of the file.
    pub id: String,
    /// Title; none says how many requests there are.
    pub title: Option<String>,
    /// Path of the target's base URL.
    pub base_path: String,
    /// Further names of attributes and parameters that hold secrets.
    pub secret_names: Vec<String>,
    /// Where invented values follow from.
    pub seed: Seed,
}

/// A scenario file.
#[derive(Clone, Debug)]
pub struct Composed {
    /// Its text.
    pub text: String,
    /// How many steps it has.
    pub steps: usize,
    /// What was left out or changed, for the user.
    pub notes: Vec<String>,
}

/// Why there is no scenario file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// A secret stands where it can't be replaced.
    #[error(transparent)]
    Secret(#[from] Refusal),
    /// A mail address stands where it can't be replaced.
    #[error("step {0} names a mail address where it can't be replaced")]
    Personal(usize),
    /// No request can become a step.
    #[error("no request was recorded that could become a step")]
    Nothing(Vec<String>),
}

/// Writes a recording as a scenario.
///
/// # Errors
/// Where a secret would have to be written, or nothing is left to write.
pub fn compose(recording: &Recording, options: &Options) -> Result<Composed, ComposeError> {
    let (steps, mut notes) = sift(&recording.turns, &options.base_path);
    if recording.unanswered > 0 {
        notes.push(format!(
            "requests without an answer at the end: {}",
            recording.unanswered
        ));
    }
    if steps.is_empty() {
        return Err(ComposeError::Nothing(notes));
    }
    let secrets = Secrets::of(&recording.turns, &options.secret_names);
    secrets.check(&steps)?;
    let mut known = Known::of(&steps, &secrets, options.seed);
    let mut written = written(&mut known, &steps);
    if written.iter().all(|step| step.expect.is_empty())
        && let Some(last) = written.last_mut()
    {
        let covers = "rfc7644-3.12-client-faults-are-no-server-errors";
        last.expect.push(("status", json!("2xx"), covers));
    }
    let captures = std::mem::take(&mut known.captures);
    for (step, captures) in written.iter_mut().zip(captures) {
        step.captures = captures;
    }
    let title = options
        .title
        .clone()
        .unwrap_or_else(|| format!("A recorded conversation of {} requests", steps.len()));
    let given: Vec<write::Given> = known.given.iter().map(Given::written).collect();
    let head = write::head(&Head {
        remark: REMARK,
        id: &options.id,
        title: &title,
        tags: &["recorded"],
        needs: &needs(&steps),
        given: &given,
    });
    let parts: Vec<String> = written.iter().map(write::step).collect();
    leaks(&known, &steps, &parts)?;
    notes.append(&mut known.notes);
    if steps
        .iter()
        .any(|step| matches!(step.content, Content::Text(_)))
    {
        notes.push(
            "a body is no clean JSON: of it, only what was recognised is replaced".to_owned(),
        );
    }
    Ok(Composed {
        text: head + &parts.concat(),
        steps: steps.len(),
        notes,
    })
}

fn written(known: &mut Known<'_>, steps: &[Step]) -> Vec<write::Step> {
    let main = main_credential(steps);
    let mut deleted = BTreeSet::new();
    let mut all = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let body = known.body(index, &step.content).filter(is_literal);
        let raw = match &step.content {
            Content::Text(text) => Some(known.raw(index, text)),
            Content::Json(_) if body.is_none() => known
                .body(index, &step.content)
                .map(|body| body.to_string()),
            _ => None,
        };
        let expect: Vec<Expected> = expect::expectations(known, index, step, &deleted);
        if let (&Method::DELETE, true, Some((_, Some(id)))) =
            (&step.method, step.succeeded(), step.resource())
        {
            deleted.insert(id);
        }
        let has_body = body.is_some() || raw.is_some();
        all.push(write::Step {
            name: format!("{} {}", index + 1, what(step)),
            verb: step.method.as_str().to_ascii_lowercase(),
            path: known.path(index, &step.path),
            query: known.query(index, step),
            headers: known.headers(index, step),
            auth: auth(step, main.as_deref()),
            unmarked: creates(step)
                && body
                    .as_ref()
                    .is_some_and(|body| body.is_object() && !is_marked(body)),
            content_type: content_type(step).filter(|_| has_body),
            body,
            raw,
            captures: Vec::new(),
            pages: None,
            expect,
        });
    }
    all
}

/// Whether a body can be written as one: what looks like the words of the language can't.
fn is_literal(body: &Value) -> bool {
    body.get("fixture").is_none() && body.get("from").is_none() && !body.is_null()
}

fn is_marked(body: &Value) -> bool {
    MARKED.iter().any(|name| {
        let text = member(body, name).and_then(Value::as_str);
        text.is_some_and(|text| text.contains("{{run}}"))
    })
}

/// What a step does, in a word.
fn what(step: &Step) -> &'static str {
    let one = matches!(step.resource(), Some((_, Some(_))));
    match step.method.as_str() {
        "POST" if step.is_search() => "search",
        "POST" if creates(step) => "create",
        "POST" => "post",
        "PUT" => "replace",
        "PATCH" => "change",
        "DELETE" => "delete",
        "GET" if one => "read",
        "GET" if step.filter().is_some() => "match",
        "GET" if step.resource().is_some() => "list",
        "GET" => "look up",
        _ => "ask",
    }
}

/// Whose credential a step has, where it is not that of most.
fn auth(step: &Step, main: Option<&str>) -> Option<Value> {
    match (&step.credential, main) {
        (None, Some(_)) => Some(json!("none")),
        // Another one that was accepted may do what the main one does; one that was not is made up.
        (Some(own), Some(main)) if own != main && step.seen.status == 401 => {
            Some(json!({ "header": "Bearer {{uuid}}" }))
        }
        _ => None,
    }
}

fn content_type(step: &Step) -> Option<String> {
    match step.media_type.as_deref() {
        Some("application/scim+json") => None,
        Some(other) => Some(other.to_owned()),
        None => Some("none".to_owned()),
    }
}

/// The resource types that the target has to have.
fn needs(steps: &[Step]) -> Vec<String> {
    [("/users", "rt.User"), ("/groups", "rt.Group")]
        .into_iter()
        .filter(|(endpoint, _)| {
            steps.iter().any(|step| {
                let of_step = step
                    .resource()
                    .map(|(endpoint, _)| endpoint.to_ascii_lowercase());
                of_step.as_deref() == Some(endpoint)
            })
        })
        .map(|(_, need)| need.to_owned())
        .collect()
}

/// Looks once more through what would be written.
fn leaks(known: &Known<'_>, steps: &[Step], parts: &[String]) -> Result<(), ComposeError> {
    for (index, (part, step)) in parts.iter().zip(steps).enumerate() {
        if known.secrets.leaks(part) {
            return Err(ComposeError::Secret(Refusal {
                request: step.label(),
                place: "what would be written of it".to_owned(),
            }));
        }
        let lower = part.to_lowercase();
        if known.names.mails().any(|mail| lower.contains(mail)) {
            return Err(ComposeError::Personal(index + 1));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, header};

    use super::super::proxy::{Answer, Turn};
    use super::*;
    use crate::check::expect;
    use crate::requirement::Catalogue;
    use crate::suite::{Vocabulary, lint_text};

    fn turn(line: &str, body: &str, status: u16, answer: &str) -> Turn {
        let (method, target) = line.split_once(' ').unwrap();
        let media_type = HeaderValue::from_static("application/scim+json");
        let mut headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media_type)]);
        let token = HeaderValue::from_static("Bearer canary-token-4711");
        headers.insert(header::AUTHORIZATION, token);
        Turn {
            method: method.parse().unwrap(),
            target: format!("/scim{target}"),
            headers,
            body: Bytes::copy_from_slice(body.as_bytes()),
            answer: Ok(Answer {
                status,
                headers: HeaderMap::new(),
                body: Bytes::copy_from_slice(answer.as_bytes()),
            }),
        }
    }

    /// What turns become; it is held to be sound.
    fn composed(turns: Vec<Turn>) -> Composed {
        let options = Options {
            id: "case".to_owned(),
            title: None,
            base_path: "/scim".to_owned(),
            secret_names: vec!["pinCode".to_owned()],
            seed: Seed(11),
        };
        let recording = Recording {
            turns,
            unanswered: 0,
        };
        let composed = compose(&recording, &options).unwrap();
        let catalogue = Catalogue::embedded().unwrap();
        let vocabulary = Vocabulary {
            checks: expect::all(),
            catalogue: &catalogue,
        };
        let found = lint_text("case", &composed.text, &vocabulary);
        assert!(found.is_empty(), "{}\n{}", found[0], composed.text);
        composed
    }

    #[track_caller]
    fn assert_holds(text: &str, wanted: &[&str], unwanted: &[&str]) {
        for wanted in wanted {
            assert!(text.contains(wanted), "no {wanted} in\n{text}");
        }
        for unwanted in unwanted {
            assert!(!text.contains(unwanted), "{unwanted} in\n{text}");
        }
    }

    #[test]
    fn an_id_that_is_a_small_number_is_named_where_it_is_an_id_and_nowhere_else() {
        let user = r#"{"userName":"bob","title":"1","pinCode":"98","badge":123456}"#;
        let group = r#"{"displayName":"g","members":[{"value":"1","display":"bob"}]}"#;
        let composed = composed(vec![
            turn("GET /Users/1", "", 404, ""),
            turn("GET /Users", "", 429, ""),
            turn("POST /Users", user, 201, r#"{"id":1}"#),
            turn("POST /Groups", group, 201, r#"{"id":"1g"}"#),
            turn("GET /Users/1?count=1", "", 200, r#"{"id":1}"#),
        ]);
        assert_holds(
            &composed.text,
            &[
                "get: \"/Users/{{uuid}}\"",
                "get: \"/Users/{{id1}}\"",
                "\"value\": \"{{id1}}\"",
                "query: { count: \"1\" }",
                "\"pinCode\": \"{{password}}\"",
            ],
            &["\"title\": \"{{", "123456", "canary", "bob"],
        );
        assert_eq!(composed.notes.len(), 1, "{:?}", composed.notes);
        assert!(composed.notes[0].contains("429"));
    }

    #[test]
    fn a_body_that_is_no_clean_json_stays_as_it_is_but_for_what_is_known() {
        let broken = "{\"userName\": \"Bo.Quay@corp.test\", \"userName\": \"Bo.Quay@corp.test\", \"note\": \"{{x}}\"}";
        let composed = composed(vec![
            turn("POST /Users", broken, 400, "{}"),
            turn("POST /Users", "Quay Bo <Bo.Quay@corp.test>", 400, "{}"),
            turn(
                "POST /Users",
                r#"{"from":"Quay","note":"{{y}}"}"#,
                400,
                "{}",
            ),
        ]);
        assert_holds(
            &composed.text,
            &[
                "raw: \"{\\\"userName\\\": \\\"{{run}}-{{case}}-",
                "status: 400",
            ],
            &["Quay", "corp.test", "{{x}}", "{{y}}"],
        );
    }
}
