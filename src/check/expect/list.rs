//! `list`: what a list holds.

use serde_json::Value;

use super::{
    ArgumentError, Context, Exchange, Expect, Judgement, judge_matchers, lint_keys, lint_matchers,
    wrong,
};
use crate::check::place::{brief, brief_or_absent, clip};
use crate::check::{matcher, subject};
use crate::scim::resource::member;
use crate::scim::urn;

mod order;

/// The expectation.
pub(super) struct Leaf;

const KEYS: [&str; 11] = [
    "total",
    "count",
    "items_per_page",
    "start_index",
    "exactly",
    "contains",
    "excludes",
    "ordered",
    "sorted",
    "all",
    "some",
];

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "list"
    }

    fn doc(&self) -> &'static str {
        "The answer is a list: `{ total: 2, exactly: [\"{{u1.id}}\", \"{{u2.id}}\"], sorted: { by: userName } }`. \
         `total`, `count` (resources in this answer), `items_per_page`, `start_index` take matchers; \
         `exactly`, `contains`, `excludes` and `ordered` (in this order, others between) take ids; \
         `sorted` takes `by`, `order: descending` and `case_exact: true`; `all` and `some` take pointers and matchers for each, \
         and for at least one, of the resources."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_keys(argument, &KEYS)?;
        for (key, value) in argument.as_object().into_iter().flatten() {
            let at = format!("/{key}");
            match key.as_str() {
                "exactly" | "contains" | "excludes" | "ordered" => {
                    let is_ids = value
                        .as_array()
                        .is_some_and(|ids| ids.iter().all(Value::is_string));
                    if !is_ids && !matcher::has_template(value) {
                        return Err(wrong(&at, "it is no list of ids", "[\"{{u1.id}}\"]"));
                    }
                }
                "sorted" => order::lint(value)?,
                "all" | "some" => lint_matchers(value, &at)?,
                _ => matcher::lint(value, &at)?,
            }
        }
        Ok(())
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let body = match subject::success_body(exchange) {
            Ok(body) => body,
            Err(judgement) => return judgement,
        };
        if !subject::is_list(body) && member(body, "totalResults").is_none() {
            let actual = member(body, "schemas").unwrap_or(body);
            return Judgement::broken("/schemas", urn::LIST_RESPONSE, brief(actual));
        }
        let mut vacuous = None;
        for (key, wanted) in argument.as_object().into_iter().flatten() {
            match judge_key(key, wanted, body) {
                Judgement::Held => {}
                Judgement::Inapplicable(why) => vacuous = Some(why),
                _ if is_held_back(body, context) => {
                    vacuous = Some(
                        "the target says that a list holds no resources: filter.maxResults is 0"
                            .to_owned(),
                    );
                }
                deviation => return deviation,
            }
        }
        vacuous.map_or(Judgement::Held, Judgement::Inapplicable)
    }
}

/// Whether the list is empty because the target keeps to a `filter.maxResults` of 0: RFC 7644 §3.4.2.4 lets a page hold
/// fewer resources than asked for, so an empty one with matches is no broken promise there.
fn is_held_back(body: &Value, context: &Context<'_>) -> bool {
    let empty = member(body, "Resources")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty);
    let matched = member(body, "totalResults")
        .and_then(Value::as_u64)
        .is_some_and(|total| total > 0);
    empty && matched && context.capabilities.max_results == Some(0)
}

fn judge_key(key: &str, wanted: &Value, body: &Value) -> Judgement {
    let resources = member(body, "Resources")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    match key {
        "total" => judge_member("totalResults", wanted, body),
        "items_per_page" => judge_member("itemsPerPage", wanted, body),
        "start_index" => judge_member("startIndex", wanted, body),
        "count" => match matcher::fits(wanted, Some(&Value::from(resources.len()))) {
            Ok(()) => Judgement::Held,
            Err(mismatch) => Judgement::broken(
                "/Resources",
                format!("as many resources as {}", mismatch.expected),
                mismatch.actual,
            ),
        },
        "sorted" => order::judge(wanted, resources),
        "all" => judge_all(wanted, resources),
        "some" => judge_some(wanted, resources),
        _ => judge_ids(key, wanted, resources),
    }
}

fn judge_member(name: &str, wanted: &Value, body: &Value) -> Judgement {
    match matcher::fits(wanted, member(body, name)) {
        Ok(()) => Judgement::Held,
        Err(mismatch) => Judgement::broken(format!("/{name}"), mismatch.expected, mismatch.actual),
    }
}

fn judge_all(wanted: &Value, resources: &[Value]) -> Judgement {
    if resources.is_empty() {
        return Judgement::Inapplicable("the list is empty".to_owned());
    }
    for (index, resource) in resources.iter().enumerate() {
        let judged = judge_matchers(wanted, resource, &format!("/Resources/{index}"));
        if judged != Judgement::Held {
            return judged;
        }
    }
    Judgement::Held
}

fn judge_some(wanted: &Value, resources: &[Value]) -> Judgement {
    let fits = |resource| judge_matchers(wanted, resource, "") == Judgement::Held;
    if resources.iter().any(fits) {
        return Judgement::Held;
    }
    let expected = format!("a resource with {}", brief(wanted));
    Judgement::broken("/Resources", clip(&expected), shown_ids(resources))
}

