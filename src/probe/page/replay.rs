//! A walk that shows something else than it should, as a scenario: its users, and the walk or one page of it.

use serde_json::{Value, json};

use super::example::Walk;
use super::ground::Ground;
use super::walk;
use super::wrong::{Kind, Wrong};
use crate::probe::Replay;
use crate::scim::capabilities::PagingMethod;
use crate::scim::urn;
use crate::suite::write::{Expected, Given, Query, Step};

/// Most users that a scenario makes.
const MOST: usize = 15;

/// The scenario; none for what others do meanwhile, and for what is graded by a reading that a scenario does not have.
pub(super) fn replay(ground: &Ground<'_>, walk: &Walk, wrong: &Wrong) -> Option<Replay> {
    let users = ground.users(walk.groups);
    if walk.busy || wrong.tolerance.is_some() || users.len() > MOST {
        return None;
    }
    let telling = Telling {
        ground,
        walk,
        wrong,
    };
    let step = telling.step()?;
    let mut needs = vec!["rt.User".to_owned(), "spc.filter".to_owned()];
    if walk.method == PagingMethod::Cursor {
        needs.push("spc.pagination.cursor".to_owned());
    }
    if walk.sorted.is_some() {
        needs.push("spc.sort".to_owned());
    }
    Some(Replay {
        requirement: wrong.requirement,
        title: format!(
            "Each match is on one of the pages: {}",
            walk::word(ground, walk)
        ),
        needs,
        given: telling.given(),
        steps: vec![step],
    })
}

/// A walk that is told.
struct Telling<'a> {
    ground: &'a Ground<'a>,
    walk: &'a Walk,
    wrong: &'a Wrong,
}

impl Telling<'_> {
    /// The users, in the order in which they were made.
    fn given(&self) -> Vec<Given> {
        let groups = (0..32_u32).filter(|bit| self.walk.groups & (1 << bit) != 0);
        let users = groups.flat_map(|group| {
            let own = self.ground.users(1 << group).into_iter();
            own.map(move |(_, family)| (group, family))
        });
        let given = users.enumerate().map(|(at, (group, family))| Given {
            kind: "user",
            name: format!("u{}", at + 1),
            with: vec![
                (self.ground.attribute.to_owned(), json!(group_name(group))),
                ("name".to_owned(), json!({"familyName": family})),
            ],
        });
        given.collect()
    }

    fn step(&self) -> Option<Step> {
        let down = self.walk.sorted;
        match self.wrong.kind {
            Kind::Twice => self.whole(("pages", json!({"no_duplicates": true}))),
            Kind::Missing => self.whole(("list", json!({"contains": self.ids(None)}))),
            Kind::Order if self.walk.start == 1 => {
                self.whole(("list", json!({"ordered": self.ids(down)})))
            }
            Kind::Order => {
                let skipped = usize::try_from(self.walk.start - 1).ok()?;
                let first = self.ids(down).into_iter().nth(skipped)?;
                self.page(self.walk.start, ("body", json!({"/Resources/0/id": first})))
            }
            Kind::Page { at, key } => {
                let number: u64 = self.wrong.expected.parse().ok()?;
                let wanted = match key {
                    "count" => json!({"at_most": number}),
                    _ => json!(number),
                };
                self.page(at, ("list", json!({ key: wanted })))
            }
            Kind::Trouble => None,
        }
    }

    /// The ids of the users; sorted where it is said how.
    fn ids(&self, down: Option<bool>) -> Vec<String> {
        let users = self.ground.users(self.walk.groups);
        let mut all: Vec<(String, usize)> = users
            .iter()
            .enumerate()
            .map(|(at, (_, family))| (family.to_lowercase(), at + 1))
            .collect();
        match down {
            None => {}
            Some(false) => all.sort(),
            Some(true) => all.sort_by(|a, b| b.cmp(a)),
        }
        let ids = all
            .into_iter()
            .map(|(_, number)| format!("{{{{u{number}.id}}}}"));
        ids.collect()
    }

    fn filter(&self) -> String {
        let chosen = (0..32_u32).filter(|bit| self.walk.groups & (1 << bit) != 0);
        let attribute = self.ground.attribute;
        let tests = chosen.map(|group| format!("{attribute} eq \"{}\"", group_name(group)));
        tests.collect::<Vec<_>>().join(" or ")
    }

    /// The walk as a whole, from the first.
    fn whole(&self, expect: (&'static str, Value)) -> Option<Step> {
        let count = self.walk.count.filter(|_| self.walk.start == 1)?;
        let key = match self.walk.method {
            PagingMethod::Index => "count",
            PagingMethod::Cursor => "cursor",
        };
        let step = self.asked(Vec::new(), "walk", expect);
        Some(Step {
            pages: Some((key, count)),
            ..step
        })
    }

    /// One page; by cursor the first alone.
    fn page(&self, at: u64, expect: (&'static str, Value)) -> Option<Step> {
        let place = match self.walk.method {
            PagingMethod::Index => ("startIndex", json!(at)),
            PagingMethod::Cursor if at == 1 => ("cursor", json!("")),
            PagingMethod::Cursor => return None,
        };
        let mut parameters = vec![place];
        if let Some(count) = self.walk.count {
            parameters.push(("count", json!(count)));
        }
        let verb = if self.walk.search { "post" } else { "get" };
        Some(self.asked(parameters, verb, expect))
    }

    fn asked(
        &self,
        mut parameters: Vec<(&'static str, Value)>,
        verb: &str,
        (check, argument): (&'static str, Value),
    ) -> Step {
        if let Some(down) = self.walk.sorted {
            let order = if down { "descending" } else { "ascending" };
            parameters.extend([
                ("sortBy", json!("name.familyName")),
                ("sortOrder", json!(order)),
            ]);
        }
        let endpoint = &self.ground.endpoint;
        let expected: Expected = (check, argument, self.wrong.requirement);
        let step = Step {
            name: "pages".to_owned(),
            verb: verb.to_owned(),
            expect: vec![expected],
            ..Step::default()
        };
        if self.walk.search {
            let mut body = json!({"schemas": [urn::SEARCH_REQUEST], "filter": self.filter()});
            for (name, value) in parameters {
                body[name] = value;
            }
            return Step {
                path: format!("{endpoint}/.search"),
                body: Some(body),
                ..step
            };
        }
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let mut pairs = vec![("filter".to_owned(), self.filter())];
        let rest = parameters.iter();
        pairs.extend(rest.map(|(name, value)| ((*name).to_owned(), text(value))));
        Step {
            path: endpoint.clone(),
            query: Query::Pairs(pairs),
            ..step
        }
    }
}

/// What names a group of users in the scenario.
fn group_name(group: u32) -> String {
    format!("{{{{run}}}}-{{{{case}}}} group {group}")
}
