//! Removes what a manifest says is there, batch by batch. What can't be removed stays in the manifest,
//! for the ordinary clean-up, which says why.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;

use super::bulk::{self, Batch, Size, Whole};
use super::labour::{Break, Ground, Labour};
use super::sow::Halted;
use crate::load::wire::{Connection, Request};
use crate::session::segment;

/// Resources that a worker takes at once.
const BLOCK: usize = 500;

/// Removes everything that stands in the manifest: groups, then whatever else, users last.
///
/// # Errors
/// Why it ended early.
pub async fn reap(ground: &Arc<Ground>) -> Result<(), Halted> {
    let rank = |endpoint: &str| {
        let endpoint = endpoint.to_ascii_lowercase();
        u8::from(!endpoint.contains("group")) + u8::from(endpoint.ends_with("/users"))
    };
    let standing = ground.ledger.standing();
    for now in 0..3 {
        let some = standing.iter().filter(|(it, _)| rank(it) == now);
        let mut by_endpoint = std::collections::BTreeMap::<&str, Vec<&str>>::new();
        for (endpoint, id) in some {
            by_endpoint.entry(endpoint).or_default().push(id);
        }
        for (endpoint, ids) in by_endpoint {
            let what = format!("removing {} of {endpoint}", ids.len());
            ground.witness.phase(&what);
            phase(ground, endpoint, &ids).await?;
        }
    }
    Ok(())
}

struct Phase {
    labour: Labour,
    endpoint: String,
    size: Size,
    blocks: Mutex<VecDeque<Vec<String>>>,
}

async fn phase(ground: &Arc<Ground>, endpoint: &str, ids: &[&str]) -> Result<(), Halted> {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let phase = Arc::new(Phase {
        labour: Labour::new(ground, ids.len() as u64),
        endpoint: endpoint.to_owned(),
        size: Size::of(ground.bulk),
        blocks: Mutex::new(ids.chunks(BLOCK).map(owned).collect()),
    });
    let work = || Arc::clone(&phase).work();
    phase.labour.share(work).await;
    phase.labour.close().2.map_or(Ok(()), Err)
}

impl Phase {
    async fn work(self: Arc<Self>) {
        let mut connection = self.labour.ground.endpoint.connection();
        while let Some(block) = self.next() {
            if let Err(why) = self.remove(&mut connection, &block).await {
                self.labour.ended(why);
                return;
            }
        }
    }

    fn next(&self) -> Option<Vec<String>> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.pop_front()
    }

    fn path(&self, id: &str) -> String {
        format!("{}/{}", self.endpoint, segment(id))
    }

    async fn remove(&self, connection: &mut Connection, ids: &[String]) -> Result<(), Break> {
        let mut rest = ids;
        while !rest.is_empty() {
            self.labour.go_on()?;
            let mut batch = Batch::new(&self.size);
            if self.size.operations().is_some() {
                let _ = rest
                    .iter()
                    .take_while(|id| batch.remove(&self.path(id)))
                    .count();
            }
            let count = batch.count.max(1);
            let (now, later) = rest.split_at(count);
            let gone = match batch.request(&self.labour.ground.base_path) {
                None => self.one(connection, now).await?,
                Some(request) => {
                    match bulk::send(&self.labour, connection, &self.size, &request, count).await? {
                        Whole::Smaller => continue,
                        Whole::Lost(_) => Vec::new(),
                        Whole::Done(all) => self.gone(now, &all),
                    }
                }
            };
            self.labour.ground.ledger.removed(&self.endpoint, &gone)?;
            self.labour.done(gone.len() as u64);
            for _ in gone.len()..now.len() {
                self.labour.refused("DELETE was refused".to_owned())?;
            }
            rest = later;
        }
        Ok(())
    }

    /// Removes one by a request of its own.
    async fn one(&self, connection: &mut Connection, ids: &[String]) -> Result<Vec<String>, Break> {
        let mut gone = Vec::new();
        for id in ids {
            let path = format!("{}{}", self.labour.ground.base_path, self.path(id));
            let Ok(request) = Request::new(Method::DELETE, path) else {
                continue;
            };
            let answer = self.labour.send(connection, &request).await?;
            if answer.is_ok_and(|answer| is_gone(answer.status)) {
                gone.push(id.clone());
            }
        }
        Ok(gone)
    }

    /// Those that are gone, by the results of a bulk request: in the order of the request, where a
    /// result does not say which resource it is of.
    fn gone(&self, ids: &[String], all: &[bulk::Operation]) -> Vec<String> {
        let said: Vec<Option<String>> = all.iter().map(|it| it.id(&self.endpoint)).collect();
        let ordered = all.len() == ids.len();
        let of = |at: usize| match said.get(at) {
            Some(Some(id)) => ids.iter().position(|it| it == id),
            _ => ordered.then_some(at),
        };
        let results = all.iter().enumerate();
        results
            .filter(|(_, it)| is_gone(it.status))
            .filter_map(|(at, _)| ids.get(of(at)?).cloned())
            .collect()
    }
}

fn is_gone(status: u16) -> bool {
    matches!(status, 200..=299 | 404 | 410)
}
