//! Reference application of PATCH (RFC 7644 §3.5.2).
//!
//! Operations apply in order to a copy; the first refusal is that of the whole. Open questions are
//! asked of the answers of the run, so one run is one server that is consistent with itself.

mod change;
mod message;
mod selection;
mod sub;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::World;
use super::choice::{Answers, Choice, explore};
use super::outcome::{Outcomes, Refused};
use crate::scim::error::ScimType;
use crate::scim::filter::{AttributePath, FilterError};
use crate::scim::path::{self, Path};
use crate::scim::resource::{canonicalise, equal, is_assigned};
use crate::scim::schema::{Attribute, Place, Schema, SchemaSet, Uniqueness, common};
use crate::scim::urn;
use change::Change;
use message::{Kind, Operation};

/// What may fairly become of a PATCH with this body.
pub fn apply(resource: &Value, body: &Value, schemas: &SchemaSet, world: World<'_>) -> Outcomes {
    let before = canonicalise(resource, schemas);
    let (results, complete) = explore(|answers| {
        let mut run = Run {
            schemas,
            world,
            answers,
            state: before.clone(),
            index: 0,
        };
        for (index, operation) in message::read(body, run.answers)?.iter().enumerate() {
            run.index = index;
            run.operation(operation)?;
        }
        run.finish(&before)
    });
    Outcomes::new(results, complete, resource, body)
}

/// What may fairly become of a PATCH with these operations in a right message.
pub fn apply_operations(
    resource: &Value,
    operations: &Value,
    schemas: &SchemaSet,
    world: World<'_>,
) -> Outcomes {
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
    apply(resource, &body, schemas, world)
}

/// One application with one set of answers.
struct Run<'a, 'b> {
    schemas: &'a SchemaSet,
    world: World<'a>,
    answers: &'b mut Answers,
    state: Value,
    /// Index of the operation.
    index: usize,
}

