//! Violations in resources. The definition of the attribute tells what a keyword is about.

use super::{Verdict, Violation, form};
use crate::check::Context;
use crate::check::form::TypeForm;
use crate::scim::schema::{Attribute, DataType, Returned, common};
use crate::scim::to_json_schema::View;

const DEFAULT: &str = "rfc7643-7-default-attributes-appear-unless-projected-away";
const ALWAYS: &str = "rfc7643-7-always-returned-attributes-are-always-there";
const REQUEST: &str = "rfc7643-7-request-attributes-appear-on-request";
const EXTENSION: &str = "rfc7643-6-required-extension-is-present";
const MEMBERS: &str = "rfc7643-3-top-level-members-are-known";

pub(super) const COVERED: [&str; 5] = [DEFAULT, ALWAYS, REQUEST, EXTENSION, MEMBERS];

/// Where in a resource a violation is.
struct Place<'a> {
    extension: Option<&'a str>,
    attribute: Option<&'a Attribute>,
    sub: Option<&'a Attribute>,
    /// Whether it is one value of several.
    is_element: bool,
}

pub(super) fn blame(
    of: &TypeForm,
    view: &View,
    in_bulk: bool,
    violation: &Violation,
    context: &Context<'_>,
) -> Verdict {
    let place = place(of, &violation.pointer);
    let owned = |owner| {
        if in_bulk {
            Verdict::Nothing
        } else {
            Verdict::Owned(owner)
        }
    };
    match violation.keyword.as_str() {
        "required" => missing(&place, view, &owned),
        "additionalProperties" if context.capabilities.is_assumed(schema_of(of, &place)) => {
            Verdict::Nothing
        }
        "additionalProperties" => Verdict::Tolerated(MEMBERS, "A31-unlisted"),
        "const" => match place.attribute.map(|it| it.returned) {
            Some(Returned::Never) => Verdict::Owned("secrecy"),
            _ => unasked(&place, view),
        },
        "contains" if violation.rule.contains("/allOf/0/") => owned("schemas"),
        "contains" if view.is_whole() => Verdict::Breaks(EXTENSION),
        "contains" => Verdict::Nothing,
        "minItems" | "uniqueItems" => owned("schemas"),
        _ if !in_bulk => Verdict::Owned("attribute-types"),
        _ => Verdict::Breaks(of_value(&place, violation)),
    }
}

pub(super) fn exercised(of: &TypeForm, view: &View, context: &Context<'_>) -> Vec<&'static str> {
    let mut requirements = Vec::new();
    let core = of.set.core.attributes.iter();
    for attribute in core.filter(|it| !is_common(it)) {
        match attribute.returned {
            Returned::Default if attribute.required && view.shows(None, attribute) => {
                requirements.push(DEFAULT);
            }
            Returned::Always if attribute.required => requirements.push(ALWAYS),
            Returned::Request if !view.may_show(attribute, true) => requirements.push(REQUEST),
            _ => {}
        }
    }
    if view.is_whole() && of.set.extensions.iter().any(|(_, required)| *required) {
        requirements.push(EXTENSION);
    }
    if !context.capabilities.is_assumed(&of.set.core.id) {
        requirements.push(MEMBERS);
    }
    requirements
}

fn is_common(attribute: &Attribute) -> bool {
    common().iter().any(|it| it.is_named(&attribute.name))
}

/// The schema that would define what no schema defines.
fn schema_of<'a>(of: &'a TypeForm, place: &Place<'a>) -> &'a str {
    place.extension.unwrap_or(&of.set.core.id)
}

fn place<'a>(of: &'a TypeForm, pointer: &str) -> Place<'a> {
    let is_element = pointer
        .rsplit('/')
        .next()
        .is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    let mut names = pointer
        .split('/')
        .skip(1)
        .filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|name| name.replace("~1", "/").replace("~0", "~"));
    let first = names.next().unwrap_or_default();
    let extension = of.set.extension(&first);
    let attribute = match extension {
        Some(schema) => names.next().and_then(|name| schema.attribute(&name)),
        None => common()
            .iter()
            .find(|it| it.is_named(&first))
            .or_else(|| of.set.core.attribute(&first)),
    };
    Place {
        extension: extension.map(|schema| schema.id.as_str()),
        attribute,
        sub: names.next().and_then(|name| attribute?.sub(&name)),
        is_element,
    }
}

fn missing(place: &Place<'_>, view: &View, owned: &dyn Fn(&'static str) -> Verdict) -> Verdict {
    let Some(attribute) = place.attribute else {
        return if view.is_whole() {
            Verdict::Breaks(EXTENSION)
        } else {
            Verdict::Nothing
        };
    };
    if place.extension.is_none() && place.sub.is_none() {
        match attribute.name.as_str() {
            "schemas" => return owned("schemas"),
            "id" => return owned("id"),
            _ => {}
        }
    }
    let (shown, returned) = match place.sub {
        Some(sub) => (
            view.shows_sub(place.extension, attribute, sub),
            sub.returned,
        ),
        None => (view.shows(place.extension, attribute), attribute.returned),
    };
    match returned {
        _ if !shown => Verdict::Nothing,
        Returned::Always => Verdict::Breaks(ALWAYS),
        _ => Verdict::Breaks(DEFAULT),
    }
}

/// What is returned on request, and was not asked for.
fn unasked(place: &Place<'_>, view: &View) -> Verdict {
    let (attribute, is_top) = match place.sub {
        Some(sub) => (Some(sub), false),
        None => (place.attribute, true),
    };
    match attribute {
        Some(sub) if sub.returned == Returned::Never => Verdict::Owned("secrecy"),
        Some(attribute) if !view.may_show(attribute, is_top) => Verdict::Breaks(REQUEST),
        _ => Verdict::Nothing,
    }
}

/// The requirement on the form of a value.
fn of_value(place: &Place<'_>, violation: &Violation) -> &'static str {
    let Some(definition) = place.sub.or(place.attribute) else {
        return form::OBJECT;
    };
    let is_array = violation.deviation.actual.starts_with('[');
    if violation.keyword == "type" && !place.is_element && (definition.multi_valued || is_array) {
        return form::ARRAY;
    }
    match definition.data_type {
        DataType::String => form::STRING,
        DataType::Boolean => form::BOOLEAN,
        DataType::Decimal => form::DECIMAL,
        DataType::Integer => form::INTEGER,
        DataType::DateTime => form::DATE_TIME,
        DataType::Binary => form::BINARY,
        DataType::Reference => form::REFERENCE,
        DataType::Complex => form::OBJECT,
    }
}
