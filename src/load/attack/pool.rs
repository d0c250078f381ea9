//! Resources that are there before the first request: created once, drawn by users again and again.

use std::collections::HashSet;
use std::hash::Hasher as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::exchange::Exchange;
use crate::ledger::Ledger;
use crate::load::limit::Limit;
use crate::load::portion::Portion;
use crate::load::program::{Kit, PARTS};
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::record::load::Shard;
use crate::session::{Auth, Call, Content, Intent, Session, Via};
use crate::suite::Kind;
use crate::suite::load;

/// Creations at the same time.
const JOBS: usize = 16;

/// Ids in one line of the journal.
const BLOCK: usize = 100;

/// Draws before a resource that is in use is taken all the same.
const DRAWS: usize = 16;

/// A resource of the pool.
#[derive(Debug)]
pub(super) struct Member {
    /// Its parts, in the order of [`PARTS`]; the body is kept only where somebody asks for it.
    pub(super) parts: Vec<Option<Value>>,
    /// Whether a user works with it just now.
    busy: AtomicBool,
}

/// Resources that are there already, in place of such as are created: their parts, in the order of [`PARTS`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stock {
    users: Vec<Vec<Option<Value>>>,
    groups: Vec<Vec<Option<Value>>>,
}

impl Stock {
    /// Adds a user, of which so much is known.
    pub fn user(&mut self, id: &str, name: &str) {
        self.users.push(known(&[("id", id), ("userName", name)]));
    }

    /// Adds a group, of which so much is known.
    pub fn group(&mut self, id: &str, name: Option<&str>) {
        let name = name.map(|name| ("displayName", name));
        let parts: Vec<_> = [("id", id)].into_iter().chain(name).collect();
        self.groups.push(known(&parts));
    }

    /// Ids and names of so many users from the first on.
    pub fn users(&self, most: usize) -> impl Iterator<Item = (&str, &str)> {
        self.users.iter().take(most).filter_map(|user| {
            let mut parts = user
                .iter()
                .map(|part| part.as_ref().and_then(Value::as_str));
            Some((parts.next()??, parts.next()??))
        })
    }

    /// Leaves out the users with these ids.
    pub fn without_users(&mut self, ids: &HashSet<String>) {
        self.users.retain(|user| {
            let id = user.first().and_then(Option::as_ref);
            !id.and_then(Value::as_str)
                .is_some_and(|id| ids.contains(id))
        });
    }

    /// How many users and groups there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.users.len(), self.groups.len())
    }

    /// A shard's own part of it, which it shares with no other; all of a kind, where there are fewer of it than shards.
    #[must_use]
    pub fn among(self, shard: Shard) -> Self {
        let portion = Portion::of(Some(shard));
        Self {
            users: share(self.users, portion),
            groups: share(self.groups, portion),
        }
    }

    /// A digest of it, which is the same for the same resources in the same order.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hasher = SipHasher13::new();
        for (mark, all) in [(b'u', &self.users), (b'g', &self.groups)] {
            for one in all {
                hasher.write_u8(mark);
                hasher.write(Value::from(one.clone()).to_string().as_bytes());
            }
        }
        format!("{:032x}", u128::from(hasher.finish128()))
    }
}

fn share<T>(all: Vec<T>, portion: Portion) -> Vec<T> {
    if all.len() < portion.shards() {
        return all;
    }
    let (first, shards) = (portion.number(0), portion.shards());
    all.into_iter().skip(first).step_by(shards).collect()
}

fn known(parts: &[(&str, &str)]) -> Vec<Option<Value>> {
    let value = |name: &&str| {
        let part = parts.iter().find(|(part, _)| part == name);
        part.map(|(_, value)| Value::from(*value))
    };
    PARTS.iter().map(value).collect()
}

/// The pool of an attack.
#[derive(Debug, Default)]
pub(super) struct Pool {
    users: RwLock<Vec<Arc<Member>>>,
    groups: RwLock<Vec<Arc<Member>>>,
}

/// What the pool is filled with.
#[derive(Clone, Copy)]
pub(super) struct Filling<'a> {
    pub(super) session: &'a dyn Session,
    pub(super) ledger: &'a Ledger,
    /// The ceiling on what is sent, beside what the session has of its own.
    pub(super) limit: Option<&'a Limit>,
    pub(super) kit: &'a Kit<'a>,
    /// Which of the resources are this shard's.
    pub(super) portion: Portion,
    /// Says whether nothing new may be sent.
    pub(super) stopped: &'a (dyn Fn() -> bool + Sync),
}

