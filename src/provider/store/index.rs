//! A sharded map from prepared values to ids.
//!
//! Knows nothing of resources.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

const SHARDS: usize = 16;

type Shard = RwLock<HashMap<Box<str>, Vec<Arc<str>>>>;

/// Ids by value; a value can belong to several.
pub(super) struct Index {
    hasher: RandomState,
    shards: Vec<Shard>,
}

impl Index {
    pub(super) fn new() -> Self {
        Self {
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
        }
    }

    /// Ids of this value, in the order they were added.
    pub(super) fn get(&self, value: &str) -> Vec<Arc<str>> {
        let shard = self
            .shard(value)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        shard.get(value).cloned().unwrap_or_default()
    }

    /// Whether the value has no id.
    pub(super) fn is_free(&self, value: &str) -> bool {
        let shard = self
            .shard(value)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        !shard.contains_key(value)
    }

    /// Adds an id, once.
    pub(super) fn add(&self, value: &str, id: &Arc<str>) {
        let mut shard = self
            .shard(value)
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match shard.get_mut(value) {
            Some(ids) if ids.contains(id) => {}
            Some(ids) => ids.push(Arc::clone(id)),
            None => {
                shard.insert(value.into(), vec![Arc::clone(id)]);
            }
        }
    }

    /// Removes an id.
    pub(super) fn remove(&self, value: &str, id: &str) {
        let mut shard = self
            .shard(value)
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(ids) = shard.get_mut(value) {
            ids.retain(|other| **other != *id);
            if ids.is_empty() {
                shard.remove(value);
            }
        }
    }

    fn shard(&self, value: &str) -> &Shard {
        let hash = self.hasher.hash_one(value);
        let at = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        self.shards
            .get(at)
            .expect("a remainder is below the number of shards")
    }
}
