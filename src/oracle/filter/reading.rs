//! The questions that the RFCs leave open, and the ways to answer them together.

use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};
use crate::scim::schema::{Attribute, DataType, Place, SchemaSet};

/// A question with two fair answers. The text says what holds when the answer is yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// `ne` is true of a missing value.
    NeOfMissing,
    /// `ne` on a multi-valued attribute means that no value is equal, not that one differs.
    NeOfNone,
    /// Letters outside ASCII are compared without case, too.
    FoldsBeyondAscii,
    /// An empty string and no value are the same.
    EmptyIsMissing,
    /// References compare without case.
    ReferencesFold,
    /// A value of another type than its operand is compared as text.
    ComparesText,
    /// A bare multi-valued complex attribute stands for its `value`.
    BareIsValue,
    /// A missing `primary` is false.
    MissingPrimaryIsFalse,
    /// A time is stored with more digits than it is shown, which are cut off, or rounded down or up.
    TimesAreFiner,
    /// Order without case compares capitals, not small letters.
    OrdersCapitals,
}

impl Choice {
    const ALL: [Self; 10] = [
        Self::NeOfMissing,
        Self::NeOfNone,
        Self::FoldsBeyondAscii,
        Self::EmptyIsMissing,
        Self::ReferencesFold,
        Self::ComparesText,
        Self::BareIsValue,
        Self::MissingPrimaryIsFalse,
        Self::TimesAreFiner,
        Self::OrdersCapitals,
    ];

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// One answer to each question; no to all by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading(u16);

impl Reading {
    /// Whether the answer to a question is yes.
    pub fn takes(self, choice: Choice) -> bool {
        self.0 & choice.bit() != 0
    }

    /// All ways to answer the questions that a filter raises; the others stay no.
    pub(super) fn all(filter: &Filter, schemas: &SchemaSet) -> impl Iterator<Item = Self> + use<> {
        let mut raised = 0;
        questions(filter, schemas, &mut raised);
        subsets(raised)
    }

    /// The same for a filter in brackets after an attribute.
    pub(super) fn all_of_values(
        filter: &ValueFilter,
        attribute: &Attribute,
    ) -> impl Iterator<Item = Self> + use<> {
        let mut raised = 0;
        value_questions(filter, attribute, &mut raised);
        subsets(raised)
    }
}

fn subsets(mask: u16) -> impl Iterator<Item = Reading> {
    (0..=mask)
        .filter(move |bits| bits & !mask == 0)
        .map(Reading)
}

fn questions(filter: &Filter, schemas: &SchemaSet, raised: &mut u16) {
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => {
            questions(a, schemas, raised);
            questions(b, schemas, raised);
        }
        Filter::Not(a) => questions(a, schemas, raised),
        Filter::Present(_) => {}
        Filter::Compare(path, comparison) => raise(schemas.find(path), path, comparison, raised),
        Filter::ValuePath(path, inner) => {
            if let Some(Place::Attribute { attribute, .. }) = schemas.find(path) {
                value_questions(inner, attribute, raised);
            }
        }
    }
}

fn value_questions(filter: &ValueFilter, attribute: &Attribute, raised: &mut u16) {
    match filter {
        ValueFilter::Or(a, b) | ValueFilter::And(a, b) => {
            value_questions(a, attribute, raised);
            value_questions(b, attribute, raised);
        }
        ValueFilter::Not(a) => value_questions(a, attribute, raised),
        ValueFilter::Present(_) => {}
        ValueFilter::Compare(path, comparison) => {
            let place = attribute.sub(&path.name).map(|sub| Place::Attribute {
                extension: None,
                attribute: sub,
                sub: None,
            });
            raise(place, path, comparison, raised);
        }
    }
}

/// The questions of one comparison.
fn raise(
    place: Option<Place<'_>>,
    path: &AttributePath,
    comparison: &Comparison,
    raised: &mut u16,
) {
    let mut raise = |choice: Choice| *raised |= choice.bit();
    let Comparison { op, value } = comparison;
    if *op == CompareOp::Ne {
        raise(Choice::NeOfMissing);
    }
    if matches!(value, Literal::String(text) if text.is_empty()) {
        raise(Choice::EmptyIsMissing);
    }
    let Some(Place::Attribute { attribute, sub, .. }) = place else {
        return;
    };
    if *op == CompareOp::Ne && attribute.multi_valued {
        raise(Choice::NeOfNone);
    }
    let mut definition = sub.unwrap_or(attribute);
    if definition.data_type == DataType::Complex {
        raise(Choice::BareIsValue);
        let Some(value) = definition.sub("value") else {
            return;
        };
        definition = value;
    }
    for choice in Choice::ALL {
        if asks(choice, definition, path, comparison) {
            raise(choice);
        }
    }
}

/// Whether a comparison with a simple attribute raises a question about its type.
fn asks(choice: Choice, definition: &Attribute, path: &AttributePath, it: &Comparison) -> bool {
    use DataType::{Boolean, DateTime, Decimal, Integer, Reference, String};
    let data_type = definition.data_type;
    let text = match &it.value {
        Literal::String(text) => Some(text),
        _ => None,
    };
    match choice {
        Choice::FoldsBeyondAscii => text.is_some_and(|text| !text.is_ascii()),
        Choice::ReferencesFold => data_type == Reference,
        Choice::ComparesText => match data_type {
            String | Reference => text.is_none(),
            Boolean | Integer | Decimal => text.is_some(),
            _ => false,
        },
        Choice::MissingPrimaryIsFalse => data_type == Boolean && definition.is_named("primary"),
        Choice::TimesAreFiner => data_type == DateTime && path.name.eq_ignore_ascii_case("meta"),
        Choice::OrdersCapitals => {
            data_type == String && !definition.case_exact && it.op.is_ordering()
        }
        _ => false,
    }
}
