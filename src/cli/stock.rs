//! What seeding and its clean-up share: the way to the target, and a line of progress.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use super::console::{Console, say};
use super::exit::Failure;
use super::target::Place;
use super::wire::Wire;
use crate::client::Client;
use crate::ledger::Ledger;
use crate::load::attack::Stop;
use crate::load::stock::{Glimpse, Ground, Witness};
use crate::scim::capabilities::Capabilities;

/// Connections at the same time unless told otherwise: to this machine, and to others.
const CONNECTIONS: [usize; 2] = [8, 4];

/// Seconds between two lines where there is no terminal.
const APART: u64 = 10;

/// How a stock is worked on.
pub(super) struct Way<'a> {
    pub(super) place: &'a Place,
    pub(super) wire: &'a Wire,
    pub(super) client: &'a Client,
    pub(super) run_id: &'a str,
    pub(super) capabilities: &'a Capabilities,
    pub(super) ledger: &'a Arc<Ledger>,
    pub(super) connections: Option<usize>,
    pub(super) ceiling: Option<u32>,
    pub(super) one_by_one: bool,
    pub(super) stop: Stop,
    pub(super) console: Console,
}

impl Way<'_> {
    /// What workers need.
    ///
    /// # Errors
    /// Where a TLS file or a header is of no use.
    pub(super) async fn ground(self) -> Result<Arc<Ground>, Failure> {
        let place = self.place;
        let endpoint = self.wire.endpoint(place, self.run_id, self.client).await?;
        let [near, far] = CONNECTIONS;
        let usual = if place.target().is_loopback() {
            near
        } else {
            far
        };
        Ok(Arc::new(Ground {
            endpoint,
            ledger: Arc::clone(self.ledger),
            base_path: place.base_path(),
            bulk: self.capabilities.bulk.filter(|_| !self.one_by_one),
            filters: self.capabilities.filter.is_some(),
            connections: self.connections.unwrap_or(usual),
            ceiling: self.ceiling,
            stop: self.stop,
            witness: witness(self.console),
        }))
    }
}

/// What shows how it goes, on standard error.
fn witness(console: Console) -> Arc<dyn Witness> {
    Arc::new(Shown {
        quiet: console.quiet,
        terminal: std::io::stderr().is_terminal(),
    })
}

struct Shown {
    quiet: bool,
    terminal: bool,
}

impl Witness for Shown {
    fn phase(&self, what: &str) {
        if !self.quiet {
            self.clear();
            say(what);
        }
    }

    fn second(&self, glimpse: &Glimpse) {
        if self.quiet {
            return;
        }
        if self.terminal {
            // Trouble with the terminal is no trouble of the run.
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", shown(glimpse));
        } else if glimpse.at.is_multiple_of(APART) {
            say(&shown(glimpse));
        }
    }
}

impl Shown {
    fn clear(&self) {
        if self.terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if !self.quiet {
            self.clear();
        }
    }
}

fn shown(glimpse: &Glimpse) -> String {
    let left = match glimpse.left {
        Some(left) => format!("{} s left", left.as_secs() + 1),
        None => "nothing moves".to_owned(),
    };
    format!(
        "{:>5} s  {} of {}  {:.0}/s  {} failed  {left}",
        glimpse.at, glimpse.done, glimpse.of, glimpse.rate, glimpse.failed
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn progress_says_how_much_is_left() {
        let glimpse = Glimpse {
            at: 7,
            done: 700,
            of: 1000,
            failed: 2,
            rate: 100.4,
            left: Some(Duration::from_millis(2900)),
        };
        assert_eq!(
            shown(&glimpse),
            "    7 s  700 of 1000  100/s  2 failed  3 s left"
        );
        let stuck = Glimpse {
            left: None,
            ..glimpse
        };
        assert!(shown(&stuck).ends_with("nothing moves"));
    }
}