impl Pool {
    /// A pool of resources that are there already.
    pub(super) fn of_stock(stock: Stock) -> Self {
        let members = |all: Vec<Vec<Option<Value>>>| {
            let member = |parts| {
                Arc::new(Member {
                    parts,
                    busy: AtomicBool::new(false),
                })
            };
            RwLock::new(all.into_iter().map(member).collect())
        };
        Self {
            users: members(stock.users),
            groups: members(stock.groups),
        }
    }

    /// Creates the resources that a profile asks for: of several shards each has its part, and as many users as a
    /// group has members.
    ///
    /// # Errors
    /// Where one can't be created.
    pub(super) async fn fill(
        &self,
        wanted: load::Pool,
        filling: Filling<'_>,
    ) -> Result<(), String> {
        let share = |of: usize| filling.portion.share(of).max(of.min(1));
        let users = share(wanted.users).max(wanted.members.min(wanted.users));
        self.users_up_to(users, filling).await?;
        let ids = self.ids(wanted.members);
        let ids: Vec<Value> = ids.into_iter().map(|id| json!({ "value": id })).collect();
        let members = Some(Value::Array(ids)).filter(|_| wanted.members > 0);
        let made = filling
            .make(Kind::Group, 0..share(wanted.groups), members.as_ref())
            .await?;
        *self.groups.write().unwrap_or_else(PoisonError::into_inner) = made;
        Ok(())
    }

    /// Creates users until there are so many.
    ///
    /// # Errors
    /// Where one can't be created.
    pub(super) async fn users_up_to(
        &self,
        wanted: usize,
        filling: Filling<'_>,
    ) -> Result<(), String> {
        let there = self.of(Kind::User).len();
        let made = filling
            .make(Kind::User, there..wanted.max(there), None)
            .await?;
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        users.extend(made);
        Ok(())
    }

    /// The ids of so many users.
    pub(super) fn ids(&self, number: usize) -> Vec<Value> {
        let users = self.of(Kind::User);
        let ids = users
            .iter()
            .take(number)
            .filter_map(|one| one.parts.first());
        ids.filter_map(Clone::clone).collect()
    }

    /// Whether there is one of a kind.
    pub(super) fn has(&self, kind: Kind) -> bool {
        !self.of(kind).is_empty()
    }

    /// A resource of a kind, if possible one that nobody works with; it has to be given back.
    pub(super) fn draw(&self, kind: Kind, mut random: impl FnMut() -> u64) -> Option<Arc<Member>> {
        let all = self.of(kind);
        let mut pick = || {
            let at = random() % (all.len().max(1) as u64);
            all.get(usize::try_from(at).unwrap_or(0))
        };
        for _ in 0..DRAWS {
            let one = pick()?;
            if !one.busy.swap(true, Ordering::AcqRel) {
                return Some(Arc::clone(one));
            }
        }
        pick().map(Arc::clone)
    }

    fn of(&self, kind: Kind) -> std::sync::RwLockReadGuard<'_, Vec<Arc<Member>>> {
        let of = match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        };
        of.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member {
    /// Nobody works with it any more.
    pub(super) fn give_back(&self) {
        self.busy.store(false, Ordering::Release);
    }
}

