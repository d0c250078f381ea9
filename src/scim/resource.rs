//! A view over resources as JSON: attribute names compare without case.

use serde_json::Value;

/// The member of an object by its name, compared without case; an exact spelling wins.
pub fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let object = object.as_object()?;
    object.get(name).or_else(|| {
        object
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}
