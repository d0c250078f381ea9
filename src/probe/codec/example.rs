//! A message, how it is spelled, and simpler ones like it.

use std::sync::Arc;

use serde_json::Value;

use super::spell::{Escapes, Layout, Letters, Media, Numbers, Order, Spelling};
use crate::probe::property::Shrink;
use crate::probe::walk::{Drawer, Field, Ground, simpler};
use crate::scim::schema::{DataType, Uniqueness};
use crate::seed::Seed;

/// What the message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Create,
    Put,
    Patch,
    Search,
}

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// Number of the resource type among those that can be walked.
    pub(super) kind: usize,
    /// Attributes of all types.
    pub(super) fields: Arc<Vec<Vec<Field>>>,
    /// What it does.
    pub(super) route: Route,
    /// Its attributes by their number, each with its value.
    pub(super) entries: Vec<(usize, Value)>,
    /// How it is spelled.
    pub(super) spelling: Spelling,
}

impl Example {
    /// The attributes with their values.
    pub(super) fn values(&self) -> impl Iterator<Item = (&Field, &Value)> {
        let fields = self.fields.get(self.kind);
        let all = self.entries.iter();
        all.filter_map(move |(at, value)| Some((fields?.get(*at)?, value)))
    }

    /// The same value in an attribute like it of the first type, which is the one that everybody knows.
    fn of_first_kind(&self) -> Option<Self> {
        let (field, value) = self.values().next()?;
        let wanted = &field.definition;
        let place = self.fields.first()?.iter().position(|it| {
            let definition = &it.definition;
            is_spoken(it)
                && definition.data_type == wanted.data_type
                && definition.multi_valued == wanted.multi_valued
                && definition.data_type != DataType::Complex
                && definition.canonical_values.is_empty()
        })?;
        (self.kind != 0 && self.entries.len() == 1).then(|| Self {
            kind: 0,
            entries: vec![(place, value.clone())],
            ..self.clone()
        })
    }

    /// The same message, plainly spelled.
    pub(super) fn plain(&self) -> Self {
        Self {
            spelling: Spelling::default(),
            ..self.clone()
        }
    }
}

impl Shrink for Example {
    fn smaller(&self) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let spelled = self.spelling.plainer().into_iter();
        // One that is plain in all would say nothing.
        let spelled = spelled.filter(|it| *it != Spelling::default());
        all.extend(spelled.map(|spelling| Self {
            spelling,
            ..self.clone()
        }));
        if self.route != Route::Create {
            all.push(Self {
                route: Route::Create,
                ..self.clone()
            });
        }
        all.extend(self.of_first_kind());
        let with = |entries| Self {
            entries,
            ..self.clone()
        };
        if self.entries.len() > 1 {
            all.extend(self.entries.iter().map(|one| with(vec![one.clone()])));
        }
        for (place, (field, value)) in self.values().enumerate() {
            for plainer in simpler(value, &field.definition, "") {
                let mut entries = self.entries.clone();
                if let Some(entry) = entries.get_mut(place) {
                    entry.1 = plainer;
                }
                all.push(with(entries));
            }
        }
        all
    }
}

/// This many examples: kind, attributes, values and spelling follow from the seed.
pub(super) fn examples(ground: &Ground<'_>, seed: Seed, many: u32) -> Vec<Example> {
    let fields = ground
        .kinds
        .iter()
        .map(|kind| alone(&kind.fields))
        .collect();
    let fields: Arc<Vec<Vec<Field>>> = Arc::new(fields);
    (0..u64::from(many))
        .filter_map(|number| one(ground, &fields, &mut ground.drawer(seed.nth(number))))
        .collect()
}

/// The attributes that can be given without others: not those of an extension that requires some.
fn alone(fields: &[Field]) -> Vec<Field> {
    let bound = |field: &Field| {
        let mut others = fields.iter();
        !field.urn.is_empty()
            && others.any(|other| other.urn == field.urn && other.definition.required)
    };
    fields.iter().filter(|it| !bound(it)).cloned().collect()
}

