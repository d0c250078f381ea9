//! The immutable parts of a member are written like any other.

use serde_json::json;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation, Target};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH exchanges the value of an existing member",
        MemberPartsExchanged,
    )
    .breaks(&["rfc7643-4.2-member-sub-attributes-are-immutable"])
}

struct MemberPartsExchanged;

impl Fault for MemberPartsExchanged {
    fn name(&self) -> &'static str {
        "member-parts-exchanged"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        let mut exchanged = Vec::with_capacity(operations.len());
        for operation in operations.drain(..) {
            match &operation.target {
                Some(target)
                    if target.attribute.name == "members"
                        && target.sub.as_deref() == Some("value") =>
                {
                    let whole = Target {
                        sub: None,
                        ..target.clone()
                    };
                    let all = Target {
                        filter: None,
                        ..whole.clone()
                    };
                    exchanged.push(Operation {
                        op: Op::Remove,
                        target: Some(whole),
                        value: None,
                        capital: false,
                    });
                    exchanged.push(Operation {
                        op: Op::Add,
                        target: Some(all),
                        value: Some(json!([{ "value": operation.value }])),
                        capital: false,
                    });
                }
                _ => exchanged.push(operation),
            }
        }
        *operations = exchanged;
    }
}
