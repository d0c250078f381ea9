//! Which requirement a spelling shows to be broken, and the spelling in words.

use super::example::{Example, Route};
use super::law::Wrong;
use super::spell::{Escapes, Layout, Letters, Media, Numbers, Order, Spelling};
use crate::exchange::Exchange;

pub(super) const UTF8: &str = "rfc7644-3.8-utf-8-json-is-accepted";
const JSON: &str = "rfc7644-3.8-json-request-bodies-may-be-taken";
const ORDER: &str = "rfc7643-2.3.8-member-order-has-no-meaning";
const NAMES: &str = "rfc7643-2.1-attribute-names-ignore-case";
const UNICODE: &str = "rfc7643-2.3.1-strings-keep-their-unicode-text";
const READABLE: &str = "rfc7644-3.3-created-resource-is-readable";
const SEARCH: &str = "rfc7644-3.4.3-search-equals-get";

/// All that the law can find broken.
pub(super) const COVERS: &[&str] = &[UTF8, JSON, ORDER, NAMES, UNICODE, READABLE, SEARCH];

/// What a refusal of nothing but a spelling breaks.
pub(super) fn refusal(spelling: Spelling, exchange: Exchange) -> Wrong {
    let is_label = exchange.status() == Some(415);
    let (requirement, tolerance) = match spelling {
        it if it.media == Media::Json => (JSON, is_label.then_some("F23")),
        it if it.media != Media::Scim => (UTF8, is_label.then_some("F23-charset")),
        it if it.names != Letters::Kept => (NAMES, None),
        it if it.order != Order::Kept => (ORDER, None),
        _ => (UTF8, None),
    };
    Wrong {
        requirement,
        tolerance,
        at: "response.status".to_owned(),
        expected: "success, as in plain spelling".to_owned(),
        actual: exchange.said(),
        exchange,
    }
}

/// What an effect of nothing but a spelling breaks.
pub(super) fn effect(example: &Example) -> &'static str {
    match example.spelling {
        _ if example.route == Route::Search => SEARCH,
        it if it.names != Letters::Kept => NAMES,
        it if it.order != Order::Kept => ORDER,
        it if !matches!(it.escapes, Escapes::Few | Escapes::Names) => UNICODE,
        it if it.numbers != Numbers::Kept => READABLE,
        _ => UTF8,
    }
}

/// What a message does, in words.
pub(super) fn word(route: Route) -> &'static str {
    match route {
        Route::Create => "create",
        Route::Put => "PUT",
        Route::Patch => "PATCH",
        Route::Search => "search",
    }
}

/// What is odd about a spelling.
pub(super) fn words(spelling: Spelling) -> Vec<&'static str> {
    let layout = match spelling.layout {
        Layout::Compact => None,
        Layout::Spaces => Some("spaces between tokens"),
        Layout::Lines => Some("lines and tabs between tokens"),
    };
    let order = match spelling.order {
        Order::Kept => None,
        Order::Reversed => Some("members in reverse order"),
        Order::Sorted => Some("members sorted by name"),
    };
    let names = match spelling.names {
        Letters::Kept => None,
        Letters::Upper => Some("names in capital letters"),
        Letters::Lower => Some("names in small letters"),
        Letters::Mixed => Some("names in mixed letters"),
    };
    let escapes = match spelling.escapes {
        Escapes::Few => None,
        Escapes::All => Some("all characters of values escaped"),
        Escapes::Capital => Some("all characters of values escaped with capital digits"),
        Escapes::Foreign => Some("characters beyond ASCII escaped"),
        Escapes::Solidus => Some("an escaped solidus"),
        Escapes::Names => Some("a letter of each name escaped"),
    };
    let numbers = match spelling.numbers {
        Numbers::Kept => None,
        Numbers::Noughts => Some("noughts after decimals"),
        Numbers::Exponent => Some("decimals with an exponent"),
    };
    let media = match spelling.media {
        Media::Scim => None,
        Media::Charset => Some("charset=utf-8"),
        Media::Quoted => Some("charset=\"UTF-8\""),
        Media::Json => Some("application/json"),
    };
    let all = [layout, order, names, escapes, numbers, media];
    all.into_iter().flatten().collect()
}
