//! Reference application of PUT (RFC 7644 §3.5.1): what a replacement leaves.

use serde_json::{Map, Value};

use super::World;
use super::choice::{Answers, Choice, explore};
use super::outcome::{Outcomes, Refused};
use super::primary;
use super::value::{append, fit, fit_list, unfit};
use crate::scim::error::ScimType;
use crate::scim::resource::{canonicalise, equal, is_assigned};
use crate::scim::schema::{Attribute, DataType, Mutability, SchemaSet, Uniqueness, common};
use crate::scim::urn;

/// What may fairly become of a PUT with this body.
pub fn apply(resource: &Value, body: &Value, schemas: &SchemaSet, world: World<'_>) -> Outcomes {
    let before = canonicalise(resource, schemas);
    let given = canonicalise(body, schemas);
    let (results, complete) = explore(|answers| {
        let mut run = Run {
            schemas,
            world,
            answers,
        };
        run.replace(&before, &given)
    });
    Outcomes::new(results, complete, resource, body)
}

/// One application with one set of answers.
struct Run<'a, 'b> {
    schemas: &'a SchemaSet,
    world: World<'a>,
    answers: &'b mut Answers,
}

impl Run<'_, '_> {
    fn replace(&mut self, before: &Value, given: &Value) -> Result<Value, Refused> {
        let (Value::Object(before), Value::Object(given)) = (before, given) else {
            return Err(unfit());
        };
        let urn = &self.schemas.core.id;
        let listed = given.get("schemas").is_some_and(|it| lists(it, urn));
        if !listed && self.answers.first(Choice::MissingSchemas) {
            return Err(unfit());
        }
        let schemas = self.schemas;
        self.check_names(given)?;
        let core = schemas.core.attributes.iter().chain(common());
        let core = core.filter(|it| !it.is_named("schemas"));
        let mut after = self.holder(before, given, core)?;
        let mut list = vec![Value::from(urn.as_str())];
        for (schema, required) in &schemas.extensions {
            let empty = Map::new();
            let of = |holder: &Map<String, Value>| {
                holder.get(&schema.id).and_then(Value::as_object).cloned()
            };
            let (was, now) = (of(before), of(given));
            if *required && now.is_none() && was.is_none() {
                return Err(unfit());
            }
            let was = was.unwrap_or_else(|| empty.clone());
            let now = now.unwrap_or(empty);
            let container = Value::Object(self.holder(&was, &now, schema.attributes.iter())?);
            if is_assigned(&container) {
                list.push(Value::from(schema.id.as_str()));
                after.insert(schema.id.clone(), container);
            }
        }
        after.insert(String::from("schemas"), Value::Array(list));
        Ok(Value::Object(after))
    }

    /// Members that no schema defines.
    fn check_names(&mut self, given: &Map<String, Value>) -> Result<(), Refused> {
        let schemas = self.schemas;
        let known =
            |name: &String| schemas.extension(name).is_some() || schemas.attribute(name).is_some();
        if !given.keys().all(known) && !self.answers.first(Choice::UnknownMember) {
            let keywords = [
                ScimType::InvalidSyntax,
                ScimType::InvalidValue,
                ScimType::InvalidPath,
            ];
            return Err(Refused::with(&keywords));
        }
        Ok(())
    }

    /// The attributes of a resource or of an extension.
    fn holder<'d>(
        &mut self,
        before: &Map<String, Value>,
        given: &Map<String, Value>,
        definitions: impl Iterator<Item = &'d Attribute>,
    ) -> Result<Map<String, Value>, Refused> {
        let mut after = Map::new();
        for definition in definitions {
            let was = before.get(&definition.name).unwrap_or(&Value::Null);
            let now = given.get(&definition.name).unwrap_or(&Value::Null);
            let value = self.attribute(definition, was, now)?;
            if is_assigned(&value) {
                after.insert(definition.name.clone(), value);
            }
        }
        Ok(after)
    }

    fn attribute(
        &mut self,
        definition: &Attribute,
        was: &Value,
        now: &Value,
    ) -> Result<Value, Refused> {
        let mutability = Err(Refused::with(&[ScimType::Mutability]));
        let differs = is_assigned(now) && equal(was, now, Some(definition)).is_err();
        if definition.mutability == Mutability::ReadOnly {
            if differs
                && !definition.is_named("meta")
                && !self.answers.first(Choice::ReadOnlyMember)
            {
                return mutability;
            }
            return Ok(was.clone());
        }
        if definition.mutability == Mutability::Immutable && is_assigned(was) {
            if differs || !is_assigned(now) && !self.answers.first(Choice::ImmutableOmitted) {
                return mutability;
            }
            return Ok(was.clone());
        }
        if is_assigned(now) {
            return self.given(definition, was, now);
        }
        // `[null]`, or `{}` for a string: nothing is said, or a type does not fit.
        let plain = match now {
            Value::Null => true,
            Value::Array(items) => definition.multi_valued && items.is_empty(),
            _ => !definition.multi_valued && definition.data_type == DataType::Complex,
        };
        if !plain && !self.answers.first(Choice::Null) {
            return Err(unfit());
        }
        if definition.required {
            return Err(Refused::with(&[
                ScimType::InvalidValue,
                ScimType::InvalidSyntax,
            ]));
        }
        if is_assigned(was) && !self.answers.first(Choice::Omitted) {
            return Ok(was.clone());
        }
        Ok(Value::Null)
    }

    fn given(
        &mut self,
        definition: &Attribute,
        was: &Value,
        now: &Value,
    ) -> Result<Value, Refused> {
        if definition.multi_valued {
            return self.list(definition, now);
        }
        let value = fit(now, definition, self.world, self.answers)?;
        let empty = definition.required && value.as_str() == Some("");
        if empty && self.answers.first(Choice::EmptyRequired) {
            return Err(Refused::with(&[
                ScimType::InvalidValue,
                ScimType::InvalidSyntax,
            ]));
        }
        let unique = definition.uniqueness != Uniqueness::None && value.is_string();
        let changed = equal(was, &value, Some(definition)).is_err();
        if unique && changed && (self.world.in_use)(&definition.name, &value) {
            return Err(Refused::with(&[ScimType::Uniqueness]).statuses(&[409, 400]));
        }
        Ok(value)
    }

    fn list(&mut self, definition: &Attribute, now: &Value) -> Result<Value, Refused> {
        let (mut values, mut fresh) = (Vec::new(), Vec::new());
        // A value ought to be returned once (RFC 7643 §2.4).
        for value in fit_list(now, definition, self.world, self.answers)? {
            let is_primary = primary::is_primary(&value);
            let at = append(&mut values, value, definition, self.answers)?;
            if is_primary && !fresh.contains(&at) {
                fresh.push(at);
            }
        }
        primary::settle(&mut values, &fresh, self.answers)?;
        if values.is_empty() && definition.required {
            return Err(Refused::with(&[
                ScimType::InvalidValue,
                ScimType::InvalidSyntax,
            ]));
        }
        Ok(Value::Array(values))
    }
}

