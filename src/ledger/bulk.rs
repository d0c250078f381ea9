//! Bulk requests through the guard: each operation is a create or a write of its own.

use serde_json::Value;

use super::adopt::{self, Reading};
use super::book::Fate;
use super::guard::{Guard, Pending};
use crate::exchange::Exchange;
use crate::session::{Call, Intent};

impl Guard {
    /// Sends a bulk request whose operations were admitted.
    pub(super) async fn bulk(&self, call: Call, operations: Vec<Intent>) -> Exchange {
        let creates: Vec<(&str, &str)> = operations
            .iter()
            .filter_map(|one| match one {
                Intent::Create { endpoint, marker } => Some((endpoint.as_str(), marker.as_str())),
                _ => None,
            })
            .collect();
        let numbers = match self.ledger.intend(&creates).await {
            Ok(numbers) => numbers,
            Err(error) => return self.unwritten(call, &error),
        };
        let (case, auth) = (call.case.clone(), call.auth.clone());
        let exchange = self.inner.send(call).await;
        let body = exchange.json().cloned().unwrap_or_default();
        let answers = body.get("Operations").and_then(Value::as_array);
        let mut numbers = numbers.into_iter();
        for (index, operation) in operations.into_iter().enumerate() {
            let answer = answers.and_then(|all| all.get(index));
            match operation {
                Intent::Create { endpoint, marker } => {
                    let pending = Pending {
                        n: numbers.next().unwrap_or_default(),
                        endpoint,
                        marker,
                    };
                    let reading = match answer {
                        Some(answer) => read_operation(answer, &pending.endpoint),
                        None => match adopt::read(&exchange, &pending.endpoint, "") {
                            Reading::Failed(why) => Reading::Failed(why),
                            _ => Reading::Unknown("no answer to the operation".to_owned()),
                        },
                    };
                    self.settle(&pending, reading, &case, &auth).await;
                }
                Intent::Write { endpoint, id } => self.settle_write(answer, &endpoint, &id),
                _ => {}
            }
        }
        exchange
    }

    fn settle_write(&self, answer: Option<&Value>, endpoint: &str, id: &str) {
        let Some(answer) = answer.filter(|_| !id.starts_with("bulkId:")) else {
            return;
        };
        let succeeded = status_of(answer).is_some_and(|status| (200..300).contains(&status));
        let method = answer.get("method").and_then(Value::as_str).unwrap_or("");
        if succeeded && method.eq_ignore_ascii_case("DELETE") {
            self.ledger.deleted(endpoint, id);
        } else if succeeded && self.ledger.fate(endpoint, id) != Some(Fate::Live) {
            self.ledger.own(endpoint, vec![id.to_owned()]);
        }
    }
}

/// What the answer to one operation of a bulk request says.
fn read_operation(answer: &Value, endpoint: &str) -> Reading {
    let location = answer.get("location").and_then(Value::as_str);
    match status_of(answer) {
        Some(200..=299) => location
            .and_then(|location| adopt::id_of_location(location, endpoint))
            .map_or_else(
                || Reading::Unknown("a success without a location".to_owned()),
                Reading::Claimed,
            ),
        Some(status @ 300..=499) => Reading::Failed(format!("status {status}")),
        _ => Reading::Unknown("no status".to_owned()),
    }
}

/// Status of an operation: a string by RFC 7644 §3.7.3, also read where it is a number or an object.
fn status_of(answer: &Value) -> Option<u16> {
    match answer.get("status")? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number
            .as_u64()
            .and_then(|status| u16::try_from(status).ok()),
        Value::Object(inner) => inner.get("code")?.as_str()?.parse().ok(),
        _ => None,
    }
}
