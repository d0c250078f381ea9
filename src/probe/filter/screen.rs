//! What drawing sees in place of the ids and times that a target makes up: the same in every run.
//!
//! Which filters are drawn follows from values that stand somewhere and from those that tests select. Whether two times
//! fall together, or an id begins with a digit, would change what is drawn, and a run would not find again what
//! another one found. So filters are drawn over stand-ins, and told with the true values afterwards.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::learn::{Learned, Place};
use super::operand;
use super::query::Query;
use crate::probe::population::Population;
use crate::scim::filter::{AttributePath, Comparison, Filter, Literal};
use crate::scim::resource::get;
use crate::scim::schema::{DataType, Mutability};
use crate::seed::Seed;

/// A target as drawing sees it.
pub(super) struct Screen {
    /// What was learned, with stand-ins.
    pub(super) learned: Learned,
    /// The users, with stand-ins.
    pub(super) users: Vec<Value>,
    /// By attribute and stand-in, what is true.
    behind: HashMap<(AttributePath, String), String>,
}

impl Screen {
    /// Puts stand-ins before everything that a target makes up and that differs between users.
    pub(super) fn before(learned: &Learned, population: &Population) -> Self {
        let mut screen = Self {
            learned: learned.clone(),
            users: population.users.clone(),
            behind: HashMap::new(),
        };
        let mut places = std::mem::take(&mut screen.learned.places);
        for place in places.iter_mut().filter(|place| is_made_up(place)) {
            screen.hide(place);
        }
        screen.learned.places = places;
        screen
    }

    fn hide(&mut self, place: &mut Place) {
        let time = place.definition.data_type == DataType::DateTime;
        let alike = place.values.windows(2).all(|two| two.first() == two.last());
        if alike && !time {
            return;
        }
        let mut hidden = Vec::new();
        for (at, user) in self.users.iter_mut().enumerate() {
            let known = get(user, &place.path).first().and_then(|it| it.as_str());
            let Some(known) = known.map(str::to_owned) else {
                continue;
            };
            let (stand_in, forms): (_, fn(&str) -> Vec<String>) = if time {
                (moment(at), operand::times)
            } else {
                (mark(at), operand::forms)
            };
            let truths = forms(&known);
            for (nth, form) in forms(&stand_in).into_iter().enumerate() {
                // A time that can't be read has one form.
                let truth = truths.get(nth).unwrap_or(&known).clone();
                let key = (place.path.clone(), form);
                self.behind.entry(key).or_insert(truth);
            }
            put(user, &place.path, &stand_in);
            hidden.push(Value::from(stand_in));
        }
        place.values = hidden;
    }

    /// The query with what is true in place of stand-ins.
    pub(super) fn reveal(&self, query: Query) -> Query {
        Query {
            filter: self.revealed(query.filter),
            ..query
        }
    }

    fn revealed(&self, filter: Filter) -> Filter {
        let again = |one: Box<Filter>| Box::new(self.revealed(*one));
        match filter {
            Filter::Or(a, b) => Filter::Or(again(a), again(b)),
            Filter::And(a, b) => Filter::And(again(a), again(b)),
            Filter::Not(a) => Filter::Not(again(a)),
            Filter::Compare(path, Comparison { op, value }) => {
                let value = match value {
                    Literal::String(text) => Literal::String(self.truth(&path, text)),
                    other => other,
                };
                Filter::Compare(path, Comparison { op, value })
            }
            // Nothing in brackets is made up.
            Filter::Present(_) | Filter::ValuePath(..) => filter,
        }
    }

    fn truth(&self, path: &AttributePath, text: String) -> String {
        let plain = AttributePath {
            urn: None,
            ..path.clone()
        };
        let key = (plain, text);
        self.behind.get(&key).cloned().unwrap_or(key.1)
    }
}

/// Whether the target chooses the one text or time that stands there.
fn is_made_up(place: &Place) -> bool {
    let one = |it: &crate::scim::schema::Attribute| !it.multi_valued;
    place.definition.mutability == Mutability::ReadOnly
        && one(&place.definition)
        && place.parent.as_ref().is_none_or(one)
        && place.path.urn.is_none()
        && matches!(
            place.definition.data_type,
            DataType::DateTime | DataType::String | DataType::Reference
        )
}

