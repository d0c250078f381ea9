//! A cursor of somebody else is refused in words of its own.

use serde_json::Value;

use super::page_cursor::{Issued, in_url};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The refusal of somebody else's cursor says that it exists",
        ForeignCursorToldApart::default(),
    )
    .breaks(&["rfc9865-5.2-forbidden-pages-look-unknown"])
}

#[derive(Default)]
struct ForeignCursorToldApart {
    issued: Issued,
}

impl Fault for ForeignCursorToldApart {
    fn name(&self) -> &'static str {
        "foreign-cursor-told-apart"
    }

    fn represented(&self, _plan: &Plan, document: &mut Value) {
        self.issued.note(document);
    }

    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        let foreign = in_url(incoming).is_some_and(|cursor| self.issued.has(&cursor));
        if let (true, 400, Content::Document(document)) = (foreign, reply.status, &mut reply.body) {
            document["detail"] = Value::from("the cursor belongs to another client");
        }
    }
}
