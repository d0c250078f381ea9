//! What a request may change, read off its method, path and body.

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Intent;

/// Attributes by which a resource that we made is found again.
pub const MARKED: [&str; 3] = ["userName", "displayName", "externalId"];

impl Intent {
    /// What a request may change.
    ///
    /// `endpoints` are those of the target's resource types (`/Users`); `marker` is the text that
    /// all resources of the run carry. The marker of a create is the value in its body that
    /// carries this text, empty where none does. Paths are below the base, percent-encoded.
    #[must_use]
    pub fn of(
        method: &Method,
        path: &str,
        endpoints: &[String],
        body: Option<&[u8]>,
        marker: &str,
    ) -> Self {
        if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Self::Read;
        }
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let bare = path.trim_end_matches('/');
        if *method == Method::POST && last_segment(bare) == ".search" {
            return Self::Read;
        }
        if *method == Method::POST && bare.eq_ignore_ascii_case("/bulk") {
            return Self::Bulk(operations(endpoints, body, marker));
        }
        one(method.as_str(), bare, endpoints, marker, || {
            found_marker(body.unwrap_or_default(), marker)
        })
    }
}

/// A single write.
fn one(
    method: &str,
    path: &str,
    endpoints: &[String],
    marker: &str,
    carried: impl Fn() -> String,
) -> Intent {
    let Some((endpoint, rest)) = split(path, endpoints) else {
        return Intent::Method;
    };
    match method {
        "POST" if rest.is_empty() => Intent::Create {
            endpoint,
            marker: if marker.is_empty() {
                String::new()
            } else {
                carried()
            },
        },
        "PUT" | "PATCH" | "DELETE" if !rest.is_empty() && !rest.contains('/') => Intent::Write {
            endpoint,
            id: percent_decode_str(rest).decode_utf8_lossy().into_owned(),
        },
        _ => Intent::Method,
    }
}

/// The operations of a bulk request; none where the body can't be read.
fn operations(endpoints: &[String], body: Option<&[u8]>, marker: &str) -> Vec<Intent> {
    let body: Value = serde_json::from_slice(body.unwrap_or_default()).unwrap_or_default();
    let operations = member(&body, "Operations").and_then(Value::as_array);
    operations
        .into_iter()
        .flatten()
        .map(|operation| {
            let text = |name| {
                member(operation, name)
                    .and_then(Value::as_str)
                    .unwrap_or("")
            };
            let method = text("method").to_ascii_uppercase();
            let path = text("path").trim_end_matches('/');
            let carried = || {
                member(operation, "data").map_or_else(String::new, |data| {
                    marked_value(data, marker).unwrap_or_default()
                })
            };
            odd(&method, path, endpoints)
                .unwrap_or_else(|| one(&method, path, endpoints, marker, carried))
        })
        .collect()
}

/// An operation that no service provider should carry out: what a lenient one could touch.
fn odd(method: &str, path: &str, endpoints: &[String]) -> Option<Intent> {
    // Without a path, or by a method that reads, there is nothing to change.
    if path.is_empty() || matches!(method, "GET" | "HEAD" | "OPTIONS") {
        return Some(Intent::Read);
    }
    let (endpoint, rest) = split(path, endpoints)?;
    let (id, below) = rest.split_once('/').unwrap_or((rest, ""));
    let is_plain = below.is_empty() && !method.is_empty();
    (!id.is_empty() && !is_plain && method != "POST").then(|| Intent::Write {
        endpoint,
        id: percent_decode_str(id).decode_utf8_lossy().into_owned(),
    })
}

/// Splits a path into the endpoint, spelled as the target does, and what follows it.
fn split<'a>(path: &'a str, endpoints: &[String]) -> Option<(String, &'a str)> {
    endpoints
        .iter()
        .filter_map(|endpoint| {
            let head = path.get(..endpoint.len())?;
            let tail = path.get(endpoint.len()..)?;
            let whole = tail.is_empty() || tail.starts_with('/');
            (head.eq_ignore_ascii_case(endpoint) && whole && !endpoint.is_empty())
                .then(|| (endpoint.clone(), tail.trim_start_matches('/')))
        })
        .max_by_key(|(endpoint, _)| endpoint.len())
}

/// The marker that a body carries: the marked value of a JSON body, the bare marker of any other
/// text that has it.
fn found_marker(body: &[u8], marker: &str) -> String {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => marked_value(&value, marker).unwrap_or_default(),
        Err(_) if String::from_utf8_lossy(body).contains(marker) => marker.to_owned(),
        Err(_) => String::new(),
    }
}

/// The value of one of the [`MARKED`] attributes that contains the marker.
#[must_use]
pub fn marked_value(resource: &Value, marker: &str) -> Option<String> {
    MARKED.iter().find_map(|name| {
        member(resource, name)?
            .as_str()
            .filter(|text| {
                text.to_ascii_lowercase()
                    .contains(&marker.to_ascii_lowercase())
            })
            .map(str::to_owned)
    })
}

