//! Mistakes of storing values that depend on the value: the fixed ones of scenarios come through.

mod fractions_rounded_to_cents;
mod leading_zeros_lost;
mod long_texts_cut;
mod negative_numbers_become_texts;
mod said_no_in_lists_lost;
mod third_value_lost_by_patch;
mod zones_ahead_dropped;

use serde_json::Value;

use super::registry::{Leaf, leaves};
use crate::provider::apply::Applied;

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    fractions_rounded_to_cents,
    leading_zeros_lost,
    long_texts_cut,
    negative_numbers_become_texts,
    said_no_in_lists_lost,
    third_value_lost_by_patch,
    zones_ahead_dropped,
};

/// Names under which a server finds its resources again: faults leave them alone.
const NAMES: [&str; 4] = ["schemas", "userName", "externalId", "displayName"];

/// Changes every value about to be stored, from the inside out.
fn each_stored(applied: &mut Applied, change: &mut dyn FnMut(&mut Value)) {
    let Some(after) = &mut applied.after else {
        return;
    };
    for (name, value) in &mut after.attributes {
        if !NAMES.contains(&name.as_str()) {
            each(value, change);
        }
    }
}

fn each(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        Value::Object(members) => members.values_mut().for_each(|member| each(member, change)),
        _ => {}
    }
    change(value);
}
