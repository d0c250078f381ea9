//! Targets whose discovery is nonsense: the run comes to its end, says what is wrong there, and blames
//! little else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use scimitar::provider::fault::{Fault, registry};
use scimitar::provider::plan::{Action, Document, Plan};
use scimitar::record::{Outcome, RunRecord};
use scimitar::requirement::Catalogue;
use serde_json::{Value, json};

use crate::in_process;

/// Findings outside discovery and schemas that are let pass, each a broken rule of its own.
const WALL: usize = 6;

/// Cases that may end for want of the document that they begin with.
const EXCUSED: usize = 6;

/// Longest that a run may take in a build without optimisation, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// Requirements of which a run found something, by whether they are about discovery.
fn found(record: &RunRecord) -> (BTreeSet<String>, Vec<String>) {
    let catalogue = Catalogue::embedded().unwrap();
    let mut about = BTreeSet::new();
    let mut others = Vec::new();
    for finding in record.cases.iter().flat_map(|case| &case.findings) {
        if !matches!(finding.outcome, Outcome::Fail | Outcome::Warn) {
            continue;
        }
        let requirement = catalogue.get(&finding.requirement);
        let feature = requirement.map_or("", |it| it.feature.as_str());
        if ["discovery", "schema"].contains(&feature) {
            about.insert(finding.requirement.clone());
        } else {
            others.push(format!(
                "{} {} {}",
                finding.requirement, finding.at, finding.actual
            ));
        }
    }
    (about, others)
}

#[track_caller]
fn check(name: &str, faults: Vec<Arc<dyn Fault>>, expected: &[&str]) {
    let begun = Instant::now();
    let record = in_process::run(faults, 1, 2);
    assert!(begun.elapsed() < PATIENCE, "{name}: {:?}", begun.elapsed());
    let (about, others) = found(&record);
    assert!(
        [0, 1].contains(&record.outcome.exit_code),
        "{name}: {:?}",
        record.outcome
    );
    let errors: Vec<_> = record
        .cases
        .iter()
        .filter(|case| case.outcome == Outcome::Error)
        .map(|case| format!("{}: {}", case.id, case.error.clone().unwrap_or_default()))
        .collect();
    // Cases that begin by reading a document have nothing to begin with.
    let excused = |error: &String| error.contains("set-up: GET /");
    assert!(
        errors.len() <= EXCUSED && errors.iter().all(excused),
        "{name}: {errors:#?}"
    );
    let judged = record
        .cases
        .iter()
        .filter(|case| case.outcome == Outcome::Pass)
        .count();
    assert!(judged > 60, "{name}: {judged} cases passed");
    for requirement in expected {
        assert!(
            about.contains(*requirement),
            "{name}: {requirement} is not among {about:?}\n{others:#?}"
        );
    }
    assert!(
        others.len() <= WALL,
        "{name}: {}\n{}",
        others.len(),
        others.join("\n")
    );
}

#[track_caller]
fn check_named(name: &str, expected: &[&str]) {
    check(name, registry::find(name).unwrap(), expected);
}

const GONE: &[&str] = &[
    "rfc7644-4-config-is-one-object",
    "rfc7644-4-resource-types-are-listed",
    "rfc7644-4-schemas-are-listed",
];

#[test]
fn discovery_that_is_not_served_is_a_few_findings() {
    for name in [
        "discovery-missing",
        "discovery-fails",
        "discovery-is-a-web-page",
        "discovery-unauthorized",
    ] {
        check_named(name, GONE);
    }
}

#[test]
fn documents_of_the_wrong_kind_are_a_few_findings() {
    check_named("config-is-a-list", &["rfc7644-4-config-is-one-object"]);
    check_named("config-is-text", &["rfc7644-4-config-is-one-object"]);
    check_named(
        "schemas-are-a-bare-array",
        &["rfc7644-4-schemas-are-listed"],
    );
    check_named(
        "resource-types-are-a-bare-array",
        &["rfc7644-4-resource-types-are-listed"],
    );
    check_named(
        "schemas-are-texts",
        &["rfc7643-6-resource-type-names-its-schema"],
    );
}

#[test]
fn definitions_that_say_nothing_are_a_few_findings() {
    check_named(
        "schemas-with-empty-ids",
        &["rfc7643-7-schema-id-is-its-uri"],
    );
    check_named("schema-served-twice", &["rfc7643-7-schema-id-is-its-uri"]);
    check_named(
        "schemas-without-attributes",
        &["rfc7643-7-schema-lists-attributes"],
    );
    check_named(
        "attribute-defined-twice",
        &["rfc7643-7-schema-lists-attributes"],
    );
    check_named("types-unknown", &["rfc7643-7-attribute-type-is-known"]);
    check_named(
        "sub-attributes-nested",
        &["rfc7643-2.3.8-sub-attributes-are-not-complex"],
    );
    check_named(
        "type-extends-itself",
        &["rfc7643-6-resource-type-extensions-have-schemas"],
    );
}

