//! How far reads stay behind: a user of our own is looked for after it was created, changed and deleted.
//!
//! Blames nobody: whoever lags is given time afterwards, and the lag is told as a finding of its own.

use std::time::Duration;

use http::Method;
use serde_json::{Map, Value, json};

use super::preflight::{CASE, answer, is_success};
use super::rig::Rig;
use crate::exchange::Exchange;
use crate::record::{CaseKind, CaseRecord, Finding, Lag, Outcome};
use crate::requirement::Level;
use crate::scim::resource::member;
use crate::scim::schema::{DataType, Mutability, Returned};
use crate::scim::urn;
use crate::session::{Call, Content, Intent};

/// How long a read is waited for that has to show what was written.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The same where the target may as well have taken what was written otherwise.
pub(super) const LITTLE: Duration = Duration::from_secs(3);
/// How often a change is looked for that was seen: of several copies only some may be behind.
const LOOKS: u32 = 3;
/// What is changed: the first of these that the target keeps.
const TEXTS: [&str; 3] = ["displayName", "nickName", "title"];

/// A lag that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Behind {
    /// What it came after.
    pub(super) after: &'static str,
    /// By what kind of read.
    by: &'static str,
    ms: u64,
}

/// What a read has to show.
#[derive(Clone, Copy)]
enum Sight<'a> {
    /// The user.
    There,
    /// The user with this value of an attribute.
    With(&'a str, &'a str),
    /// That there is no such user.
    Gone,
}

impl Sight<'_> {
    fn fits(self, user: &Value) -> bool {
        match self {
            Self::There => true,
            Self::With(name, value) => member(user, name).and_then(Value::as_str) == Some(value),
            Self::Gone => false,
        }
    }

    /// Whether the answer to a read by id shows it.
    fn by_id(self, exchange: &Exchange) -> bool {
        match self {
            Self::Gone => matches!(exchange.status(), Some(404 | 410)),
            _ => is_success(exchange) && exchange.json().is_some_and(|user| self.fits(user)),
        }
    }

    /// Whether a list shows it of the user with this id.
    fn in_list(self, exchange: &Exchange, id: &str) -> bool {
        let resources = exchange.json().and_then(|body| member(body, "Resources"));
        let mut found = resources
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|one| member(one, "id").and_then(Value::as_str) == Some(id))
            .peekable();
        let shown = match self {
            Self::Gone => found.peek().is_none(),
            _ => found.any(|user| self.fits(user)),
        };
        is_success(exchange) && shown
    }
}

/// Where a user is looked for.
pub(super) struct Looks<'a> {
    pub(super) rig: &'a Rig,
    pub(super) endpoint: &'a str,
    /// Path of the user.
    pub(super) path: &'a str,
    pub(super) id: &'a str,
    /// Its `userName`.
    pub(super) name: &'a str,
    /// What it was created from.
    pub(super) body: &'a Value,
}

