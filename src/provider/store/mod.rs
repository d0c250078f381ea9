//! The resources of a provider and their indexes.
//!
//! Reads take a lock on one shard; writes are serialised by one lock, checked whole under it, and
//! then made whole. Knows nothing of requests.

mod index;
mod resource;
mod transaction;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use index::Index;

pub(super) use resource::Print;
pub use resource::{Change, Kind, Resource, Rules, Unique};
pub(super) use transaction::Refusal;

use super::text;
use crate::clock::Clock;

const SHARDS: usize = 64;

/// How many deleted ids are remembered.
const GRAVES: usize = 100_000;

type Shard = RwLock<HashMap<Arc<str>, Arc<Resource>>>;
type Order = RwLock<BTreeMap<u64, Arc<str>>>;

/// Attributes with an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Indexed {
    UserName,
    ExternalId,
    DisplayName,
}

impl Indexed {
    const ALL: [Self; 3] = [Self::UserName, Self::ExternalId, Self::DisplayName];

    /// Name of the attribute.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::UserName => "userName",
            Self::ExternalId => "externalId",
            Self::DisplayName => "displayName",
        }
    }

    fn key(self, value: &str) -> std::borrow::Cow<'_, str> {
        text::prepare(value, self == Self::ExternalId)
    }
}

/// The store.
pub(super) struct Store {
    clock: Clock,
    /// Whether members of groups have to exist, and not only not to be deleted.
    members_exist: bool,
    /// Extension and name of further attributes of users that hold unique texts.
    unique: Vec<(String, String)>,
    hasher: RandomState,
    shards: Vec<Shard>,
    orders: [Order; 4],
    indexes: [[Index; 3]; 4],
    /// Groups by the folded id of a direct member.
    groups: Index,
    /// Held by the one writer.
    writer: Mutex<Ledger>,
    memberships: AtomicU64,
}

/// What the writer remembers.
#[derive(Default)]
struct Ledger {
    /// Number of resources ever created.
    sequence: u64,
    /// Number of versions ever given.
    version: u64,
    /// Ids of deleted resources, the latest [`GRAVES`] of them, oldest first.
    deleted: VecDeque<Arc<str>>,
    graves: HashSet<Arc<str>>,
}

impl Ledger {
    fn bury(&mut self, id: &Arc<str>) {
        if self.graves.insert(Arc::clone(id)) {
            self.deleted.push_back(Arc::clone(id));
        }
        if self.deleted.len() > GRAVES
            && let Some(oldest) = self.deleted.pop_front()
        {
            self.graves.remove(&oldest);
        }
    }
}

impl Store {
    /// An empty store.
    pub(super) fn new(clock: Clock, members_exist: bool, unique: Vec<(String, String)>) -> Self {
        let indexes = || [Index::new(), Index::new(), Index::new()];
        Self {
            clock,
            members_exist,
            unique,
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
            orders: std::array::from_fn(|_| Order::default()),
            indexes: std::array::from_fn(|_| indexes()),
            groups: Index::new(),
            writer: Mutex::default(),
            memberships: AtomicU64::new(0),
        }
    }

    /// The resource with this id, of any type.
    pub(super) fn get(&self, id: &str) -> Option<Arc<Resource>> {
        let shard = self
            .shard(id)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        shard.get(id).cloned()
    }

    /// Ids of the resources of a type in the order they were created.
    pub(super) fn ids(&self, kind: Kind) -> Vec<Arc<str>> {
        let order = self
            .order(kind)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        order.values().cloned().collect()
    }

    /// Number of resources of a type, and the ids of a page of them.
    pub(super) fn page(&self, kind: Kind, skip: usize, count: usize) -> (usize, Vec<Arc<str>>) {
        let order = self
            .order(kind)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let ids = order.values().skip(skip).take(count).cloned().collect();
        (order.len(), ids)
    }

    /// The ids of up to `count` resources of a type after (or before) the one with this number, with their
    /// numbers, in the order they were created. No number stands for the beginning.
    pub(super) fn beside(
        &self,
        kind: Kind,
        number: Option<u64>,
        before: bool,
        count: usize,
    ) -> Vec<(u64, Arc<str>)> {
        let order = self
            .order(kind)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let own = |(number, id): (&u64, &Arc<str>)| (*number, Arc::clone(id));
        if before {
            let end = number.map_or(Bound::Unbounded, Bound::Excluded);
            let range = order.range((Bound::Unbounded, end));
            let mut found: Vec<_> = range.rev().take(count).map(own).collect();
            found.reverse();
            return found;
        }
        let start = number.map_or(Bound::Unbounded, Bound::Excluded);
        let range = order.range((start, Bound::Unbounded));
        range.take(count).map(own).collect()
    }

    /// Number of resources of a type.
    pub(super) fn count(&self, kind: Kind) -> usize {
        let order = self.order(kind).read();
        order.unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Resources that may have this value of an indexed attribute.
    pub(super) fn lookup(&self, kind: Kind, indexed: Indexed, value: &str) -> Vec<Arc<Resource>> {
        let ids = self.index(kind, indexed).get(&indexed.key(value));
        ids.iter().filter_map(|id| self.get(id)).collect()
    }

    /// Groups that have this direct member.
    pub(super) fn groups_with(&self, member: &str) -> Vec<Arc<Resource>> {
        let ids = self.groups.get(&text::fold(member));
        ids.iter().filter_map(|id| self.get(id)).collect()
    }

    /// Groups that a resource belongs to, directly (`true`) or through other groups, in the order
    /// they were created.
    pub(super) fn memberships_of(&self, id: &str) -> Vec<(Arc<Resource>, bool)> {
        if self.groups.is_free(&text::fold(id)) {
            return Vec::new();
        }
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        let mut found = Vec::new();
        let mut level = vec![(Arc::<str>::from(id), true)];
        while let Some((member, direct)) = level.pop() {
            for group in self.groups_with(&member) {
                if seen.insert(Arc::clone(&group.id)) {
                    level.insert(0, (Arc::clone(&group.id), false));
                    found.push((group, direct));
                }
            }
        }
        found.sort_by_key(|(group, _)| group.sequence);
        found
    }

    /// Changes with every change of what `User.groups` shows.
    pub(super) fn membership_state(&self) -> u64 {
        self.memberships.load(Ordering::Acquire)
    }

    fn shard(&self, id: &str) -> &Shard {
        let hash = self.hasher.hash_one(id);
        let at = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        self.shards
            .get(at)
            .expect("a remainder is below the number of shards")
    }

    fn order(&self, kind: Kind) -> &Order {
        let [users, groups, devices, apps] = &self.orders;
        match kind {
            Kind::User => users,
            Kind::Group => groups,
            Kind::Device => devices,
            Kind::EndpointApp => apps,
        }
    }

    fn index(&self, kind: Kind, indexed: Indexed) -> &Index {
        let [users, groups, devices, apps] = &self.indexes;
        let [user_name, external_id, display_name] = match kind {
            Kind::User => users,
            Kind::Group => groups,
            Kind::Device => devices,
            Kind::EndpointApp => apps,
        };
        match indexed {
            Indexed::UserName => user_name,
            Indexed::ExternalId => external_id,
            Indexed::DisplayName => display_name,
        }
    }
}
