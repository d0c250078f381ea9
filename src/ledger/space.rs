//! Sweeps announced spaces: finds what carries their prefix and is not known by its id, and removes it.
//!
//! Comes after all that is known was removed, since a target shows a part of a list at a time. Touches
//! nothing that does not show the prefix.

use std::collections::BTreeSet;
use std::time::Instant;

use super::book::{Fate, Space};
use super::cleanup::{Leftover, Sweep, rank_of};
use super::find;

impl Sweep<'_> {
    /// Endpoints of announced spaces whose filter finds nothing, although something of ours stands there.
    pub(super) async fn blind(&self) -> BTreeSet<String> {
        let mut blind = BTreeSet::new();
        let standing = self.ledger.standing();
        for space in self.ledger.spaces() {
            let endpoint = &space.endpoint;
            let is_live = |(at, id): &(String, String)| {
                at == endpoint && self.ledger.fate(at, id) == Some(Fate::Live)
            };
            if standing.iter().any(is_live)
                && Instant::now() < self.until
                && find::is_blind(self.session, endpoint, &space.prefix).await
            {
                blind.insert(space.endpoint);
            }
        }
        blind
    }

    /// Removes what stands in announced spaces, until nothing more is found, and says where that
    /// can't be told.
    pub(super) async fn spaces(&self, blind: &BTreeSet<String>) -> Vec<Leftover> {
        let mut spaces = self.ledger.spaces();
        spaces.sort_by_key(|space| rank_of(&space.endpoint));
        let mut leftover = Vec::new();
        for space in spaces {
            match self.space(&space, blind.contains(&space.endpoint)).await {
                None => self.ledger.swept(&space),
                Some(reason) => leftover.push(Leftover {
                    resource: format!("{} {}*", space.endpoint, space.prefix),
                    reason,
                }),
            }
        }
        leftover
    }

    /// Sweeps one: why it may not be empty.
    async fn space(&self, space: &Space, doubted: bool) -> Option<String> {
        let (endpoint, prefix) = (&space.endpoint, &space.prefix);
        loop {
            if Instant::now() >= self.until {
                return Some("there was no time left to sweep it".to_owned());
            }
            let haul = find::by_prefix(self.session, endpoint, prefix, doubted, self.until).await;
            let mut new = haul.ids;
            new.retain(|id| self.ledger.fate(endpoint, id).is_none());
            if new.is_empty() {
                return haul.trouble;
            }
            self.ledger.own(endpoint, new.clone());
            let keys = new.into_iter().map(|id| (endpoint.clone(), id));
            self.each(keys.collect(), |(endpoint, id)| self.remove(endpoint, id))
                .await;
        }
    }
}