impl Looks<'_> {
    /// By id, by a filter and in a list: after how many milliseconds each shows a new user, if it does.
    pub(super) async fn created(&self) -> Lag {
        let by_id = self.by_id(Sight::There, PATIENCE).await;
        self.lists(Sight::There, PATIENCE, by_id).await
    }

    /// The same once it was deleted.
    pub(super) async fn deleted(&self) -> Lag {
        let by_id = self.by_id(Sight::Gone, PATIENCE).await;
        self.lists(Sight::Gone, LITTLE, by_id).await
    }

    async fn by_id(&self, sight: Sight<'_>, patience: Duration) -> Option<u64> {
        let shows = |exchange: &Exchange| sight.by_id(exchange);
        self.seen(get(self.path), patience, &shows).await
    }

    async fn lists(&self, sight: Sight<'_>, patience: Duration, by_id: Option<u64>) -> Lag {
        let mut lag = Lag {
            by_id,
            ..Lag::default()
        };
        let shows = |exchange: &Exchange| sight.in_list(exchange, self.id);
        if self.rig.capabilities.filter.is_some() && !self.name.is_empty() {
            let filter = format!("userName eq {}", Value::from(self.name));
            let mut call = get(self.endpoint);
            call.query = vec![("filter".to_owned(), filter)];
            lag.by_filter = self.seen(call, patience, &shows).await;
        }
        let first = self.rig.session.send(get(self.endpoint)).await;
        if fits_a_page(&first) {
            lag.by_list = if shows(&first) {
                Some(0)
            } else {
                self.seen(get(self.endpoint), patience, &shows).await
            };
        }
        lag
    }

    /// Changes the user so often and looks for each change, as long as the target shows them; what it says it did is
    /// waited for so long.
    pub(super) async fn changed(&self, turns: u32, patience: Duration) -> Lag {
        let mut worst = Lag::default();
        let Some(name) = text(self.rig) else {
            return worst;
        };
        for turn in 1..=turns {
            let value = format!("Preflight {turn}");
            let Some(done) = self.change(name, &value).await else {
                break;
            };
            let sight = Sight::With(name, &value);
            let told = done.json().is_some_and(|user| sight.fits(user));
            let patience = if told { patience } else { LITTLE };
            let Some(mut ms) = self.by_id(sight, patience).await else {
                break;
            };
            for _ in 1..LOOKS {
                let again = self.by_id(sight, patience).await;
                ms = ms.max(again.unwrap_or_default());
            }
            let lag = match turn {
                1 => self.lists(sight, LITTLE, Some(ms)).await,
                _ => Lag {
                    by_id: Some(ms),
                    ..Lag::default()
                },
            };
            worst = later(worst, lag);
        }
        worst
    }

    /// Sets an attribute by PATCH, or by PUT where that is not to be had; nothing where neither is.
    async fn change(&self, name: &str, value: &str) -> Option<Exchange> {
        if self.rig.capabilities.patch {
            let operation = json!({"op": "replace", "path": name, "value": value});
            let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
            let done = self.write(Method::PATCH, &body).await;
            if is_success(&done) {
                return Some(done);
            }
        }
        let mut members = self.body.as_object().cloned().unwrap_or_else(Map::new);
        members.insert(name.to_owned(), json!(value));
        let done = self.write(Method::PUT, &Value::Object(members)).await;
        is_success(&done).then_some(done)
    }

    async fn write(&self, method: Method, body: &Value) -> Exchange {
        let bytes = body.to_string().into_bytes();
        let rig = self.rig;
        let marker = rig.marker.as_str();
        let call = Call {
            intent: Intent::of(&method, self.path, &rig.endpoints(), Some(&bytes), marker),
            method,
            step: "change".to_owned(),
            body: Some(Content {
                media_type: "application/scim+json".to_owned(),
                bytes: bytes.into(),
            }),
            ..get(self.path)
        };
        rig.session.send(call).await
    }

    /// Repeats a read until it shows what it should: after how many milliseconds, if at all.
    async fn seen(
        &self,
        call: Call,
        patience: Duration,
        shows: &(dyn Fn(&Exchange) -> bool + Sync),
    ) -> Option<u64> {
        let mut waited = Duration::ZERO;
        let mut pause = Duration::from_millis(20);
        loop {
            let exchange = self.rig.session.send(call.clone()).await;
            if shows(&exchange) {
                return u64::try_from(waited.as_millis()).ok();
            }
            let broken =
                exchange.failure.is_some() || matches!(exchange.status(), Some(401 | 403 | 500..));
            if broken || waited >= patience {
                return None;
            }
            self.rig.clock.sleep(pause).await;
            waited += pause;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// Why it is not sure that a deleted user is gone; nothing where it is.
    pub(super) async fn still_there(&self) -> Option<String> {
        let last = self.rig.session.send(get(self.path)).await;
        Some(match last.status() {
            Some(404 | 410) => return None,
            Some(200..=299) => "a deleted user can still be read".to_owned(),
            _ => format!(
                "whether a deleted user is gone is not known ({})",
                answer(&last)
            ),
        })
    }
}

/// A read of what is below the base.
pub(super) fn get(path: &str) -> Call {
    Call::read(CASE, path.trim_start_matches('/'), path)
}

/// An attribute that takes any text and is shown.
fn text(rig: &Rig) -> Option<&'static str> {
    let is_free = |name: &&str| {
        let known = rig.capabilities.attribute("User", name);
        known.is_some_and(|it| {
            it.mutability == Mutability::ReadWrite
                && it.data_type == DataType::String
                && !it.multi_valued
                && it.canonical_values.is_empty()
                && matches!(it.returned, Returned::Always | Returned::Default)
        })
    };
    TEXTS.into_iter().find(|name| is_free(name))
}

/// Whether a list shows everything there is on its first page.
fn fits_a_page(exchange: &Exchange) -> bool {
    let number = |name| exchange.json().and_then(|body| member(body, name));
    let total = number("totalResults").and_then(Value::as_u64);
    let here = number("Resources")
        .and_then(Value::as_array)
        .map_or(0, Vec::len) as u64;
    is_success(exchange) && total.is_some_and(|total| total <= here + 1)
}

/// The longer lag of each kind of read.
pub(super) fn later(a: Lag, b: Lag) -> Lag {
    Lag {
        by_id: a.by_id.max(b.by_id),
        by_filter: a.by_filter.max(b.by_filter),
        by_list: a.by_list.max(b.by_list),
    }
}

/// Which reads lagged, after this.
pub(super) fn behind(after: &'static str, lag: Lag) -> impl Iterator<Item = Behind> {
    let all = [
        ("by id", lag.by_id),
        ("by filter", lag.by_filter),
        ("by list", lag.by_list),
    ];
    all.into_iter().filter_map(move |(by, ms)| {
        let ms = ms.filter(|ms| *ms > 0)?;
        Some(Behind { after, by, ms })
    })
}

/// The lag as findings of its own, where one was seen.
pub(super) fn case(behind: &[Behind]) -> Option<CaseRecord> {
    let findings: Vec<Finding> = behind
        .iter()
        .map(|one| Finding {
            requirement: String::new(),
            level: Level::May,
            outcome: Outcome::Note,
            tolerance: None,
            check: "consistency".to_owned(),
            at: one.by.to_owned(),
            expected: format!("{} is read at once", one.after),
            actual: format!("after {} ms", one.ms),
            count: 1,
            exchanges: Vec::new(),
            hint: Some("reads after a write are given --consistency-window".to_owned()),
            curl: None,
            expected_failure: None,
        })
        .collect();
    (!findings.is_empty()).then(|| CaseRecord {
        id: "preflight.consistency".to_owned(),
        kind: CaseKind::Setup,
        pack: "rfc".to_owned(),
        title: "What was written is read at once".to_owned(),
        outcome: Outcome::Note,
        duration_ms: 0,
        lag_ms: None,
        measured: Vec::new(),
        skip_reason: None,
        told: None,
        error: None,
        expected: None,
        findings,
    })
}
