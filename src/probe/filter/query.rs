//! A filter and how it is spelled: printing and shrinking.

use crate::probe::property::Shrink;
use crate::scim::filter::{AttributePath, Comparison, Filter, Literal, ValueFilter};

/// A filter and its spelling.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    pub(super) filter: Filter,
    pub(super) spelling: Spelling,
}

/// How a filter is spelled; the default is the canonical spelling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// Letter case of attribute names.
    pub(super) names: Letters,
    /// Letter case of operators.
    pub(super) words: Letters,
    /// Whether every operand stands in parentheses, needed or not.
    pub(super) grouped: bool,
}

/// Letter case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Letters {
    #[default]
    Kept,
    Upper,
    Lower,
    Mixed,
    /// As those write them who know names from another language: `UserName`.
    Capital,
}

impl Letters {
    fn of(self, text: &str) -> String {
        match self {
            Self::Kept => text.to_owned(),
            Self::Upper => text.to_ascii_uppercase(),
            Self::Lower => text.to_ascii_lowercase(),
            Self::Mixed => text
                .chars()
                .enumerate()
                .map(|(n, c)| match n % 2 {
                    0 => c.to_ascii_uppercase(),
                    _ => c.to_ascii_lowercase(),
                })
                .collect(),
            Self::Capital => {
                let mut begins = true;
                let capital = |c: char| {
                    let was = std::mem::replace(&mut begins, !c.is_ascii_alphanumeric());
                    if was { c.to_ascii_uppercase() } else { c }
                };
                text.chars().map(capital).collect()
            }
        }
    }
}

/// How tightly the place of an operand binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Or,
    And,
    Factor,
}

impl Query {
    /// The same in the letter case of the schema, where it is in another one.
    pub(super) fn quiet(&self) -> Option<Self> {
        let spelling = Spelling {
            grouped: self.spelling.grouped,
            ..Spelling::default()
        };
        let filter = self.filter.clone();
        (spelling != self.spelling).then_some(Self { filter, spelling })
    }

    /// The text of the filter.
    pub(super) fn text(&self) -> String {
        self.spelling.node(&self.filter, Level::Or)
    }
}

impl Spelling {
    fn node(self, filter: &Filter, place: Level) -> String {
        let (text, level) = match filter {
            Filter::Or(a, b) => {
                let (a, b) = (self.operand(a, Level::Or), self.operand(b, Level::And));
                (format!("{a} {} {b}", self.words.of("or")), Level::Or)
            }
            Filter::And(a, b) => {
                let (a, b) = (self.operand(a, Level::And), self.operand(b, Level::Factor));
                (format!("{a} {} {b}", self.words.of("and")), Level::And)
            }
            Filter::Not(a) => {
                let inner = self.node(a, Level::Or);
                (format!("{} ({inner})", self.words.of("not")), Level::Factor)
            }
            Filter::Present(path) => {
                let text = format!("{} {}", self.path(path), self.words.of("pr"));
                (text, Level::Factor)
            }
            Filter::Compare(path, Comparison { op, value }) => {
                let text = format!(
                    "{} {} {value}",
                    self.path(path),
                    self.words.of(op.keyword())
                );
                (text, Level::Factor)
            }
            Filter::ValuePath(path, inner) => {
                let inner = self.node(&open(inner), Level::Or);
                (format!("{}[{inner}]", self.path(path)), Level::Factor)
            }
        };
        if level < place {
            format!("({text})")
        } else {
            text
        }
    }

    fn operand(self, filter: &Filter, place: Level) -> String {
        if self.grouped {
            format!("({})", self.node(filter, Level::Or))
        } else {
            self.node(filter, place)
        }
    }

    /// A URN keeps its spelling: that of a schema is not everybody's to compare without case.
    fn path(self, path: &AttributePath) -> String {
        let bare = AttributePath {
            urn: None,
            ..path.clone()
        };
        let name = self.names.of(&bare.to_string());
        match &path.urn {
            Some(urn) => format!("{urn}:{name}"),
            None => name,
        }
    }

    fn smaller(self) -> Vec<Self> {
        let plain = Self::default();
        let mut all = Vec::new();
        for one in [
            plain,
            Self {
                names: plain.names,
                ..self
            },
            Self {
                words: plain.words,
                ..self
            },
            Self {
                grouped: plain.grouped,
                ..self
            },
        ] {
            if one != self && !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }
}

impl Shrink for Query {
    fn smaller(&self) -> Vec<Self> {
        let filter = |filter| Self {
            filter,
            spelling: self.spelling,
        };
        let spelled = self.spelling.smaller().into_iter().map(|spelling| Self {
            filter: self.filter.clone(),
            spelling,
        });
        let fewer = smaller(&self.filter).into_iter().map(filter);
        spelled.chain(fewer).collect()
    }

