//! Filters drawn from what a target takes: attributes, operators and connectives that it was seen to know.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::learn::{Learned, Place};
use super::operand::{fits, operands};
use super::query::{Letters, Query, Spelling, close};
use super::row::{Row, anything, in_a_row, join};
use super::screen::Screen;
use crate::oracle::filter::is_decisive;
use crate::probe::population::Population;
use crate::probe::property::{choose, draw};
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter};
use crate::scim::schema::DataType;
use crate::seed::Seed;

/// Filters for each example that other probes draw: theirs take several requests, a filter takes one.
const TIMES: u32 = 8;

/// Candidates for each filter that is sent.
const CANDIDATES: usize = 6;

/// Queries over what was learned: one of four a single test, the others several. Of some candidates that one is sent
/// in which every test decides over some user: behind a test that decides over nobody a wrong answer hides.
pub(super) fn chosen(
    learned: &Learned,
    population: &Population,
    seed: Seed,
    cases: u32,
) -> Vec<Query> {
    let many = cases.saturating_mul(TIMES);
    let screen = Screen::before(learned, population);
    let one = spelled(leaf(&screen.learned, Share::Any));
    let compound = spelled(compounds(&screen.learned));
    let decides = |one: &Query| is_decisive(&one.filter, &screen.users, &population.schemas);
    let chosen = choose(&compound, seed, many - many / 4, CANDIDATES, decides).into_iter();
    let ones = draw(&one, seed.nth(u64::from(many)), many / 4);
    // In turns, so that a run that is cut short has some of each.
    let mut ones = ones.into_iter();
    let turns = chosen.enumerate().flat_map(|(at, query)| {
        let single = (at % 3 == 0).then(|| ones.next()).flatten();
        single.into_iter().chain([query])
    });
    turns.map(|query| screen.reveal(query)).collect()
}

/// Queries, a single test as often as when they are chosen.
pub(super) fn queries(learned: &Learned, population: &Population) -> BoxedStrategy<Query> {
    let screen = Screen::before(learned, population);
    let of = &screen.learned;
    let filters = prop_oneof![1 => leaf(of, Share::Any), 3 => compounds(of)];
    spelled(filters.boxed())
        .prop_map(move |query| screen.reveal(query))
        .boxed()
}

/// Filters, most of them in the canonical spelling.
fn spelled(filters: BoxedStrategy<Filter>) -> BoxedStrategy<Query> {
    (filters, spelling())
        .prop_map(|(filter, spelling)| Query { filter, spelling })
        .boxed()
}

fn spelling() -> BoxedStrategy<Spelling> {
    let letters = || {
        select(vec![
            Letters::Upper,
            Letters::Lower,
            Letters::Mixed,
            Letters::Capital,
        ])
    };
    prop_oneof![
        6 => Just(Spelling::default()),
        1 => letters().prop_map(|names| Spelling { names, ..Spelling::default() }),
        1 => letters().prop_map(|words| Spelling { words, ..Spelling::default() }),
        1 => Just(Spelling { grouped: true, ..Spelling::default() }),
    ]
    .boxed()
}

/// What a test is good for beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// Whatever it selects.
    Any,
    /// It selects few, so that it shows in a row of alternatives.
    Few,
    /// It selects many, so that it shows in a row of conditions.
    Many,
}

/// Several tests.
fn compounds(learned: &Learned) -> BoxedStrategy<Filter> {
    let any = leaf(learned, Share::Any);
    let mut all = vec![
        (2, combined(any.clone(), learned)),
        (3, rows(any, learned)),
        (2, many(leaf(learned, Share::Few), learned.or)),
        (1, many(leaf(learned, Share::Many), false)),
        (3, related(learned)),
    ];
    let brackets: Vec<_> = bracketed(learned)
        .into_iter()
        .map(|(weight, attribute)| (weight, brackets(&attribute, learned)))
        .collect();
    if learned.value_paths && !brackets.is_empty() {
        // Which of several values meets what is where servers go wrong most.
        all.push((4, Union::new_weighted(brackets).boxed()));
    }
    Union::new_weighted(all).boxed()
}