impl<'a> Run<'a, '_> {
    fn operation(&mut self, operation: &Operation<'_>) -> Result<(), Refused> {
        let Some(text) = operation.path else {
            return self.without_path(operation);
        };
        if text.is_empty() {
            let whole = operation.value.is_some_and(Value::is_object);
            if !whole || self.answers.first(Choice::EmptyPath) {
                let keywords = [
                    ScimType::InvalidPath,
                    ScimType::InvalidValue,
                    ScimType::NoTarget,
                ];
                return Err(Refused::with(&keywords));
            }
            return self.without_path(operation);
        }
        match self.read_path(text)? {
            Path::Container(urn) => self.container(&urn, operation),
            Path::Attribute(path) => self.attribute(&path, operation),
            Path::Value {
                attribute,
                filter,
                sub,
            } => self.selection(&attribute, &filter, sub.as_deref(), operation),
        }
    }

    /// Reads a path; two misspellings may fairly be understood.
    fn read_path(&mut self, text: &str) -> Result<Path, Refused> {
        let known: Vec<&str> = self.schemas.urns().collect();
        let read = |text: &str| path::parse_known(text, &known);
        let Err(error) = read(text) else {
            return read(text).map_err(|error| malformed(text, &error));
        };
        if let Some(stripped) = text.strip_prefix('/')
            && let Ok(path) = read(stripped)
            && !self.answers.first(Choice::LeadingSlash)
        {
            return Ok(path);
        }
        let spaced = text.replace("eq\"", "eq \"");
        match read(&spaced) {
            Ok(path) if !self.answers.first(Choice::MissingSpace) => Ok(path),
            _ => Err(malformed(text, &error)),
        }
    }

    fn without_path(&mut self, operation: &Operation<'_>) -> Result<(), Refused> {
        if operation.kind == Kind::Remove {
            return Err(Refused::with(&[ScimType::NoTarget]));
        }
        let Some(Value::Object(members)) = operation.value else {
            return Err(super::value::unfit());
        };
        for (name, value) in members {
            if name.eq_ignore_ascii_case("schemas") {
                continue;
            }
            if self.schemas.extension(name).is_some() {
                self.members_of(name, value, operation)?;
                continue;
            }
            let odd = name.contains(['.', ':']);
            if odd && !self.answers.first(Choice::OddKey) {
                let keywords = [
                    ScimType::InvalidPath,
                    ScimType::InvalidValue,
                    ScimType::InvalidSyntax,
                    ScimType::NoTarget,
                ];
                return Err(Refused::with(&keywords));
            }
            match path::parse(name) {
                Ok(Path::Attribute(path)) => self.member(&path, value, operation)?,
                Ok(Path::Container(urn)) => self.members_of(&urn, value, operation)?,
                _ => self.unknown()?,
            }
        }
        Ok(())
    }

    /// One member of a value without path, as if by its own path.
    fn member(
        &mut self,
        path: &AttributePath,
        value: &Value,
        operation: &Operation<'_>,
    ) -> Result<(), Refused> {
        let part = Operation {
            kind: operation.kind,
            path: None,
            value: Some(value),
        };
        self.attribute(path, &part)
    }

    /// The members of a container, or of the resource by its core URN.
    fn members_of(
        &mut self,
        urn: &str,
        value: &Value,
        operation: &Operation<'_>,
    ) -> Result<(), Refused> {
        let urn = match self.schemas.extension(urn) {
            Some(schema) => schema.id.clone(),
            None => self.schemas.core.id.clone(),
        };
        let members = match value {
            Value::Object(members) => members,
            Value::Null if self.answers.first(Choice::Null) => return self.drop_container(&urn),
            _ => return Err(super::value::unfit()),
        };
        for (name, value) in members {
            let path = AttributePath {
                urn: Some(urn.clone()),
                name: name.clone(),
                sub: None,
            };
            self.member(&path, value, operation)?;
        }
        Ok(())
    }

    fn drop_container(&mut self, urn: &str) -> Result<(), Refused> {
        let required = |it: &Attribute| it.required;
        let schema = self.schemas.extension(urn);
        let Some(schema) = schema.filter(|it| !it.attributes.iter().any(required)) else {
            return Err(Refused::with(&[ScimType::Mutability]));
        };
        if let Some(members) = self.state.as_object_mut() {
            members.shift_remove(&schema.id);
        }
        Ok(())
    }

    fn container(&mut self, urn: &str, operation: &Operation<'_>) -> Result<(), Refused> {
        if !self.answers.first(Choice::ContainerPath) {
            let keywords = [ScimType::InvalidPath, ScimType::NoTarget];
            return Err(Refused::with(&keywords));
        }
        match (operation.kind, operation.value) {
            (Kind::Remove, _) => self.drop_container(urn),
            (_, Some(value)) => self.members_of(urn, value, operation),
            (_, None) => Err(super::value::unfit()),
        }
    }

    fn attribute(
        &mut self,
        path: &AttributePath,
        operation: &Operation<'_>,
    ) -> Result<(), Refused> {
        let schemas = self.schemas;
        match schemas.find(path) {
            None => self.unknown(),
            Some(Place::Container(schema)) => match operation.value {
                Some(value) if operation.path.is_none() => {
                    self.members_of(&schema.id, value, operation)
                }
                _ => self.container(&schema.id, operation),
            },
            Some(Place::Attribute { attribute, .. })
                if attribute.is_named("schemas") && self.odd_schemas(operation) =>
            {
                if !self.answers.first(Choice::OddSchemas) {
                    return Ok(());
                }
                let keywords = [
                    ScimType::InvalidValue,
                    ScimType::InvalidSyntax,
                    ScimType::Mutability,
                ];
                Err(Refused::with(&keywords))
            }
            Some(Place::Attribute {
                extension,
                attribute,
                sub,
            }) => self.change(extension, attribute, operation, |change| match sub {
                Some(sub) => change.sub_attribute(sub),
                None => change.attribute(),
            }),
        }
    }

    /// Whether `schemas` would list what the type does not have, or lose the core schema.
    fn odd_schemas(&self, operation: &Operation<'_>) -> bool {
        let Some(Value::Array(listed)) = operation.value else {
            return false;
        };
        let is = |it: &Value, id: &str| it.as_str().is_some_and(|it| urn::same(it, id));
        let known = |it: &Value| self.schemas.urns().any(|id| is(it, id));
        let core = |it: &Value| is(it, &self.schemas.core.id);
        match operation.kind {
            Kind::Remove => false,
            Kind::Add => !listed.iter().all(known),
            Kind::Replace => !listed.iter().all(known) || !listed.iter().any(core),
        }
    }

    fn unknown(&mut self) -> Result<(), Refused> {
        if !self.answers.first(Choice::UnknownAttribute) {
            return Ok(());
        }
        let keywords = [
            ScimType::InvalidPath,
            ScimType::NoTarget,
            ScimType::InvalidValue,
        ];
        Err(Refused::with(&keywords))
    }

    /// Lets a change work on the holder of an attribute; an extension's container comes and goes as needed.
    fn change(
        &mut self,
        extension: Option<&Schema>,
        attribute: &'a Attribute,
        operation: &Operation<'_>,
        work: impl FnOnce(&mut Change<'_, '_>) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let mut held = Map::new();
        let Some(root) = self.state.as_object_mut() else {
            return Ok(());
        };
        let holder = match extension {
            None => root,
            Some(schema) => match root.get_mut(&schema.id).and_then(Value::as_object_mut) {
                Some(container) => container,
                None => &mut held,
            },
        };
        work(&mut Change {
            holder,
            attribute,
            kind: operation.kind,
            value: operation.value,
            pathless: operation.path.is_none(),
            world: self.world,
            answers: self.answers,
            index: self.index,
        })?;
        if let (Some(schema), false) = (extension, held.is_empty())
            && let Some(root) = self.state.as_object_mut()
        {
            root.insert(schema.id.clone(), Value::Object(held));
        }
        Ok(())
    }

    fn finish(mut self, before: &Value) -> Result<Value, Refused> {
        let changed = |holder: &Value, was: &Value, attribute: &Attribute| {
            let (now, was) = (holder.get(&attribute.name)?, was.get(&attribute.name));
            let unique = attribute.uniqueness != Uniqueness::None && now.is_string();
            let same = equal(was.unwrap_or(&Value::Null), now, Some(attribute)).is_ok();
            (unique && !same).then(|| now.clone())
        };
        let core = self.schemas.core.attributes.iter().chain(common());
        for attribute in core {
            if let Some(value) = changed(&self.state, before, attribute)
                && (self.world.in_use)(&attribute.name, &value)
            {
                return Err(Refused::with(&[ScimType::Uniqueness]).statuses(&[409, 400]));
            }
        }
        self.list_schemas();
        Ok(self.state)
    }

    /// `schemas` lists an extension as soon as the resource has something of it.
    fn list_schemas(&mut self) {
        let extensions: Vec<String> = self.schemas.urns().skip(1).map(String::from).collect();
        let Some(root) = self.state.as_object_mut() else {
            return;
        };
        for id in extensions {
            let assigned = root.get(&id).is_some_and(is_assigned);
            if !assigned {
                root.remove(&id);
            }
            let Some(Value::Array(listed)) = root.get_mut("schemas") else {
                continue;
            };
            let is_it = |it: &Value| it.as_str().is_some_and(|it| urn::same(it, &id));
            if !assigned {
                listed.retain(|it| !is_it(it));
            } else if !listed.iter().any(is_it) {
                listed.push(Value::String(id));
            }
        }
    }
}

/// A path that does not parse; within brackets it is a filter, too.
fn malformed(text: &str, error: &FilterError) -> Refused {
    let open = text
        .find('[')
        .map(|at| text.get(..at).unwrap_or("").chars().count());
    if open.is_some_and(|open| error.at > open) {
        let keywords = [
            ScimType::InvalidPath,
            ScimType::InvalidFilter,
            ScimType::NoTarget,
        ];
        return Refused::with(&keywords);
    }
    Refused::with(&[ScimType::InvalidPath, ScimType::NoTarget])
}