fn one(
    ground: &Ground<'_>,
    fields: &Arc<Vec<Vec<Field>>>,
    drawer: &mut Drawer<'_>,
) -> Option<Example> {
    let spelling = spelling(drawer);
    let has_decimals = |of: &[Field]| of.iter().any(|it| is_spoken(it) && is_decimal(it));
    let mut kinds: Vec<usize> = (0..fields.len())
        .filter(|at| fields[*at].iter().any(is_spoken))
        .collect();
    // Only decimals are numbers of many spellings.
    if spelling.numbers != Numbers::Kept && kinds.iter().any(|at| has_decimals(&fields[*at])) {
        kinds.retain(|at| has_decimals(&fields[*at]));
    }
    // The first type is as likely as all others: it has most attributes.
    let place = drawer
        .below(kinds.len() * 2)
        .saturating_sub(kinds.len().saturating_sub(1));
    let kind = *kinds.get(place.min(kinds.len().saturating_sub(1)))?;
    let of = fields.get(kind)?;
    let spoken: Vec<usize> = (0..of.len()).filter(|at| is_spoken(&of[*at])).collect();
    let mut chosen: Vec<usize> = Vec::new();
    if spelling.numbers != Numbers::Kept {
        chosen.extend(spoken.iter().copied().find(|at| is_decimal(&of[*at])));
    }
    for _ in 0..=drawer.below(4) {
        let at = *spoken.get(drawer.below(spoken.len()))?;
        if !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    let entries = chosen.into_iter().map(|at| (at, value(&of[at], drawer)));
    let entries: Vec<_> = entries.collect();
    let (patch, filter) = (
        ground.arena.capabilities.patch,
        ground.arena.capabilities.filter.is_some(),
    );
    let route = match drawer.below(10) {
        0..=1 => Route::Put,
        2..=5 if patch => Route::Patch,
        6 if filter => Route::Search,
        _ => Route::Create,
    };
    Some(Example {
        kind,
        fields: Arc::clone(fields),
        route,
        entries,
        spelling,
    })
}

fn value(field: &Field, drawer: &mut Drawer<'_>) -> Value {
    let parts = drawer.parts(field);
    let (part, variants) = parts
        .get(drawer.below(parts.len()))
        .copied()
        .unwrap_or((0, 1));
    let variant = drawer.below(variants);
    drawer.value(field, (part, variant))
}

/// Whether an attribute shows what became of a message.
fn is_spoken(field: &Field) -> bool {
    field.kept
        && field.is_free()
        && field.is_shown()
        && field.definition.uniqueness == Uniqueness::None
        && !field.definition.required
}

fn is_decimal(field: &Field) -> bool {
    field.definition.data_type == DataType::Decimal
}

/// A spelling that is odd in one thing, sometimes in several.
fn spelling(drawer: &mut Drawer<'_>) -> Spelling {
    let mut spelling = Spelling::default();
    let odd = 1 + [0, 0, 1, 2][drawer.below(4)];
    for _ in 0..odd {
        match drawer.below(11) {
            0 => spelling.layout = [Layout::Spaces, Layout::Lines][drawer.below(2)],
            1 => spelling.order = [Order::Reversed, Order::Sorted][drawer.below(2)],
            2..=3 => {
                spelling.names = [Letters::Upper, Letters::Lower, Letters::Mixed][drawer.below(3)];
            }
            4..=5 => spelling.numbers = [Numbers::Noughts, Numbers::Exponent][drawer.below(2)],
            6 => spelling.media = [Media::Charset, Media::Quoted, Media::Json][drawer.below(3)],
            _ => {
                let all = [
                    Escapes::All,
                    Escapes::Capital,
                    Escapes::Foreign,
                    Escapes::Solidus,
                    Escapes::Names,
                ];
                spelling.escapes = all[drawer.below(all.len())];
            }
        }
    }
    spelling
}
