//! Values that are plainly the same, found without comparing each with each.
//!
//! Says nothing of values that are equal in subtler ways: as times, without case, in another order.

use std::collections::HashMap;

use serde_json::Value;

use super::is_assigned;

/// A text that two values share only where they say the same: names in lower case and in order,
/// unassigned members left out.
pub fn key(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(String, &Value)> = members
                .iter()
                .filter(|(_, value)| is_assigned(value))
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            text.push('{');
            for (name, value) in members {
                text.push_str(&Value::String(name).to_string());
                text.push(':');
                write(value, text);
                text.push(',');
            }
            text.push('}');
        }
        simple => text.push_str(&simple.to_string()),
    }
}

/// Pairs off the items of both lists that have the same key: what is left of each, in order. The work
/// grows with the sum of their lengths.
pub fn without_twins<A, B>(
    few: Vec<A>,
    many: Vec<B>,
    key_of_few: impl Fn(&A) -> String,
    key_of_many: impl Fn(&B) -> String,
) -> (Vec<A>, Vec<B>) {
    let mut wanted: HashMap<String, usize> = HashMap::new();
    for item in &few {
        *wanted.entry(key_of_few(item)).or_default() += 1;
    }
    let mut paired: HashMap<String, usize> = HashMap::new();
    let many = many
        .into_iter()
        .filter(|item| {
            let key = key_of_many(item);
            let Some(open) = wanted.get_mut(&key).filter(|open| **open > 0) else {
                return true;
            };
            *open -= 1;
            *paired.entry(key).or_default() += 1;
            false
        })
        .collect();
    let few = few
        .into_iter()
        .filter(|item| {
            let key = key_of_few(item);
            let Some(open) = paired.get_mut(&key).filter(|open| **open > 0) else {
                return true;
            };
            *open -= 1;
            false
        })
        .collect();
    (few, many)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_knows_neither_case_nor_order_of_names_nor_what_is_unassigned() {
        let same = |a: Value, b: Value| key(&a) == key(&b);
        assert!(same(
            json!({"A": 1, "b": [2]}),
            json!({"B": [2], "a": 1, "c": null})
        ));
        assert!(!same(json!({"a": "1"}), json!({"a": 1})));
        assert!(!same(json!({"a": "x"}), json!({"a": "X"})));
        assert!(!same(json!([1, 2]), json!([2, 1])));
        assert!(!same(json!(["a,b"]), json!(["a", "b"])));
    }

    #[test]
    fn twins_pair_off_and_each_item_is_looked_at_twice_at_most() {
        let looked = Cell::new(0);
        let many: Vec<u32> = (0..1_000).rev().collect();
        let few: Vec<u32> = (0..1_000).chain([7, 7]).collect();
        let look = |item: &u32| {
            looked.set(looked.get() + 1);
            item.to_string()
        };
        let (few, many) = without_twins(few, many, look, look);
        assert_eq!((few, many), (vec![7, 7], vec![]));
        assert!(looked.get() <= 2 * 1_002 + 1_000, "{}", looked.get());
    }
}
