//! One comparison: the values that a path names, and what an operator says of them.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Number, Value};

use super::text::{self, Case};
use super::{Choice, Reading, Truth};
use crate::scim::datetime;
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Literal};
use crate::scim::resource::{is_assigned, member};
use crate::scim::schema::{Attribute, DataType, Place, Returned, SchemaSet};

/// What a path names in one resource, or in one value of a complex attribute.
pub(super) struct Leaf<'a> {
    /// One entry for each value of the attribute; absent where that value lacks the sub-attribute.
    values: Vec<Option<&'a Value>>,
    definition: Option<&'a Attribute>,
    multi_valued: bool,
    /// A representation does not show all there is.
    hidden: bool,
    reading: Reading,
}

impl<'a> Leaf<'a> {
    pub(super) fn in_resource(
        path: &AttributePath,
        resource: &'a Value,
        schemas: &'a SchemaSet,
        reading: Reading,
    ) -> Self {
        let mut leaf = Self {
            values: Vec::new(),
            definition: None,
            multi_valued: false,
            hidden: false,
            reading,
        };
        match schemas.find(path) {
            // A resource may have what no schema defines; nobody can say what it means.
            None => leaf.hidden = path.urn.is_none() && member(resource, &path.name).is_some(),
            // A bare schema URN is formally an attribute of a schema that nobody knows; or it is the container.
            Some(Place::Container(schema)) => leaf.hidden = member(resource, &schema.id).is_some(),
            Some(Place::Attribute {
                extension,
                attribute,
                sub,
            }) => {
                let holder = match extension {
                    Some(schema) => member(resource, &schema.id),
                    None => Some(resource),
                };
                let value = holder.and_then(|holder| member(holder, &attribute.name));
                leaf.multi_valued = attribute.multi_valued;
                leaf.take(value, attribute, sub);
            }
        }
        leaf
    }

    pub(super) fn in_value(
        path: &AttributePath,
        value: &'a Value,
        attribute: &'a Attribute,
        reading: Reading,
    ) -> Self {
        let mut leaf = Self {
            values: Vec::new(),
            definition: None,
            multi_valued: false,
            hidden: false,
            reading,
        };
        let plain = path.urn.is_none() && path.sub.is_none();
        if let Some(sub) = attribute.sub(&path.name).filter(|_| plain) {
            leaf.multi_valued = sub.multi_valued;
            leaf.take(member(value, &sub.name), sub, None);
        }
        leaf
    }

    fn take(
        &mut self,
        value: Option<&'a Value>,
        attribute: &'a Attribute,
        sub: Option<&'a Attribute>,
    ) {
        let definition = sub.unwrap_or(attribute);
        self.definition = Some(definition);
        let items = match value {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(other) => vec![other],
            None => Vec::new(),
        };
        let items = items.into_iter().filter(|item| is_assigned(item));
        self.values = match sub {
            None => items.map(Some).collect(),
            Some(sub) => items
                .map(|item| member(item, &sub.name).filter(|value| is_assigned(value)))
                .collect(),
        };
        let shown = matches!(definition.returned, Returned::Always | Returned::Default)
            && matches!(attribute.returned, Returned::Always | Returned::Default);
        self.hidden = !shown && self.values.iter().all(Option::is_none);
    }

    /// `pr`: an empty string may fairly count as no value.
    pub(super) fn present(&self) -> Truth {
        let seen = self.values.iter().flatten().map(|value| presence(value));
        let seen = seen.max().unwrap_or(Truth::False);
        if self.hidden {
            seen.max(Truth::Unknown)
        } else {
            seen
        }
    }

    /// Whether a test holds for any value.
    pub(super) fn any(&self, test: impl Fn(&Value) -> Truth) -> Truth {
        if self.hidden {
            return Truth::Unknown;
        }
        let seen = self.values.iter().flatten().map(|value| test(value));
        seen.max().unwrap_or(Truth::False)
    }

    /// An operator and its operand: any value may satisfy it.
    pub(super) fn compare(&self, comparison: &Comparison) -> Truth {
        if self.hidden {
            return Truth::Unknown;
        }
        match self.definition {
            Some(definition) if definition.data_type == DataType::Complex => {
                self.compare_bare(definition, comparison)
            }
            definition => self.compare_simple(&self.values, definition, comparison),
        }
    }

