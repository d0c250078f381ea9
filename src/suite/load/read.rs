//! From a profile file to a [`LoadProfile`], or to everything that is wrong with it.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::super::diagnostic::{Diagnostic, position};
use super::super::near;
use super::super::tree::{self, Node};
use super::key;
use super::model::{Cost, Given, LoadProfile, Model, Pool, Share, Throttled};
use super::reader::Reader;
use super::threshold::Threshold;

/// What a profile is read against.
pub(in crate::suite) struct Known<'a> {
    /// Ids of all cases.
    pub(in crate::suite) cases: Vec<&'a str>,
    /// What of a case can't be done under load: what it is, and where.
    pub(in crate::suite) unfit: &'a dyn Fn(&str) -> Option<(String, String)>,
}

/// Reads one file. `name` is that of the file without its ending.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub(in crate::suite) fn read(
    file: &str,
    name: &str,
    source: &Arc<str>,
    known: &Known<'_>,
) -> Result<LoadProfile, Vec<Diagnostic>> {
    let node = tree::parse(file, source).map_err(|found| vec![*found])?;
    let mut reader = Reader {
        file,
        source,
        known,
        found: Vec::new(),
    };
    let profile = reader.profile(&node, name);
    let mut found = reader.found;
    found.sort_by_key(|found| found.span.start);
    found.dedup();
    match profile {
        Some(profile) if found.is_empty() => Ok(profile),
        _ => Err(found),
    }
}

