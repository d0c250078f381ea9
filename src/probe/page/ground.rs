//! The users that pages are walked over: in groups of one, two, four and so on, so that any number of them can be
//! asked for.

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::{Value, json};

use super::example::Offer;
use crate::exchange::Exchange;
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::probe::Arena;
use crate::scim::filter::AttributePath;
use crate::scim::list::ListView;
use crate::scim::resource::{get, member};
use crate::scim::urn;
use crate::session::segment;

/// Attributes that can name a group.
const NAMING: [&str; 4] = ["title", "nickName", "userType", "displayName"];

/// Users, as they are told apart.
pub(super) struct Ground<'a> {
    /// What the probe works with.
    pub(super) arena: &'a Arena,
    /// Where users are.
    pub(super) endpoint: String,
    /// The attribute that names the group.
    pub(super) attribute: &'static str,
    /// The users of each group, in the order of their creation: id and family name.
    groups: Vec<Vec<(String, String)>>,
    /// Names of users; each is taken once.
    scope: Mutex<Scope>,
}

/// Why there is none: the words, the exchange that shows it, and whether the target may be so.
pub(super) struct NoGround {
    /// Why.
    pub(super) why: String,
    /// The exchange that shows it, where the target is to blame for nothing.
    pub(super) exchange: Option<Exchange>,
}

impl<'a> Ground<'a> {
    /// Creates users and learns what can be asked of them.
    pub(super) async fn settle(arena: &'a Arena, groups: u32) -> Result<(Self, Offer), NoGround> {
        let schemas = arena.capabilities.schema_set("User");
        let named = NAMING.into_iter().find(|name| {
            let known = schemas.as_ref().and_then(|it| it.attribute(name));
            known.is_some_and(|it| !it.multi_valued)
        });
        let Some(attribute) = named else {
            return Err(NoGround {
                why: "no attribute of users can tell groups of them apart".to_owned(),
                exchange: None,
            });
        };
        let mut ground = Self {
            arena,
            endpoint: arena.endpoint("User"),
            attribute,
            groups: Vec::new(),
            scope: Mutex::new(arena.scope.clone()),
        };
        let mut number = 0;
        for group in 0..groups {
            let mut users = Vec::new();
            for _ in 0..1 << group {
                // Neither the order of creation nor its reverse.
                let family = family(number * 17 % 31);
                number += 1;
                let created = ground.create(&ground.name(group), &family).await;
                let id = created.json().and_then(|body| member(body, "id"));
                match id.and_then(Value::as_str) {
                    Some(id) if created.status() == Some(201) => {
                        users.push((id.to_owned(), family));
                    }
                    _ => {
                        ground.groups.push(users);
                        ground.leave().await;
                        return Err(NoGround {
                            why: format!("set-up: {}", created.said()),
                            exchange: Some(created),
                        });
                    }
                }
            }
            ground.groups.push(users);
        }
        if let Some(window) = arena.window {
            arena.clock.sleep(window).await;
        }
        match ground.learn().await {
            Ok(offer) => Ok((ground, offer)),
            Err(none) => {
                ground.leave().await;
                Err(none)
            }
        }
    }

    /// What the target offers for walks over these users.
    async fn learn(&self) -> Result<Offer, NoGround> {
        let everyone = (1 << self.groups.len()) - 1;
        let one = self.asked(1, false).await;
        if !self.is_exactly(&one, 1) {
            return Err(NoGround {
                why: format!(
                    "the target's `{} eq` does not find the users that have it",
                    self.attribute
                ),
                exchange: None,
            });
        }
        let several = self.is_exactly(&self.asked(3, false).await, 3);
        let search = self.is_exactly(&self.asked(1, true).await, 1);
        let (path, _) = self.path_of_one();
        let shown = self.arena.get("learn", &path, &[]).await;
        let family = AttributePath::new("name", Some("familyName"));
        let kept = shown
            .json()
            .is_some_and(|body| !get(body, &family).is_empty());
        let query = [("sortBy", "name.familyName"), ("count", "1")];
        let sort = self.arena.capabilities.sort
            && kept
            && self
                .arena
                .get("learn", &self.endpoint, &query)
                .await
                .status()
                == Some(200);
        let paging = self.arena.capabilities.pagination;
        Ok(Offer {
            groups: everyone,
            several,
            index: paging.is_none_or(|it| it.index),
            cursor: paging.is_some_and(|it| it.cursor),
            sort,
            search,
        })
    }

