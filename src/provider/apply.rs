//! Stage 5: the resource as it will be.
//!
//! Works on copies; nothing is visible to others before stage 6.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Provider;
use super::admit::{Admission, Texts, check_required};
use super::identity;
use super::model::TypeModel;
use super::patch::{Operation, Patching};
use super::plan::{Action, Plan};
use super::problem::Problem;
use super::select::Selection;
use super::settings::Feature;
use super::store::{Kind, Resource};
use crate::scim::schema::{Attribute, Mutability};

/// What stage 5 made of a write.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The resource as it is; none for a create.
    pub before: Option<Arc<Resource>>,
    /// The resource as it will be; none for a delete or a refusal.
    pub after: Option<Resource>,
    /// Where a PATCH failed: the resource after the operations before the failing one.
    pub partial: Option<Resource>,
    /// Why the write is refused.
    pub problem: Option<Problem>,
}

/// Makes the resource of a write; `None` where the plan is no write.
pub(super) fn apply(provider: &Provider, plan: &Plan, selection: &Selection) -> Option<Applied> {
    let before = selection.resources.first();
    let mut applied = match (&plan.action, before) {
        (Action::Create(kind, body, id), _) => create(provider, *kind, body, id.as_deref()),
        (Action::Replace(_, _, body), Some(before)) => replace(provider, before, body),
        (Action::Patch(_, _, operations), Some(before)) => {
            patch(provider, plan, before, operations)
        }
        (Action::Delete(..), Some(before)) => Applied {
            before: Some(Arc::clone(before)),
            ..Applied::default()
        },
        _ => return None,
    };
    for fault in provider.faults() {
        fault.applied(plan, &mut applied);
    }
    Some(applied)
}

fn create(provider: &Provider, kind: Kind, body: &Map<String, Value>, id: Option<&str>) -> Applied {
    let made = model(provider, kind).and_then(|model| {
        let mut attributes = admission(provider, model).resource(body)?;
        check_required(model, &attributes)?;
        if kind == Kind::EndpointApp && !attributes.contains_key("certificateInfo") {
            let token = identity::fresh();
            attributes.insert(String::from("clientToken"), Value::from(token));
        }
        let id = id.map_or_else(identity::fresh, str::to_owned);
        Ok(Resource::new(id, kind, attributes))
    });
    finish(None, made)
}

fn replace(provider: &Provider, before: &Arc<Resource>, body: &Map<String, Value>) -> Applied {
    let made = model(provider, before.kind).and_then(|model| {
        let mut attributes = admission(provider, model).resource(body)?;
        keep(provider, model, before, &mut attributes)?;
        check_required(model, &attributes)?;
        Ok(with_attributes(before, attributes))
    });
    finish(Some(before), made)
}

/// What a PUT leaves alone: values that are never shown, and immutable ones, which have to be sent
/// unchanged if at all (RFC 7644 §3.5.1).
fn keep(
    provider: &Provider,
    model: &TypeModel,
    before: &Resource,
    attributes: &mut Map<String, Value>,
) -> Result<(), Problem> {
    keep_in(
        provider,
        &model.core.attributes,
        &before.attributes,
        attributes,
    )?;
    for extension in &model.extensions {
        let Some(Value::Object(old)) = before.attributes.get(&extension.id) else {
            continue;
        };
        let mut new = match attributes.get(&extension.id) {
            Some(Value::Object(new)) => new.clone(),
            _ => Map::new(),
        };
        keep_in(provider, &extension.attributes, old, &mut new)?;
        if !new.is_empty() {
            attributes.insert(extension.id.clone(), Value::Object(new));
        }
    }
    Ok(())
}

/// The same for the attributes of one schema.
fn keep_in(
    provider: &Provider,
    definitions: &[Attribute],
    before: &Map<String, Value>,
    attributes: &mut Map<String, Value>,
) -> Result<(), Problem> {
    for attribute in definitions {
        let Some(old) = before.get(&attribute.name) else {
            continue;
        };
        let given = attributes.get(&attribute.name);
        match (attribute.mutability, given) {
            (Mutability::ReadOnly | Mutability::WriteOnly | Mutability::Immutable, None) => {
                attributes.insert(attribute.name.clone(), old.clone());
            }
            (Mutability::WriteOnly, Some(_))
                if provider
                    .settings()
                    .without
                    .contains(&Feature::ChangePassword) =>
            {
                attributes.insert(attribute.name.clone(), old.clone());
            }
            (Mutability::Immutable, Some(given)) if given != old => {
                return Err(Problem::mutability(format!(
                    "'{}' is immutable and has another value",
                    attribute.name
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

fn patch(
    provider: &Provider,
    plan: &Plan,
    before: &Arc<Resource>,
    operations: &[Operation],
) -> Applied {
    let model = match model(provider, before.kind) {
        Ok(model) => model,
        Err(problem) => return finish(Some(before), Err(problem)),
    };
    let mut patching = Patching {
        provider,
        model,
        base: &plan.base,
        before,
        attributes: before.attributes.clone(),
    };
    let outcome = if provider.faults().is_empty() {
        patching.apply(operations)
    } else {
        let mut operations = operations.to_vec();
        for fault in provider.faults() {
            fault.operations(before, &mut operations);
        }
        patching.apply(&operations)
    };
    let after = with_attributes(before, patching.attributes);
    match outcome {
        Ok(()) => finish(Some(before), Ok(after)),
        Err(problem) => Applied {
            partial: Some(after),
            ..finish(Some(before), Err(problem))
        },
    }
}

fn finish(before: Option<&Arc<Resource>>, made: Result<Resource, Problem>) -> Applied {
    let (after, problem) = match made {
        Ok(after) => (Some(after), None),
        Err(problem) => (None, Some(problem)),
    };
    Applied {
        before: before.cloned(),
        after,
        partial: None,
        problem,
    }
}

fn with_attributes(before: &Resource, attributes: Map<String, Value>) -> Resource {
    let mut after = Resource::new(Arc::clone(&before.id), before.kind, attributes);
    after.created = before.created;
    after.last_modified = before.last_modified;
    after.version = before.version;
    after.sequence = before.sequence;
    after
}

fn model(provider: &Provider, kind: Kind) -> Result<&TypeModel, Problem> {
    provider
        .model()
        .of(kind)
        .ok_or_else(|| Problem::not_found(format!("there is no /{}", kind.endpoint())))
}

fn admission<'m>(provider: &Provider, model: &'m TypeModel) -> Admission<'m> {
    Admission {
        model,
        texts: if provider.settings().string_booleans {
            Texts::Any
        } else {
            Texts::Capital
        },
    }
}
