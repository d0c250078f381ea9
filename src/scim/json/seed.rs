//! Builds a [`Value`] with serde_json's own parser and notes members that stand twice in an object.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Defect, Defects, MAX_DEFECTS};
use crate::scim::resource::escape;

/// A value to be read, and where it stands.
pub(super) struct Seed<'a> {
    defects: &'a Defects,
    place: Place<'a>,
}

/// A JSON Pointer that is only spelled out when something is wrong there.
#[derive(Clone, Copy)]
enum Place<'a> {
    Root,
    Index(&'a Place<'a>, usize),
    Member(&'a Place<'a>, &'a str),
}

impl Place<'_> {
    fn pointer(self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Index(parent, index) => format!("{}/{index}", parent.pointer()),
            Self::Member(parent, name) => format!("{}/{}", parent.pointer(), escape(name)),
        }
    }
}

impl<'a> Seed<'a> {
    pub(super) fn root(defects: &'a Defects) -> Self {
        Self {
            defects,
            place: Place::Root,
        }
    }

    fn note(&self, code: &'static str, name: &str, detail: &str) {
        let mut defects = self.defects.borrow_mut();
        if defects.len() < MAX_DEFECTS {
            let at = Place::Member(&self.place, name).pointer();
            defects.push(Defect::new(code, at, detail));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Seed {
            defects: self.defects,
            place: Place::Index(&self.place, items.len()),
        })? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        let mut spellings: HashMap<String, String> = HashMap::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                self.note("duplicate-key", &name, "the name stands twice");
            } else {
                match spellings.entry(name.to_ascii_lowercase()) {
                    Entry::Occupied(first) => {
                        let detail = format!("differs from “{}” in case only", first.get());
                        self.note("duplicate-name", &name, &detail);
                    }
                    Entry::Vacant(entry) => {
                        entry.insert(name.clone());
                    }
                }
            }
            let value = access.next_value_seed(Seed {
                defects: self.defects,
                place: Place::Member(&self.place, &name),
            })?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}
