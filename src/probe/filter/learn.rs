//! What of the filter language a target takes: learned before anything is compared, so that a refusal that the
//! RFC leaves open is a capability and not a finding.

use crate::exchange::Exchange;
use crate::probe::population::{self, Population};
use crate::probe::{Arena, Report};
use crate::scim::filter::{AttributePath, CompareOp};
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::scim::schema::{Attribute, DataType, Mutability, Returned, common};
use serde_json::Value;

/// Most attributes that are tried.
const MAX_ATTRIBUTES: usize = 90;

/// What a target takes.
pub(super) struct Learned {
    /// Text in front of every filter: keeps it among our own users.
    pub(super) scope: String,
    /// Attributes and sub-attributes that can be filtered by.
    pub(super) places: Vec<Place>,
    /// Operators.
    pub(super) operators: Vec<CompareOp>,
    /// `or`.
    pub(super) or: bool,
    /// `not`.
    pub(super) not: bool,
    /// Brackets.
    pub(super) value_paths: bool,
    /// Answers to valid filters that no refusal is: the first one.
    pub(super) failing: Option<Exchange>,
}

/// An attribute that can be filtered by.
#[derive(Clone)]
pub(super) struct Place {
    /// Where it is.
    pub(super) path: AttributePath,
    /// Its definition; that of the sub-attribute where the path names one.
    pub(super) definition: Attribute,
    /// The attribute that has it as a sub-attribute.
    pub(super) parent: Option<Attribute>,
    /// The values that our users have there.
    pub(super) values: Vec<Value>,
}

/// What a target says to a filter.
enum Said {
    Taken(Exchange),
    Refused,
    Failing(Exchange),
    Unreached(Exchange),
}

/// Users of our own and what the target takes of filters; or the report of a probe that can't begin.
pub(super) async fn prepare(arena: &Arena) -> Result<(Population, Learned), Report> {
    let population = population::settle(arena)
        .await
        .map_err(|none| Report::broken(none.why, none.exchange))?;
    match learn(arena, &population).await {
        Ok(learned) => Ok((population, learned)),
        Err((why, None)) => Err(Report::skip(why)),
        Err((why, exchange)) => Err(Report::broken(why, exchange)),
    }
}

/// Learns; the error says why the target can't be tried at all.
async fn learn(
    arena: &Arena,
    population: &Population,
) -> Result<Learned, (String, Option<Exchange>)> {
    let ask = |text: String| async move { ask(arena, population, &text).await };
    let scope = format!("userName sw {}", Value::from(prefix(population)));
    match ask(scope.clone()).await {
        Said::Taken(answer) if selects_all(&answer, population) => {}
        Said::Taken(_) => {
            return Err((
                "the target's `sw` does not find users that it shows: nothing keeps the probe among its own".to_owned(),
                None,
            ));
        }
        Said::Refused => return Err(("the target refuses `userName sw`".to_owned(), None)),
        Said::Failing(answer) | Said::Unreached(answer) => {
            return Err((format!("set-up: {}", answer.said()), Some(answer)));
        }
    }
    let mut learned = Learned {
        scope: format!("{scope} and "),
        places: Vec::new(),
        operators: Vec::new(),
        or: false,
        not: false,
        value_paths: false,
        failing: None,
    };
    let of = |text: &str| format!("{scope} and ({text})");
    if !learned.takes(ask(of("userName eq \"a\"")).await) {
        return Err(("the target refuses `and` with a group".to_owned(), None));
    }
    for op in CompareOp::ALL {
        if learned.takes(ask(of(&format!("userName {op} \"a\""))).await) {
            learned.operators.push(op);
        }
    }
    learned.or = learned.takes(ask(of("userName eq \"a\" or userName eq \"b\"")).await);
    learned.not = learned.takes(ask(of("not (userName eq \"a\")")).await);
    let brackets = population
        .schemas
        .attribute("emails")
        .is_some_and(|it| it.multi_valued);
    learned.value_paths = brackets && learned.takes(ask(of("emails[type eq \"work\"]")).await);
    for place in places(population) {
        if learned.takes(ask(of(&format!("{} pr", place.path))).await) {
            learned.places.push(place);
        }
    }
    Ok(learned)
}

