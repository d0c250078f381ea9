//! The head of the terminal report: what was judged, what it claims, how it was judged.

use super::page::{Page, Tone};
use crate::record::{Lag, RunRecord};
use crate::report::word;
use crate::scim::capabilities::Capabilities;

/// The case that learns which filters a target takes.
const FILTERS: &str = "probe.filter";

pub(super) fn write(page: &mut Page, record: &RunRecord) {
    page.title(&format!(
        "scimitar {}",
        crate::report::escape::line(&record.tool.version)
    ));
    let embedded = if record.target.embedded {
        " (embedded)"
    } else {
        ""
    };
    page.field(
        2,
        "target",
        &format!("{}{embedded}", record.target.base_url),
    );
    if !record.label.is_empty() {
        page.field(2, "label", &record.label);
    }
    page.field(2, "claims", &claims(&record.target.capabilities));
    if let Some(filters) = filters(record) {
        page.field(2, "filters", filters);
    }
    page.field(2, "types", &types(&record.target.capabilities));
    if let Some(lag) = lag(record.target.lag_ms) {
        page.field(2, "lag", &lag);
    }
    page.field(
        2,
        "plan",
        &format!(
            "profile {} · {} · grading {} · seed {}",
            record.profile,
            word::count(record.cases.len() as u64, "case", "cases"),
            record.grading,
            record.seed
        ),
    );
    if record.interrupted {
        page.text(
            2,
            Tone::Strong,
            "! the run was interrupted: what follows is a part",
        );
    }
    for remark in &record.target.remarks {
        page.text(2, Tone::Strong, &format!("! {remark}"));
    }
}

fn claims(claims: &Capabilities) -> String {
    let mark = |name: &str, held: bool| format!("{name} {}", if held { "yes" } else { "no" });
    let bulk = claims.bulk.map_or_else(
        || mark("bulk", false),
        |bulk| {
            format!(
                "bulk yes ({} operations, {} bytes)",
                bulk.max_operations, bulk.max_payload_size
            )
        },
    );
    let filter = claims.filter.map_or_else(
        || mark("filter", false),
        |results| format!("filter yes ({results} results)"),
    );
    [
        mark("patch", claims.patch),
        filter,
        bulk,
        mark("sort", claims.sort),
        mark("etag", claims.etag),
        mark("changePassword", claims.change_password),
    ]
    .join(" · ")
}

/// What the probe of filters learned that the target takes.
fn filters(record: &RunRecord) -> Option<&str> {
    let case = record.cases.iter().find(|case| case.id == FILTERS)?;
    case.told.as_deref()
}

fn types(claims: &Capabilities) -> String {
    let types: Vec<String> = claims
        .resource_types
        .iter()
        .map(|kind| format!("{} at {}", kind.name, kind.endpoint))
        .collect();
    if types.is_empty() {
        return "none were discovered".to_owned();
    }
    types.join(", ")
}

/// The lag in words, if any of it was measured and seen.
fn lag(lag: Lag) -> Option<String> {
    let parts: Vec<String> = [
        ("by id", lag.by_id),
        ("by filter", lag.by_filter),
        ("by list", lag.by_list),
    ]
    .into_iter()
    .filter_map(|(name, ms)| ms.filter(|ms| *ms > 0).map(|ms| format!("{name} {ms} ms")))
    .collect();
    (!parts.is_empty()).then(|| format!("a write is read late: {}", parts.join(", ")))
}
