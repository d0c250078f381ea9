//! A law and the filters that it is tried with.

use super::rule::Rule;
use crate::probe::filter::query::{Query, Spelling};
use crate::probe::property::Shrink;
use crate::scim::filter::Filter;

/// An example of a law.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Example {
    pub(super) rule: Rule,
    /// As many as the law names.
    pub(super) filters: Vec<Filter>,
    /// Size of a page.
    pub(super) page: u64,
}

impl Example {
    /// The filters that are asked for, the drawn ones first where they are.
    pub(super) fn asked(&self) -> Vec<Query> {
        let plain = |filter| Query {
            filter,
            spelling: Spelling::default(),
        };
        let whole = |filter| Query {
            filter,
            spelling: Spelling {
                grouped: true,
                ..Spelling::default()
            },
        };
        let and = |a: &Filter, b: &Filter| Filter::And(Box::new(a.clone()), Box::new(b.clone()));
        let or = |a: &Filter, b: &Filter| Filter::Or(Box::new(a.clone()), Box::new(b.clone()));
        let not = |a: &Filter| Filter::Not(Box::new(a.clone()));
        let all: Vec<Query> = match (self.rule, self.filters.as_slice()) {
            (Rule::DoubleNot, [f]) => vec![plain(f.clone()), plain(not(&not(f)))],
            (Rule::NotAnd, [f, g]) => vec![plain(not(&and(f, g))), plain(or(&not(f), &not(g)))],
            (Rule::NotOr, [f, g]) => vec![plain(not(&or(f, g))), plain(and(&not(f), &not(g)))],
            (Rule::OrSwaps, [f, g]) => vec![plain(or(f, g)), plain(or(g, f))],
            (Rule::AndSwaps, [f, g]) => vec![plain(and(f, g)), plain(and(g, f))],
            (Rule::Either, [f, g]) => vec![plain(f.clone()), plain(g.clone()), plain(or(f, g))],
            (Rule::Both, [f, g]) => vec![plain(f.clone()), plain(g.clone()), plain(and(f, g))],
            (Rule::Distributes, [f, g, h]) => {
                let far = or(&and(f, g), &and(f, h));
                vec![plain(and(f, &or(g, h))), whole(far)]
            }
            (Rule::Binds, [f, g, h]) => {
                let filter = or(f, &and(g, h));
                vec![plain(filter.clone()), whole(filter)]
            }
            (_, [f, ..]) => vec![plain(f.clone())],
            (_, []) => Vec::new(),
        };
        all
    }
}

impl Shrink for Example {
    /// One of the filters simpler, then a page of one.
    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for (at, filter) in self.filters.iter().enumerate() {
            let query = Query {
                filter: filter.clone(),
                spelling: Spelling::default(),
            };
            for smaller in query.smaller() {
                let mut filters = self.filters.clone();
                if let Some(place) = filters.get_mut(at) {
                    *place = smaller.filter;
                    all.push(Self {
                        filters,
                        ..self.clone()
                    });
                }
            }
        }
        if self.page > 1 {
            all.push(Self {
                page: 1,
                ..self.clone()
            });
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::filter::parse;

    #[test]
    fn laws_are_spelled_as_the_grammar_wants_them() {
        let filters = ["a pr or b pr", "c pr", "d pr and e pr"].map(|text| parse(text).unwrap());
        for (rule, wanted) in [
            (
                Rule::DoubleNot,
                vec!["a pr or b pr", "not (not (a pr or b pr))"],
            ),
            (
                Rule::NotAnd,
                vec![
                    "not ((a pr or b pr) and c pr)",
                    "not (a pr or b pr) or not (c pr)",
                ],
            ),
            (
                Rule::Both,
                vec!["a pr or b pr", "c pr", "(a pr or b pr) and c pr"],
            ),
            (
                Rule::Binds,
                vec![
                    "a pr or b pr or c pr and (d pr and e pr)",
                    "((a pr) or (b pr)) or ((c pr) and ((d pr) and (e pr)))",
                ],
            ),
        ] {
            let example = Example {
                rule,
                filters: filters.iter().take(rule.filters()).cloned().collect(),
                page: 1,
            };
            let asked: Vec<String> = example.asked().iter().map(Query::text).collect();
            assert_eq!(asked, wanted);
        }
    }
}
