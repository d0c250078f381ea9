//! Whether a state that a server shows agrees with an expected one, apart from what servers supply.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::scim::resource::{Difference, canonicalise, equal, escape, is_assigned, spelling};
use crate::scim::schema::{Attribute, Returned, Schema, SchemaSet};

/// What the comparison has to know beside the two states.
pub(super) struct Comparison<'a> {
    before: Value,
    /// What it asks for is never the server's own.
    mentioned: Mentioned,
    schemas: &'a SchemaSet,
}

/// Sub-attributes that servers derive from others.
const DERIVED: [&str; 4] = ["formatted", "display", "displayName", "primary"];

/// Those that they also derive from the resource that a value refers to.
const OF_REFERENCES: [&str; 2] = ["$ref", "type"];

type Agreement = Result<(), Box<Difference>>;

impl<'a> Comparison<'a> {
    pub(super) fn new(before: &Value, request: &Value, schemas: &'a SchemaSet) -> Self {
        let mut mentioned = Mentioned::default();
        mentioned.read(request, &[]);
        Self {
            before: canonicalise(before, schemas),
            mentioned,
            schemas,
        }
    }

    /// # Errors
    /// The first place where `actual` is not as expected.
    pub(super) fn agree(&self, expected: &Value, actual: &Value) -> Agreement {
        let expected = canonicalise(expected, self.schemas);
        let actual = canonicalise(actual, self.schemas);
        let mut names: Vec<&String> = members(&expected).map(|(name, _)| name).collect();
        names.extend(
            members(&actual)
                .map(|(name, _)| name)
                .filter(|name| expected.get(name.as_str()).is_none()),
        );
        for name in names {
            let at = format!("/{}", escape(name));
            let before = self.before.get(name).unwrap_or(&Value::Null);
            let wanted = expected.get(name).unwrap_or(&Value::Null);
            let found = actual.get(name).unwrap_or(&Value::Null);
            if name == "schemas" {
                listed(wanted, found, &at)?;
            } else if let Some(schema) = self.schemas.extension(name) {
                self.container(schema, (wanted, found, before), &at)?;
            } else if name != "meta" {
                let definition = self.schemas.attribute(name);
                self.attribute(name, definition, (wanted, found, before), &at)?;
            }
        }
        Ok(())
    }

    fn container(&self, schema: &Schema, values: Values<'_>, at: &str) -> Agreement {
        let (wanted, found, before) = values;
        let names: HashSet<&String> = members(wanted)
            .chain(members(found))
            .map(|(name, _)| name)
            .collect();
        for name in names {
            let pick = |holder: &Value| holder.get(name).cloned().unwrap_or_default();
            let (wanted, found, before) = (pick(wanted), pick(found), pick(before));
            let at = format!("{at}/{}", escape(name));
            let definition = schema.attribute(name);
            self.attribute(name, definition, (&wanted, &found, &before), &at)?;
        }
        Ok(())
    }

    /// One attribute as a whole.
    fn attribute(
        &self,
        name: &str,
        definition: Option<&Attribute>,
        (wanted, found, before): Values<'_>,
        at: &str,
    ) -> Agreement {
        let shown =
            definition.is_none_or(|it| !matches!(it.returned, Returned::Never | Returned::Request));
        if !shown {
            return Ok(());
        }
        let own = !is_assigned(wanted)
            && !is_assigned(before)
            && !self.mentioned.names.contains(&lower(name));
        if own {
            return Ok(());
        }
        match (definition, wanted, found) {
            (Some(definition), Value::Array(wanted), Value::Array(found)) => {
                self.lists(definition, wanted, found, before, at)
            }
            (Some(definition), Value::Object(wanted), Value::Object(found)) => {
                self.objects(definition, wanted, found, before, at)
            }
            _ => equal(wanted, found, definition).map_err(|it| below(at, *it)),
        }
    }

    fn lists(
        &self,
        definition: &Attribute,
        wanted: &[Value],
        found: &[Value],
        before: &Value,
        at: &str,
    ) -> Agreement {
        let mut open: Vec<(usize, &Value)> = found.iter().enumerate().collect();
        open.retain(|(_, value)| is_assigned(value));
        // What says most finds its partner first.
        let mut wanted: Vec<&Value> = wanted.iter().filter(|it| is_assigned(it)).collect();
        wanted.sort_by_key(|value| std::cmp::Reverse(members(value).count()));
        let mut first = None;
        for value in wanted {
            let agree =
                |(_, other): &(usize, &Value)| self.values(definition, value, other, before, at);
            match open.iter().position(|it| agree(it).is_ok()) {
                Some(i) => drop(open.remove(i)),
                None => first = first.or(Some(value)),
            }
        }
        match (first, open.first()) {
            (None, None) => Ok(()),
            (missing, surplus) => Err(Box::new(Difference {
                pointer: String::from(at),
                expected: missing.cloned(),
                actual: surplus.map(|(_, value)| (*value).clone()),
            })),
        }
    }

