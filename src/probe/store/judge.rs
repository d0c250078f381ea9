//! What the target did against what it should have: one function a promise.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::model::{Model, groups, members};
use super::play::{Course, Stop};
use super::request::Request;
use super::shop::Shop;
use super::step::Who;
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::oracle::{Miss, World, put};
use crate::probe::bench::{Bench, Wrong, at};
use crate::probe::patch::{Example, compare};
use crate::probe::property::Trial;
use crate::probe::put::{self as replacement, Said, same};
use crate::scim::list::ListView;
use crate::scim::resource::{Difference, equal, is_assigned, member};
use crate::scim::schema::SchemaSet;

pub(super) const CREATES: &str = "rfc7644-3.3-create-answers-201";
pub(super) const DELETES: &str = "rfc7644-3.6-delete-answers-204";
pub(super) const GONE: &str = "rfc7644-3.6-deleted-answers-404";
pub(super) const READABLE: &str = "rfc7644-3.4.1-get-answers-200";
pub(super) const BULK: &str = "rfc7644-3.7-bulk-answers-200";
const UNLISTED: &str = "rfc7644-3.6-deleted-is-not-listed";
pub(super) const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const STABLE: &str = "rfc7643-3.1-ids-are-stable";
const ONE_EACH: &str = "rfc7643-3.1-ids-are-unique";
const CREATED: &str = "rfc7644-3.3-created-resource-is-readable";
const KEPT: &str = "rfc7644-3.1-answers-show-the-state-kept";
const SELECTS: &str = "rfc7644-3.4.2.2-filter-selects-matching-resources-only";
pub(super) const COUNTS: &str = "rfc7644-3.4.2.4-total-results-counts-all-matches";
const ELEMENTS: &str = "rfc7644-3.4.2-list-elements-are-resources";
const GROUPS: &str = "rfc7643-4.1.2-groups-list-the-memberships";
const REPORTS: &str = "rfc7644-3.7.3-bulk-reports-every-operation";

/// All that sequences can find broken, apart from what single PUT and PATCH requests can.
pub(super) const COVERS: &[&str] = &[
    CREATES, DELETES, GONE, READABLE, BULK, UNLISTED, UNIQUE, STABLE, ONE_EACH, CREATED, KEPT,
    SELECTS, COUNTS, ELEMENTS, GROUPS, REPORTS,
];

/// A deviation that ends the sequence.
pub(super) fn stop(
    requirement: &'static str,
    at: &str,
    expected: &str,
    actual: String,
    exchange: &Exchange,
) -> Stop {
    Stop::Wrong(Box::new(Wrong {
        requirement,
        at: at.to_owned(),
        expected: expected.to_owned(),
        actual,
        exchange: exchange.clone(),
    }))
}

/// A wrong status.
pub(super) fn status(requirement: &'static str, expected: &str, exchange: &Exchange) -> Course {
    let actual = exchange.said();
    Err(stop(
        requirement,
        "response.status",
        expected,
        actual,
        exchange,
    ))
}

fn differs(requirement: &'static str, difference: &Difference, exchange: &Exchange) -> Stop {
    let show = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), brief);
    let expected = show(&difference.expected);
    let actual = show(&difference.actual);
    stop(
        requirement,
        &difference.pointer,
        &expected,
        actual,
        exchange,
    )
}

/// A create with a name that somebody has.
pub(super) fn duplicate(exchange: &Exchange) -> Course {
    match exchange.status() {
        Some(200..=299) => status(UNIQUE, "409, since a user has this name", exchange),
        Some(500..) => status(CREATES, "409, since a user has this name", exchange),
        _ => Ok(()),
    }
}

/// The id of somebody new.
pub(super) fn id(model: &Model, id: &str, exchange: &Exchange) -> Course {
    let somebody = model.whose(id).is_some();
    if somebody || model.was(id) {
        let requirement = if somebody { ONE_EACH } else { STABLE };
        let expected = "an id that no other resource has or had";
        return Err(stop(requirement, "/id", expected, id.to_owned(), exchange));
    }
    Ok(())
}

/// A user who was just created: has what was sent, and nothing of anybody else.
pub(super) fn fresh(shop: &Shop<'_>, sent: &Value, shown: &Value, exchange: &Exchange) -> Course {
    lost(sent, shown, &shop.users.schemas, exchange)?;
    for place in &shop.places {
        let value = |resource| at(resource, place).cloned().unwrap_or_default();
        let (sent, shown, bare) = (value(sent), value(shown), value(&shop.bare));
        let given = is_assigned(&sent) || !is_assigned(&shown);
        if !given && equal(&bare, &shown, Some(&place.definition)).is_err() {
            let pointer = format!("/{}", place.definition.name);
            let expected = "nothing, since nothing was sent";
            return Err(stop(CREATED, &pointer, expected, brief(&shown), exchange));
        }
    }
    Ok(())
}

/// A group that was just created.
pub(super) fn founded(sent: &Value, shown: &Value, exchange: &Exchange) -> Course {
    let (wanted, found): (BTreeSet<&str>, BTreeSet<&str>) =
        (members(sent).collect(), members(shown).collect());
    if wanted != found {
        let (wanted, found) = (format!("{wanted:?}"), format!("{found:?}"));
        return Err(stop(CREATED, "/members", &wanted, found, exchange));
    }
    Ok(())
}

