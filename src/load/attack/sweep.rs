//! Clean-up after an attack: batch by batch over connections of its own, the rest as after any run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use http::Method;

use crate::ledger::{self, Ledger, Leftover, Swept};
use crate::load::wire::{Endpoint, Request};
use crate::session::{Session, segment};

/// Connections that remove at the same time.
const CONNECTIONS: usize = 8;

/// What clean-up works with.
pub(super) struct Sweep<'a> {
    pub(super) session: &'a dyn Session,
    pub(super) endpoint: &'a Arc<Endpoint>,
    pub(super) ledger: &'a Ledger,
    /// Path of the base URL.
    pub(super) base_path: &'a str,
    /// Time for all of it.
    pub(super) budget: Duration,
    /// Whether removals may come as fast as they can.
    pub(super) fast: bool,
}

impl Sweep<'_> {
    /// Removes what the journal says is ours, groups before users, and says what is left.
    pub(super) async fn run(&self) -> Swept {
        let until = Instant::now() + self.budget;
        if self.fast {
            let (groups, users): (Vec<_>, Vec<_>) = (self.ledger.standing().into_iter())
                .partition(|(endpoint, _)| endpoint.to_ascii_lowercase().contains("group"));
            for batch in [groups, users] {
                self.remove(batch, until).await;
            }
        }
        let options = ledger::Options {
            budget: until.saturating_duration_since(Instant::now()),
            jobs: 8,
            settle: Duration::ZERO,
            ..ledger::Options::default()
        };
        match ledger::cleanup(self.session, self.ledger, &options).await {
            Ok(swept) => swept,
            Err(error) => Swept {
                leftover: vec![Leftover {
                    resource: "unknown".to_owned(),
                    reason: format!("cannot use the journal: {error}"),
                }],
                ..Swept::default()
            },
        }
    }

    /// Removes resources, some at the same time. What can't be removed is left to the ordinary clean-up.
    async fn remove(&self, keys: Vec<(String, String)>, until: Instant) {
        let size = keys.len().div_ceil(CONNECTIONS).max(1);
        let parts: Vec<&[(String, String)]> = keys.chunks(size).collect();
        futures_util::stream::iter(parts)
            .for_each_concurrent(CONNECTIONS, |part| async move {
                let mut connection = self.endpoint.connection();
                for (endpoint, id) in part {
                    if Instant::now() >= until {
                        return;
                    }
                    let target = format!("{}{endpoint}/{}", self.base_path, segment(id));
                    let Ok(request) = Request::new(Method::DELETE, target) else {
                        continue;
                    };
                    match connection.send(&request).await.map(|answer| answer.status) {
                        Ok(200..=299) => self.ledger.deleted(endpoint, id),
                        Ok(404 | 410) => self.ledger.gone(endpoint, id),
                        // A target in trouble is asked again, one by one, with pauses.
                        Ok(_) | Err(_) => {}
                    }
                }
            })
            .await;
    }
}
