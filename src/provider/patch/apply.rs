//! Applies operations to a copy of a resource's attributes, one after the other.
//!
//! Stops at the first that fails; what is done with the partial result is not decided here.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::super::Provider;
use super::super::admit::{Admission, Texts, check_required, tidy};
use super::super::model::{Place, TypeModel, find};
use super::super::problem::Problem;
use super::super::store::Resource;
use super::read::read_target;
use super::{Op, Operation, Target};
use crate::scim::schema::{Attribute, DataType, Mutability, Schema};
use crate::scim::urn;

/// A PATCH at work on the attributes of one resource.
pub(in crate::provider) struct Patching<'a> {
    pub(in crate::provider) provider: &'a Provider,
    pub(in crate::provider) model: &'a TypeModel,
    pub(in crate::provider) base: &'a str,
    /// The resource as it was.
    pub(in crate::provider) before: &'a Resource,
    /// Its attributes as they will be.
    pub(in crate::provider) attributes: Map<String, Value>,
}

/// One operation with its attribute found.
pub(super) struct Step<'s> {
    pub(super) operation: &'s Operation,
    pub(super) op: Op,
    pub(super) attribute: &'s Attribute,
    pub(super) sub: Option<&'s Attribute>,
    pub(super) value: &'s Value,
}

impl<'a> Patching<'a> {
    /// Applies all operations.
    ///
    /// # Errors
    /// With the problem of the first that fails; the attributes hold what was done before it.
    pub(in crate::provider) fn apply(&mut self, operations: &[Operation]) -> Result<(), Problem> {
        for operation in operations {
            let mut attributes = self.attributes.clone();
            self.operation(operation, &mut attributes)?;
            tidy(&mut attributes);
            self.attributes = attributes;
        }
        check_required(self.model, &self.attributes)
    }

    /// How the value of an operation is read.
    pub(super) fn admission(&self, operation: &Operation) -> Admission<'a> {
        let any = operation.capital || self.provider.settings().string_booleans;
        Admission {
            model: self.model,
            texts: if any { Texts::Any } else { Texts::None },
        }
    }

    fn operation(
        &self,
        operation: &Operation,
        attributes: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        let Some(target) = &operation.target else {
            return self.whole(operation, attributes);
        };
        let Some(place) = self.model.locate_loosely(&target.attribute) else {
            return Err(Problem::path(format!(
                "there is no attribute '{}'",
                target.attribute
            )));
        };
        match place {
            Place::Core => self.whole(operation, attributes),
            Place::Extension(schema) => self.extension(operation, schema, attributes),
            Place::Attribute {
                extension: None,
                attribute,
                sub,
            } => self.attribute(operation, target, attribute, sub, attributes),
            Place::Attribute {
                extension: Some(urn),
                attribute,
                sub,
            } => {
                let mut inner = match attributes.get(urn) {
                    Some(Value::Object(inner)) => inner.clone(),
                    _ => Map::new(),
                };
                self.attribute(operation, target, attribute, sub, &mut inner)?;
                attributes.insert(urn.to_owned(), Value::Object(inner));
                Ok(())
            }
        }
    }

    /// An operation on the resource itself: each member of its value as if by its own path.
    fn whole(
        &self,
        operation: &Operation,
        attributes: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        if operation.op == Op::Remove {
            return Err(Problem::no_target("a resource can't be removed by PATCH"));
        }
        let Some(Value::Object(members)) = &operation.value else {
            return Err(Problem::value(
                "without a path the value has to be an object",
            ));
        };
        for (name, value) in members {
            if let Some(part) = self.part(operation, name, value)? {
                self.operation(&part, attributes)?;
            }
        }
        Ok(())
    }

    /// One member of the value of an operation without path; `None` where it is to be ignored.
    fn part(
        &self,
        operation: &Operation,
        name: &str,
        value: &Value,
    ) -> Result<Option<Operation>, Problem> {
        let same_id = name.eq_ignore_ascii_case("id") && value.as_str() == Some(&*self.before.id);
        if same_id || name.eq_ignore_ascii_case("schemas") || name.eq_ignore_ascii_case("meta") {
            return Ok(None);
        }
        let Ok(target) = read_target(name, self.provider.model().urns()) else {
            return Ok(None);
        };
        // Unknown attributes are ignored here as they are in a whole resource.
        if self.model.locate(&target.attribute).is_none() {
            return Ok(None);
        }
        if target.filter.is_some() {
            return Err(Problem::path(format!("'{name}' is no attribute")));
        }
        Ok(Some(Operation {
            op: operation.op,
            target: Some(target),
            value: Some(value.clone()),
            capital: operation.capital,
        }))
    }

    /// An operation on a whole extension.
    fn extension(
        &self,
        operation: &Operation,
        schema: &Schema,
        attributes: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        let value = operation.value.as_ref().unwrap_or(&Value::Null);
        if operation.op == Op::Remove || value.is_null() && operation.op == Op::Replace {
            attributes.shift_remove(&schema.id);
            return Ok(());
        }
        let Value::Object(members) = value else {
            return Err(Problem::value(format!(
                "'{}' has to be an object",
                schema.id
            )));
        };
        for (name, value) in members {
            let name = format!("{}:{name}", schema.id);
            if let Some(part) = self.part(operation, &name, value)? {
                self.operation(&part, attributes)?;
            }
        }
        Ok(())
    }

    fn attribute(
        &self,
        operation: &Operation,
        target: &Target,
        attribute: &Attribute,
        sub: Option<&Attribute>,
        attributes: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        if attribute.name == "schemas" {
            return self.schemas(operation);
        }
        let sub = match &target.sub {
            None => sub,
            Some(name) => Some(sub_attribute(attribute, name)?),
        };
        for written in [Some(attribute), sub].into_iter().flatten() {
            if written.mutability == Mutability::ReadOnly {
                return Err(Problem::mutability(format!(
                    "'{}' is readOnly",
                    written.name
                )));
            }
        }
        let step = Step {
            operation,
            op: operation.op,
            attribute,
            sub,
            value: operation.value.as_ref().unwrap_or(&Value::Null),
        };
        if attribute.multi_valued {
            return self.several(&step, target.filter.as_ref(), attributes);
        }
        if target.filter.is_some() {
            return Err(Problem::path(format!(
                "'{}' holds one value: a filter can't choose among them",
                attribute.name
            )));
        }
        if attribute.data_type == DataType::Complex {
            return self.complex(&step, attributes);
        }
        let new = match step.op {
            Op::Remove => None,
            Op::Add | Op::Replace => self.admission(operation).value(attribute, step.value)?,
        };
        set(attribute, attributes, new, step.op)
    }

    /// `schemas` follows from the attributes; it can be named, but not bent.
    fn schemas(&self, operation: &Operation) -> Result<(), Problem> {
        if operation.op == Op::Remove {
            return Err(Problem::mutability("'schemas' is required"));
        }
        let known = |value: &Value| {
            value
                .as_str()
                .is_some_and(|given| self.model.schema(given).is_some())
        };
        let listed = match &operation.value {
            Some(Value::Array(values)) => values.iter().all(known).then_some(values),
            _ => None,
        };
        let Some(listed) = listed else {
            return Err(Problem::value(
                "'schemas' has to list schemas of the resource type",
            ));
        };
        let core = |value: &Value| {
            value
                .as_str()
                .is_some_and(|given| urn::same(given, &self.model.core.id))
        };
        if operation.op == Op::Replace && !listed.iter().any(core) {
            return Err(Problem::mutability("the core schema can't be taken away"));
        }
        Ok(())
    }

    /// A complex attribute with one value: named sub-attributes change, the others stay.
    fn complex(&self, step: &Step<'_>, attributes: &mut Map<String, Value>) -> Result<(), Problem> {
        let mut object = match attributes.get(&step.attribute.name) {
            Some(Value::Object(object)) => object.clone(),
            _ => Map::new(),
        };
        match step.sub {
            None if step.op == Op::Remove || step.value.is_null() => object.clear(),
            None => self.merge(step, &the_one(step), &mut object)?,
            Some(sub) => {
                let new = match step.op {
                    Op::Remove => None,
                    Op::Add | Op::Replace => {
                        self.admission(step.operation).value(sub, step.value)?
                    }
                };
                set(sub, &mut object, new, step.op)?;
            }
        }
        let emptied = object.get("value").and_then(Value::as_str) == Some("");
        let new = (!object.is_empty() && !emptied).then_some(Value::Object(object));
        set(step.attribute, attributes, new, step.op)
    }

    /// Puts the members of a value over those of a complex value.
    pub(super) fn merge(
        &self,
        step: &Step<'_>,
        value: &Value,
        object: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        let Value::Object(given) = value else {
            return Err(Problem::value(format!(
                "'{}' has to be an object",
                step.attribute.name
            )));
        };
        for (name, value) in given {
            let Some(sub) = find(&step.attribute.sub_attributes, name) else {
                continue;
            };
            if sub.mutability == Mutability::ReadOnly {
                continue;
            }
            let new = self.admission(step.operation).value(sub, value)?;
            set(sub, object, new, step.op)?;
        }
        Ok(())
    }
}