/// What was sent and is not shown.
fn lost(sent: &Value, shown: &Value, schemas: &SchemaSet, exchange: &Exchange) -> Course {
    let outcomes = put::apply(&json!({}), sent, schemas, World::default());
    match outcomes.judge_state(shown, schemas) {
        Err(Miss::State(difference)) if outcomes.complete => {
            // What the server gives by itself.
            let own = ["/id", "/meta", "/schemas"];
            if own.iter().any(|own| difference.pointer.starts_with(own)) {
                return Ok(());
            }
            Err(differs(CREATED, &difference, exchange))
        }
        _ => Ok(()),
    }
}

/// A PATCH of what is there.
pub(super) fn patched(
    schemas: &SchemaSet,
    bare: &Value,
    body: &Value,
    (before, after): (&Value, &Value),
    exchange: &Exchange,
) -> Course {
    let operations = member(body, "Operations").and_then(Value::as_array);
    let example = Example {
        user: Map::new(),
        operations: operations.cloned().unwrap_or_default(),
        loud: false,
        twice: false,
    };
    match compare(schemas, &example, body, (before, after), exchange, bare) {
        Trial::Failed(wrong) => Err(Stop::Wrong(Box::new(wrong))),
        Trial::Broken(why) => Err(Stop::Broken(why)),
        Trial::Held | Trial::Unjudged => Ok(()),
    }
}

/// A PUT of what is there.
pub(super) fn replaced(
    bench: &Bench<'_>,
    bare: &Value,
    body: &Value,
    before: &Value,
    after: &Value,
    exchange: &Exchange,
) -> Course {
    let course = replacement::Course {
        schemas: &bench.schemas,
        bare,
        body,
        before,
        after,
        later: None,
        // Whether the answer shows the same is asked where groups and members are looked at apart.
        replaced: &crate::exchange::Exchange {
            response: exchange
                .response
                .as_ref()
                .map(|response| crate::exchange::Response {
                    status: response.status,
                    ..Default::default()
                }),
            ..exchange.clone()
        },
        again: None,
        tags: false,
    };
    match course.judge().said {
        Said::Wrong(wrong) => Err(Stop::Wrong(Box::new(Wrong {
            exchange: exchange.clone(),
            ..*wrong
        }))),
        Said::Held | Said::Unjudged | Said::Refused => Ok(()),
    }
}

/// What nobody has touched, and what an answer shows of what was changed.
pub(super) fn unchanged(
    schemas: &SchemaSet,
    was: &Value,
    is: &Value,
    exchange: &Exchange,
) -> Course {
    same(was, is, schemas).map_err(|difference| differs(KEPT, &difference, exchange))
}

/// The groups that a user shows: of those that we know, the ones that have it.
pub(super) fn memberships(model: &Model, user: &str, shown: &Value, exchange: &Exchange) -> Course {
    let wanted = model.groups_of(user);
    let mut found = groups(shown);
    found.retain(|id| wanted.contains(id) || model.whose(id).is_some() || model.was(id));
    if wanted != found {
        let (wanted, found) = (format!("{wanted:?}"), format!("{found:?}"));
        return Err(stop(GROUPS, "/groups", &wanted, found, exchange));
    }
    Ok(())
}

/// The users who were found by these names.
pub(super) fn found(
    model: &Model,
    users: &[usize],
    shop: &Shop<'_>,
    exchange: &Exchange,
) -> Course {
    let Some(list) = exchange.json().and_then(ListView::read) else {
        return Ok(());
    };
    let wanted: BTreeSet<&str> = users
        .iter()
        .filter_map(|user| model.id(Who::User(*user)))
        .collect();
    let found: BTreeSet<&str> = list.ids().collect();
    let at = "/Resources";
    if let Some(dead) = found
        .iter()
        .find(|id| model.was(id) && model.whose(id).is_none())
    {
        let actual = format!("{dead}, which was deleted");
        return Err(stop(UNLISTED, at, "those that are there", actual, exchange));
    }
    let total = list.total_results.unwrap_or_default();
    let whole = total <= list.resources.len() as u64;
    if whole && wanted != found {
        let (wanted, found) = (format!("{wanted:?}"), format!("{found:?}"));
        return Err(stop(SELECTS, at, &wanted, found, exchange));
    }
    if list.total_results.is_some() && total != wanted.len() as u64 {
        let wanted = wanted.len().to_string();
        return Err(stop(
            COUNTS,
            "/totalResults",
            &wanted,
            total.to_string(),
            exchange,
        ));
    }
    for shown in list.resources {
        let id = member(shown, "id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let stored = model.whose(id).and_then(|who| model.slot(who).now.as_ref());
        let Some(stored) = stored else { continue };
        for place in &shop.places {
            let (was, is) = (at_(&stored.state, place), at_(shown, place));
            if let Err(mut difference) = equal(&was, &is, Some(&place.definition)) {
                difference.pointer = format!("/{}{}", place.definition.name, difference.pointer);
                return Err(differs(ELEMENTS, &difference, exchange));
            }
        }
    }
    Ok(())
}

fn at_(resource: &Value, place: &crate::probe::patch::Place) -> Value {
    at(resource, place).cloned().unwrap_or_default()
}

/// An operation of a bulk request of which nothing is said.
pub(super) fn unreported(request: &Request, exchange: &Exchange) -> Course {
    let expected = format!("a result for {} {}", request.method, request.path());
    Err(stop(
        REPORTS,
        "/Operations",
        &expected,
        "none".to_owned(),
        exchange,
    ))
}
