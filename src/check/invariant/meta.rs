//! `meta` of resources (RFC 7643 §3.1).

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::equality::instant;
use crate::check::place::brief_or_absent;
use crate::check::subject::Found;
use crate::scim::resource::member;

/// The invariant.
pub(super) struct Leaf;

const PRESENT: &str = "rfc7643-3.1-provider-assigns-id-and-meta";
const TYPE: &str = "rfc7643-3.1-meta-names-the-resource-type";
const CREATED: &str = "rfc7643-3.1-meta-created-is-a-date-time";
const ORDER: &str = "rfc7643-3.1-last-modified-follows-changes";
const AS_CREATED: &str = "rfc7643-3.1-last-modified-starts-as-created";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "meta"
    }

    fn title(&self) -> &'static str {
        "Every resource carries a truthful meta"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[PRESENT, TYPE, CREATED, ORDER, AS_CREATED]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        if !shows_resources(exchange, context) {
            return Vec::new();
        }
        let projected = subject::is_projected(exchange);
        for found in subject::resources(exchange) {
            let stated = member(found.resource, "meta").filter(|meta| !meta.is_null());
            let Some(meta) = stated.filter(|meta| meta.is_object()) else {
                if !projected || stated.is_some() {
                    let at = format!("{}/meta", found.at);
                    judged.add(
                        PRESENT,
                        Judgement::broken(at, "an object", brief_or_absent(stated)),
                    );
                }
                continue;
            };
            judged.held(PRESENT);
            judge_type(&found, meta, projected, exchange, context, &mut judged);
            judge_times(&found, meta, projected, exchange, &mut judged);
        }
        judged.into_vec()
    }
}

fn judge_type(
    found: &Found<'_>,
    meta: &Value,
    projected: bool,
    exchange: &Exchange,
    context: &Context<'_>,
    judged: &mut Judged,
) {
    let stated = member(meta, "resourceType");
    if stated.is_none() && projected {
        return;
    }
    let of_endpoint = context
        .capabilities
        .resource_type_at(&exchange.request.path);
    let name = stated.and_then(Value::as_str);
    let fits = match (name, of_endpoint) {
        (None, _) => false,
        (Some(name), Some(resource_type)) => name == resource_type.name,
        (Some(name), None) => {
            let types = &context.capabilities.resource_types;
            types.is_empty() || types.iter().any(|it| it.name == name)
        }
    };
    judged.judge(
        TYPE,
        (!fits).then(|| {
            let expected = of_endpoint.map_or_else(
                || "the name of a resource type".to_owned(),
                |it| format!("{:?}", it.name),
            );
            let at = format!("{}/meta/resourceType", found.at);
            Judgement::broken(at, expected, brief_or_absent(stated))
        }),
    );
}

fn judge_times(
    found: &Found<'_>,
    meta: &Value,
    projected: bool,
    exchange: &Exchange,
    judged: &mut Judged,
) {
    let stated = |name| member(meta, name).filter(|value| !value.is_null());
    let time = |name| stated(name).and_then(Value::as_str).and_then(instant);
    let (created, modified) = (time("created"), time("lastModified"));
    let at = |name: &str| format!("{}/meta/{name}", found.at);
    for (name, time, requirement) in [
        ("created", created, CREATED),
        ("lastModified", modified, ORDER),
    ] {
        let given = stated(name);
        if given.is_none() && projected {
            continue;
        }
        let requirement = given.map_or(PRESENT, |_| requirement);
        judged.judge(
            requirement,
            time.is_none()
                .then(|| Judgement::broken(at(name), "a dateTime", brief_or_absent(given))),
        );
    }
    let Some(modified) = modified else {
        return;
    };
    let Some(created) = created else {
        return;
    };
    let lag = modified.duration_since(created);
    // A change is never before the creation; two clock reads may differ within a second.
    judged.judge(
        ORDER,
        (lag <= SignedDuration::from_secs(-1)).then(|| {
            let expected = format!("no time before {}", brief_or_absent(stated("created")));
            Judgement::broken(
                at("lastModified"),
                expected,
                brief_or_absent(stated("lastModified")),
            )
        }),
    );
    if exchange.request.method == "POST" && exchange.status() == Some(201) {
        judge_first(meta, &at("lastModified"), (created, modified), judged);
    }
}

/// A new resource was last modified when it was created.
fn judge_first(
    meta: &Value,
    at: &str,
    (created, modified): (Timestamp, Timestamp),
    judged: &mut Judged,
) {
    let same = modified.as_second() == created.as_second();
    judged.judge(
        AS_CREATED,
        (!same).then(|| {
            let expected = brief_or_absent(member(meta, "created"));
            let actual = brief_or_absent(member(meta, "lastModified"));
            let judgement = Judgement::broken(at, expected, actual);
            if modified.duration_since(created).abs() < SignedDuration::from_secs(2) {
                judgement.tolerated("A05")
            } else {
                judgement
            }
        }),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn with(name: &str, value: Value) -> Value {
        let mut user = sample::user();
        user["meta"][name] = value;
        user
    }

    fn read(user: &Value) -> Sample {
        Sample::get("/Users/2819").body(user)
    }

    fn create(user: &Value) -> Sample {
        Sample::new("POST", "/Users").status(201).body(user)
    }

    #[test]
    fn meta_is_there_and_true() {
        held("meta", read(&sample::user()));
        held("meta", create(&sample::user()));
        let mut bare = sample::user();
        bare["meta"] = json!(null);
        broken("meta", read(&bare), &[(PRESENT, "/meta")]);
        broken(
            "meta",
            read(&with("resourceType", json!("user"))),
            &[(TYPE, "/meta/resourceType")],
        );
        broken(
            "meta",
            read(&with("created", json!("today"))),
            &[(CREATED, "/meta/created")],
        );
        broken(
            "meta",
            read(&with("lastModified", json!(null))),
            &[(PRESENT, "/meta/lastModified")],
        );
        broken(
            "meta",
            read(&with("lastModified", json!("2025-01-01T00:00:00Z"))),
            &[(ORDER, "/meta/lastModified")],
        );
        held(
            "meta",
            read(&with("lastModified", json!("2027-01-01T00:00:00Z"))),
        );
    }

    #[test]
    fn a_new_resource_was_modified_when_it_was_created() {
        held(
            "meta",
            create(&with("lastModified", json!("2026-01-01T00:00:00.9Z"))),
        );
        broken(
            "meta",
            create(&with("lastModified", json!("2026-01-01T00:00:01Z"))),
            &[(AS_CREATED, "A05")],
        );
        broken(
            "meta",
            create(&with("lastModified", json!("2026-01-01T00:00:05Z"))),
            &[(AS_CREATED, "/meta/lastModified")],
        );
    }

    #[test]
    fn a_projection_may_hide_it() {
        silent(
            "meta",
            Sample::get("/Users/1")
                .query("attributes", "userName")
                .body(&json!({"id": "1"})),
        );
        let partial = json!({"id": "1", "meta": {"location": "x"}});
        held(
            "meta",
            Sample::get("/Users/1")
                .query("attributes", "meta.location")
                .body(&partial),
        );
        silent(
            "meta",
            Sample::get("/Schemas").body(&sample::list(&[json!({"id": "x"})])),
        );
    }
}