impl Learned {
    fn takes(&mut self, said: Said) -> bool {
        match said {
            Said::Taken(_) => true,
            Said::Failing(answer) => {
                self.failing.get_or_insert(answer);
                false
            }
            Said::Refused | Said::Unreached(_) => false,
        }
    }
}

async fn ask(arena: &Arena, population: &Population, filter: &str) -> Said {
    let query = [("filter", filter), ("count", "100")];
    let answer = arena.get("learn", &population.endpoint, &query).await;
    match answer.status() {
        Some(200) => Said::Taken(answer),
        Some(500..=599) if answer.status() != Some(501) => Said::Failing(answer),
        Some(_) => Said::Refused,
        None => Said::Unreached(answer),
    }
}

/// What the userNames of our users begin with.
fn prefix(population: &Population) -> String {
    let names: Vec<&str> = population
        .users
        .iter()
        .filter_map(|user| member(user, "userName")?.as_str())
        .collect();
    let first = names.first().copied().unwrap_or_default();
    let common = first
        .char_indices()
        .take_while(|(at, c)| {
            names
                .iter()
                .all(|name| name.get(*at..).is_some_and(|rest| rest.starts_with(*c)))
        })
        .count();
    first.chars().take(common).collect()
}

fn selects_all(answer: &Exchange, population: &Population) -> bool {
    let list = answer.json().and_then(ListView::read);
    let selected: Vec<&str> = list.iter().flat_map(ListView::ids).collect();
    population.users.iter().all(|user| {
        member(user, "id")
            .and_then(Value::as_str)
            .is_some_and(|id| selected.contains(&id))
    })
}

/// Attributes that every representation shows, those first for which our users have values.
fn places(population: &Population) -> Vec<Place> {
    let schemas = &population.schemas;
    let plain = common().iter().map(|it| (None, it));
    let core = schemas.core.attributes.iter().map(|it| (None, it));
    let further = schemas.extensions.iter().flat_map(|(schema, _)| {
        let attributes = schema.attributes.iter();
        attributes.map(move |it| (Some(schema.id.clone()), it))
    });
    let mut places = Vec::new();
    for (urn, attribute) in plain.chain(core).chain(further) {
        if !is_shown(attribute) || attribute.is_named("schemas") {
            continue;
        }
        let path = AttributePath {
            urn,
            name: attribute.name.clone(),
            sub: None,
        };
        // Where a resource is, and in which version, a server may make up when it answers.
        let derived = |sub: &Attribute| {
            attribute.is_named("meta") && (sub.is_named("location") || sub.is_named("version"))
        };
        let subs = attribute.sub_attributes.iter();
        for sub in subs.filter(|it| is_shown(it) && !derived(it)) {
            let path = AttributePath {
                sub: Some(sub.name.clone()),
                ..path.clone()
            };
            places.push(place(path, sub, Some(attribute), population));
        }
        if attribute.data_type != DataType::Complex {
            places.push(place(path, attribute, None, population));
        }
    }
    places.sort_by_key(|place| place.values.is_empty());
    places.truncate(MAX_ATTRIBUTES);
    places
}

fn place(
    path: AttributePath,
    definition: &Attribute,
    parent: Option<&Attribute>,
    population: &Population,
) -> Place {
    let values = population
        .users
        .iter()
        .flat_map(|user| crate::scim::resource::get(user, &path))
        .cloned()
        .collect();
    Place {
        path,
        definition: definition.clone(),
        parent: parent.cloned(),
        values,
    }
}

fn is_shown(attribute: &Attribute) -> bool {
    attribute.mutability != Mutability::WriteOnly
        && matches!(attribute.returned, Returned::Always | Returned::Default)
        && !attribute.unclear
        && !attribute.is_named("$ref")
}