/// One test, or brackets.
fn leaf(learned: &Learned, share: Share) -> BoxedStrategy<Filter> {
    let mut leaves: Vec<(u32, BoxedStrategy<Filter>)> = Vec::new();
    let mut with_urn = Vec::new();
    for place in &learned.places {
        // Few attributes compare with case or are times, and servers forget them; most mistakes are about texts.
        let data_type = place.definition.data_type;
        let text = data_type == DataType::String;
        let weight = match (place.values.is_empty(), place.definition.case_exact) {
            (true, _) if share != Share::Any => continue,
            (true, _) => 1,
            (false, true) => 24,
            (false, false) if data_type == DataType::DateTime => 24,
            (false, false) if text && place.parent.is_none() => 16,
            (false, false) => 8,
        };
        leaves.push((weight, test(place.path.clone(), place, learned, share)));
        if let Some(core) = learned.core.as_ref().filter(|_| place.is_core) {
            let path = AttributePath {
                urn: Some(core.clone()),
                ..place.path.clone()
            };
            with_urn.push(test(path, place, learned, share));
        }
    }
    if !with_urn.is_empty() {
        leaves.push((6, Union::new(with_urn).boxed()));
    }
    if learned.value_paths {
        for (weight, attribute) in bracketed(learned) {
            leaves.push((weight, brackets(&attribute, learned)));
        }
    }
    if leaves.is_empty() {
        leaves.push((1, Just(anything()).boxed()));
    }
    Union::new_weighted(leaves).boxed()
}

/// Several tests joined alike.
fn many(one: BoxedStrategy<Filter>, or: bool) -> BoxedStrategy<Filter> {
    let (way, most) = if or {
        (Row::Alternatives, 8)
    } else {
        (Row::Conditions, 5)
    };
    vec(one, 3..most)
        .prop_map(move |all| in_a_row(all, way, true, or))
        .boxed()
}

/// The multi-valued complex attributes of which something can be filtered by, those more often that have values.
fn bracketed(learned: &Learned) -> Vec<(u32, AttributePath)> {
    let mut found: Vec<(u32, AttributePath)> = Vec::new();
    for place in &learned.places {
        let several = place.parent.as_ref().is_some_and(|it| it.multi_valued);
        let whole = AttributePath {
            sub: None,
            ..place.path.clone()
        };
        let weight = if place.values.len() > 3 { 24 } else { 2 };
        match found.iter_mut().find(|(_, known)| *known == whole) {
            Some((known, _)) => *known = weight.max(*known),
            None if several => found.push((weight, whole)),
            None => {}
        }
    }
    found
}

fn brackets(attribute: &AttributePath, learned: &Learned) -> BoxedStrategy<Filter> {
    let inside = |place: &&Place| {
        place.path.sub.is_some()
            && place.path.name == attribute.name
            && place.path.urn == attribute.urn
    };
    let leaves = |share: Share| {
        let leaves = learned.places.iter().filter(inside).map(|place| {
            let name = place.path.sub.clone().unwrap_or_default();
            let weight = if place.values.is_empty() { 1 } else { 6 };
            let path = AttributePath::new(name, None);
            (weight, test(path, place, learned, share))
        });
        Union::new_weighted(leaves.collect()).boxed()
    };
    let attribute = attribute.clone();
    let every = leaves(Share::Any);
    let beside = if learned.or {
        beside_a_group(leaves(Share::Few), leaves(Share::Many))
    } else {
        many(leaves(Share::Many), false)
    };
    prop_oneof![
        1 => beside,
        2 => combined(every.clone(), learned),
        2 => rows(every, learned),
        2 => many(leaves(Share::Many), false),
        3 => many(leaves(Share::Few), learned.or),
    ]
    .prop_filter_map("brackets in brackets", move |inner| {
        let inner = close(&inner)?;
        Some(Filter::ValuePath(attribute.clone(), Box::new(inner)))
    })
    .boxed()
}

/// A group that one value meets, and a condition that another one meets.
fn beside_a_group(few: BoxedStrategy<Filter>, one: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    (vec(few, 2..4), one, any::<bool>())
        .prop_map(|(group, one, first)| {
            let group = in_a_row(group, Row::Alternatives, true, true);
            let (a, b) = if first { (group, one) } else { (one, group) };
            join(a, b, false)
        })
        .boxed()
}

/// `and`, `or` and `not` over tests.
fn combined(leaf: BoxedStrategy<Filter>, learned: &Learned) -> BoxedStrategy<Filter> {
    let (or, not) = (learned.or, learned.not);
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let pair = || (inner.clone(), inner.clone());
        let mut ways = vec![
            pair()
                .prop_map(|(a, b)| Filter::And(Box::new(a), Box::new(b)))
                .boxed(),
        ];
        if or {
            let way = pair().prop_map(|(a, b)| Filter::Or(Box::new(a), Box::new(b)));
            ways.push(way.boxed());
        }
        if not {
            let way = inner.clone().prop_map(|a| Filter::Not(Box::new(a)));
            ways.push(way.boxed());
        }
        Union::new(ways).boxed()
    })
    .boxed()
}