    fn values(
        &self,
        definition: &Attribute,
        wanted: &Value,
        found: &Value,
        before: &Value,
        at: &str,
    ) -> Agreement {
        match (wanted, found) {
            (Value::Object(wanted), Value::Object(found)) => {
                self.objects(definition, wanted, found, before, at)
            }
            _ => equal(wanted, found, Some(definition)).map_err(|it| below(at, *it)),
        }
    }

    fn objects(
        &self,
        definition: &Attribute,
        wanted: &Map<String, Value>,
        found: &Map<String, Value>,
        before: &Value,
        at: &str,
    ) -> Agreement {
        for (name, wanted) in wanted {
            // A server writes the URI of what `value` refers to in its own way.
            let follows = name == "$ref" && found.get("value").is_some_and(is_assigned);
            let found = found.get(name).unwrap_or(&Value::Null);
            let own = follows || self.may_derive(definition, name);
            if own || both_not_primary(name, wanted, found) {
                continue;
            }
            equal(wanted, found, definition.sub(name))
                .map_err(|it| below(&format!("{at}/{}", escape(name)), *it))?;
        }
        for (name, found) in found.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
            let stood = || values_of(before).any(|it| it.get(name).is_some_and(is_assigned));
            let own = is_of_reference(definition, name)
                || self.may_derive(definition, name)
                || !(self.mentions(definition, name) || stood());
            if own || both_not_primary(name, &Value::Null, found) {
                continue;
            }
            equal(&Value::Null, found, definition.sub(name))
                .map_err(|it| below(&format!("{at}/{}", escape(name)), *it))?;
        }
        Ok(())
    }

    /// Whether a sub-attribute may be the server's own work here.
    fn may_derive(&self, definition: &Attribute, name: &str) -> bool {
        let derived = DERIVED.contains(&name) || is_of_reference(definition, name);
        derived && !self.mentions(definition, name)
    }

    fn mentions(&self, definition: &Attribute, name: &str) -> bool {
        let pair = (lower(&definition.name), lower(name));
        self.mentioned.within.contains(&pair)
    }
}

/// Whether a sub-attribute tells of the resource that a value refers to: the server may show it
/// again whatever is asked.
fn is_of_reference(definition: &Attribute, name: &str) -> bool {
    let refers = definition.sub("$ref").is_some();
    refers && name != "primary" && (DERIVED.contains(&name) || OF_REFERENCES.contains(&name))
}

/// Expected, actual, before.
type Values<'v> = (&'v Value, &'v Value, &'v Value);

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn values_of(value: &Value) -> impl Iterator<Item = &Value> {
    let items = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    items.iter()
}

/// A missing `primary` is false (RFC 7643 §2.4).
fn both_not_primary(name: &str, a: &Value, b: &Value) -> bool {
    let not = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
    name == "primary" && not(a) && not(b)
}

/// Each expected URN is listed; others may be.
fn listed(wanted: &Value, found: &Value, at: &str) -> Agreement {
    for urn in values_of(wanted).filter(|it| it.is_string()) {
        if !values_of(found).any(|it| equal(urn, it, None).is_ok() || same_text(urn, it)) {
            return Err(Box::new(Difference {
                pointer: String::from(at),
                expected: Some(urn.clone()),
                actual: Some(found.clone()),
            }));
        }
    }
    Ok(())
}

fn same_text(a: &Value, b: &Value) -> bool {
    matches!((a.as_str(), b.as_str()), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

fn below(at: &str, difference: Difference) -> Box<Difference> {
    Box::new(Difference {
        pointer: format!("{at}{}", difference.pointer),
        ..difference
    })
}

/// Every name in a request, in lower case: keys of objects, and words of paths.
#[derive(Default)]
struct Mentioned {
    names: HashSet<String>,
    /// A name that stands below another, or with it in one path.
    within: HashSet<(String, String)>,
}

impl Mentioned {
    fn read(&mut self, request: &Value, holders: &[String]) {
        let members = match request {
            Value::Array(items) => {
                return items.iter().for_each(|item| self.read(item, holders));
            }
            Value::Object(members) => members,
            _ => return,
        };
        let path = spelling(request, "path").and_then(|key| members.get(&key)?.as_str());
        let path = path.map(|path| {
            let word = |c: char| !(c.is_alphanumeric() || matches!(c, '$' | '-' | '_'));
            let words: Vec<String> = path.split(word).map(lower).collect();
            self.relate(&words, &words);
            words
        });
        for (key, value) in members {
            let mut words: Vec<String> = key.split(['.', ':']).map(lower).collect();
            words.push(lower(key));
            self.relate(holders, &words);
            self.relate(&words, &words);
            let holders = match &path {
                Some(path) if key.eq_ignore_ascii_case("value") => path,
                _ => &words,
            };
            self.read(value, holders);
        }
    }

    fn relate(&mut self, holders: &[String], names: &[String]) {
        self.names.extend(names.iter().cloned());
        let pairs = |holder: &String| {
            let holder = holder.clone();
            names.iter().map(move |name| (holder.clone(), name.clone()))
        };
        self.within.extend(holders.iter().flat_map(pairs));
    }
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}
