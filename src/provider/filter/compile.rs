//! From a syntax tree to tests whose attributes are found and whose operands are prepared.
//!
//! Refuses what the schema does not allow; reads no resource.

use jiff::Timestamp;
use serde_json::Number;

use super::super::model::{Place, TypeModel, find};
use super::super::problem::Problem;
use super::super::text;
use crate::scim::datetime;
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};
use crate::scim::schema::{Attribute, DataType, Returned};

/// A filter ready to run on resources of one type, or on values of one attribute.
#[derive(Debug)]
pub(in crate::provider) enum Compiled<'m> {
    /// Any of these; chains are flat, so that a long one is no deep one.
    Or(Vec<Self>),
    /// All of these.
    And(Vec<Self>),
    Not(Box<Self>),
    /// A test of an attribute.
    Test(Test<'m>),
    /// A filter on the values of a complex attribute.
    Values {
        extension: Option<&'m str>,
        attribute: &'m Attribute,
        filter: Box<Self>,
    },
    /// Whether the resource has attributes of an extension.
    Extension(&'m str),
    /// An attribute that the type does not have.
    Undefined,
}

/// A comparison or `pr` on an attribute.
#[derive(Debug)]
pub(in crate::provider) struct Test<'m> {
    pub(super) extension: Option<&'m str>,
    pub(super) attribute: &'m Attribute,
    pub(super) sub: Option<&'m Attribute>,
    /// `None` for `pr`.
    pub(super) comparison: Option<&'m Comparison>,
    pub(super) operand: Operand,
}

/// An operand in the form in which it is compared.
#[derive(Debug)]
pub(super) enum Operand {
    None,
    Null,
    Text(String),
    Bool(bool),
    Number(Number),
    Instant(Timestamp),
}

/// Compiles a filter for a type. With `lenient`, attributes that the type does not have are without
/// value (RFC 7644 §3.4.2.1, several types); else they are refused.
///
/// # Errors
/// 400 `invalidFilter`; 403 `sensitive` for attributes that are never returned.
pub(in crate::provider) fn compile<'m>(
    model: &'m TypeModel,
    filter: &'m Filter,
    lenient: bool,
) -> Result<Compiled<'m>, Problem> {
    let each = |parts: Vec<&'m Filter>| -> Result<Vec<_>, Problem> {
        parts
            .into_iter()
            .map(|part| compile(model, part, lenient))
            .collect()
    };
    Ok(match filter {
        Filter::Or(..) => Compiled::Or(each(disjuncts(filter))?),
        Filter::And(..) => Compiled::And(each(conjuncts(filter))?),
        Filter::Not(a) => Compiled::Not(Box::new(compile(model, a, lenient)?)),
        Filter::Present(path) => match model.locate(path) {
            Some(place) => present(place)?,
            None => undefined(path, lenient)?,
        },
        Filter::Compare(path, comparison) => match model.locate_loosely(path) {
            Some(place) => compare(place, comparison)?,
            None => undefined(path, lenient)?,
        },
        Filter::ValuePath(path, filter) => match model.locate(path) {
            Some(Place::Attribute {
                extension,
                attribute,
                sub: None,
            }) if attribute.data_type == DataType::Complex => Compiled::Values {
                extension,
                attribute,
                filter: Box::new(compile_values(attribute, filter)?),
            },
            Some(_) => {
                return Err(Problem::filter(format!(
                    "'{}' has no sub-attributes to filter on",
                    path.name
                )));
            }
            None => undefined(path, lenient)?,
        },
    })
}

/// Compiles a filter in brackets for the values of an attribute.
///
/// # Errors
/// 400 `invalidFilter`.
pub(in crate::provider) fn compile_values<'m>(
    attribute: &'m Attribute,
    filter: &'m ValueFilter,
) -> Result<Compiled<'m>, Problem> {
    let each = |parts: Vec<&'m ValueFilter>| -> Result<Vec<_>, Problem> {
        parts
            .into_iter()
            .map(|part| compile_values(attribute, part))
            .collect()
    };
    let locate = |path: &AttributePath| {
        find(&attribute.sub_attributes, &path.name)
            .filter(|_| path.sub.is_none())
            .ok_or_else(|| {
                Problem::filter(format!(
                    "'{}' has no sub-attribute '{}'",
                    attribute.name, path.name
                ))
            })
    };
    Ok(match filter {
        ValueFilter::Or(..) => Compiled::Or(each(chain(filter, |filter| match filter {
            ValueFilter::Or(a, b) => Some((a, b)),
            _ => None,
        }))?),
        ValueFilter::And(..) => Compiled::And(each(chain(filter, |filter| match filter {
            ValueFilter::And(a, b) => Some((a, b)),
            _ => None,
        }))?),
        ValueFilter::Not(a) => Compiled::Not(Box::new(compile_values(attribute, a)?)),
        ValueFilter::Present(path) => test(None, attribute, Some(locate(path)?), None)?,
        ValueFilter::Compare(path, comparison) => {
            test(None, attribute, Some(locate(path)?), Some(comparison))?
        }
    })
}

