//! Examples drawn so that every part of every attribute has its turn with each of its variants, in an order and
//! company that follow from the seed.

use std::sync::Arc;

use super::example::{Example, Look, Route, Way};
use super::ground::Ground;
use super::kind::{Field, refers};
use super::value::Drawer;
use crate::scim::schema::{DataType, Mutability, Returned, Uniqueness};
use crate::seed::Seed;

/// One of so many examples hides values of its own.
const BLIND: usize = 4;

/// A part of an attribute and the number of its variant.
struct Card {
    kind: usize,
    field: usize,
    part: (usize, usize),
}

/// This many examples.
pub(super) fn examples(ground: &Ground<'_>, seed: Seed, many: usize) -> Vec<Example> {
    let fields = ground
        .kinds
        .iter()
        .map(|kind| kind.fields.clone())
        .collect();
    let fields: Arc<Vec<Vec<Field>>> = Arc::new(fields);
    let mut drawer = ground.drawer(seed);
    let mut rules = rules(ground, &fields, &mut drawer);
    shuffle(&mut rules, &mut drawer);
    rules.truncate(many / 3);
    let left = many.saturating_sub(rules.len());
    let mut all = hands(ground, &fields, &mut drawer, left);
    all.append(&mut rules);
    shuffle(&mut all, &mut drawer);
    all
}

fn shuffle<T>(items: &mut [T], drawer: &mut Drawer<'_>) {
    for at in (1..items.len()).rev() {
        items.swap(at, drawer.below(at + 1));
    }
}

/// Examples that hold several attributes each; all parts and variants among them, and none but those if there are
/// more cases than cards.
fn hands(
    ground: &Ground<'_>,
    fields: &Arc<Vec<Vec<Field>>>,
    drawer: &mut Drawer<'_>,
    many: usize,
) -> Vec<Example> {
    let mut decks: Vec<Vec<Card>> = Vec::new();
    for (kind, all) in fields.iter().enumerate() {
        let mut deck = Vec::new();
        for (field, it) in all.iter().enumerate() {
            let walked = it.kept && !it.marked && it.definition.mutability != Mutability::ReadOnly;
            if !walked {
                continue;
            }
            for (part, variants) in drawer.parts(it) {
                deck.extend((0..variants).map(|variant| Card {
                    kind,
                    field,
                    part: (part, variant),
                }));
            }
        }
        shuffle(&mut deck, drawer);
        decks.push(deck);
    }
    // What is hidden or taken away again shows nothing of the values: such examples come on top.
    let open = many - many / BLIND;
    let dealt = kept(dealt(&decks, open), open);
    let mut examples: Vec<Example> = dealt
        .iter()
        .filter_map(|hand| played(ground, fields, drawer, hand))
        .collect();
    let patch = ground.arena.capabilities.patch;
    let blind: Vec<Example> = (0..many / BLIND)
        .filter_map(|_| {
            Some(blind(
                examples.get(drawer.below(examples.len().max(1)))?,
                drawer,
                patch,
            ))
        })
        .collect();
    examples.extend(blind);
    shuffle(&mut examples, drawer);
    examples
}

/// The hands of each deck, of so few cards each as make no more than so many hands, if a dozen cards do.
fn dealt<'a>(decks: &'a [Vec<Card>], many: usize) -> Vec<Vec<Vec<&'a Card>>> {
    let hands = |size: usize| -> Vec<Vec<Vec<&'a Card>>> {
        decks.iter().map(|deck| deal(deck, size)).collect()
    };
    let cards: usize = decks.iter().map(Vec::len).sum();
    let least = cards.div_ceil(many.max(1)).clamp(1, 12);
    let fits = |hands: &Vec<Vec<_>>| hands.iter().map(Vec::len).sum::<usize>() <= many;
    (least..12)
        .map(hands)
        .find(fits)
        .unwrap_or_else(|| hands(12))
}

/// So many of them. An attribute of many parts has cards left when those of all others are dealt: what was dealt last,
/// for the kind that has most, is missed least.
fn kept<T>(mut dealt: Vec<Vec<T>>, many: usize) -> Vec<T> {
    while dealt.iter().map(Vec::len).sum::<usize>() > many {
        let longest = dealt.iter_mut().max_by_key(|all| all.len());
        longest.and_then(Vec::pop);
    }
    dealt.into_iter().flatten().collect()
}

/// The same values, taken away again, or one of them hidden, or all the others.
fn blind(example: &Example, drawer: &mut Drawer<'_>, patch: bool) -> Example {
    let (way, look) = match drawer.below(8) {
        0 if example.is_free() && patch => (Way::Remove, example.look),
        1 if example.is_free() => (Way::Empty, example.look),
        2..=4 => (example.way, Look::Named),
        _ => (example.way, Look::Excluded),
    };
    Example {
        way,
        look,
        ..example.clone()
    }
}