/// Rows of three tests and more, which a tree that grows at random seldom has: all joined alike, or one group in the
/// other; some of them negated.
fn rows(leaf: BoxedStrategy<Filter>, learned: &Learned) -> BoxedStrategy<Filter> {
    let pair = (leaf.clone(), leaf.clone());
    let (or, not) = (learned.or, learned.not);
    let group = pair.prop_map(move |(a, b)| join(a, b, or));
    let negated = prop_oneof![2 => leaf.clone(), 1 => group].prop_map(move |inner| {
        if not {
            Filter::Not(Box::new(inner))
        } else {
            inner
        }
    });
    let one = prop_oneof![3 => leaf, 1 => negated];
    let ways = select(vec![
        Row::Alternatives,
        Row::Conditions,
        Row::Mixed,
        Row::Groups,
    ]);
    (vec(one, 3..7), ways, any::<bool>())
        .prop_map(move |(all, way, first)| in_a_row(all, way, first, or))
        .boxed()
}

/// Tests of one attribute, by each other's side: ranges, lists of values, conditions on one of several values.
fn related(learned: &Learned) -> BoxedStrategy<Filter> {
    let or = learned.or;
    let own = learned.places.iter().filter(|it| !it.values.is_empty());
    let mut all: Vec<(u32, BoxedStrategy<Filter>)> = own
        .map(|place| {
            let of = |share| test(place.path.clone(), place, learned, share);
            let (any, few) = (of(Share::Any), of(Share::Few));
            let beside =
                vec(any, 2..4).prop_map(move |all| in_a_row(all, Row::Conditions, true, or));
            let weight = if place.definition.data_type == DataType::String {
                2
            } else {
                1
            };
            let each = prop_oneof![2 => beside, 1 => alike(place, learned), 2 => many(few, or)];
            (weight, each.boxed())
        })
        .collect();
    if learned.value_paths {
        for (weight, attribute) in bracketed(learned) {
            let pair = vec(brackets(&attribute, learned), 2..3);
            let beside = pair.prop_map(move |all| in_a_row(all, Row::Conditions, true, or));
            all.push((weight / 2, beside.boxed()));
        }
    }
    if all.is_empty() {
        return Just(anything()).boxed();
    }
    Union::new_weighted(all).boxed()
}

/// Conditions on one attribute by one operator: each excludes what the others let through.
fn alike(place: &Place, learned: &Learned) -> BoxedStrategy<Filter> {
    let operators = operators(place, learned, |op| match op {
        CompareOp::Ne => 4,
        CompareOp::Co => 3,
        _ => 1,
    });
    let (Some(operands), Some(operators)) = (operands(place), operators) else {
        return Just(Filter::Present(place.path.clone())).boxed();
    };
    let path = place.path.clone();
    (operators, vec(operands, 2..4))
        .prop_map(move |(op, values)| {
            let compare = |value| Filter::Compare(path.clone(), Comparison { op, value });
            let all = values.into_iter().map(compare).collect();
            in_a_row(all, Row::Conditions, true, false)
        })
        .boxed()
}

/// The operators that the type of an attribute has, by their weights; nothing where none has any.
fn operators(
    place: &Place,
    learned: &Learned,
    weight: impl Fn(CompareOp) -> u32,
) -> Option<Union<Just<CompareOp>>> {
    let known = learned.operators.iter().copied();
    let known = known.filter(|op| fits(*op, place.definition.data_type));
    let weighted = known.map(|op| (weight(op), Just(op)));
    let weighted: Vec<_> = weighted.filter(|(weight, _)| *weight > 0).collect();
    (!weighted.is_empty()).then(|| Union::new_weighted(weighted))
}

/// One test of an attribute, by an operator that its type has.
fn test(
    path: AttributePath,
    place: &Place,
    learned: &Learned,
    share: Share,
) -> BoxedStrategy<Filter> {
    let present = Just(Filter::Present(path.clone())).boxed();
    let operators = operators(place, learned, |op| how_often(op, share));
    let (Some(operands), Some(operators)) = (operands(place), operators) else {
        return present;
    };
    let compare = (operators, operands)
        .prop_map(move |(op, value)| Filter::Compare(path.clone(), Comparison { op, value }));
    if share == Share::Few {
        return compare.boxed();
    }
    prop_oneof![1 => present, 6 => compare].boxed()
}

/// The weight of an operator.
fn how_often(op: CompareOp, share: Share) -> u32 {
    match share {
        Share::Any if op == CompareOp::Eq => 3,
        Share::Any => 1,
        Share::Few if op == CompareOp::Eq => 6,
        Share::Few => u32::from(op.is_substring()),
        // Of what has few values, an equal one is soon found.
        Share::Many if op == CompareOp::Eq => 2,
        Share::Many => u32::from(!op.is_substring() || op == CompareOp::Co),
    }
}
