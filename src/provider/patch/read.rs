//! From the body of a PATCH to its operations.
//!
//! Knows the message, not the schema: whether a path names anything is seen when it is applied.

use serde_json::{Map, Value};

use super::super::model::read_path;
use super::super::problem::Problem;
use super::{Op, Operation, Target};
use crate::scim::filter::AttributePath;
use crate::scim::path::{self, Path};
use crate::scim::resource::member;
use crate::scim::urn;

/// Reads a PatchOp message; `known` are the URNs of the provider's schemas.
///
/// # Errors
/// 400 with the keyword that fits.
pub(in crate::provider) fn read(body: &Value, known: &[String]) -> Result<Vec<Operation>, Problem> {
    if !body.is_object() {
        return Err(Problem::syntax("the body has to be an object"));
    }
    if !urn::listed(body, urn::PATCH_OP) {
        return Err(Problem::syntax(format!(
            "'schemas' does not list '{}'",
            urn::PATCH_OP
        )));
    }
    let Some(Value::Array(operations)) = member(body, "Operations") else {
        return Err(Problem::syntax("'Operations' has to be an array"));
    };
    if operations.is_empty() {
        return Err(Problem::syntax("'Operations' is empty"));
    }
    operations
        .iter()
        .map(|operation| match operation.as_object() {
            Some(operation) => read_operation(operation, known),
            None => Err(Problem::syntax("an operation has to be an object")),
        })
        .collect()
}

fn read_operation(operation: &Map<String, Value>, known: &[String]) -> Result<Operation, Problem> {
    let field = |name: &str| {
        operation
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    let spelled = field("op").and_then(Value::as_str);
    let op = match spelled {
        Some(op) if op.eq_ignore_ascii_case("add") => Op::Add,
        Some(op) if op.eq_ignore_ascii_case("replace") => Op::Replace,
        Some(op) if op.eq_ignore_ascii_case("remove") => Op::Remove,
        Some(op) => return Err(Problem::syntax(format!("unknown operation '{op}'"))),
        None => {
            return Err(Problem::syntax(
                "'op' has to be 'add', 'replace' or 'remove'",
            ));
        }
    };
    let target = match field("path") {
        None => None,
        Some(Value::String(path)) => Some(read_target(path, known)?),
        Some(_) => return Err(Problem::path("'path' has to be a string")),
    };
    let value = field("value").cloned();
    match (op, &target, &value) {
        (Op::Remove, None, _) => Err(Problem::no_target("'remove' needs a path")),
        (Op::Add | Op::Replace, _, None) => Err(Problem::value("the operation needs a value")),
        _ => Ok(Operation {
            op,
            target,
            value,
            capital: spelled.is_some_and(|op| op.starts_with(|c: char| c.is_ascii_uppercase())),
        }),
    }
}

/// Reads a path.
///
/// # Errors
/// 400 `invalidFilter` for what is wrong inside the brackets, else `invalidPath`.
pub(super) fn read_target(text: &str, known: &[String]) -> Result<Target, Problem> {
    let path = path::parse_known(text, known).map_err(|error| {
        let in_brackets = text
            .chars()
            .position(|c| c == '[')
            .is_some_and(|bracket| error.at > bracket);
        let detail = format!("the path '{text}' is not usable: {error}");
        if in_brackets {
            Problem::filter(detail)
        } else {
            Problem::path(detail)
        }
    })?;
    Ok(match path {
        Path::Attribute(attribute) => Target {
            attribute,
            filter: None,
            sub: None,
        },
        Path::Value {
            attribute,
            filter,
            sub,
        } => Target {
            attribute,
            filter: Some(*filter),
            sub,
        },
        Path::Container(urn) => Target {
            attribute: container(&urn),
            filter: None,
            sub: None,
        },
    })
}

/// A bare URN as the attribute path that it formally is.
fn container(urn: &str) -> AttributePath {
    read_path(urn).unwrap_or_else(|| AttributePath::new(urn, None))
}
