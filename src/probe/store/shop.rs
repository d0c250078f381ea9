//! What all sequences share: benches of users and groups, and what the target was seen to do.

use serde_json::{Map, Value, json};

use super::draw::Means;
use super::model::groups;
use crate::exchange::Exchange;
use crate::probe::Arena;
use crate::probe::bench::{Bench, shown};
use crate::probe::patch::{Place, places};
use crate::scim::resource::member;

/// What all sequences share.
pub(super) struct Shop<'a> {
    pub(super) users: Bench<'a>,
    pub(super) groups: Option<Bench<'a>>,
    /// What users keep as it was sent.
    pub(super) places: Vec<Place>,
    /// A user with nothing beside its name.
    pub(super) bare: Value,
    /// What may be drawn.
    pub(super) means: Means,
    /// Users show their groups.
    pub(super) shows_groups: bool,
}

/// Why there is none: in words, and the exchange that shows it.
pub(super) type Trouble = (String, Option<Exchange>);

impl<'a> Shop<'a> {
    /// Learns what the target keeps and shows.
    pub(super) async fn open(arena: &'a Arena) -> Result<Self, Trouble> {
        let no_schema = || ("the target has no schema of users".to_owned(), None);
        let users = Bench::new(arena).ok_or_else(no_schema)?;
        let places = users.learn(places(&users.schemas)).await?;
        let created = users.create(&Map::new()).await;
        let bare = users.read(&created).await;
        let Some(bare) = shown(&bare).cloned() else {
            users.delete(&created).await;
            return Err((format!("set-up: {}", bare.said()), Some(bare)));
        };
        let groups = Bench::of(arena, "Group");
        let shows_groups = match &groups {
            Some(groups) => shows_groups(&users, groups, &created, &bare).await,
            None => Some(false),
        };
        users.delete(&created).await;
        let means = Means {
            // Groups that can't be made are none.
            groups: groups.is_some() && shows_groups.is_some(),
            patch: arena.capabilities.patch,
            bulk: arena
                .capabilities
                .bulk
                .is_some_and(|bulk| bulk.max_operations == 0 || bulk.max_operations >= 4),
            filter: arena.capabilities.filter.is_some(),
        };
        Ok(Self {
            users,
            groups: groups.filter(|_| means.groups),
            places,
            bare,
            means,
            shows_groups: shows_groups.unwrap_or_default(),
        })
    }
}

/// Whether a member of a group shows it; none where there is no making a group with a member.
async fn shows_groups(
    users: &Bench<'_>,
    groups: &Bench<'_>,
    created: &Exchange,
    user: &Value,
) -> Option<bool> {
    let id = member(user, "id")?.clone();
    let with = Map::from_iter([("members".to_owned(), json!([{"value": id}]))]);
    let group = groups.create(&with).await;
    groups.settle().await;
    let looked = groups.read(&group).await;
    let kept = shown(&looked).is_some_and(|group| super::model::members(group).next().is_some());
    let user = users.read(created).await;
    groups.delete(&group).await;
    kept.then(|| shown(&user).is_some_and(|user| !self::groups(user).is_empty()))
}