/// A time for each user.
fn moment(at: usize) -> String {
    let seconds = i64::try_from(at).unwrap_or(0) + 1_700_000_000;
    let moment = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
    moment.to_string()
}

/// A text for each user, in letters of both cases, both halves of which are its own.
fn mark(at: usize) -> String {
    let at = at as u64;
    format!("Kk{:016x}", Seed(at).nth(at).0)
}

fn put(user: &mut Value, path: &AttributePath, text: &str) {
    let mut place = Some(user);
    for name in [Some(path.name.as_str()), path.sub.as_deref()]
        .into_iter()
        .flatten()
    {
        let members = place.and_then(Value::as_object_mut);
        let found = members.and_then(|them| {
            let mut them = them.iter_mut();
            them.find(|(known, _)| known.eq_ignore_ascii_case(name))
        });
        place = found.map(|(_, value)| value);
    }
    if let Some(place) = place {
        *place = Value::from(text);
    }
}
#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::sample::capabilities;
    use crate::probe::filter::draw::chosen;
    use crate::probe::filter::learn::places;
    use crate::scim::filter::CompareOp;

    fn population(id: impl Fn(usize) -> String, time: impl Fn(usize) -> String) -> Population {
        let names = ["Anna", "anna", "Zoe", "M\u{fc}ller", "", "50%"];
        let users = (0..11).map(|at| {
            json!({
                "id": id(at),
                "userName": format!("u{at}"),
                "displayName": names[at % names.len()],
                "emails": [{"value": format!("{at}@x.e"), "type": "work", "primary": at % 2 == 0}],
                "meta": {"resourceType": "User", "created": time(at), "lastModified": time(at / 2)},
            })
        });
        Population {
            endpoint: "/Users".to_owned(),
            schemas: capabilities().schema_set("User").unwrap(),
            sent: Vec::new(),
            users: users.collect(),
        }
    }

    fn drawn(population: &Population) -> Vec<Query> {
        let learned = Learned {
            scope: String::new(),
            places: places(population),
            operators: vec![CompareOp::Eq, CompareOp::Ne, CompareOp::Co, CompareOp::Gt],
            or: true,
            not: true,
            value_paths: true,
            core: None,
            failing: None,
            asked: crate::probe::filter::asked::Asked::default(),
        };
        chosen(&learned, population, Seed(5), 60)
    }

    /// The filter without the values of ids and times, and those values.
    fn parted(filter: &Filter, values: &mut Vec<String>) -> Filter {
        let mut again = |one: &Filter| Box::new(parted(one, values));
        match filter {
            Filter::Or(a, b) => Filter::Or(again(a), again(b)),
            Filter::And(a, b) => Filter::And(again(a), again(b)),
            Filter::Not(a) => Filter::Not(again(a)),
            Filter::Compare(path, Comparison { op, value })
                if matches!(path.name.as_str(), "id" | "meta") =>
            {
                if let Literal::String(text) = value {
                    values.push(text.clone());
                }
                let value = Literal::Null;
                Filter::Compare(path.clone(), Comparison { op: *op, value })
            }
            other => other.clone(),
        }
    }

    #[test]
    fn what_is_drawn_depends_on_no_id_and_no_time() {
        let one = population(
            |at| format!("{at:04}4567"),
            |_| "2026-01-01T00:00:00Z".to_owned(),
        );
        let other = population(
            |at| format!("ab-{at}-cD"),
            |at| format!("2026-02-03T04:05:06.{:03}Z", at * 7),
        );
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        let (left, right) = (drawn(&one), drawn(&other));
        assert_eq!(left.len(), right.len());
        for (left, right) in left.iter().zip(&right) {
            let same = parted(&left.filter, &mut ones) == parted(&right.filter, &mut others);
            assert!(same, "{} {}", left.text(), right.text());
        }
        // True values are asked for, and no stand-in.
        assert_eq!(ones.len(), others.len());
        for value in ["00044567", "2026-01-01T00:00:00Z"] {
            assert!(ones.iter().any(|it| it == value), "{ones:?}");
        }
        let stand_ins = [moment(0), mark(3), moment(5)];
        assert!(!ones.iter().chain(&others).any(|it| stand_ins.contains(it)));
    }
}