/// Deals a deck in hands, each of cards of different attributes.
fn deal(deck: &[Card], size: usize) -> Vec<Vec<&Card>> {
    let mut hands = Vec::new();
    let mut left: Vec<&Card> = deck.iter().collect();
    while !left.is_empty() {
        let mut hand: Vec<&Card> = Vec::new();
        left.retain(|card| {
            let fits = hand.len() < size && hand.iter().all(|it| it.field != card.field);
            if fits {
                hand.push(card);
            }
            !fits
        });
        hands.push(hand);
    }
    hands
}

/// An example of a hand of cards.
fn played(
    ground: &Ground<'_>,
    fields: &Arc<Vec<Vec<Field>>>,
    drawer: &mut Drawer<'_>,
    hand: &[&Card],
) -> Option<Example> {
    let kind = hand.first()?.kind;
    let of = fields.get(kind)?;
    let entries: Vec<_> = hand
        .iter()
        .filter_map(|card| Some((card.field, drawer.value(of.get(card.field)?, card.part))))
        .collect();
    let mut example = Example {
        kind,
        fields: Arc::clone(fields),
        way: Way::Create,
        look: Look::Plain,
        entries,
    };
    let (free, patch) = (example.is_free(), ground.arena.capabilities.patch);
    example.way = match drawer.below(18) {
        8..=10 if free => Way::Put,
        11..=12 if free && patch => Way::Add,
        13..=15 if free && patch => Way::Replace,
        16..=17 if free && patch => Way::Pathless,
        _ => Way::Create,
    };
    Some(example)
}

impl Example {
    /// Whether a resource may do without its attributes, and change them.
    fn is_free(&self) -> bool {
        let free = |it: &Field| it.is_free() && !it.definition.required && !is_unique(it);
        self.values().all(|(field, _)| free(field))
    }
}

fn is_unique(field: &Field) -> bool {
    field.definition.uniqueness != Uniqueness::None
}

/// One example for each characteristic that forbids something.
fn rules(
    ground: &Ground<'_>,
    fields: &Arc<Vec<Vec<Field>>>,
    drawer: &mut Drawer<'_>,
) -> Vec<Example> {
    let mut all = Vec::new();
    let routes = |post: bool| {
        let patch = ground.arena.capabilities.patch;
        let every = [
            (post, Route::Post),
            (true, Route::Put),
            (patch, Route::Patch),
        ];
        every
            .into_iter()
            .filter(|(offered, _)| *offered)
            .map(|(_, route)| route)
    };
    for (kind, of) in fields.iter().enumerate() {
        for (at, field) in of.iter().enumerate() {
            let definition = &field.definition;
            let mut push = |way: Way, drawer: &mut Drawer<'_>| {
                let entries = vec![(at, ruled(way, field, drawer))];
                all.push(Example {
                    kind,
                    fields: Arc::clone(fields),
                    way,
                    look: Look::Plain,
                    entries,
                });
            };
            match definition.mutability {
                Mutability::ReadOnly if definition.data_type != DataType::Boolean => {
                    routes(true).for_each(|route| push(Way::Foreign(route), drawer));
                    continue;
                }
                Mutability::Immutable if field.kept && !refers(definition) => {
                    routes(false).for_each(|route| push(Way::Fixed(route), drawer));
                }
                _ => {}
            }
            let whole = definition.data_type != DataType::Complex && !definition.multi_valued;
            if is_unique(field) && whole && (field.kept || field.marked) {
                routes(true).for_each(|route| push(Way::Twin(route), drawer));
            }
            if definition.required && definition.mutability != Mutability::ReadOnly {
                push(Way::Missing, drawer);
            }
            if ground.arena.capabilities.filter.is_some() && is_sought(field) {
                push(Way::Letters, drawer);
            }
        }
    }
    all
}

/// Whether a text of our own can be found by it.
fn is_sought(field: &Field) -> bool {
    let definition = &field.definition;
    field.kept
        && field.is_shown()
        && !field.marked
        && definition.data_type == DataType::String
        && definition.returned != Returned::Request
        && definition.canonical_values.is_empty()
        && !["locale", "preferredLanguage", "timezone"].contains(&definition.name.as_str())
}

/// The value that a rule is tried with.
fn ruled(way: Way, field: &Field, drawer: &mut Drawer<'_>) -> serde_json::Value {
    let definition = &field.definition;
    let word: String = (0..10)
        .map(|_| char::from(b'a' + u8::try_from(drawer.below(26)).unwrap_or_default()))
        .collect();
    let text = format!("Walk{word}");
    let free = definition.data_type == DataType::String && definition.canonical_values.is_empty();
    match way {
        Way::Letters if definition.multi_valued => serde_json::json!([text]),
        Way::Letters | Way::Twin(_) if free => serde_json::json!(text),
        Way::Missing => serde_json::Value::Null,
        _ => {
            let parts = drawer.parts(field);
            let (part, variants) = parts.first().copied().unwrap_or((0, 1));
            drawer.value(field, (part, 1 % variants.max(1)))
        }
    }
}
