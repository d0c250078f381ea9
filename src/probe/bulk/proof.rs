//! What a scenario has to see of a bulk request that went wrong.
//!
//! Judges nothing: what is claimed is what came of the operations one by one.

use serde_json::{Map, Value, json};

use super::judge::{Both, STOPS};
use super::shelf::Shelf;
use crate::probe::bench::Wrong;
use crate::probe::patch::{any_of, part, value_of};
use crate::probe::tape::Proof;
use crate::scim::resource::member;

/// The proof of a deviation; none where no matcher can say it. `in_order` says whether results stand in the order of
/// the operations.
pub(super) fn proof(
    wrong: &Wrong,
    both: &Both<'_>,
    shelf: &Shelf<'_>,
    in_order: bool,
) -> Option<Proof> {
    match wrong.at.strip_prefix("/Operations/") {
        Some(rest) => {
            let number: usize = rest.split('/').next()?.parse().ok()?;
            of_result(wrong, both, number, in_order)
        }
        None => of_state(wrong, both, shelf),
    }
}

/// The status of a result.
fn of_result(wrong: &Wrong, both: &Both<'_>, number: usize, in_order: bool) -> Option<Proof> {
    if both.together.get(number)?.is_none() {
        // Where failures end the request fewer results are fair.
        let count = json!({"/Operations": {"count": both.alone.len()}});
        return both.end.is_none().then_some(Proof::Last("body", count));
    }
    let refused = json!({"matches": "^[45]"});
    let wanted = match both.alone.get(number)? {
        // What is not carried out may be left out.
        _ if wrong.requirement == STOPS => json!({"one_of": ["absent", refused]}),
        Some(part) if part.status < 300 => json!({"matches": "^2"}),
        _ => refused,
    };
    let at = format!("/Operations/{number}/status");
    let body = Map::from_iter([(at, wanted)]);
    in_order.then(|| Proof::Last("body", Value::Object(body)))
}

/// What is there afterwards.
fn of_state(wrong: &Wrong, both: &Both<'_>, shelf: &Shelf<'_>) -> Option<Proof> {
    let whole = wrong.at.strip_prefix('/')?;
    let end = whole.find('/').unwrap_or(whole.len());
    let (word, pointer) = whole.split_at_checked(end)?;
    let path = shelf.path(word)?;
    let state = both.states.1.get(word)?;
    if pointer.is_empty() {
        let status = if state.is_some() {
            json!(200)
        } else {
            json!("4xx")
        };
        return Some(Proof::Read(path, "status", status));
    }
    let part = part(pointer);
    let value = value_of(state.as_ref()?, part);
    let matcher = match &value {
        Some(Value::Array(items)) if ["/members", "/groups"].contains(&part) => {
            let mut set = Vec::new();
            for item in items {
                let word = member(item, "value")?.as_str()?;
                shelf.ids.get(word)?;
                set.push(json!({"value": format!("{{{{{word}}}}}")}));
            }
            if set.is_empty() {
                json!("absent")
            } else {
                json!({"set": set})
            }
        }
        _ => any_of(&[value]),
    };
    let body = Map::from_iter([(part.to_owned(), matcher)]);
    Some(Proof::Read(path, "body", Value::Object(body)))
}
