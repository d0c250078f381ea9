//! A cursor carries the rights of whom it was given to.

use super::page_cursor::in_url;
use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The second credential may read no users, and a cursor of the first shows it some",
        CursorCarriesRights,
    )
    .breaks(&["rfc9865-5.2-cursors-give-no-rights"])
}

struct CursorCarriesRights;

impl Fault for CursorCarriesRights {
    fn name(&self) -> &'static str {
        "cursor-carries-rights"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let second = matches!(authenticated.outcome, Ok(Principal::Second));
        if second && in_url(incoming).is_some() {
            authenticated.outcome = Ok(Principal::Main);
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if plan.principal == Principal::Second {
            *selection = Selection::default();
        }
    }
}
