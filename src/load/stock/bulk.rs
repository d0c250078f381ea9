//! Many resources a request (RFC 7644 §3.7), within the limits that the target names.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use serde::Deserialize;
use serde_json::Value;

use super::labour::{Break, Labour};
use super::single::{of_trouble, said};
use super::sow::{Bed, Outcome};
use crate::ledger::{Made, id_of_location};
use crate::load::wire::{Answer, Connection, Request};
use crate::scim::capabilities::Bulk;
use crate::scim::urn;

/// Most operations of a request: more lose more with a kill, and gain nothing.
const MOST: usize = 250;

/// Bytes of a request whose target names no limit.
const BYTES: usize = 1 << 20;

/// How large requests may be; shrinks where the target takes less than it says.
#[derive(Debug)]
pub(super) struct Size {
    operations: AtomicUsize,
    bytes: usize,
}

impl Size {
    /// Within the limits of a target; none where they leave no room for two.
    pub(super) fn of(bulk: Option<Bulk>) -> Self {
        let limit = |number: u64, most: usize| match usize::try_from(number) {
            Ok(0) | Err(_) => most,
            Ok(number) => number.min(most),
        };
        Self {
            operations: AtomicUsize::new(bulk.map_or(0, |it| limit(it.max_operations, MOST))),
            bytes: bulk.map_or(0, |it| limit(it.max_payload_size, BYTES)),
        }
    }

    /// Operations at most; none where one request a resource is better.
    pub(super) fn operations(&self) -> Option<usize> {
        Some(self.operations.load(Ordering::Relaxed)).filter(|most| *most > 1)
    }

    fn shrink(&self, to: usize) {
        self.operations.fetch_min(to, Ordering::Relaxed);
    }
}

/// A request under construction.
pub(super) struct Batch<'a> {
    size: &'a Size,
    body: String,
    /// Operations in it.
    pub(super) count: usize,
}

impl<'a> Batch<'a> {
    pub(super) fn new(size: &'a Size) -> Self {
        let body = format!(r#"{{"schemas":["{}"],"Operations":["#, urn::BULK_REQUEST);
        Self {
            size,
            body,
            count: 0,
        }
    }

    /// Adds an operation; false where it has no room.
    fn add(&mut self, operation: &str) -> bool {
        let full = self.count >= self.size.operations().unwrap_or(1)
            || self.body.len() + operation.len() + 3 > self.size.bytes;
        if full {
            return false;
        }
        if self.count > 0 {
            self.body.push(',');
        }
        self.body.push_str(operation);
        self.count += 1;
        true
    }

    /// Adds the creation of the resource with a number; false where it has no room.
    pub(super) fn create(&mut self, bed: &Bed, number: u64) -> bool {
        let mut operation = String::with_capacity(1 << 10);
        let path = &bed.stencil.endpoint;
        // Writing to memory does not fail.
        let _ = write!(
            operation,
            r#"{{"method":"POST","path":"{path}","bulkId":"n{number}","data":"#
        );
        bed.write(number, &mut operation);
        operation.push('}');
        self.add(&operation)
    }

    /// Adds the removal of a resource; false where it has no room.
    pub(super) fn remove(&mut self, path: &str) -> bool {
        let path = Value::from(path);
        self.add(&format!(r#"{{"method":"DELETE","path":{path}}}"#))
    }

    /// The request; none where it holds nothing.
    pub(super) fn request(mut self, base_path: &str) -> Option<Request> {
        self.body.push_str("]}");
        let request = Request::new(Method::POST, format!("{base_path}/Bulk")).ok()?;
        (self.count > 0).then(|| request.body("application/scim+json", self.body))
    }
}

/// What became of a request as a whole.
pub(super) enum Whole {
    /// It was carried out: status and the rest by operation, in the order of the answer.
    Done(Vec<Operation>),
    /// It was refused as a whole, and the next one has to be smaller, or there is none.
    Smaller,
    /// Nobody knows.
    Lost(Outcome),
}

/// The result of one operation.
pub(super) struct Operation {
    /// The number in its bulkId.
    pub(super) number: Option<u64>,
    pub(super) status: u16,
    location: Option<String>,
    response: Option<Value>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(rename = "Operations", alias = "operations", borrow)]
    operations: Vec<Raw<'a>>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(rename = "bulkId", borrow, default)]
    bulk_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    location: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Code<'a>,
    #[serde(default)]
    response: Option<Value>,
}

/// A text by the RFC; many send a number, and drafts had an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Code<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(u16),
    Object { code: Value },
}

impl Code<'_> {
    fn number(&self) -> u16 {
        match self {
            Self::Text(text) => text.trim().parse().unwrap_or(0),
            Self::Number(number) => *number,
            Self::Object { code } => {
                let text = code
                    .as_str()
                    .map_or_else(|| code.to_string(), str::to_owned);
                text.parse().unwrap_or(0)
            }
        }
    }
}

