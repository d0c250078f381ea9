//! An extension in a value without path takes the place of the old one.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation, Target};
use crate::provider::store::Resource;
use crate::scim::filter::AttributePath;
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add without path of some attributes of an extension drops its others",
        PatchPathlessExtensionReplacesAll,
    )
    .breaks(&[
        "rfc7644-3.5.2.1-add-without-path-adds-attributes",
        "rfc7644-3.5.2.3-replace-without-path-replaces-attributes",
    ])
    .only_by("probe.patch")
}

struct PatchPathlessExtensionReplacesAll;

impl Fault for PatchPathlessExtensionReplacesAll {
    fn name(&self) -> &'static str {
        "patch-pathless-extension-replaces-all"
    }

    fn operations(&self, before: &Resource, operations: &mut Vec<Operation>) {
        let mut all = Vec::new();
        for operation in operations.drain(..) {
            if let (None, Some(Value::Object(members))) = (&operation.target, &operation.value) {
                let urns: Vec<&String> = members.keys().filter(|name| urn::is_urn(name)).collect();
                for name in urns {
                    let stored = before.attributes.get(name).and_then(Value::as_object);
                    for part in stored.into_iter().flat_map(serde_json::Map::keys) {
                        all.push(Operation {
                            op: Op::Remove,
                            target: Some(Target {
                                attribute: AttributePath {
                                    urn: Some(name.clone()),
                                    ..AttributePath::new(part.as_str(), None)
                                },
                                filter: None,
                                sub: None,
                            }),
                            value: None,
                            capital: operation.capital,
                        });
                    }
                }
            }
            all.push(operation);
        }
        *operations = all;
    }
}