    fn path_of_one(&self) -> (String, &str) {
        let one = self.groups.iter().flatten().next();
        let id = one.map_or("", |(id, _)| id.as_str());
        (format!("{}/{}", self.endpoint, segment(id)), id)
    }

    /// The first users of these groups.
    async fn asked(&self, groups: u32, search: bool) -> Exchange {
        self.page(&self.filter(groups), &[("count", json!(40))], search)
            .await
    }

    fn is_exactly(&self, answer: &Exchange, groups: u32) -> bool {
        let list = answer.json().filter(|_| answer.status() == Some(200));
        let mut found: Vec<&str> = list
            .and_then(ListView::read)
            .iter()
            .flat_map(ListView::ids)
            .collect();
        let users = self.users(groups);
        let mut wanted: Vec<&str> = users.iter().map(|(id, _)| id.as_str()).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        found == wanted
    }

    /// A page of what a filter selects.
    pub(super) async fn page(
        &self,
        filter: &str,
        parameters: &[(&str, Value)],
        search: bool,
    ) -> Exchange {
        if search {
            let mut body = json!({"schemas": [urn::SEARCH_REQUEST], "filter": filter});
            for (name, value) in parameters {
                body[*name] = value.clone();
            }
            let path = format!("{}/.search", self.endpoint);
            return self.arena.send("search", Method::POST, &path, &body).await;
        }
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let texts: Vec<(&str, String)> = parameters
            .iter()
            .map(|(name, it)| (*name, text(it)))
            .collect();
        let mut query = vec![("filter", filter)];
        query.extend(texts.iter().map(|(name, it)| (*name, it.as_str())));
        self.arena.get("page", &self.endpoint, &query).await
    }

    /// The filter that selects the users of these groups.
    pub(super) fn filter(&self, groups: u32) -> String {
        let chosen = (0..32).filter(|bit| groups & (1 << bit) != 0);
        let tests = chosen.map(|group| {
            let name = Value::from(self.name(group));
            format!("{} eq {name}", self.attribute)
        });
        tests.collect::<Vec<_>>().join(" or ")
    }

    /// The users of these groups: id and family name.
    pub(super) fn users(&self, groups: u32) -> Vec<&(String, String)> {
        let numbered = self.groups.iter().enumerate();
        let chosen = numbered.filter(|(at, _)| groups & (1 << at) != 0);
        chosen.flat_map(|(_, users)| users).collect()
    }

    fn name(&self, group: u32) -> String {
        format!("{} group {group}", self.arena.marker)
    }

    /// Somebody who belongs to no group.
    pub(super) async fn stranger(&self) -> Exchange {
        let name = format!("{} nobody's group", self.arena.marker);
        self.create(&name, "Nemo").await
    }

    async fn create(&self, group: &str, family: &str) -> Exchange {
        let with = json!({self.attribute: group, "name": {"familyName": family}});
        let change = Change {
            with: Draft::parse(&with).ok(),
            without: Vec::new(),
        };
        let body = {
            let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
            let fixture = Fixture::find("user/minimal");
            fixture.and_then(|it| build(it, &change, &mut scope, self.arena.adaptation()).ok())
        };
        let body = body.unwrap_or_default();
        self.arena
            .send("create", Method::POST, &self.endpoint, &body)
            .await
    }

    /// Deletes a user by id.
    pub(super) async fn delete(&self, id: &str) {
        let path = format!("{}/{}", self.endpoint, segment(id));
        self.arena.delete("delete", &path).await;
    }

    /// Deletes all users.
    pub(super) async fn leave(&self) {
        for (id, _) in self.groups.iter().flatten() {
            self.delete(id).await;
        }
    }
}

/// A family name: letters alone, some capital, since their case does not count.
fn family(number: u32) -> String {
    let letter = |at: u32| char::from(b'a' + u8::try_from(at % 26).unwrap_or_default());
    let name: String = [letter(number / 4), letter(number * 7), letter(number)]
        .iter()
        .collect();
    if number.is_multiple_of(2) {
        name.to_ascii_uppercase()
    } else {
        name
    }
}
