//! A search takes no cursor.

use super::page_cursor::Asked;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use http::Method;

pub(super) fn declare() -> Declaration {
    Declaration::new("A search by POST ignores its cursor", SearchCursorIgnored)
        .breaks(&["rfc9865-3-search-takes-cursors"])
}

struct SearchCursorIgnored;

impl Fault for SearchCursorIgnored {
    fn name(&self) -> &'static str {
        "search-cursor-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let is_post = matches!(decoded, Ok(decoded) if decoded.method == Method::POST);
        if let Some(mut asked) = Asked::of(decoded).filter(|_| is_post) {
            asked.set("cursor", None);
        }
    }
}