    /// A complex attribute without sub-attribute: many stand for their `value`, one for nothing.
    fn compare_bare(&self, definition: &Attribute, comparison: &Comparison) -> Truth {
        let value = definition.sub("value").filter(|_| self.multi_valued);
        match value {
            Some(value) if self.reading.takes(Choice::BareIsValue) => {
                let values: Vec<_> = self
                    .values
                    .iter()
                    .map(|item| item.and_then(|item| member(item, &value.name)))
                    .collect();
                self.compare_simple(&values, Some(value), comparison)
            }
            _ if comparison.op == CompareOp::Ne => Truth::Unknown,
            _ => Truth::False,
        }
    }

    fn compare_simple(
        &self,
        values: &[Option<&Value>],
        definition: Option<&Attribute>,
        comparison: &Comparison,
    ) -> Truth {
        if comparison.value == Literal::Null {
            return Truth::Unknown;
        }
        let one = |value: Option<&Value>| match (value, definition) {
            (Some(value), Some(definition)) if !self.counts_as_missing(value) => {
                self.test(value, definition, comparison)
            }
            _ => self.missing(definition, comparison),
        };
        if values.is_empty() {
            return self.missing(definition, comparison);
        }
        let none_equal = self.multi_valued && self.reading.takes(Choice::NeOfNone);
        if comparison.op == CompareOp::Ne && none_equal {
            let mut present = values.iter().filter(|value| value.is_some()).peekable();
            if present.peek().is_none() {
                return self.missing(definition, comparison);
            }
            return present.copied().map(one).min().unwrap_or(Truth::False);
        }
        values
            .iter()
            .copied()
            .map(one)
            .max()
            .unwrap_or(Truth::False)
    }

    fn counts_as_missing(&self, value: &Value) -> bool {
        self.reading.takes(Choice::EmptyIsMissing) && value.as_str() == Some("")
    }

    fn missing(&self, definition: Option<&Attribute>, comparison: &Comparison) -> Truth {
        let Comparison { op, value } = comparison;
        if definition.is_none() && *op == CompareOp::Ne {
            // What no schema defines need not be treated as what merely has no value.
            return Truth::Unknown;
        }
        let primary = definition.is_some_and(|it| it.is_named("primary"));
        if let (true, Literal::Bool(operand)) = (primary, value)
            && self.reading.takes(Choice::MissingPrimaryIsFalse)
        {
            return Truth::from((*op == CompareOp::Ne) == *operand);
        }
        let empty = matches!(value, Literal::String(text) if text.is_empty());
        if empty && self.reading.takes(Choice::EmptyIsMissing) {
            return Truth::from(!matches!(op, CompareOp::Ne | CompareOp::Gt | CompareOp::Lt));
        }
        Truth::from(*op == CompareOp::Ne && self.reading.takes(Choice::NeOfMissing))
    }

    /// One assigned value of a simple attribute.
    fn test(&self, value: &Value, definition: &Attribute, comparison: &Comparison) -> Truth {
        let Comparison { op, value: operand } = comparison;
        match (definition.data_type, value, operand) {
            (DataType::Boolean, Value::Bool(a), Literal::Bool(b)) => match op {
                CompareOp::Eq => Truth::from(a == b),
                CompareOp::Ne => Truth::from(a != b),
                _ if op.is_ordering() => Truth::Unknown,
                _ => Truth::False,
            },
            (DataType::Integer | DataType::Decimal, Value::Number(a), Literal::Number(b)) => {
                ordered(*op, numbers(a, b))
            }
            (DataType::DateTime, Value::String(a), Literal::String(b)) => self.times(*op, a, b),
            (DataType::DateTime, _, _) => Truth::from(false).max(unless_ne(*op)),
            (DataType::Binary, Value::String(a), Literal::String(b)) => match op {
                CompareOp::Eq => Truth::from(a == b),
                CompareOp::Ne => Truth::from(a != b),
                _ => Truth::Unknown,
            },
            (DataType::Reference, Value::String(_), Literal::String(_)) if op.is_ordering() => {
                Truth::Unknown
            }
            (DataType::String | DataType::Reference, Value::String(a), Literal::String(b)) => {
                text::compare(*op, a, b, self.case(definition))
            }
            _ => self.mismatch(value, definition, comparison),
        }
    }

