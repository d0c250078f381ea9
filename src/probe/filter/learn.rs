//! What of the filter language a target takes: learned before anything is compared, so that a refusal that the
//! RFC leaves open is a capability and not a finding.

use super::asked::{Asked, Met};
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::probe::population::{self, Population};
use crate::probe::{Arena, Report, Sighting};
use crate::scim::filter::{AttributePath, CompareOp};
use crate::scim::list::ListView;
use crate::scim::resource::member;
use crate::scim::schema::{Attribute, DataType, Mutability, Returned, common};
use serde_json::Value;

/// Most attributes that are tried.
const MAX_ATTRIBUTES: usize = 90;

/// What a target takes.
#[derive(Clone)]
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
    /// URN of the core schema, where names may carry it.
    pub(super) core: Option<String>,
    /// Answers to valid filters that no refusal is: the first one.
    pub(super) failing: Option<Exchange>,
    /// What was asked of it, and what came of that.
    pub(super) asked: Asked,
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
    /// Whether the core schema has it: common attributes are in no schema.
    pub(super) is_core: bool,
}

/// What a target says to a filter.
enum Said {
    Taken(Exchange),
    Refused,
    Failing(Exchange),
    Unreached(Exchange),
}

impl Said {
    /// Nothing where nobody answered.
    fn met(&self) -> Option<Met> {
        match self {
            Self::Taken(_) => Some(Met::Taken),
            Self::Refused => Some(Met::Refused),
            Self::Failing(_) => Some(Met::Failing),
            Self::Unreached(_) => None,
        }
    }
}

/// Why a target can't be tried.
enum Unfit {
    /// It has no use for filters.
    Refuses(String),
    /// It breaks down at the simplest of them.
    Fails(Exchange),
    /// The way to it broke.
    Unreached(Exchange),
}

/// Users of our own and what the target takes of filters; or the report of a probe that can't begin. `blamed` is the
/// requirement that a target breaks which answers every filter with 5xx; of three probes one says so.
pub(super) async fn prepare(
    arena: &Arena,
    blamed: Option<&'static str>,
) -> Result<(Population, Learned), Report> {
    let population = population::settle(arena)
        .await
        .map_err(|none| Report::broken(none.why, none.exchange))?;
    match (learn(arena, &population).await, blamed) {
        (Ok(_), _) if arena.is_over() => Err(Report::broken(
            "the time of the probe was over before a filter was compared: give it more by --probe-time",
            None,
        )),
        (Ok(learned), _) => Ok((population, learned)),
        (Err(Unfit::Refuses(why)), _) => Err(Report::skip(why)),
        (Err(Unfit::Fails(answer)), None) => {
            Err(Report::skip(format!("`userName sw`: {}", answer.said())))
        }
        (Err(Unfit::Fails(answer)), Some(requirement)) => Err(Report {
            sightings: vec![Sighting {
                requirement,
                judgement: Judgement::broken("response.status", "200, or a refusal", answer.said()),
                exchange: answer,
                times: 1,
            }],
            ..Report::default()
        }),
        (Err(Unfit::Unreached(answer)), _) => Err(Report::broken(
            format!("set-up: {}", answer.said()),
            Some(answer),
        )),
    }
}

/// Learns; the error says why the target can't be tried at all.
async fn learn(arena: &Arena, population: &Population) -> Result<Learned, Unfit> {
    let ask = |text: String| async move { ask(arena, population, &text).await };
    let scope = format!("userName sw {}", Value::from(prefix(population)));
    match ask(scope.clone()).await {
        Said::Taken(answer) if selects_all(&answer, population) => {}
        Said::Taken(answer) => return Err(Unfit::Refuses(missing(&answer, population))),
        Said::Refused => {
            return Err(Unfit::Refuses(
                "the target refuses `userName sw`".to_owned(),
            ));
        }
        Said::Failing(answer) => return Err(Unfit::Fails(answer)),
        Said::Unreached(answer) => return Err(Unfit::Unreached(answer)),
    }
    let mut learned = Learned {
        scope: format!("{scope} and "),
        places: Vec::new(),
        operators: Vec::new(),
        or: false,
        not: false,
        value_paths: false,
        core: None,
        failing: None,
        asked: Asked::default(),
    };
    let of = |text: &str| format!("{scope} and ({text})");
    if !learned.takes("and", ask(of("userName eq \"a\"")).await) {
        let why = "the target refuses `and` with a group".to_owned();
        return Err(Unfit::Refuses(why));
    }
    for op in CompareOp::ALL {
        let said = ask(of(&format!("userName {op} \"a\""))).await;
        if learned.takes(&op.to_string(), said) {
            learned.operators.push(op);
        }
    }
    let said = ask(of("userName eq \"a\" or userName eq \"b\"")).await;
    learned.or = learned.takes("or", said);
    learned.not = learned.takes("not", ask(of("not (userName eq \"a\")")).await);
    let brackets = population
        .schemas
        .attribute("emails")
        .is_some_and(|it| it.multi_valued);
    if brackets {
        let said = ask(of("emails[type eq \"work\"]")).await;
        learned.value_paths = learned.takes("value paths", said);
    }
    let core = &population.schemas.core.id;
    let said = ask(of(&format!("{core}:userName pr"))).await;
    let taken = learned.takes("names with a URN", said);
    learned.core = taken.then(|| core.clone());
    for place in places(population) {
        if arena.is_over() {
            break;
        }
        let said = ask(of(&format!("{} pr", place.path))).await;
        learned.attribute(place, said);
    }
    Ok(learned)
}

/// Why users are missing in the answer that should hold them all.
fn missing(answer: &Exchange, population: &Population) -> String {
    let list = answer.json().and_then(ListView::read);
    let shown = list.as_ref().map_or(0, |list| list.resources.len());
    let total = list.and_then(|list| list.total_results);
    if total.is_some_and(|total| total > shown as u64) {
        let users = population.users.len();
        return format!(
            "the target shows only {shown} users, page by page, and the probe compares {users}"
        );
    }
    "the target's `sw` does not find users that it shows: nothing keeps the probe among its own"
        .to_owned()
}

impl Learned {
    fn attribute(&mut self, place: Place, said: Said) {
        if let Some(met) = said.met() {
            self.asked.attribute(&place.path, met);
        }
        if self.keeps(said) {
            self.places.push(place);
        }
    }

    /// Whether a part of the language is taken.
    fn takes(&mut self, what: &str, said: Said) -> bool {
        if let Some(met) = said.met() {
            self.asked.part(what, met);
        }
        self.keeps(said)
    }

    fn keeps(&mut self, said: Said) -> bool {
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
    let answer = arena.get_whole("learn", &population.endpoint, &query).await;
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
pub(super) fn places(population: &Population) -> Vec<Place> {
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
    let core = &population.schemas.core;
    Place {
        is_core: path.urn.is_none() && core.attribute(&path.name).is_some(),
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