fn lists(schemas: &Value, urn: &str) -> bool {
    let items = schemas.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(Value::as_str)
        .any(|it| urn::same(it, urn))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::oracle::outcome::Grade;

    fn gone(it: &mut Value) {
        it.as_object_mut().unwrap().remove(urn::ENTERPRISE_USER);
    }

    #[test]
    fn a_replacement_leaves_what_was_sent() {
        let users = SchemaSet::rfc_user();
        let before = json!({
            "schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "1", "userName": "a", "title": "T",
            "groups": [{"value": "g"}], "meta": {"resourceType": "User"},
            urn::ENTERPRISE_USER: {"department": "D"},
        });
        let world = World {
            in_use: &|name, value| name == "userName" && value == "taken",
            exists: &|_| true,
        };
        let check = |change: fn(&mut Value),
                     state: fn(&mut Value),
                     grade: Option<Grade>,
                     keywords: &[&str]| {
            let mut body = json!({"schemas": [urn::USER], "userName": "a", "title": "T"});
            change(&mut body);
            let outcomes = apply(&before, &body, &users, world);
            let mut after = before.clone();
            state(&mut after);
            let judged = outcomes.judge_state(&after, &users).ok();
            assert_eq!(judged, grade, "{body} {:#?}", outcomes.done);
            let fair = outcomes
                .refused
                .iter()
                .flat_map(|it| &it.keywords)
                .map(|it| it.keyword());
            let mut fair: Vec<_> = fair.collect();
            fair.dedup();
            assert_eq!(fair, keywords, "{body}");
        };
        check(|_| {}, gone, Some(Grade::Fair), &[]);
        check(|_| {}, |_| {}, Some(Grade::Warned), &[]);
        check(
            |it| drop(it.as_object_mut().unwrap().remove("title")),
            |it| {
                it.as_object_mut().unwrap().remove(urn::ENTERPRISE_USER);
                it.as_object_mut().unwrap().remove("title");
            },
            Some(Grade::Fair),
            &[],
        );
        check(|it| it["title"] = "U".into(), gone, None, &[]);
        check(
            |it| it["id"] = "2".into(),
            gone,
            Some(Grade::Fair),
            &["mutability"],
        );
        check(
            |it| it["id"] = "2".into(),
            |it| it["id"] = "2".into(),
            None,
            &["mutability"],
        );
        check(
            |it| it["userName"] = Value::Null,
            |_| {},
            None,
            &["invalidValue", "invalidSyntax"],
        );
        check(
            |it| it["userName"] = "taken".into(),
            |_| {},
            None,
            &["uniqueness"],
        );
        check(
            |it| it["active"] = "banana".into(),
            |_| {},
            None,
            &["invalidValue", "invalidSyntax"],
        );
        check(
            |it| it["odd"] = 1.into(),
            gone,
            Some(Grade::Fair),
            &["invalidSyntax", "invalidValue", "invalidPath"],
        );
        check(
            |it| it["emails"] = json!([{"value": "a"}, {"value": "a"}]),
            |it| {
                gone(it);
                it["emails"] = json!([{"value": "a"}]);
            },
            Some(Grade::Fair),
            &["invalidValue", "uniqueness"],
        );
        check(
            |it| *it = json!([]),
            |_| {},
            None,
            &["invalidValue", "invalidSyntax"],
        );
    }
    #[test]
    fn an_empty_value_of_another_type_may_be_refused() {
        let users = SchemaSet::rfc_user();
        let before = json!({"schemas": [urn::USER], "id": "1", "userName": "a", "title": "T"});
        for (name, value) in [("title", json!({})), ("emails", json!([null]))] {
            let mut body = json!({"schemas": [urn::USER], "userName": "a"});
            body[name] = value;
            let outcomes = apply(&before, &body, &users, World::default());
            let refusal = outcomes.judge_refusal(400, Some("invalidValue"));
            assert_eq!(refusal, Ok(Grade::Fair), "{body}");
            assert!(!outcomes.must_refuse(), "{body}");
        }
    }
}