fn judge_ids(key: &str, wanted: &Value, resources: &[Value]) -> Judgement {
    let wanted: Vec<&str> = wanted
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let found = ids(resources);
    let has = |id: &&str| found.contains(id);
    let held = match key {
        "contains" => wanted.iter().all(has),
        "excludes" => !wanted.iter().any(has),
        "exactly" => {
            let (mut a, mut b) = (wanted.clone(), found.clone());
            a.sort_unstable();
            b.sort_unstable();
            a == b
        }
        _ => {
            let mut rest = found.iter();
            wanted.iter().all(|id| rest.any(|other| other == id))
        }
    };
    if held {
        return Judgement::Held;
    }
    let ids = wanted.join(", ");
    let expected = match key {
        "contains" => format!("the resources {ids} among others"),
        "excludes" => format!("none of the resources {ids}"),
        "exactly" if wanted.is_empty() => "no resources".to_owned(),
        "exactly" => format!("the resources {ids} and no others"),
        _ => format!("the resources {ids} in this order"),
    };
    Judgement::broken("/Resources", clip(&expected), shown_ids(resources))
}

fn ids(resources: &[Value]) -> Vec<&str> {
    resources
        .iter()
        .filter_map(|resource| member(resource, "id")?.as_str())
        .collect()
}

fn shown_ids(resources: &[Value]) -> String {
    if resources.is_empty() {
        return "no resources".to_owned();
    }
    let ids: Vec<String> = resources
        .iter()
        .map(|resource| match member(resource, "id") {
            Some(Value::String(id)) => id.clone(),
            other => brief_or_absent(other),
        })
        .collect();
    clip(&format!("{} resources: {}", ids.len(), ids.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use super::{Expect, Judgement};
    use crate::check::sample::{self, Sample};

    fn users() -> Sample {
        let user = |id: &str, name: &str| json!({"id": id, "userName": name});
        Sample::get("/Users").body(&sample::list(&[
            user("1", "ann"),
            user("2", "Bob"),
            user("3", "cy"),
        ]))
    }

    #[test]
    fn counts_and_ids_are_judged() {
        for argument in [
            json!({"total": 3, "count": 3, "items_per_page": 3, "start_index": 1}),
            json!({"total": {"at_least": 3}}),
            json!({"exactly": ["3", "1", "2"], "contains": ["2"], "excludes": ["4"], "ordered": ["1", "3"]}),
            json!({"sorted": {"by": "userName"}}),
            json!({"all": {"/userName": "present"}, "some": {"/userName": "ann"}}),
        ] {
            held("list", &argument, users());
        }
        let all = "3 resources: 1, 2, 3";
        for (argument, at, actual) in [
            (json!({"total": 2}), "/totalResults", "3"),
            (json!({"count": 2}), "/Resources", "3"),
            (json!({"exactly": ["1", "2"]}), "/Resources", all),
            (json!({"exactly": ["1", "2", "2"]}), "/Resources", all),
            (json!({"contains": ["4"]}), "/Resources", all),
            (json!({"excludes": ["1"]}), "/Resources", all),
            (json!({"ordered": ["3", "1"]}), "/Resources", all),
            (
                json!({"all": {"/userName": "ann"}}),
                "/Resources/1/userName",
                "\"Bob\"",
            ),
            (json!({"some": {"/userName": "dan"}}), "/Resources", all),
            (
                json!({"sorted": {"by": "userName", "order": "descending"}}),
                "/Resources/1/userName",
                "\"Bob\" after \"ann\"",
            ),
        ] {
            broken("list", &argument, users(), at, actual);
        }
    }

    #[test]
    fn an_empty_list_needs_no_resources() {
        let empty = || Sample::get("/Users").body(&json!({"totalResults": 0}));
        held(
            "list",
            &json!({"total": 0, "exactly": [], "excludes": ["1"], "count": 0}),
            empty(),
        );
        inapplicable("list", &json!({"all": {"/id": "present"}}), empty());
        broken(
            "list",
            &json!({"contains": ["1"]}),
            empty(),
            "/Resources",
            "no resources",
        );
    }

    #[test]
    fn a_page_without_room_is_not_judged_by_what_it_holds() {
        let body = json!({"totalResults": 3, "itemsPerPage": 0, "Resources": []});
        let exchange = Sample::get("/Users").body(&body).build();
        let argument = json!({"count": {"at_least": 1}});
        let mut capabilities = sample::capabilities();
        let judged = super::Leaf.judge(&argument, &exchange, &sample::context(&capabilities));
        assert!(matches!(judged, Judgement::Broken(_)), "{judged:?}");
        capabilities.max_results = Some(0);
        let judged = super::Leaf.judge(&argument, &exchange, &sample::context(&capabilities));
        assert!(matches!(judged, Judgement::Inapplicable(_)), "{judged:?}");
        let full = users().build();
        let judged =
            super::Leaf.judge(&json!({"count": 2}), &full, &sample::context(&capabilities));
        assert!(matches!(judged, Judgement::Broken(_)), "{judged:?}");
    }

    #[test]
    fn what_is_no_list_is_a_deviation() {
        let argument = json!({"total": 1});
        let user = Sample::get("/Users").body(&json!({"schemas": ["x"]}));
        broken("list", &argument, user, "/schemas", "[\"x\"]");
        inapplicable("list", &argument, users().status(400));
    }

    #[test]
    fn wrong_arguments_are_refused() {
        refused("list", &json!({"totl": 1}), "/totl");
        refused("list", &json!({"exactly": "1"}), "/exactly");
        refused("list", &json!({"all": {"userName": 1}}), "/all/userName");
        refused("list", &json!({"total": {"type": "many"}}), "/total/type");
        refused(
            "list",
            &json!({"sorted": {"order": "ascending"}}),
            "/sorted/by",
        );
        refused(
            "list",
            &json!({"sorted": {"by": "x", "order": "down"}}),
            "/sorted/order",
        );
    }
}