    fn like(&self, smallest: &Self) -> Option<Vec<Self>> {
        if self.spelling == Spelling::default() && smallest.spelling != self.spelling {
            return Some(Vec::new());
        }
        let spelling = match smallest.spelling {
            plain if plain == Spelling::default() => plain,
            _ => self.spelling,
        };
        let mut parts = Vec::new();
        alike(&self.filter, &smallest.filter, &mut parts);
        let query = |filter| Self { filter, spelling };
        Some(parts.into_iter().map(query).collect())
    }
}

/// The parts of a filter that have the shape of another one; those in brackets stay in brackets.
fn alike(filter: &Filter, shape: &Filter, found: &mut Vec<Filter>) {
    if has_shape(filter, shape) && !found.contains(filter) {
        found.push(filter.clone());
    }
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => {
            alike(a, shape, found);
            alike(b, shape, found);
        }
        Filter::Not(a) => alike(a, shape, found),
        Filter::Present(_) | Filter::Compare(..) => {}
        Filter::ValuePath(path, inner) => {
            let Filter::ValuePath(_, wanted) = shape else {
                return;
            };
            let mut inside = Vec::new();
            alike(&open(inner), &open(wanted), &mut inside);
            for inner in inside.iter().filter_map(close) {
                let part = Filter::ValuePath(path.clone(), Box::new(inner));
                if !found.contains(&part) {
                    found.push(part);
                }
            }
        }
    }
}

/// Whether two filters have the same connectives, and the same operators with operands of the same type.
fn has_shape(filter: &Filter, shape: &Filter) -> bool {
    let kind = std::mem::discriminant::<Literal>;
    match (filter, shape) {
        (Filter::Or(a, b), Filter::Or(c, d)) | (Filter::And(a, b), Filter::And(c, d)) => {
            has_shape(a, c) && has_shape(b, d)
        }
        (Filter::Not(a), Filter::Not(b)) => has_shape(a, b),
        (Filter::Present(_), Filter::Present(_)) => true,
        (Filter::Compare(_, a), Filter::Compare(_, b)) => {
            a.op == b.op && kind(&a.value) == kind(&b.value)
        }
        (Filter::ValuePath(_, a), Filter::ValuePath(_, b)) => has_shape(&open(a), &open(b)),
        _ => false,
    }
}

/// Simpler filters: an operand for the whole, then one part simpler.
fn smaller(filter: &Filter) -> Vec<Filter> {
    let both = |a: &Filter, b: &Filter, join: fn(Box<Filter>, Box<Filter>) -> Filter| {
        let mut all = vec![a.clone(), b.clone()];
        let (left, right) = (smaller(a), smaller(b));
        all.extend(
            left.into_iter()
                .map(|a| join(Box::new(a), Box::new(b.clone()))),
        );
        all.extend(
            right
                .into_iter()
                .map(|b| join(Box::new(a.clone()), Box::new(b))),
        );
        all
    };
    match filter {
        Filter::Or(a, b) => both(a, b, Filter::Or),
        Filter::And(a, b) => both(a, b, Filter::And),
        Filter::Not(a) => {
            let inner = smaller(a).into_iter().map(|a| Filter::Not(Box::new(a)));
            std::iter::once((**a).clone()).chain(inner).collect()
        }
        Filter::Present(path) => paths(path).map(Filter::Present).collect(),
        Filter::Compare(path, comparison) => {
            let shorter = literals(&comparison.value).into_iter().map(|value| {
                let comparison = Comparison {
                    op: comparison.op,
                    value,
                };
                Filter::Compare(path.clone(), comparison)
            });
            paths(path)
                .map(|path| Filter::Compare(path, comparison.clone()))
                .chain(shorter)
                .collect()
        }
        Filter::ValuePath(path, inner) => {
            let inner = smaller(&open(inner));
            let inner = inner.iter().filter_map(close);
            let plain = paths(path);
            let of =
                |path: AttributePath, inner: ValueFilter| Filter::ValuePath(path, Box::new(inner));
            let Filter::ValuePath(_, whole) = filter else {
                return Vec::new();
            };
            plain
                .map(|path| of(path, (**whole).clone()))
                .chain(inner.map(|inner| of(path.clone(), inner)))
                .collect()
        }
    }
}

/// The path without its URN where it has one that names no extension's attribute.
fn paths(path: &AttributePath) -> impl Iterator<Item = AttributePath> {
    let is_core = path
        .urn
        .as_ref()
        .is_some_and(|urn| !urn.contains(":extension:"));
    is_core
        .then(|| AttributePath {
            urn: None,
            ..path.clone()
        })
        .into_iter()
}

