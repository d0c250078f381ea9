//! Names that no two resources share: each becomes one that carries the marker of the run.

use std::collections::BTreeMap;

use serde_json::Value;

use super::filter;
use super::invent::Inventor;
use super::leaf::{self, At};
use super::role::{Role, role};
use super::step::{Content, Step};
use crate::scim::resource::member;

/// What every such name begins with.
const HEAD: &str = "{{run}}-{{case}}-";

/// Names by what they were, lower case.
#[derive(Default)]
pub(super) struct Names {
    known: BTreeMap<String, Name>,
}

struct Name {
    stem: String,
    mail: bool,
}

impl Name {
    fn template(&self) -> String {
        let end = if self.mail { "@{{domain}}" } else { "" };
        format!("{HEAD}{}{end}", self.stem)
    }
}

impl Names {
    /// All unique names that the steps send.
    pub(super) fn of(steps: &[Step], inventor: &mut Inventor) -> Self {
        let mut names = Self::default();
        for step in steps {
            let users = step
                .resource()
                .is_some_and(|(endpoint, _)| is_users(&endpoint));
            if let Content::Json(body) = &step.content {
                leaf::visit(body, &mut |at, value| {
                    let users = operation_path(body, at).map_or(users, is_users);
                    if let (true, Value::String(text)) = (is_unique(at, users), value) {
                        names.template(text, inventor);
                    }
                });
            }
            for literal in step.filter().map(filter::literals).unwrap_or_default() {
                let whole = literal.operator == "eq";
                if whole && is_unique(&literal.at, users) {
                    names.template(&literal.text, inventor);
                }
            }
        }
        names
    }

    /// What stands for a name; it is made where there is none yet. A mail address keeps being one.
    pub(super) fn template(&mut self, name: &str, inventor: &mut Inventor) -> String {
        let key = name.to_lowercase();
        if name.is_empty() {
            return String::new();
        }
        if let Some(known) = self.known.get(&key) {
            return known.template();
        }
        let (local, mail) = match name.rsplit_once('@') {
            Some((local, domain)) if domain.contains('.') && !local.is_empty() => (local, true),
            _ => (name, false),
        };
        let base = inventor.text(local).replace("{{", "{ {");
        let taken = |stem: &str| {
            self.known
                .values()
                .any(|other| other.stem == stem && other.mail == mail)
        };
        let mut stem = base.clone();
        let mut number = 2;
        while taken(&stem) {
            stem = format!("{base}-{number}");
            number += 1;
        }
        let name = Name { stem, mail };
        let template = name.template();
        self.known.insert(key, name);
        template
    }

    /// What stands for a name, if there is anything.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.known.get(&name.to_lowercase()).map(Name::template)
    }

    /// What stands for the beginning of a known name.
    pub(super) fn beginning(&self, start: &str) -> Option<String> {
        let key = start.to_lowercase();
        let (_, name) = self
            .known
            .iter()
            .find(|(known, _)| known.starts_with(&key))?;
        let stem: String = name.stem.chars().take(start.chars().count()).collect();
        Some(format!("{HEAD}{stem}"))
    }

    /// All of at least this many characters, the longest first: what they were and what stands for them.
    pub(super) fn longer_than(&self, least: usize) -> Vec<(&str, String)> {
        let long = self.known.iter().filter(|(known, _)| known.len() >= least);
        let mut all: Vec<(&str, String)> = long
            .map(|(known, name)| (known.as_str(), name.template()))
            .collect();
        all.sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
        all
    }

    /// The mail addresses that were replaced.
    pub(super) fn mails(&self) -> impl Iterator<Item = &str> {
        self.known
            .iter()
            .filter(|(_, name)| name.mail)
            .map(|(known, _)| known.as_str())
    }
}

/// Whether two resources can't share the value: of users, many have the same display name.
fn is_unique(at: &At, users: bool) -> bool {
    role(at) == Role::Unique || (!users && at.is("displayname"))
}

fn is_users(endpoint: &str) -> bool {
    endpoint.to_ascii_lowercase().starts_with("/users") || endpoint.eq_ignore_ascii_case("/me")
}

/// The path of the bulk operation that a value stands in.
fn operation_path<'v>(body: &'v Value, at: &At) -> Option<&'v str> {
    let mut tokens = at.pointer.split('/').skip(1);
    let operations = tokens.next()?;
    let operation = member(body, operations)?.get(tokens.next()?.parse::<usize>().ok()?)?;
    member(operation, "method")?;
    member(operation, "path")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn a_name_becomes_one_marked_name_whatever_its_case() {
        let mut inventor = Inventor::new(Seed(3));
        let mut names = Names::default();
        let one = names.template("Bob.Smith@corp.test", &mut inventor);
        assert!(
            one.starts_with("{{run}}-{{case}}-") && one.ends_with("@{{domain}}"),
            "{one}"
        );
        assert_eq!(names.get("BOB.smith@corp.test"), Some(one.clone()));
        let other = names.template("Bob.Smith@other.test", &mut inventor);
        assert_ne!(one, other);
        assert!(one.starts_with(&names.beginning("bob").unwrap()));
        assert_eq!(names.get("nobody"), None);
    }
}