    fn case(&self, definition: &Attribute) -> Case {
        let exact = match definition.data_type {
            DataType::Reference => !self.reading.takes(Choice::ReferencesFold),
            _ => definition.case_exact,
        };
        if exact {
            return Case::Exact;
        }
        Case::Folded {
            beyond_ascii: self.reading.takes(Choice::FoldsBeyondAscii),
            capitals: self.reading.takes(Choice::OrdersCapitals),
        }
    }

    /// Operand and attribute differ in type: no match, or a match of their texts.
    fn mismatch(&self, value: &Value, definition: &Attribute, comparison: &Comparison) -> Truth {
        let typed = match definition.data_type {
            DataType::Boolean => value.is_boolean(),
            DataType::Integer | DataType::Decimal => value.is_number(),
            _ => value.is_string(),
        };
        let Comparison { op, value: operand } = comparison;
        if !typed || op.is_ordering() {
            return Truth::Unknown;
        }
        if !self.reading.takes(Choice::ComparesText) {
            return Truth::False.max(unless_ne(*op));
        }
        let shown = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let operand = match operand {
            Literal::String(text) => text.clone(),
            other => other.to_string(),
        };
        let case = Case::Folded {
            beyond_ascii: false,
            capitals: false,
        };
        text::compare(*op, &shown, &operand, case)
    }

    /// Times compare by instant. What a server stores may have more digits than it shows, cut off or rounded.
    fn times(&self, op: CompareOp, value: &str, operand: &str) -> Truth {
        if op.is_substring() {
            return Truth::Unknown;
        }
        let Some(operand) = datetime::parse(operand) else {
            return Truth::False.max(unless_ne(op));
        };
        let Some(shown) = datetime::parse(value) else {
            return Truth::Unknown;
        };
        let apart = shown.duration_since(operand).abs();
        if self.reading.takes(Choice::TimesAreFiner) && apart < unit(value) {
            return Truth::Unknown;
        }
        ordered(op, Some(Timestamp::cmp(&shown, &operand)))
    }
}

/// What the last digit of a time that is shown stands for.
fn unit(shown: &str) -> SignedDuration {
    let fraction = shown.split_once('.').map_or("", |(_, rest)| rest);
    let digits = fraction.chars().take_while(char::is_ascii_digit).count();
    let nanos = 10_i64.pow(u32::try_from(9_usize.saturating_sub(digits)).unwrap_or_default());
    SignedDuration::from_nanos(nanos)
}

/// Whether there is a value; a complex one needs a node that is not empty.
fn presence(value: &Value) -> Truth {
    let any =
        |nodes: &mut dyn Iterator<Item = &Value>| nodes.map(presence).max().unwrap_or(Truth::False);
    match value {
        Value::Null => Truth::False,
        Value::String(text) if text.is_empty() => Truth::Unknown,
        Value::Array(items) => any(&mut items.iter()),
        Value::Object(members) => any(&mut members.values()),
        _ => Truth::True,
    }
}

/// A comparison without meaning does not hold; whether its negation does nobody can say.
fn unless_ne(op: CompareOp) -> Truth {
    if op == CompareOp::Ne {
        Truth::Unknown
    } else {
        Truth::False
    }
}

fn numbers(a: &Number, b: &Number) -> Option<Ordering> {
    let integer = |n: &Number| {
        let signed = n.as_i64().map(i128::from);
        signed.or_else(|| n.as_u64().map(i128::from))
    };
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn ordered(op: CompareOp, ordering: Option<Ordering>) -> Truth {
    let Some(ordering) = ordering else {
        return Truth::Unknown;
    };
    match op {
        CompareOp::Eq => Truth::from(ordering.is_eq()),
        CompareOp::Ne => Truth::from(ordering.is_ne()),
        CompareOp::Gt => Truth::from(ordering.is_gt()),
        CompareOp::Ge => Truth::from(ordering.is_ge()),
        CompareOp::Lt => Truth::from(ordering.is_lt()),
        CompareOp::Le => Truth::from(ordering.is_le()),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => Truth::Unknown,
    }
}
