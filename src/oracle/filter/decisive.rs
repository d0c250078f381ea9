//! Whether every test in a filter counts: a test that no resource depends on is one that a wrong answer hides behind.
//!
//! Looks at the reading that answers no to every open question; nothing is judged by it.

use serde_json::Value;

use super::leaf::Leaf;
use super::reading::Reading;
use crate::scim::filter::{Filter, ValueFilter};
use crate::scim::resource::get;
use crate::scim::schema::{Attribute, Place, SchemaSet};

/// Whether each test of a filter decides over some resource: held to be true throughout, or false throughout, it makes
/// the filter select others. A filter of one test always passes: that it selects none may be the point of it.
pub fn is_decisive(filter: &Filter, resources: &[Value], schemas: &SchemaSet) -> bool {
    let mut tests = Vec::new();
    let free = Free { resources, schemas };
    let tree = free.tree(filter, &mut tests);
    if tests.len() < 2 {
        return true;
    }
    let plain = selection(&tree, &tests, None);
    (0..tests.len()).all(|test| {
        [true, false]
            .into_iter()
            .all(|truth| selection(&tree, &tests, Some((test, truth))) != plain)
    })
}

/// A filter over tests whose truth is known: of resources, or in brackets of the values of an attribute.
enum Tree {
    /// The test with this number.
    Test(usize),
    Or(Box<Tree>, Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Not(Box<Tree>),
    /// Some value of a resource; each value with the number of the resource that has it.
    Any {
        inner: Box<Tree>,
        owners: Vec<usize>,
        resources: usize,
    },
}

fn selection(tree: &Tree, tests: &[Vec<bool>], forced: Option<(usize, bool)>) -> Vec<bool> {
    let again = |tree: &Tree| selection(tree, tests, forced);
    let both = |a: &Tree, b: &Tree, join: fn(bool, bool) -> bool| {
        let pairs = again(a).into_iter().zip(again(b));
        pairs.map(|(a, b)| join(a, b)).collect()
    };
    match tree {
        Tree::Test(test) => {
            let own = tests.get(*test).cloned().unwrap_or_default();
            match forced {
                Some((at, truth)) if at == *test => vec![truth; own.len()],
                _ => own,
            }
        }
        Tree::Or(a, b) => both(a, b, |a, b| a || b),
        Tree::And(a, b) => both(a, b, |a, b| a && b),
        Tree::Not(a) => again(a).into_iter().map(|truth| !truth).collect(),
        Tree::Any {
            inner,
            owners,
            resources,
        } => {
            let mut selected = vec![false; *resources];
            for (owner, truth) in owners.iter().zip(again(inner)) {
                if let Some(one) = selected.get_mut(*owner) {
                    *one |= truth;
                }
            }
            selected
        }
    }
}

/// Where tests outside of brackets are looked at.
struct Free<'a> {
    resources: &'a [Value],
    schemas: &'a SchemaSet,
}

impl Free<'_> {
    fn tree(&self, filter: &Filter, tests: &mut Vec<Vec<bool>>) -> Tree {
        let mut pair = |a, b| {
            let a = self.tree(a, tests);
            (Box::new(a), Box::new(self.tree(b, tests)))
        };
        match filter {
            Filter::Or(a, b) => {
                let (a, b) = pair(a, b);
                Tree::Or(a, b)
            }
            Filter::And(a, b) => {
                let (a, b) = pair(a, b);
                Tree::And(a, b)
            }
            Filter::Not(a) => Tree::Not(Box::new(self.tree(a, tests))),
            Filter::Present(_) | Filter::Compare(..) => self.test(filter, tests),
            Filter::ValuePath(path, inner) => match self.schemas.find(path) {
                Some(Place::Attribute {
                    attribute,
                    sub: None,
                    ..
                }) if !attribute.sub_attributes.is_empty() => {
                    let (mut values, mut owners) = (Vec::new(), Vec::new());
                    for (owner, resource) in self.resources.iter().enumerate() {
                        for value in get(resource, path) {
                            values.push(value);
                            owners.push(owner);
                        }
                    }
                    Tree::Any {
                        inner: Box::new(in_brackets(inner, &values, attribute, tests)),
                        owners,
                        resources: self.resources.len(),
                    }
                }
                _ => self.test(filter, tests),
            },
        }
    }

    fn test(&self, filter: &Filter, tests: &mut Vec<Vec<bool>>) -> Tree {
        let none = Reading::default();
        let truths = self
            .resources
            .iter()
            .map(|one| super::under(filter, one, self.schemas, none) == super::Truth::True);
        tests.push(truths.collect());
        Tree::Test(tests.len() - 1)
    }
}

fn in_brackets(
    filter: &ValueFilter,
    values: &[&Value],
    attribute: &Attribute,
    tests: &mut Vec<Vec<bool>>,
) -> Tree {
    let mut pair = |a, b| {
        let a = in_brackets(a, values, attribute, tests);
        (
            Box::new(a),
            Box::new(in_brackets(b, values, attribute, tests)),
        )
    };
    match filter {
        ValueFilter::Or(a, b) => {
            let (a, b) = pair(a, b);
            Tree::Or(a, b)
        }
        ValueFilter::And(a, b) => {
            let (a, b) = pair(a, b);
            Tree::And(a, b)
        }
        ValueFilter::Not(a) => Tree::Not(Box::new(in_brackets(a, values, attribute, tests))),
        ValueFilter::Present(_) | ValueFilter::Compare(..) => {
            let truth = |value: &&Value| {
                let leaf = |path| Leaf::in_value(path, value, attribute, Reading::default());
                let truth = match filter {
                    ValueFilter::Compare(path, comparison) => leaf(path).compare(comparison),
                    ValueFilter::Present(path) => leaf(path).present(),
                    _ => super::Truth::Unknown,
                };
                truth == super::Truth::True
            };
            tests.push(values.iter().map(truth).collect());
            Tree::Test(tests.len() - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::filter::parse;

    #[test]
    fn a_test_that_no_resource_depends_on_is_seen() {
        let users = [
            json!({"userName": "a", "title": "x", "emails": [
                {"type": "work", "value": "1"}, {"type": "home", "value": "2"},
            ]}),
            json!({"userName": "b", "title": "y", "emails": [{"type": "work", "value": "2"}]}),
            json!({"userName": "c", "nickName": "n"}),
            json!({"userName": "d"}),
        ];
        for (filter, decisive) in [
            ("userName eq \"none\"", true),
            ("title pr and userName eq \"a\"", false),
            ("emails.type eq \"work\" and not (title eq \"x\")", true),
            ("title eq \"x\" or nickName pr", true),
            ("title eq \"x\" or userName eq \"a\"", false),
            ("title eq \"x\" and nickName pr", false),
            ("emails[type eq \"work\" and value eq \"2\"]", true),
            ("emails[type eq \"work\" and value sw \"1\"]", false),
            ("emails[type eq \"home\" or value eq \"1\"]", false),
            (
                "(title pr or nickName pr) and not (userName eq \"a\")",
                true,
            ),
        ] {
            let parsed = parse(filter).unwrap();
            let schemas = SchemaSet::rfc_user();
            assert_eq!(is_decisive(&parsed, &users, &schemas), decisive, "{filter}");
        }
    }
}