/// Changes what is served at `/Schemas`, `/ResourceTypes` or `/ServiceProviderConfig`.
struct Served(Document, fn(&mut Value));

impl Fault for Served {
    fn name(&self) -> &'static str {
        "served"
    }

    fn represented(&self, plan: &Plan, document: &mut Value) {
        if matches!(&plan.action, Action::Discover(of) if *of == self.0) {
            (self.1)(document);
        }
    }
}

fn served(document: Document, change: fn(&mut Value)) -> Vec<Arc<dyn Fault>> {
    vec![Arc::new(Served(document, change))]
}

fn resources(document: &mut Value) -> &mut Vec<Value> {
    document["Resources"].as_array_mut().unwrap()
}

fn attribute(name: &str) -> Value {
    json!({
        "name": name, "type": "string", "multiValued": false, "required": false, "caseExact": false,
        "mutability": "readWrite", "returned": "default", "uniqueness": "none",
    })
}

#[test]
fn ten_megabytes_of_schemas_are_read() {
    let many_schemas = |document: &mut Value| {
        let filler = "x".repeat(1000);
        let schema = |n: usize| {
            json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": format!("urn:example:{n}"),
                   "name": "Filler", "description": filler, "attributes": [attribute("a")]})
        };
        let all = (0..8_000).map(schema);
        resources(document).extend(all);
        let total = resources(document).len();
        document["totalResults"] = json!(total);
        document["itemsPerPage"] = json!(total);
    };
    check("many schemas", served(Document::Schemas, many_schemas), &[]);
    let many_attributes = |document: &mut Value| {
        let all = (0..60_000).map(|n| attribute(&format!("a{n}")));
        resources(document)[0]["attributes"]
            .as_array_mut()
            .unwrap()
            .extend(all);
    };
    check(
        "many attributes",
        served(Document::Schemas, many_attributes),
        &[],
    );
}

#[test]
fn deep_and_broken_definitions_are_read_as_far_as_they_go() {
    let deep = |document: &mut Value| {
        let mut inner = attribute("deepest");
        for _ in 0..30 {
            let mut outer = attribute("deeper");
            outer["type"] = json!("complex");
            outer["subAttributes"] = json!([inner]);
            inner = outer;
        }
        resources(document)[0]["attributes"]
            .as_array_mut()
            .unwrap()
            .push(inner);
    };
    check(
        "deep",
        served(Document::Schemas, deep),
        &["rfc7643-2.3.8-sub-attributes-are-not-complex"],
    );
    let broken = |document: &mut Value| {
        resources(document)[0]["attributes"] =
            json!([null, 7, "x", [], {}, {"name": 1}, {"name": ""}]);
    };
    check(
        "broken",
        served(Document::Schemas, broken),
        &["rfc7643-7-schema-lists-attributes"],
    );
    let unclear = |document: &mut Value| {
        for attribute in resources(document)[0]["attributes"].as_array_mut().unwrap() {
            let attribute = attribute.as_object_mut().unwrap();
            attribute.remove("type");
            attribute.remove("multiValued");
        }
    };
    check(
        "unclear",
        served(Document::Schemas, unclear),
        &["rfc7643-7-attribute-definition-has-name-type-and-multi-valued"],
    );
}

#[test]
fn resource_types_that_say_nothing_take_the_rfc_s() {
    let bare = |document: &mut Value| {
        for of in resources(document) {
            let of = of.as_object_mut().unwrap();
            of.remove("endpoint");
            of.remove("schema");
        }
    };
    check(
        "bare types",
        served(Document::ResourceTypes, bare),
        &["rfc7643-6-resource-type-has-an-endpoint"],
    );
    let none =
        |document: &mut Value| *resources(document) = vec![json!("User"), json!(null), json!([])];
    check("no types", served(Document::ResourceTypes, none), &[]);
    let odd = |document: &mut Value| {
        let odd = |name: &str, endpoint: &str| {
            json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "name": name,
                   "endpoint": endpoint, "schema": format!("urn:example:{name}")})
        };
        let more = [
            odd("A", "/"),
            odd("B", "/Schemas"),
            odd("C", "../../x?y#z"),
            odd("D", "/\u{0}\u{202e}"),
            odd("", ""),
        ];
        resources(document).extend(more);
        let total = resources(document).len();
        document["totalResults"] = json!(total);
        document["itemsPerPage"] = json!(total);
    };
    check(
        "odd types",
        served(Document::ResourceTypes, odd),
        &["rfc7643-6-resource-type-names-its-schema"],
    );
}

#[test]
fn a_configuration_of_nonsense_supports_nothing() {
    let nonsense = |document: &mut Value| {
        *document = json!({"schemas": 7, "patch": [], "bulk": "yes", "filter": {"supported": {}, "maxResults": -1},
            "sort": null, "etag": {"supported": "maybe"}, "authenticationSchemes": {"type": []}});
    };
    check(
        "nonsense",
        served(Document::ServiceProviderConfig, nonsense),
        &[
            "rfc7643-5-config-states-patch",
            "rfc7643-5-config-states-etag",
        ],
    );
}
