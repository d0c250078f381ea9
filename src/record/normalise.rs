//! A record without what differs from run to run: times, ids, ports, order of sending.
//!
//! Two runs of the same suite against the same target are equal after it, whatever the number of jobs.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::RunRecord;

/// The record as JSON with times, ids and order removed.
pub fn normalise(record: &RunRecord) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    let text = Text::of(record);
    let mut exchanges: Vec<String> = record
        .exchanges
        .iter()
        .map(|exchange| {
            text.clean(&format!(
                "{} {} {} {} {:?}",
                exchange.case,
                exchange.step,
                exchange.request.method,
                exchange.request.path,
                exchange.status()
            ))
        })
        .collect();
    exchanges.sort();
    value["exchanges"] = json!(exchanges);
    for key in ["started", "duration_ms"] {
        value[key] = Value::Null;
    }
    for row in value["revocation"]["rows"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        for key in ["p50_us", "p95_us", "max_us"] {
            row[key] = Value::Null;
        }
    }
    if let Some(cases) = value["cases"].as_array_mut() {
        cases.sort_by_key(|case| case["id"].to_string());
        cases.iter_mut().for_each(strip_case);
    }
    text.walk(&mut value);
    value
}

fn strip_case(case: &mut Value) {
    case["duration_ms"] = Value::Null;
    if let Some(members) = case.as_object_mut() {
        members.remove("lag_ms");
    }
    for sighting in case["measured"].as_array_mut().into_iter().flatten() {
        sighting["us"] = Value::Null;
    }
    for finding in case["findings"].as_array_mut().into_iter().flatten() {
        let cited = finding["exchanges"].as_array().map_or(0, Vec::len);
        finding["exchanges"] = json!(cited);
        if let Some(members) = finding.as_object_mut() {
            members.remove("curl");
        }
    }
}

/// Replaces in texts what differs from run to run.
struct Text {
    base: String,
}

static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\\b[0-9a-f]{16,}\\b")
        .expect("a pattern of ids")
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
        .expect("a pattern of times")
});
static MARKER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("scimitar-[a-z0-9]+").expect("a pattern of markers"));

impl Text {
    fn of(record: &RunRecord) -> Self {
        Self {
            base: record.target.base_url.clone(),
        }
    }

    fn clean(&self, text: &str) -> String {
        let text = if self.base.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.base, "{base}")
        };
        let text = ID.replace_all(&text, "{id}");
        let text = TIME.replace_all(&text, "{time}");
        MARKER.replace_all(&text, "{run}").into_owned()
    }

    fn walk(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.clean(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.walk(member)),
            _ => {}
        }
    }
}
