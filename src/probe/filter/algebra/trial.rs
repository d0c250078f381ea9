//! Trying a law: what is asked, what the answers select, and where two do not agree.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use super::example::Example;
use super::rule::{PAGES, Rule, TOTAL};
use crate::exchange::Exchange;
use crate::probe::Arena;
use crate::probe::filter::learn::Learned;
use crate::probe::filter::query::Query;
use crate::probe::population::Population;
use crate::probe::property::Trial;
use crate::probe::whole::whole;
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::scim::urn;
use crate::suite::Need;

/// Pages of one walk at most.
const MAX_PAGES: usize = 30;

/// What laws are tried with.
pub(super) struct Bench<'a> {
    pub(super) arena: &'a Arena,
    pub(super) population: &'a Population,
    /// Text in front of every filter.
    pub(super) scope: &'a str,
}

/// How a law failed.
pub(super) struct Wrong {
    pub(super) requirement: &'static str,
    pub(super) tolerance: Option<&'static str>,
    pub(super) expected: String,
    pub(super) actual: String,
    /// A user whom the selections do not agree on.
    pub(super) user: Option<usize>,
    pub(super) exchange: Exchange,
}

/// What a query selects.
struct Selection {
    /// Which of our users.
    users: BTreeSet<usize>,
    total: u64,
    exchange: Exchange,
}

/// What one answer holds.
struct Page {
    total: u64,
    /// How many resources.
    held: usize,
    /// Which of our users.
    users: Vec<usize>,
}

/// Why a law can't be judged by an example, or how it fails.
type Stopped = Box<Trial<Wrong>>;