impl Reader<'_> {
    fn profile(&mut self, node: &Node, name: &str) -> Option<LoadProfile> {
        self.map(node, "a load profile", key::TOP)?;
        let start = node.span.start..node.span.start;
        for required in ["name", "title", "model", "duration"] {
            if node.get(required).is_none() {
                self.wrong(&start, format!("`{required}` is missing"), None);
            }
        }
        if let Some(at) = node.get("name")
            && let Some(written) = self.text(at, "`name`")
            && written != name
        {
            let help = format!("the file makes it `{name}`");
            let message = format!("the name `{written}` is not that of the file");
            self.wrong(&at.span, message, Some(help));
        }
        let title = node.get("title").and_then(|it| self.text(it, "`title`"));
        let description = node
            .get("description")
            .and_then(|it| self.text(it, "`description`"));
        let model = node.get("model").and_then(|it| self.model(it));
        let connections = self.number(node, "connections", 1..=key::MOST);
        let warm_up = self.time(node, "warm-up").unwrap_or_default();
        let length = self.time(node, "duration");
        if let (Some(at), Some(Duration::ZERO)) = (node.get("duration"), length) {
            self.wrong(&at.span, "`duration` is no time at all", None);
        }
        let pool = node.get("pool").map(|it| self.pool(it)).unwrap_or_default();
        let (mix, in_order) = self.shares(node, &start);
        let cost = node.get("cost").and_then(|it| self.cost(it));
        let thresholds = self.thresholds(node);
        let throttled = match self.word(node, "throttled", key::THROTTLED) {
            Some("obey") => Throttled::Obey,
            _ => Throttled::Count,
        };
        Some(LoadProfile {
            name: name.to_owned(),
            title: title?.to_owned(),
            description: description.map(str::to_owned),
            file: self.file.to_owned(),
            model: model?,
            connections: connections.unwrap_or(DEFAULT_CONNECTIONS),
            warm_up,
            duration: length?,
            pool,
            mix,
            in_order,
            thresholds,
            throttled,
            cost,
        })
    }

    fn model(&mut self, node: &Node) -> Option<Model> {
        let members = self.map(node, "`model`", key::MODEL)?;
        let [(kind, inner)] = members else {
            let help = Some("it has one of `closed` or `open`".to_owned());
            self.wrong(&node.span, "`model` has one member", help);
            return None;
        };
        if kind.name == "open" {
            return self.arrival(inner).map(Model::Open);
        }
        self.map(inner, "`closed`", key::CLOSED)?;
        if inner.get("users").is_none() {
            self.wrong(&kind.span, "`users` is missing", None);
        }
        Some(Model::Closed {
            users: self.number(inner, "users", 1..=key::MOST)?,
            ramp: self.time(inner, "ramp").unwrap_or_default(),
            think: self.time(inner, "think").unwrap_or_default(),
        })
    }

    fn pool(&mut self, node: &Node) -> Pool {
        if self.map(node, "`pool`", key::POOL).is_none() {
            return Pool::default();
        }
        let mut number = |name| self.number(node, name, 0..=key::MOST).unwrap_or(0);
        let pool = Pool {
            users: number("users"),
            groups: number("groups"),
            members: number("members"),
        };
        if let Some(at) = node.get("members").filter(|_| pool.members > pool.users) {
            let message = format!(
                "groups of {} members out of {} users",
                pool.members, pool.users
            );
            self.wrong(&at.span, message, None);
        }
        pool
    }

    fn shares(&mut self, node: &Node, start: &Range<usize>) -> (Vec<Share>, bool) {
        let (list, in_order) = match (node.get("mix"), node.get("cycle")) {
            (Some(mix), None) => (mix, false),
            (None, Some(cycle)) => (cycle, true),
            (Some(_), Some(cycle)) => {
                self.wrong(&cycle.span, "there is a `mix` already", None);
                (cycle, true)
            }
            (None, None) => {
                let help = "by weight: `mix: [{ scenario: load.match, weight: 3 }]`; in turn: `cycle: [load.match]`";
                self.wrong(
                    start,
                    "neither `mix` nor `cycle` is there",
                    Some(help.to_owned()),
                );
                return (Vec::new(), false);
            }
        };
        let Some(items) = list.items() else {
            let message = format!(
                "a list of scenarios is expected, this is {}",
                list.described()
            );
            self.wrong(&list.span, message, None);
            return (Vec::new(), in_order);
        };
        if items.is_empty() {
            self.wrong(&list.span, "no scenario is in it", None);
        }
        let shares = items
            .iter()
            .filter_map(|item| self.share(item, in_order))
            .collect();
        (shares, in_order)
    }

    fn share(&mut self, node: &Node, in_order: bool) -> Option<Share> {
        let line = position(self.source, node.span.start).0;
        let (at, weight, given) = if node.text().is_some() {
            (node, 1, None)
        } else {
            self.map(node, "a scenario of the mix", key::SHARE)?;
            let Some(at) = node.get("scenario") else {
                self.wrong(&node.span, "`scenario` is missing", None);
                return None;
            };
            if let Some(weight) = node.get("weight").filter(|_| in_order) {
                let help = Some("`mix` goes by weight".to_owned());
                self.wrong(&weight.span, "a `cycle` has no weights", help);
            }
            let weight = self.number(node, "weight", 1..=key::MOST).unwrap_or(1);
            (at, weight, self.word(node, "given", key::GIVEN))
        };
        let case = self.text(at, "`scenario`")?.to_owned();
        if !self.known.cases.contains(&case.as_str()) {
            let rows = format!("{case}[");
            let help = match self.known.cases.iter().find(|id| id.starts_with(&rows)) {
                Some(row) => Some(format!("name one of its rows, such as `{row}`")),
                None => near(&case, self.known.cases.iter().copied())
                    .map(|near| format!("did you mean `{near}`?")),
            };
            self.wrong(&at.span, format!("unknown scenario `{case}`"), help);
            return None;
        }
        if let Some((what, place)) = (self.known.unfit)(&case) {
            let help = Some(format!("it stands at {place}"));
            let message = format!("`{case}` can't be used under load: it has {what}");
            self.wrong(&at.span, message, help);
        }
        Some(Share {
            case,
            weight: u32::try_from(weight).unwrap_or(u32::MAX),
            given: match given {
                Some("own") => Given::Own,
                Some("each") => Given::Each,
                _ => Given::Pool,
            },
            line,
        })
    }

    fn cost(&mut self, node: &Node) -> Option<Cost> {
        self.map(node, "`cost`", key::COST)?;
        for required in key::COST {
            if node.get(required).is_none() {
                self.wrong(&node.span, format!("`{required}` is missing"), None);
            }
        }
        let members = node.get("members").map(|it| self.sizes(it))?;
        let batches = node.get("batches").map(|it| self.sizes(it))?;
        Some(Cost { members, batches })
    }

    fn sizes(&mut self, node: &Node) -> Vec<usize> {
        let Some(items) = node.items().filter(|items| !items.is_empty()) else {
            let message = format!(
                "a list of numbers is expected, this is {}",
                node.described()
            );
            self.wrong(&node.span, message, None);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| self.whole(item, "a size", 1..=key::MOST))
            .collect()
    }

    fn thresholds(&mut self, node: &Node) -> Vec<Threshold> {
        let Some(list) = node.get("thresholds") else {
            return Vec::new();
        };
        let Some(items) = list.items() else {
            let message = format!("`thresholds` is a list, this is {}", list.described());
            self.wrong(&list.span, message, None);
            return Vec::new();
        };
        let mut thresholds = Vec::new();
        for item in items {
            let Some(text) = self.text(item, "a threshold") else {
                continue;
            };
            match Threshold::parse(text) {
                Ok(threshold) => thresholds.push(threshold),
                Err(error) => {
                    let piece = text.get(error.at.clone()).unwrap_or_default();
                    let span = self.within(item, piece);
                    self.wrong(&span, error.problem, Some(error.help));
                }
            }
        }
        thresholds
    }
}

/// Connections of an open model unless told otherwise.
const DEFAULT_CONNECTIONS: usize = 50;
