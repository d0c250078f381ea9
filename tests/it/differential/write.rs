//! PATCH and PUT: what the provider stores and refuses against what the oracle holds to be fair.

pub(super) mod operation;

use http::Method;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::Union;
use proptest::test_runner::TestCaseResult;
use scimitar::oracle::{Outcomes, World, patch, put};
use scimitar::scim::schema::{Attribute, SchemaSet, common};
use scimitar::scim::urn;
use serde_json::{Map, Value, json};

use self::operation::operation;
use super::text::attributes;
use super::value::{Writer, weighted, writable};
use super::{Answer, Bench, run};

/// A resource type with the others that a write can run into.
pub(super) struct Type<'a> {
    bench: &'a Bench,
    endpoint: &'static str,
    schemas: &'a SchemaSet,
    writer: Writer,
}

impl<'a> Type<'a> {
    fn new(bench: &'a Bench, endpoint: &'static str) -> Self {
        let create = |endpoint: &str, body: Value| {
            let path = bench.create(endpoint, &body).expect("the others are taken");
            String::from(path.rsplit('/').next().unwrap_or(""))
        };
        let user = |name: &str| create("/Users", json!({"schemas": [urn::USER], "userName": name}));
        let mut ids = vec![user("taken"), user("Second")];
        let group =
            json!({"schemas": [urn::GROUP], "displayName": "G", "members": [{"value": ids[0]}]});
        ids.push(create("/Groups", group));
        Self::among(bench, endpoint, ids)
    }

    /// A resource type whose references lead to these ids.
    pub(super) fn among(bench: &'a Bench, endpoint: &'static str, ids: Vec<String>) -> Self {
        let schemas = if endpoint == "/Users" {
            &bench.users
        } else {
            &bench.groups
        };
        Self {
            bench,
            endpoint,
            schemas,
            writer: Writer { ids },
        }
    }

    /// A resource that can be created.
    pub(super) fn resource(&self) -> BoxedStrategy<Value> {
        self.body(Writer::fitting, 0.4)
    }

    fn body(
        &self,
        value: impl Fn(&Writer, &Attribute) -> BoxedStrategy<Value>,
        share: f64,
    ) -> BoxedStrategy<Value> {
        let mut members = Vec::new();
        for (prefix, attribute) in attributes(self.schemas) {
            if !writable(attribute) || attribute.is_named("schemas") {
                continue;
            }
            let urn = String::from(prefix.trim_end_matches(':'));
            let name = attribute.name.clone();
            let share = if attribute.required { 1.0 } else { share };
            let member = weighted(share, value(&self.writer, attribute));
            members.push(
                member
                    .prop_map(move |it| it.map(|it| (urn.clone(), name.clone(), it)))
                    .boxed(),
            );
        }
        let core = self.schemas.core.id.clone();
        members
            .prop_map(move |members| resource(&core, members.into_iter().flatten()))
            .boxed()
    }