impl Bench<'_> {
    /// The laws that can be tried on the target.
    pub(super) async fn rules(&self, learned: &Learned) -> Vec<Rule> {
        let mut rules = Rule::logic(learned.or, learned.not);
        rules.push(Rule::CountZero);
        if self.meets("spc.sort") {
            rules.push(Rule::Sorted);
        }
        if self.meets("spc.pagination.index") {
            rules.push(Rule::Pages);
        }
        let answer = self.search(learned.scope.trim_end_matches(" and ")).await;
        if answer.status() == Some(200) {
            rules.push(Rule::Search);
        }
        rules
    }

    fn meets(&self, need: &str) -> bool {
        let need = need.parse::<Need>();
        need.is_ok_and(|need| need.met(&self.arena.capabilities, &BTreeSet::new()).is_ok())
    }

    /// Tries one example.
    pub(super) async fn judge(&self, example: Example) -> Trial<Wrong> {
        if self.arena.is_over() {
            return Trial::Unjudged;
        }
        match self.compared(&example).await {
            Ok(()) => Trial::Held,
            Err(stopped) => *stopped,
        }
    }

    async fn compared(&self, example: &Example) -> Result<(), Stopped> {
        let texts: Vec<String> = example.asked().iter().map(Query::text).collect();
        let mut asked = Vec::new();
        for text in &texts {
            let filter = self.scoped(text);
            let answer = self.whole(&[("filter", &filter), ("count", "100")]).await;
            asked.push(self.selection(answer)?);
        }
        match (example.rule, asked.as_slice(), texts.as_slice()) {
            (Rule::Either, [f, g, joined], [.., text]) => {
                let wanted = f.users.union(&g.users).copied().collect();
                self.same(
                    example,
                    &wanted,
                    joined,
                    &quoted(text),
                    "what either selects",
                )
            }
            (Rule::Both, [f, g, joined], [.., text]) => {
                let wanted = f.users.intersection(&g.users).copied().collect();
                self.same(example, &wanted, joined, &quoted(text), "what both select")
            }
            (_, [one, other], [as_one, text]) => {
                let like = format!("what `{as_one}` selects");
                self.same(example, &one.users, other, &quoted(text), &like)
            }
            (_, [whole], [text]) => self.otherwise(example, whole, text).await,
            _ => Err(Box::new(Trial::Unjudged)),
        }
    }

    /// Asks for the same in another way.
    async fn otherwise(
        &self,
        example: &Example,
        whole: &Selection,
        text: &str,
    ) -> Result<(), Stopped> {
        let filter = self.scoped(text);
        let plain = ("filter", filter.as_str());
        let (answer, told) = match example.rule {
            Rule::Search => (self.search(&filter).await, "by POST"),
            Rule::Sorted => {
                let sorted = [plain, ("sortBy", "userName"), ("count", "100")];
                (self.whole(&sorted).await, "sorted")
            }
            Rule::CountZero => return self.counted(example, whole, text).await,
            _ => return self.walked(example, whole, text).await,
        };
        let other = self.selection(answer)?;
        let like = "what it selects by GET, unsorted";
        let shown = format!("{} {told}", quoted(text));
        self.same(example, &whole.users, &other, &shown, like)
    }

    async fn counted(
        &self,
        example: &Example,
        whole: &Selection,
        text: &str,
    ) -> Result<(), Stopped> {
        let filter = self.scoped(text);
        let answer = self.get(&[("filter", &filter), ("count", "0")]).await;
        let total = self.read(&answer)?.total;
        if total == whole.total {
            return Ok(());
        }
        Err(failed(Wrong {
            requirement: example.rule.requirement(),
            tolerance: None,
            expected: format!("`{text}` with count=0 counts {}", whole.total),
            actual: format!("it counts {total}"),
            user: whole.users.first().copied(),
            exchange: answer,
        }))
    }

    /// Walks in pages, sorted where the target can: unsorted lists have no order to rely on.
    async fn walked(
        &self,
        example: &Example,
        whole: &Selection,
        text: &str,
    ) -> Result<(), Stopped> {
        let filter = self.scoped(text);
        let (page, sorted) = (example.page.to_string(), self.meets("spc.sort"));
        let mut seen: Vec<usize> = Vec::new();
        let mut index = 1;
        for _ in 0..MAX_PAGES {
            let start = index.to_string();
            let mut query = vec![
                ("filter", filter.as_str()),
                ("startIndex", start.as_str()),
                ("count", page.as_str()),
            ];
            if sorted {
                query.push(("sortBy", "userName"));
            }
            let answer = self.get(&query).await;
            let Page { total, held, users } = self.read(&answer)?;
            let wrong = |requirement, expected: String, actual: String, exchange| {
                Err(failed(Wrong {
                    requirement,
                    tolerance: (requirement == PAGES && !sorted).then_some("D23"),
                    expected,
                    actual,
                    user: None,
                    exchange,
                }))
            };
            if total != whole.total {
                let expected = format!("totalResults {} on each page of `{text}`", whole.total);
                return wrong(TOTAL, expected, format!("{total} from {start} on"), answer);
            }
            index += held;
            seen.extend(users);
            if held == 0 || index as u64 > total {
                let found: BTreeSet<usize> = seen.iter().copied().collect();
                if found == whole.users && seen.len() == found.len() {
                    return Ok(());
                }
                let expected = format!(
                    "pages of {page} of `{text}` hold {} once each",
                    self.named(&whole.users)
                );
                let actual = seen.iter().map(|user| self.name(*user));
                let actual = actual.collect::<Vec<_>>().join(", ");
                return wrong(PAGES, expected, format!("they hold {actual}"), answer);
            }
        }
        Err(Box::new(Trial::Unjudged))
    }

    /// Holds a selection to be a set of users.
    fn same(
        &self,
        example: &Example,
        wanted: &BTreeSet<usize>,
        other: &Selection,
        shown: &str,
        like: &str,
    ) -> Result<(), Stopped> {
        if *wanted == other.users {
            return Ok(());
        }
        Err(failed(Wrong {
            requirement: example.rule.requirement(),
            tolerance: None,
            expected: format!("{shown} selects {like}: {}", self.named(wanted)),
            actual: format!("it selects {}", self.named(&other.users)),
            user: wanted.symmetric_difference(&other.users).next().copied(),
            exchange: other.exchange.clone(),
        }))
    }

    /// A whole list, or why there is none.
    fn selection(&self, answer: Exchange) -> Result<Selection, Stopped> {
        let page = self.read(&answer)?;
        if page.total > page.held as u64 {
            return Err(Box::new(Trial::Unjudged));
        }
        Ok(Selection {
            users: page.users.into_iter().collect(),
            total: page.total,
            exchange: answer,
        })
    }

    /// What an answer holds.
    fn read(&self, answer: &Exchange) -> Result<Page, Stopped> {
        if answer.status().is_none() {
            return Err(Box::new(Trial::Broken(answer.said())));
        }
        let list = answer.json().filter(|_| answer.status() == Some(200));
        let list = list.and_then(ListView::read).ok_or_else(unjudged)?;
        let index = |id: &str| {
            let mut users = self.population.users.iter();
            users.position(|user| member(user, "id").and_then(Value::as_str) == Some(id))
        };
        Ok(Page {
            total: list.total_results.ok_or_else(unjudged)?,
            held: list.resources.len(),
            users: list.ids().filter_map(index).collect(),
        })
    }

    fn scoped(&self, text: &str) -> String {
        format!("{}({text})", self.scope)
    }

    async fn get(&self, query: &[(&str, &str)]) -> Exchange {
        let endpoint = &self.population.endpoint;
        self.arena.get("filter", endpoint, query).await
    }

    /// All pages together.
    async fn whole(&self, query: &[(&str, &str)]) -> Exchange {
        let endpoint = &self.population.endpoint;
        self.arena.get_whole("filter", endpoint, query).await
    }

    async fn search(&self, filter: &str) -> Exchange {
        let path = &format!("{}/.search", self.population.endpoint);
        whole(self.arena, |more| async move {
            let mut body =
                json!({"schemas": [urn::SEARCH_REQUEST], "filter": filter, "count": 100});
            for (name, value) in more {
                body[name] = value;
            }
            self.arena.send("search", Method::POST, path, &body).await
        })
        .await
    }

    fn name(&self, user: usize) -> &str {
        let user = self.population.users.get(user);
        let name = user.and_then(|user| member(user, "userName")?.as_str());
        name.unwrap_or_default()
    }

    fn named(&self, users: &BTreeSet<usize>) -> String {
        if users.is_empty() {
            return "nobody".to_owned();
        }
        let names = users.iter().map(|user| self.name(*user));
        names.collect::<Vec<_>>().join(", ")
    }
}

fn quoted(filter: &str) -> String {
    format!("`{filter}`")
}

fn failed(wrong: Wrong) -> Stopped {
    Box::new(Trial::Failed(wrong))
}

fn unjudged() -> Stopped {
    Box::new(Trial::Unjudged)
}
