//! Limits of requests, as data: token buckets that fill in the time of the provider.
//!
//! Knows no client: a limit is that of the whole provider.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::When;
use crate::provider::decode::Incoming;

/// So many requests of a kind in a time.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    /// Which requests count.
    #[serde(default)]
    when: When,
    /// How many there may be.
    count: u32,
    /// In how many seconds.
    seconds: u32,
    /// How many may come at once; all of them where nothing is said.
    burst: Option<u32>,
    #[serde(skip)]
    bucket: Bucket,
}

/// When the bucket will be full again. A copy begins full.
#[derive(Default)]
struct Bucket(Mutex<Option<Timestamp>>);

impl Clone for Bucket {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Limit {
    /// How long a request has to wait; none where it may pass, or doesn't count.
    pub(super) fn wait(&self, incoming: &Incoming) -> Option<SignedDuration> {
        if !self.when.asks(incoming) {
            return None;
        }
        let full_at = *self.lock();
        let room = self.interval() * i32::try_from(self.burst() - 1).unwrap_or(i32::MAX);
        let wait = full_at?.duration_since(incoming.at) - room;
        wait.is_positive().then_some(wait)
    }

    /// Counts a request that passes.
    pub(super) fn count(&self, incoming: &Incoming) {
        if !self.when.asks(incoming) {
            return;
        }
        let mut full_at = self.lock();
        let from = full_at.map_or(incoming.at, |at| at.max(incoming.at));
        *full_at = Some(from + self.interval());
    }

    fn interval(&self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds.into())
            / i32::try_from(self.count.max(1)).unwrap_or(1)
    }

    fn burst(&self) -> u32 {
        self.burst.unwrap_or(self.count).max(1)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        self.bucket.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The longest wait of several limits in whole seconds, as `Retry-After` states it.
pub(super) fn retry_after(limits: &[Limit], incoming: &Incoming) -> Option<i64> {
    let longest = limits
        .iter()
        .filter_map(|limit| limit.wait(incoming))
        .max()?;
    let more = i64::from(longest.subsec_nanos() > 0);
    Some(longest.as_secs() + more)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};

    use super::*;
    use crate::provider::decode::Entrance;

    fn request(method: Method, at: Timestamp) -> Incoming {
        Incoming {
            method,
            entrance: Entrance::Base,
            key: None,
            base: String::from("http://localhost/v2"),
            in_base: true,
            path: String::from("/Users"),
            query: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            overflow: false,
            at,
        }
    }

    #[test]
    fn a_burst_passes_and_the_rest_waits_whole_seconds() {
        let limit: Limit =
            toml::from_str("when = { method = [\"POST\"] }\ncount = 60\nseconds = 60\nburst = 2")
                .unwrap();
        let limits = [limit];
        let start = Timestamp::UNIX_EPOCH;
        let ask = |method: Method, millis: i64| {
            let incoming = request(method, start + SignedDuration::from_millis(millis));
            let wait = retry_after(&limits, &incoming);
            if wait.is_none() {
                limits[0].count(&incoming);
            }
            wait
        };
        assert_eq!(ask(Method::POST, 0), None);
        assert_eq!(ask(Method::POST, 0), None);
        assert_eq!(ask(Method::POST, 100), Some(1));
        assert_eq!(ask(Method::GET, 100), None);
        assert_eq!(ask(Method::POST, 1_000), None);
        assert_eq!(ask(Method::POST, 1_000), Some(1));
        let copy = limits.clone();
        assert_eq!(copy[0].wait(&request(Method::POST, start)), None);
    }
}