/// Shorter texts.
fn literals(value: &Literal) -> Vec<Literal> {
    let Literal::String(text) = value else {
        return Vec::new();
    };
    // A time that is cut is none.
    if text.len() <= 1 || text.contains(':') {
        return Vec::new();
    }
    let half = text.chars().count() / 2;
    let front: String = text.chars().take(half.max(1)).collect();
    let back: String = text.chars().skip(half).collect();
    [front, back]
        .into_iter()
        .filter(|shorter| shorter.len() < text.len())
        .map(Literal::String)
        .collect()
}

/// A filter in brackets as one that stands free, its names being those of sub-attributes.
pub(super) fn open(filter: &ValueFilter) -> Filter {
    let two = |a: &ValueFilter, b: &ValueFilter| (Box::new(open(a)), Box::new(open(b)));
    match filter {
        ValueFilter::Or(a, b) => {
            let (a, b) = two(a, b);
            Filter::Or(a, b)
        }
        ValueFilter::And(a, b) => {
            let (a, b) = two(a, b);
            Filter::And(a, b)
        }
        ValueFilter::Not(a) => Filter::Not(Box::new(open(a))),
        ValueFilter::Present(path) => Filter::Present(path.clone()),
        ValueFilter::Compare(path, comparison) => Filter::Compare(path.clone(), comparison.clone()),
    }
}

/// The other way; absent for value paths, which brackets can't hold.
pub(super) fn close(filter: &Filter) -> Option<ValueFilter> {
    let two = |a: &Filter, b: &Filter| Some((Box::new(close(a)?), Box::new(close(b)?)));
    Some(match filter {
        Filter::Or(a, b) => {
            let (a, b) = two(a, b)?;
            ValueFilter::Or(a, b)
        }
        Filter::And(a, b) => {
            let (a, b) = two(a, b)?;
            ValueFilter::And(a, b)
        }
        Filter::Not(a) => ValueFilter::Not(Box::new(close(a)?)),
        Filter::Present(path) => ValueFilter::Present(path.clone()),
        Filter::Compare(path, comparison) => ValueFilter::Compare(path.clone(), comparison.clone()),
        Filter::ValuePath(..) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::filter::parse;

    fn query(text: &str, spelling: Spelling) -> Query {
        Query {
            filter: parse(text).unwrap(),
            spelling,
        }
    }

    #[test]
    fn any_spelling_means_the_same_filter() {
        let texts = [
            "a eq \"X\" or b pr and c ne 1",
            "(a pr or b pr) and not (c co \"or\")",
            "emails[type eq \"work\" and not (value sw \"a\")] and urn:x:y:2.0:Z:a.b gt 1",
            "a pr and (b pr and c pr) or (d pr or e pr)",
        ];
        for text in texts {
            for names in [
                Letters::Kept,
                Letters::Upper,
                Letters::Lower,
                Letters::Mixed,
            ] {
                for grouped in [false, true] {
                    let spelling = Spelling {
                        names,
                        words: names,
                        grouped,
                    };
                    let query = query(text, spelling);
                    let again = parse(&query.text()).unwrap();
                    let plain = |filter: &Filter| {
                        let text = Query {
                            filter: filter.clone(),
                            spelling: Spelling {
                                names: Letters::Lower,
                                ..Spelling::default()
                            },
                        };
                        text.text()
                    };
                    assert_eq!(plain(&again), plain(&query.filter), "{}", query.text());
                }
            }
        }
        assert_eq!(query(texts[0], Spelling::default()).text(), texts[0]);
    }

    #[test]
    fn parts_have_the_shape_of_the_smallest() {
        let whole = "not (a eq \"x\") and (b sw \"y\" or emails[type eq \"w\" and value sw \"v\"]) or c sw 1";
        let whole = query(whole, Spelling::default());
        for (smallest, parts) in [
            ("title sw \"q\"", vec!["b sw \"y\""]),
            ("not (t eq \"q\")", vec!["not (a eq \"x\")"]),
            ("addresses[type sw \"q\"]", vec!["emails[value sw \"v\"]"]),
            ("a pr", vec![]),
        ] {
            let smallest = query(smallest, Spelling::default());
            let found: Vec<String> = whole
                .like(&smallest)
                .unwrap()
                .iter()
                .map(Query::text)
                .collect();
            assert_eq!(found, parts);
        }
        let loud = Spelling {
            names: Letters::Upper,
            ..Spelling::default()
        };
        assert!(whole.like(&query("b sw \"q\"", loud)).unwrap().is_empty());
    }

    #[test]
    fn shrinking_ends_at_one_test() {
        let loud = Spelling {
            names: Letters::Upper,
            words: Letters::Mixed,
            grouped: true,
        };
        let mut query = query(
            "not (a eq \"long text\") and (b pr or emails[type eq \"work\" or value pr])",
            loud,
        );
        let mut steps = 0;
        while let Some(next) = query.smaller().into_iter().next() {
            assert!(next.text().len() <= query.text().len());
            query = next;
            steps += 1;
            assert!(steps < 50);
        }
        assert_eq!(query.text(), "a eq \"l\"");
    }
}
