//! When a server may, must or must not refuse a filter that parses (RFC 7644 §3.4.2.2, Table 3).

use crate::oracle::value::{is_base64, is_uri};
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};
use crate::scim::schema::{Attribute, DataType, Place, Returned, SchemaSet, common};

/// What becomes of 400 `invalidFilter` for a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The filter has one meaning and concerns what the schemas define.
    Unfair,
    /// The RFC leaves it open, or does not define what is asked.
    Fair,
    /// The RFC demands it: order on a boolean or binary attribute.
    Due,
}

/// More expressions than a server may fairly find too many.
const MANY_TERMS: usize = 100;

/// Deeper nesting than a server may fairly find too deep.
const DEEP: usize = 50;

/// Whether a filter may be refused at an endpoint whose resources have these schemas. At an
/// endpoint of several types an attribute that none of them defines merely has no value.
pub fn refusal(filter: &Filter, types: &[&SchemaSet]) -> Refusal {
    let mut walk = Walk {
        types,
        terms: 0,
        worst: Refusal::Unfair,
    };
    walk.filter(filter, 0);
    if walk.terms > MANY_TERMS {
        walk.note(Refusal::Fair);
    }
    walk.worst
}

/// Whether the text of a filter alone gives reason to refuse it: its length or its parentheses.
pub fn is_heavy(text: &str) -> bool {
    text.len() > 4000 || text.matches('(').count() > DEEP
}

/// Whether a filter has value paths, which a server need not support.
pub fn uses_value_path(filter: &Filter) -> bool {
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => uses_value_path(a) || uses_value_path(b),
        Filter::Not(a) => uses_value_path(a),
        Filter::Present(_) | Filter::Compare(..) => false,
        Filter::ValuePath(..) => true,
    }
}

/// Whether a filter in brackets may be refused.
pub fn value_refusal(filter: &ValueFilter, attribute: &Attribute) -> Refusal {
    let mut walk = Walk {
        types: &[],
        terms: 0,
        worst: Refusal::Unfair,
    };
    walk.value_filter(filter, attribute, 0);
    walk.worst
}

struct Walk<'a> {
    types: &'a [&'a SchemaSet],
    terms: usize,
    worst: Refusal,
}

impl Walk<'_> {
    fn note(&mut self, refusal: Refusal) {
        self.worst = self.worst.max(refusal);
    }

    /// `depth` counts changes of level, as a printed filter would need parentheses.
    fn filter(&mut self, filter: &Filter, depth: usize) {
        if depth > DEEP {
            self.note(Refusal::Fair);
        }
        match filter {
            Filter::Or(a, b) | Filter::And(a, b) => {
                self.filter(a, depth);
                self.filter(b, depth + 1);
            }
            Filter::Not(a) => self.filter(a, depth + 1),
            Filter::Present(path) => self.leaf(path, None),
            Filter::Compare(path, comparison) => self.leaf(path, Some(comparison)),
            Filter::ValuePath(path, inner) => self.value_path(path, inner, depth),
        }
    }

    fn value_path(&mut self, path: &AttributePath, inner: &ValueFilter, depth: usize) {
        self.path(path);
        let types = self.types;
        for schemas in types {
            match schemas.find(path) {
                Some(Place::Attribute { attribute, sub, .. }) => {
                    let usual = attribute.multi_valued
                        && sub.is_none()
                        && attribute.data_type == DataType::Complex;
                    if !usual {
                        self.note(Refusal::Fair);
                    }
                    self.value_filter(inner, attribute, depth + 1);
                }
                Some(Place::Container(_)) => self.note(Refusal::Fair),
                None => {}
            }
        }
    }

    fn value_filter(&mut self, filter: &ValueFilter, attribute: &Attribute, depth: usize) {
        if depth > DEEP {
            self.note(Refusal::Fair);
        }
        match filter {
            ValueFilter::Or(a, b) | ValueFilter::And(a, b) => {
                self.value_filter(a, attribute, depth);
                self.value_filter(b, attribute, depth + 1);
            }
            ValueFilter::Not(a) => self.value_filter(a, attribute, depth + 1),
            ValueFilter::Present(path) => self.sub_attribute(path, attribute, None),
            ValueFilter::Compare(path, comparison) => {
                self.sub_attribute(path, attribute, Some(comparison));
            }
        }
    }

    fn sub_attribute(
        &mut self,
        path: &AttributePath,
        attribute: &Attribute,
        comparison: Option<&Comparison>,
    ) {
        self.terms += 1;
        let plain = path.urn.is_none() && path.sub.is_none();
        match attribute.sub(&path.name) {
            Some(sub) if plain => self.definition(sub, comparison),
            _ => self.note(Refusal::Fair),
        }
        if path.name.starts_with('$') {
            self.note(Refusal::Fair);
        }
    }

    fn leaf(&mut self, path: &AttributePath, comparison: Option<&Comparison>) {
        self.terms += 1;
        self.path(path);
        let types = self.types;
        for schemas in types {
            match schemas.find(path) {
                Some(Place::Attribute { attribute, sub, .. }) => {
                    self.definition(sub.unwrap_or(attribute), comparison);
                }
                Some(Place::Container(_)) => self.note(Refusal::Fair),
                None => {}
            }
        }
    }

    /// What a path alone gives reason for.
    fn path(&mut self, path: &AttributePath) {
        let dollar = [Some(&path.name), path.sub.as_ref()]
            .into_iter()
            .flatten()
            .any(|name| name.starts_with('$'));
        let qualified_common =
            path.urn.is_some() && common().iter().any(|it| it.is_named(&path.name));
        let unknown = match self.types {
            [only] => only.find(path).is_none(),
            _ => false,
        };
        if dollar || qualified_common || unknown {
            self.note(Refusal::Fair);
        }
    }

    fn definition(&mut self, definition: &Attribute, comparison: Option<&Comparison>) {
        if definition.returned == Returned::Never {
            self.note(Refusal::Fair);
        }
        let Some(comparison) = comparison else {
            return;
        };
        if definition.data_type == DataType::Complex {
            self.note(Refusal::Fair);
            if let Some(value) = definition.sub("value") {
                self.note(operation(value, comparison));
            }
        } else {
            self.note(operation(definition, comparison));
        }
    }
}

/// Whether an operator and operand suit a simple attribute.
fn operation(definition: &Attribute, Comparison { op, value }: &Comparison) -> Refusal {
    use DataType::{Binary, Boolean, Complex, DateTime, Decimal, Integer, Reference, String};
    let data_type = definition.data_type;
    if op.is_ordering() && matches!(data_type, Boolean | Binary) {
        return Refusal::Due;
    }
    let operand_suits = match value {
        Literal::Null => false,
        Literal::Bool(_) => data_type == Boolean,
        Literal::Number(_) => matches!(data_type, Integer | Decimal),
        Literal::String(text) if data_type == DateTime => {
            crate::scim::datetime::parse(text).is_some()
        }
        // What can be no value of the type, no value can be compared with.
        Literal::String(text) if data_type == Binary => is_base64(text),
        Literal::String(text) if data_type == Reference => is_uri(text) || op.is_substring(),
        Literal::String(text) => data_type == String && !text.contains('\0'),
    };
    let operator_suits = match op {
        CompareOp::Eq | CompareOp::Ne => data_type != Complex,
        _ if op.is_ordering() => matches!(data_type, String | DateTime | Integer | Decimal),
        _ => matches!(data_type, String | Reference),
    };
    if operand_suits && operator_suits {
        Refusal::Unfair
    } else {
        Refusal::Fair
    }
}