/// The operands of a chain of `or`.
fn disjuncts(filter: &Filter) -> Vec<&Filter> {
    chain(filter, |filter| match filter {
        Filter::Or(a, b) => Some((a, b)),
        _ => None,
    })
}

/// The operands of a chain of `and`.
pub(in crate::provider) fn conjuncts(filter: &Filter) -> Vec<&Filter> {
    chain(filter, |filter| match filter {
        Filter::And(a, b) => Some((a, b)),
        _ => None,
    })
}

/// The operands of a chain that leans to the left.
fn chain<'f, F>(filter: &'f F, split: impl Fn(&'f F) -> Option<(&'f F, &'f F)>) -> Vec<&'f F> {
    let mut parts = Vec::new();
    let mut rest = filter;
    while let Some((left, right)) = split(rest) {
        parts.push(right);
        rest = left;
    }
    parts.push(rest);
    parts.reverse();
    parts
}

fn present(place: Place<'_>) -> Result<Compiled<'_>, Problem> {
    match place {
        Place::Attribute {
            extension,
            attribute,
            sub,
        } => test(extension, attribute, sub, None),
        Place::Extension(schema) => Ok(Compiled::Extension(&schema.id)),
        Place::Core => Err(Problem::filter("a schema URN is no attribute")),
    }
}

fn compare<'m>(place: Place<'m>, comparison: &'m Comparison) -> Result<Compiled<'m>, Problem> {
    let Place::Attribute {
        extension,
        attribute,
        sub,
    } = place
    else {
        return Err(Problem::filter("a schema URN is no attribute"));
    };
    if sub.is_some() || attribute.data_type != DataType::Complex {
        return test(extension, attribute, sub, Some(comparison));
    }
    // A bare complex attribute stands for its `value`.
    match find(&attribute.sub_attributes, "value") {
        Some(value) => test(extension, attribute, Some(value), Some(comparison)),
        None => Err(Problem::filter(format!(
            "'{}' is complex: name one of its sub-attributes",
            attribute.name
        ))),
    }
}

fn undefined<'m>(path: &AttributePath, lenient: bool) -> Result<Compiled<'m>, Problem> {
    if lenient {
        return Ok(Compiled::Undefined);
    }
    let name = match &path.sub {
        Some(sub) => format!("{}.{sub}", path.name),
        None => path.name.clone(),
    };
    Err(Problem::filter(format!("there is no attribute '{name}'")))
}

fn test<'m>(
    extension: Option<&'m str>,
    attribute: &'m Attribute,
    sub: Option<&'m Attribute>,
    comparison: Option<&'m Comparison>,
) -> Result<Compiled<'m>, Problem> {
    let tested = sub.unwrap_or(attribute);
    if attribute.returned == Returned::Never || tested.returned == Returned::Never {
        return Err(Problem {
            status: 403,
            ..Problem::bad(
                "sensitive",
                format!("'{}' can't be asked for", attribute.name),
            )
        });
    }
    let operand = match comparison {
        None => Operand::None,
        Some(comparison) => {
            check_operator(tested, comparison)?;
            operand(tested, comparison)?
        }
    };
    Ok(Compiled::Test(Test {
        extension,
        attribute,
        sub,
        comparison,
        operand,
    }))
}

fn check_operator(attribute: &Attribute, comparison: &Comparison) -> Result<(), Problem> {
    use CompareOp::{Co, Eq, Ew, Ge, Gt, Le, Lt, Ne, Sw};
    let fits = match (attribute.data_type, comparison.op) {
        (_, Eq | Ne) => true,
        _ if comparison.value == Literal::Null => false,
        (DataType::String | DataType::Reference, _)
        | (DataType::DateTime | DataType::Integer | DataType::Decimal, Gt | Ge | Lt | Le) => true,
        (_, Co | Sw | Ew | Gt | Ge | Lt | Le) => false,
    };
    if fits {
        Ok(())
    } else {
        Err(Problem::filter(format!(
            "'{}' can't be compared with {}",
            attribute.name,
            comparison.op.keyword()
        )))
    }
}

fn operand(attribute: &Attribute, comparison: &Comparison) -> Result<Operand, Problem> {
    let operand = match (attribute.data_type, &comparison.value) {
        (_, Literal::Null) => Operand::Null,
        (DataType::String | DataType::Reference | DataType::Binary, Literal::String(given)) => {
            Operand::Text(text::prepare(given, attribute.case_exact).into_owned())
        }
        (DataType::Boolean, Literal::Bool(given)) => Operand::Bool(*given),
        (DataType::Integer | DataType::Decimal, Literal::Number(given)) => {
            Operand::Number(given.clone())
        }
        (DataType::DateTime, Literal::String(given)) => match datetime::parse(given) {
            Some(instant) => Operand::Instant(instant),
            None => return Err(Problem::filter(format!("'{given}' is no date with time"))),
        },
        _ => {
            return Err(Problem::filter(format!(
                "the value does not fit the type of '{}'",
                attribute.name
            )));
        }
    };
    Ok(operand)
}
