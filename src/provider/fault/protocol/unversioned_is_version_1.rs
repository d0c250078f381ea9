//! A path without a version stands for the oldest one.

use serde_json::json;

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Without a version segment the answer is that of SCIM 1.1",
        UnversionedIsVersion1,
    )
    .breaks(&["rfc7644-3.13-without-a-version-the-latest-is-used"])
}

struct UnversionedIsVersion1;

impl Fault for UnversionedIsVersion1 {
    fn name(&self) -> &'static str {
        "unversioned-is-version-1"
    }

    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        if !incoming.in_base
            && let Content::Document(document) = &mut reply.body
            && document.get("Resources").is_some()
        {
            document["schemas"] = json!(["urn:scim:schemas:core:1.0"]);
        }
    }
}
