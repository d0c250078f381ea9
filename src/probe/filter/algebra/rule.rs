//! The laws: what each needs, which requirement it shows to be broken, and how a scenario says it.

use serde_json::{Value, json};

use crate::scim::urn;
use crate::suite::write::{Expected, Query, Source, Step};

pub(super) const AND: &str = "rfc7644-3.4.2.2-and-needs-both";
const OR: &str = "rfc7644-3.4.2.2-or-needs-one";
const NOT: &str = "rfc7644-3.4.2.2-not-inverts";
const BINDS: &str = "rfc7644-3.4.2.2-and-binds-tighter-than-or";
const GROUPS: &str = "rfc7644-3.4.2.2-grouping-comes-first";
const SEARCH: &str = "rfc7644-3.4.3-search-equals-get";
pub(super) const PAGES: &str = "rfc7644-3.4.2.4-pages-cover-the-result-once";
pub(super) const TOTAL: &str = "rfc7644-3.4.2.4-total-results-counts-all-matches";
const SORTS: &str = "rfc7644-3.4.2.3-sort-by-orders-results";
const COUNTS: &str = "rfc7644-3.4.2.4-count-zero-keeps-total-results";

/// All that the laws can find broken.
pub(super) const COVERS: &[&str] = &[
    AND, OR, NOT, BINDS, GROUPS, SEARCH, PAGES, TOTAL, SORTS, COUNTS,
];

/// A law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// `not (not (f))` is f.
    DoubleNot,
    /// `not (f and g)` is `not (f) or not (g)`.
    NotAnd,
    /// `not (f or g)` is `not (f) and not (g)`.
    NotOr,
    /// `f or g` is what f selects and what g selects.
    Either,
    /// `f or g` is `g or f`.
    OrSwaps,
    /// `f and g` is what both select.
    Both,
    /// `f and g` is `g and f`.
    AndSwaps,
    /// `f and (g or h)` is `(f and g) or (f and h)`.
    Distributes,
    /// `f or g and h` is `f or (g and h)`.
    Binds,
    /// POST to `.search` is the query by GET.
    Search,
    /// Pages together are the whole.
    Pages,
    /// A sorted list holds what the list holds.
    Sorted,
    /// `count=0` counts what the list holds.
    CountZero,
}

impl Rule {
    /// Those that are about connectives, of which `or` and `not` may be missing.
    pub(super) fn logic(or: bool, not: bool) -> Vec<Self> {
        let mut all = vec![Self::Both, Self::AndSwaps];
        if or {
            all.extend([Self::Either, Self::OrSwaps, Self::Distributes, Self::Binds]);
        }
        if not {
            all.push(Self::DoubleNot);
        }
        if or && not {
            all.extend([Self::NotAnd, Self::NotOr]);
        }
        all
    }

    /// How many filters it names.
    pub(super) fn filters(self) -> usize {
        match self {
            Self::DoubleNot | Self::Search | Self::Pages | Self::Sorted | Self::CountZero => 1,
            Self::Distributes | Self::Binds => 3,
            _ => 2,
        }
    }

    /// The requirement that is broken where it does not hold.
    pub(super) fn requirement(self) -> &'static str {
        match self {
            Self::DoubleNot | Self::NotAnd | Self::NotOr => NOT,
            Self::Either | Self::OrSwaps => OR,
            Self::Both | Self::AndSwaps => AND,
            Self::Distributes => GROUPS,
            Self::Binds => BINDS,
            Self::Search => SEARCH,
            Self::Pages => PAGES,
            Self::Sorted => SORTS,
            Self::CountZero => COUNTS,
        }
    }

    /// What it needs of the target beside filters.
    pub(super) fn need(self) -> Option<&'static str> {
        (self == Self::Sorted).then_some("spc.sort")
    }

    /// The scenario of one user: what was asked first counts him or not, and the other one has to agree.
    pub(super) fn steps(self, texts: &[String], endpoint: &str) -> Option<Vec<Step>> {
        let requirement = self.requirement();
        let total =
            |matcher: Value| -> Expected { ("list", json!({ "total": matcher }), requirement) };
        let get = |name: &str, filter: &str, further: Option<(&str, &str)>| {
            ask(endpoint, name, filter, further)
        };
        let counted = |name: &str, filter: &str| Step {
            captures: vec![(name.to_owned(), Source::Whole("/totalResults".to_owned()))],
            ..get(name, filter, None)
        };
        let same = total(json!("{{one}}"));
        let steps = match (self, texts) {
            (Self::Either | Self::Both, [f, g, joined]) => {
                let bound = if self == Self::Either {
                    "at_least"
                } else {
                    "at_most"
                };
                let expect = vec![
                    total(json!({"one_of": ["{{one}}", "{{other}}"]})),
                    total(json!({ bound: "{{one}}" })),
                    total(json!({ bound: "{{other}}" })),
                ];
                let last = Step {
                    expect,
                    ..get("join", joined, None)
                };
                vec![counted("one", f), counted("other", g), last]
            }
            (Self::Search, [f]) => {
                let search = Step {
                    expect: vec![same],
                    ..search(endpoint, f)
                };
                vec![counted("one", f), search]
            }
            (Self::Sorted | Self::CountZero, [f]) => {
                let further = match self {
                    Self::Sorted => ("sortBy", "userName"),
                    _ => ("count", "0"),
                };
                let again = Step {
                    expect: vec![same],
                    ..get("again", f, Some(further))
                };
                vec![counted("one", f), again]
            }
            (_, [one, other]) => {
                let again = Step {
                    expect: vec![same],
                    ..get("again", other, None)
                };
                vec![counted("one", one), again]
            }
            // One user is no list of several pages.
            _ => return None,
        };
        Some(steps)
    }
}

/// Asks for a list.
fn ask(endpoint: &str, name: &str, filter: &str, further: Option<(&str, &str)>) -> Step {
    let pairs = [("filter", filter)].into_iter().chain(further);
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Step {
        name: name.to_owned(),
        verb: "get".to_owned(),
        path: endpoint.to_owned(),
        query: Query::Pairs(pairs.collect()),
        ..Step::default()
    }
}

/// Asks for the same by POST.
fn search(endpoint: &str, filter: &str) -> Step {
    Step {
        name: "search".to_owned(),
        verb: "post".to_owned(),
        path: format!("{endpoint}/.search"),
        body: Some(json!({"schemas": [urn::SEARCH_REQUEST], "filter": filter})),
        ..Step::default()
    }
}