/// Whether an answer repeats a marked value that was sent, be it another than the one that counts as
/// the resource's marker: a target may keep the externalId and lose the userName.
#[must_use]
pub fn repeats_marked(sent: &Value, answered: &Value, marker: &str) -> bool {
    let Some(run) = run_text(marker) else {
        return false;
    };
    MARKED.iter().any(|name| {
        let [sent, answered] = [sent, answered].map(|value| member(value, name)?.as_str());
        sent.zip(answered).is_some_and(|(sent, answered)| {
            sent.eq_ignore_ascii_case(answered) && sent.to_ascii_lowercase().contains(&run)
        })
    })
}

/// What all marked values of the run have in common, out of one of them.
fn run_text(marker: &str) -> Option<String> {
    let marker = marker.to_ascii_lowercase();
    let (_, after) = marker.split_once("scimitar-")?;
    let id = after.split('-').next().filter(|id| !id.is_empty())?;
    Some(format!("scimitar-{id}"))
}

fn member<'a>(value: &'a Value, wanted: &str) -> Option<&'a Value> {
    value
        .as_object()?
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value)
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, path: &str, body: &str, expected: &Intent) {
        let endpoints = ["/Users".to_owned(), "/Groups".to_owned()];
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let intent = Intent::of(
            &method,
            path,
            &endpoints,
            Some(body.as_bytes()),
            "scimitar-1",
        );
        assert_eq!(intent, *expected, "{method} {path}");
    }

    fn create(endpoint: &str, marker: &str) -> Intent {
        Intent::Create {
            endpoint: endpoint.into(),
            marker: marker.into(),
        }
    }

    fn write(endpoint: &str, id: &str) -> Intent {
        Intent::Write {
            endpoint: endpoint.into(),
            id: id.into(),
        }
    }

    #[test]
    fn a_repeated_marked_value_shows_whose_a_resource_is() {
        let check = |sent: &str, answered: &str, expected: bool| {
            let [sent, answered] = [sent, answered].map(|text| serde_json::from_str(text).unwrap());
            let found = repeats_marked(&sent, &answered, "scimitar-1-a@x");
            assert_eq!(found, expected, "{sent} {answered}");
        };
        let sent =
            r#"{"USERNAME":"scimitar-1-a@x","externalId":"Scimitar-1-a-1","displayName":"Clerk"}"#;
        check(
            sent,
            r#"{"userName":"","externalId":"scimitar-1-a-1"}"#,
            true,
        );
        check(sent, r#"{"username":"SCIMITAR-1-A@X"}"#, true);
        check(
            sent,
            r#"{"userName":"bjensen","displayName":"Clerk"}"#,
            false,
        );
        check(sent, r#"{"externalId":"scimitar-2-a-1"}"#, false);
        check("[]", "{}", false);
        assert!(!repeats_marked(&Value::Null, &Value::Null, ""));
    }

    #[test]
    fn an_intent_follows_from_method_path_and_body() {
        check("GET", "/Users/1", "", &Intent::Read);
        check("POST", "/Users/.search", "{}", &Intent::Read);
        check("POST", "/.search", "{}", &Intent::Read);
        let marked = r#"{"USERNAME":"scimitar-1-a@x"}"#;
        check(
            "POST",
            "/Users",
            marked,
            &create("/Users", "scimitar-1-a@x"),
        );
        check(
            "POST",
            "/users/",
            marked,
            &create("/Users", "scimitar-1-a@x"),
        );
        check("POST", "/Users", "{}", &create("/Users", ""));
        check(
            "POST",
            "/Users",
            "{\"x\": scimitar-1",
            &create("/Users", "scimitar-1"),
        );
        check("PUT", "/Users/a%2Fb", "", &write("/Users", "a/b"));
        check("DELETE", "/Groups/7", "", &write("/Groups", "7"));
        check("PATCH", "/Users", "", &Intent::Method);
        check("DELETE", "/Me", "", &Intent::Method);
        check("POST", "/Users/1", "", &Intent::Method);
        check("PUT", "/Users/1/x", "", &Intent::Method);
        check("POST", "/Schemas", "", &Intent::Method);
        check("DELETE", "/Usersx/1", "", &Intent::Method);
    }

    #[test]
    fn a_bulk_request_is_the_sum_of_its_operations() {
        let body = r#"{"Operations":[
            {"method":"post","path":"/Users","data":{"externalId":"scimitar-1-b"}},
            {"method":"PATCH","path":"/Groups/bulkId:q"},
            {"method":"DELETE","path":"/Users"},
            {"method":"GET","path":"/Users/1"},
            {"method":"PATCH"},
            {"path":"/Users/1"},
            {"method":"PATCH","path":"/Users/1/title"},
            {"method":"POST","path":"/Users/1"}]}"#;
        let expected = vec![
            create("/Users", "scimitar-1-b"),
            write("/Groups", "bulkId:q"),
            Intent::Method,
            Intent::Read,
            Intent::Read,
            write("/Users", "1"),
            write("/Users", "1"),
            Intent::Method,
        ];
        check("POST", "/Bulk", body, &Intent::Bulk(expected));
        check("POST", "/Bulk", "not json", &Intent::Bulk(Vec::new()));
    }
}
