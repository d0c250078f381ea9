//! A circle of references crashes a bulk request.

use super::batch::{self, REFERENCE};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "References that form a circle are answered with 500",
        BulkCirclesCrash,
    )
    .breaks(&["rfc7644-3.7.1-bulk-resolves-circular-references"])
}

struct BulkCirclesCrash;

impl Fault for BulkCirclesCrash {
    fn name(&self) -> &'static str {
        "bulk-circles-crash"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(operations) = batch::operations(decoded) else {
            return;
        };
        // Who refers to whom, by bulkId.
        let mut edges = Vec::new();
        for operation in operations {
            let Some(from) = batch::handle(operation).map(str::to_owned) else {
                continue;
            };
            if let Some(data) = operation.get_mut("data") {
                batch::strings(data, &mut |text| {
                    if let Some(to) = text.strip_prefix(REFERENCE) {
                        edges.push((from.clone(), to.to_owned()));
                    }
                });
            }
        }
        let circle = edges
            .iter()
            .any(|(from, to)| edges.iter().any(|other| other.0 == *to && other.1 == *from));
        if circle {
            *decoded = Err(Problem::new(500, "the stack is exhausted"));
        }
    }
}