/// The value for a complex attribute that holds one. A reference to a manager is also sent as its id
/// alone, or as an array of one.
fn the_one<'v>(step: &Step<'v>) -> Cow<'v, Value> {
    let refers = find(&step.attribute.sub_attributes, "value").is_some();
    match step.value {
        Value::Array(values) if refers => match values.as_slice() {
            [one] => Cow::Borrowed(one),
            _ => Cow::Borrowed(step.value),
        },
        Value::String(id) if refers => Cow::Owned(json!({ "value": id })),
        value => Cow::Borrowed(value),
    }
}

/// Sets or unassigns a member, held to `required` and `immutable`.
pub(super) fn set(
    attribute: &Attribute,
    object: &mut Map<String, Value>,
    new: Option<Value>,
    op: Op,
) -> Result<(), Problem> {
    let old = object.get(&attribute.name);
    if attribute.mutability == Mutability::Immutable && old.is_some() && old != new.as_ref() {
        return Err(Problem::mutability(format!(
            "'{}' is immutable and has a value",
            attribute.name
        )));
    }
    match new {
        Some(new) => {
            object.insert(attribute.name.clone(), new);
        }
        None if attribute.required && op == Op::Remove => {
            return Err(Problem::mutability(format!(
                "'{}' is required",
                attribute.name
            )));
        }
        None if attribute.required => {
            return Err(Problem::value(format!("'{}' is required", attribute.name)));
        }
        None => {
            object.shift_remove(&attribute.name);
        }
    }
    Ok(())
}

fn sub_attribute<'m>(attribute: &'m Attribute, name: &str) -> Result<&'m Attribute, Problem> {
    find(&attribute.sub_attributes, name).ok_or_else(|| {
        Problem::path(format!(
            "'{}' has no sub-attribute '{name}'",
            attribute.name
        ))
    })
}