    fn outcomes(&self, apply: impl FnOnce(World<'_>) -> Outcomes) -> Outcomes {
        let ids = &self.writer.ids;
        let in_use = |name: &str, value: &Value| {
            let taken = |it: &str| ["taken", "second"].contains(&it.to_lowercase().as_str());
            name == "userName" && value.as_str().is_some_and(taken)
        };
        apply(World {
            in_use: &in_use,
            exists: &|id| ids.iter().any(|it| it == id),
        })
    }

    /// Creates a resource, writes to it and compares with what the oracle expects.
    fn check(
        &self,
        created: &Value,
        method: &Method,
        body: &Value,
        apply: impl FnOnce(&Value, World<'_>) -> Outcomes,
    ) -> TestCaseResult {
        let bench = self.bench;
        let path = bench.create(self.endpoint, created);
        let path =
            path.map_err(|answer| TestCaseError::fail(format!("not created: {}", answer.body())))?;
        let before = bench.get(&path);
        bench.wait();
        let answer = bench.send(method.clone(), &path, &[], Some(body));
        let after = bench.get(&path);
        let gone = bench.send(Method::DELETE, &path, &[], None);
        prop_assert_eq!(gone.status(), 204);
        let outcomes = self.outcomes(|world| apply(&before, world));
        judge(&outcomes, &answer, &after, self.schemas).map_err(|miss| {
            TestCaseError::fail(format!(
                "{miss}\nanswer: {} {}\nbefore: {before}\nafter:  {after}",
                answer.status(),
                answer.body()
            ))
        })?;
        moved(method, &before, &after, &answer, body)
    }
}

/// What a body holds at (extension, name).
fn resource(core: &str, members: impl Iterator<Item = (String, String, Value)>) -> Value {
    let mut schemas = vec![json!(core)];
    let mut body = Map::new();
    for (urn, name, value) in members {
        if urn.is_empty() {
            body.insert(name, value);
            continue;
        }
        if !body.contains_key(&urn) {
            schemas.push(json!(urn));
        }
        body.entry(urn).or_insert_with(|| json!({}))[name] = value;
    }
    body.insert(String::from("schemas"), Value::Array(schemas));
    Value::Object(body)
}

fn judge(
    outcomes: &Outcomes,
    answer: &Answer,
    after: &Value,
    schemas: &SchemaSet,
) -> Result<(), String> {
    let status = answer.status();
    let judged = if matches!(status, 200 | 204) {
        outcomes.judge_state(after, schemas)
    } else {
        outcomes
            .judge_untouched(after, schemas)
            .map_err(|difference| format!("refused and changed: {difference}"))?;
        outcomes.judge_refusal(status, answer.keyword().as_deref())
    };
    match judged {
        Err(miss) if outcomes.complete => Err(format!("{miss:?}")),
        _ => Ok(()),
    }
}

/// `lastModified` and `version` follow the state: a PATCH that changes nothing moves neither.
fn moved(
    method: &Method,
    before: &Value,
    after: &Value,
    answer: &Answer,
    body: &Value,
) -> TestCaseResult {
    let without_meta = |value: &Value| {
        let mut value = value.clone();
        value.as_object_mut().map(|it| it.remove("meta"));
        value
    };
    let changed = without_meta(before) != without_meta(after);
    let hidden = body.to_string().to_ascii_lowercase().contains("password");
    let refused = answer.status() >= 400;
    for name in ["lastModified", "version"] {
        let moved = before["meta"][name] != after["meta"][name];
        if changed {
            prop_assert!(moved, "{name} stayed\nbefore: {before}\nafter:  {after}");
        } else if refused || method == Method::PATCH && !hidden {
            prop_assert!(!moved, "{name} moved\nbefore: {before}\nafter:  {after}");
        }
    }
    if answer.status() == 200 {
        prop_assert_eq!(&answer.body(), after, "the answer is not the state");
    }
    Ok(())
}

fn patches(of: &Type<'_>, cases: u32) -> Result<(), String> {
    let operations = proptest::collection::vec(operation(of), 1..5);
    run(
        (cases, of.bench.shrinks),
        &(of.resource(), operations),
        |(created, operations)| {
            let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
            of.check(&created, &Method::PATCH, &body, |before, world| {
                patch::apply(before, &body, of.schemas, world)
            })
        },
    )
}

fn replacements(of: &Type<'_>, cases: u32) -> Result<(), String> {
    let odd = of.body(
        |writer, attribute| {
            prop_oneof![9 => writer.fitting(attribute), 1 => writer.any(attribute)].boxed()
        },
        0.3,
    );
    let extra = option::weighted(0.3, extra(of));
    let bodies = (odd, extra, 0..20_u8).prop_map(|(mut body, extra, schemas)| {
        if let Some((name, value)) = extra {
            body[name] = value;
        }
        if schemas == 0 {
            body["schemas"] = json!([]);
        }
        body
    });
    run(
        (cases, of.bench.shrinks),
        &(of.resource(), bodies),
        |(created, body)| {
            of.check(&created, &Method::PUT, &body, |before, world| {
                put::apply(before, &body, of.schemas, world)
            })
        },
    )
}

/// A member that clients have no say in, or that is not known.
fn extra(of: &Type<'_>) -> BoxedStrategy<(String, Value)> {
    let read_only = common()
        .iter()
        .chain(&of.schemas.core.attributes)
        .filter(|it| !writable(it));
    let mut all = vec![Just((String::from("colour"), json!("red"))).boxed()];
    for attribute in read_only {
        let name = attribute.name.clone();
        all.push(
            of.writer
                .any(attribute)
                .prop_map(move |it| (name.clone(), it))
                .boxed(),
        );
    }
    all.push(Just((String::from("userName"), json!("TAKEN"))).boxed());
    Union::new(all).boxed()
}

#[test]
fn patches_of_users_leave_what_is_fair() {
    let bench = Bench::new();
    patches(&Type::new(&bench, "/Users"), 400).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn patches_of_groups_leave_what_is_fair() {
    let bench = Bench::new();
    patches(&Type::new(&bench, "/Groups"), 300).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn replaced_users_are_what_is_fair() {
    let bench = Bench::new();
    replacements(&Type::new(&bench, "/Users"), 400).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn replaced_groups_are_what_is_fair() {
    let bench = Bench::new();
    replacements(&Type::new(&bench, "/Groups"), 200).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn wrong_writes_are_told_from_fair_ones() {
    for fault in [
        "patch-add-replaces-values",
        "patch-drops-siblings",
        "patch-last-operation-dropped",
        "patch-not-atomic",
        "patch-remove-takes-all-values",
        "patch-replaces-all-values",
        "primary-not-demoted",
        "last-modified-stuck",
        "version-stuck",
    ] {
        let bench = Bench::with(&[fault]);
        let failure = patches(&Type::new(&bench, "/Users"), 1_000);
        assert!(failure.is_err(), "{fault} is not seen");
    }
}