/// Sends a request with so many operations.
pub(super) async fn send(
    labour: &Labour,
    connection: &mut Connection,
    size: &Size,
    request: &Request,
    count: usize,
) -> Result<Whole, Break> {
    Ok(match labour.send(connection, request).await? {
        Ok(answer) => whole(size, &answer, count),
        Err(trouble) => Whole::Lost(of_trouble(&trouble)),
    })
}

fn whole(size: &Size, answer: &Answer, count: usize) -> Whole {
    match answer.status {
        200..=299 => match serde_json::from_slice::<Message<'_>>(&answer.body) {
            Ok(message) => Whole::Done(message.operations.into_iter().map(Operation::of).collect()),
            Err(_) => Whole::Lost(Outcome::Doubtful),
        },
        // Too large for it, whatever it says its limits are.
        413 => {
            size.shrink(count / 2);
            Whole::Smaller
        }
        // Bulk is not what it says it is: one request a resource from now on.
        400..=499 => {
            size.shrink(0);
            Whole::Smaller
        }
        status => Whole::Lost(Outcome::Lost {
            why: said(status, &answer.body),
            reached: true,
        }),
    }
}

impl Operation {
    fn of(raw: Raw<'_>) -> Self {
        let number = raw.bulk_id.as_deref().and_then(|id| id.strip_prefix('n'));
        Self {
            number: number.and_then(|number| number.parse().ok()),
            status: raw.status.number(),
            location: raw.location.map(Cow::into_owned),
            response: raw.response,
        }
    }

    /// The id that its location ends with.
    pub(super) fn id(&self, endpoint: &str) -> Option<String> {
        id_of_location(self.location.as_deref()?, endpoint)
    }

    /// What a creation made.
    fn outcome(&self, bed: &Bed, number: u64) -> Outcome {
        let body = self.response.as_ref();
        let told = || {
            said(
                self.status,
                body.map(Value::to_string).unwrap_or_default().as_bytes(),
            )
        };
        match self.status {
            200..=299 => {
                let id = body
                    .and_then(|body| body.get("id")?.as_str())
                    .map(str::to_owned);
                let id = id.or_else(|| self.id(&bed.stencil.endpoint));
                let name = bed.stencil.name(number);
                id.map_or(Outcome::Doubtful, |id| Outcome::Made(Made { id, name }))
            }
            409 => Outcome::Taken(told()),
            400..=499 => Outcome::Refused(told()),
            _ => Outcome::Lost {
                why: told(),
                reached: true,
            },
        }
    }
}

/// The outcomes of numbers from `from` on, out of the results of their operations.
pub(super) fn outcomes(
    operations: &[Operation],
    bed: &Bed,
    from: u64,
    count: usize,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = (0..count).map(|_| Outcome::Doubtful).collect();
    for operation in operations {
        let Some(number) = operation.number else {
            continue;
        };
        let at = number
            .checked_sub(from)
            .and_then(|at| usize::try_from(at).ok());
        if let Some(place) = at.and_then(|at| outcomes.get_mut(at)) {
            *place = operation.outcome(bed, number);
        }
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_kept_and_a_limit_of_none_is_no_limit() {
        let size = |max_operations, max_payload_size| {
            Size::of(Some(Bulk {
                max_operations,
                max_payload_size,
            }))
        };
        let filled = |size: &Size| {
            let mut batch = Batch::new(size);
            while batch.remove("/Users/0123456789") {}
            let count = batch.count;
            let length = batch.request("").map_or(0, |request| request.length());
            (count, length)
        };
        assert_eq!(filled(&size(7, 0)).0, 7);
        assert_eq!(filled(&size(0, 0)).0, MOST);
        let (count, length) = filled(&size(1000, 1000));
        assert!(count > 10 && length <= 1000, "{count} {length}");
        assert_eq!(filled(&size(1000, 60)), (0, 0));
        assert_eq!(Size::of(None).operations(), None);
        assert_eq!(size(1, 0).operations(), None);
    }

    #[test]
    fn a_status_is_a_text_a_number_or_an_object() {
        let read = |text: &str| serde_json::from_str::<Code<'_>>(text).unwrap().number();
        for text in [r#""201""#, "201", r#"{"code":"201"}"#, r#"{"code":201}"#] {
            assert_eq!(read(text), 201, "{text}");
        }
        assert_eq!(read(r#""many""#), 0);
    }
}