impl Filling<'_> {
    async fn make(
        self,
        kind: Kind,
        numbers: std::ops::Range<usize>,
        members: Option<&Value>,
    ) -> Result<Vec<Arc<Member>>, String> {
        let endpoint = self.endpoint(kind);
        let mut made = Vec::with_capacity(numbers.len());
        let mut block = Vec::new();
        let mut creations = futures_util::stream::iter(numbers)
            .take_while(|_| std::future::ready(!(self.stopped)()))
            .map(|number| self.one(kind, number, members))
            .buffer_unordered(JOBS);
        let mut trouble = None;
        while let Some(created) = creations.next().await {
            match created {
                Ok(member) => {
                    let id = member.parts.first().and_then(|id| id.as_ref()?.as_str());
                    block.extend(id.map(str::to_owned));
                    made.push(Arc::new(member));
                }
                Err(why) => {
                    trouble = Some(why);
                    break;
                }
            }
            if block.len() >= BLOCK {
                self.ledger.own(&endpoint, std::mem::take(&mut block));
            }
        }
        // What is under way is waited for, so that its id is known.
        if trouble.is_some() {
            while let Some(created) = creations.next().await {
                let id = created.ok().and_then(|it| it.parts.into_iter().next()?);
                block.extend(id.as_ref().and_then(Value::as_str).map(str::to_owned));
            }
        }
        self.ledger.own(&endpoint, block);
        trouble.map_or(Ok(made), Err)
    }

    async fn one(
        self,
        kind: Kind,
        number: usize,
        members: Option<&Value>,
    ) -> Result<Member, String> {
        let resource = kind.resource_type();
        let name = resource.to_ascii_lowercase();
        let case = format!("pool.{name}.{}", self.portion.number(number));
        let mut scope = Scope::new(
            self.kit.marker,
            &case,
            self.kit.overlay.domain(),
            self.kit.seed,
            crate::clock::Clock::System,
            Arc::clone(self.kit.vault),
        );
        let fixture = Fixture::find(kind.fixture()).ok_or("a fixture is missing")?;
        let with = members.map(|members| Draft::parse(&json!({ "members": members })));
        let change = Change {
            with: with.and_then(Result::ok),
            without: Vec::new(),
        };
        let body = build(fixture, &change, &mut scope, self.kit.adaptation());
        let body = body.map_err(|missing| missing.to_string())?;
        let endpoint = self.endpoint(kind);
        let call = Call {
            case: "load".to_owned(),
            step: "pool".to_owned(),
            method: http::Method::POST,
            path: endpoint.clone(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Some(Content {
                media_type: "application/scim+json".to_owned(),
                bytes: body.to_string().into_bytes().into(),
            }),
            auth: Auth::Main,
            intent: Intent::Create {
                endpoint,
                marker: self.kit.marker.as_str().to_owned(),
            },
            via: Via::default(),
        };
        if let Some(limit) = self.limit {
            tokio::time::sleep(limit.wait(Instant::now())).await;
        }
        let exchange = self.session.send(call).await;
        let json = exchange.json().filter(|_| {
            let status = exchange.status();
            status.is_some_and(|status| (200..300).contains(&status))
        });
        let Some(json) = json.filter(|json| json.get("id").is_some_and(Value::is_string)) else {
            return Err(exchange.said());
        };
        Ok(Member {
            parts: parts(&exchange, json, number < KEPT),
            busy: AtomicBool::new(false),
        })
    }

    fn endpoint(&self, kind: Kind) -> String {
        let name = kind.resource_type();
        let known = self.kit.capabilities.resource_type(name);
        known.map_or_else(|| format!("/{name}s"), |kind| kind.endpoint.clone())
    }
}

/// The parts of a resource that was created.
fn parts(exchange: &Exchange, json: &Value, with_body: bool) -> Vec<Option<Value>> {
    let header = |name| exchange.response.as_ref()?.header(name).map(Value::from);
    let parts = PARTS.iter().map(|part| match *part {
        "etag" => header("etag"),
        "location" => json.pointer("/meta/location").cloned(),
        "body" => Some(json.clone()).filter(|_| with_body),
        name => json.get(name).cloned(),
    });
    parts.collect()
}

/// Bodies that are kept: of a large pool, those of the first.
const KEPT: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_draw_from_parts_that_are_all_together_once() {
        let mut stock = Stock::default();
        for n in 0..11 {
            stock.user(&format!("u{n}"), &format!("user {n}"));
        }
        stock.group("g0", None);
        let of = 4;
        let parts: Vec<Stock> = (0..of)
            .map(|index| stock.clone().among(Shard { index, of }))
            .collect();
        assert!(parts.iter().all(|part| (2..=3).contains(&part.users.len())));
        let mut all: Vec<String> = parts
            .iter()
            .flat_map(|part| &part.users)
            .map(|user| user[0].as_ref().unwrap().to_string())
            .collect();
        all.sort_unstable();
        let mut once = all.clone();
        once.dedup();
        assert_eq!((all.len(), once.len()), (11, 11));
        // Fewer than shards: all have them, and only read them.
        assert!(parts.iter().all(|part| part.groups == stock.groups));
        assert_eq!(stock.clone().among(Shard { index: 0, of: 1 }), stock);
        assert_ne!(stock.digest(), parts[0].digest());
    }
}
