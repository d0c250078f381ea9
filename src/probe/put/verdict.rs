//! What became of one PUT, and which promise that breaks.

use serde_json::{Value, json};

use super::blame::{
    ANSWERS, CLEARS, READ_ONLY, REFRESHES, REFUSED, REPLACES, Spot, VERSION, blame,
};
use crate::check::place::brief;
use crate::exchange::Exchange;
use crate::oracle::{Miss, World, put};
use crate::probe::bench::{Wrong, is_success, shown};
use crate::probe::patch::went_back;
use crate::scim::datetime;
use crate::scim::resource::{Difference, canonicalise, equal, equal_resource, is_assigned, member};
use crate::scim::schema::{Mutability, SchemaSet};

/// Attributes that one server gives values of its own or keeps: more are not looked at.
const MOST_KEPT: usize = 40;

/// What was sent and what came of it.
pub(in crate::probe) struct Course<'a> {
    pub(in crate::probe) schemas: &'a SchemaSet,
    /// A user to whom nothing was given beside a name: what else it shows are defaults.
    pub(in crate::probe) bare: &'a Value,
    /// The replacement as it was sent.
    pub(in crate::probe) body: &'a Value,
    /// The user before and after, and after the same PUT again.
    pub(in crate::probe) before: &'a Value,
    pub(in crate::probe) after: &'a Value,
    pub(in crate::probe) later: Option<&'a Value>,
    /// The answer, and that to the same PUT again.
    pub(in crate::probe) replaced: &'a Exchange,
    pub(in crate::probe) again: Option<&'a Exchange>,
    /// Whether entity tags are supported.
    pub(in crate::probe) tags: bool,
}

/// What can be said.
pub(in crate::probe) enum Said {
    Held,
    Unjudged,
    /// The target refused what it has no reason to refuse.
    Refused,
    Wrong(Box<Wrong>),
}

/// What is said, and an omitted attribute that was kept.
pub(in crate::probe) struct Verdict {
    pub(in crate::probe) said: Said,
    pub(in crate::probe) kept: Option<Wrong>,
}

impl Course<'_> {
    /// Judges it.
    pub(in crate::probe) fn judge(&self) -> Verdict {
        let mut kept = None;
        let said = match self.replaced.status() {
            Some(200 | 204) => self.done(&mut kept),
            Some(200..=299 | 501) => Said::Unjudged,
            Some(500..=599) => Said::Wrong(Box::new(self.wrong(
                ANSWERS,
                "response.status",
                "200 or a refusal",
                self.replaced.said(),
            ))),
            _ => self.refused(),
        };
        Verdict { said, kept }
    }

    fn refused(&self) -> Said {
        let outcomes = put::apply(self.before, self.body, self.schemas, World::default());
        match outcomes.judge_untouched(self.after, self.schemas) {
            Err(difference) => Said::Wrong(Box::new(self.differs(REFUSED, &difference))),
            Ok(()) if !outcomes.complete => Said::Unjudged,
            Ok(()) if outcomes.must_succeed() => Said::Refused,
            Ok(()) => Said::Held,
        }
    }

    fn done(&self, kept: &mut Option<Wrong>) -> Said {
        if let Some(wrong) = self.fixed() {
            return Said::Wrong(Box::new(wrong));
        }
        // A value that does not fit an immutable one is ignored at best; scenarios ask for the refusal.
        let body = self.without_fixed();
        let outcomes = put::apply(self.before, &body, self.schemas, World::default());
        if !outcomes.complete {
            return Said::Unjudged;
        }
        let mut state = self.after.clone();
        for _ in 0..MOST_KEPT {
            let difference = match outcomes.judge_state(&state, self.schemas) {
                Ok(_) => return self.beside(),
                Err(Miss::State(difference)) => difference,
                Err(_) => return Said::Unjudged,
            };
            let spot = Spot::of(&difference.pointer, self.schemas);
            let is_free = spot
                .definition
                .is_some_and(|it| it.mutability == Mutability::ReadWrite && !it.required);
            let sent = spot.value(&body).is_some_and(is_assigned);
            let now = spot.value(&state).filter(|now| is_assigned(now));
            let as_in = |other: &Value| {
                let there = spot.value(other).unwrap_or(&Value::Null);
                now.is_some_and(|now| equal(there, now, spot.definition).is_ok())
            };
            let omitted = is_free && !sent && spot.value(&body).is_none();
            if is_free && !sent && as_in(self.bare) {
                // A default.
            } else if omitted && as_in(self.before) {
                let name = &spot.name;
                kept.get_or_insert_with(|| {
                    let expected = format!("{name}, which is left out, cleared or defaulted");
                    let actual = brief(now.unwrap_or(&Value::Null));
                    self.wrong(CLEARS, &difference.pointer, &expected, actual)
                });
            } else {
                let requirement = blame(&body, &difference.pointer, self.schemas);
                return Said::Wrong(Box::new(self.differs(requirement, &difference)));
            }
            state = spot.cleared(&state);
        }
        Said::Unjudged
    }

    /// What else a right PUT keeps to: its answer, dates, versions, and that it can be repeated.
    fn beside(&self) -> Said {
        let wrong = |requirement, at: &str, expected: &str, actual: String| {
            Said::Wrong(Box::new(self.wrong(requirement, at, expected, actual)))
        };
        if let Some(answer) = shown(self.replaced)
            && let Err(difference) = same(self.after, answer, self.schemas)
        {
            return Said::Wrong(Box::new(self.differs(ANSWERS, &difference)));
        }
        let meta = |resource: &Value, name: &str| {
            let text = member(member(resource, "meta")?, name)?.as_str()?;
            Some(text.to_owned())
        };
        let created = |resource| meta(resource, "created").and_then(|it| datetime::parse(&it));
        if let (Some(was), Some(is)) = (created(self.before), created(self.after))
            && was != is
        {
            let actual = meta(self.after, "created").unwrap_or_default();
            return wrong(READ_ONLY, "/meta/created", "the time of creation", actual);
        }
        if went_back(self.before, self.after) {
            let actual = "an earlier time".to_owned();
            let expected = "lastModified not before what it was";
            return wrong(REFRESHES, "/meta/lastModified", expected, actual);
        }
        let version = |resource| meta(resource, "version").filter(|_| self.tags);
        if let (Some(was), Some(is)) = (version(self.before), version(self.after))
            && was == is
            && same(self.before, self.after, self.schemas).is_err()
        {
            return wrong(VERSION, "/meta/version", "another version", is);
        }
        self.repeated()
    }

    fn repeated(&self) -> Said {
        let Some(again) = self.again else {
            return Said::Held;
        };
        match (again.status(), self.later) {
            (None | Some(429 | 501..), _) => Said::Held,
            (Some(200 | 204), Some(later)) => match same(self.after, later, self.schemas) {
                Ok(()) => Said::Held,
                Err(difference) => Said::Wrong(Box::new(Wrong {
                    exchange: again.clone(),
                    ..self.differs(REPLACES, &difference)
                })),
            },
            (Some(200 | 204), None) => Said::Unjudged,
            _ => Said::Wrong(Box::new(Wrong {
                exchange: again.clone(),
                ..self.wrong(
                    ANSWERS,
                    "response.status",
                    "200 for the same PUT again",
                    again.said(),
                )
            })),
        }
    }

    /// An immutable value that was changed.
    fn fixed(&self) -> Option<Wrong> {
        self.immutable().into_iter().find_map(|spot| {
            let was = spot.value(self.before).filter(|was| is_assigned(was))?;
            let is = spot.value(self.after).unwrap_or(&Value::Null);
            // Left out, it may be kept; RFC 7644 §3.5.1 does not say that it has to be.
            let sent = spot.value(self.body).is_some_and(is_assigned);
            let differs = sent && equal(was, is, spot.definition).is_err();
            let pointer = format!("/{}", spot.name);
            differs.then(|| {
                let requirement = blame(self.body, &pointer_of(&spot), self.schemas);
                self.wrong(requirement, &pointer, &brief(was), brief(is))
            })
        })
    }

    /// The body without what an immutable attribute can't take, and with what it kept where it was left out.
    fn without_fixed(&self) -> Value {
        let mut body = self.body.clone();
        for spot in self.immutable() {
            let was = spot.value(self.before).unwrap_or(&Value::Null);
            let sent = spot.value(&body).unwrap_or(&Value::Null);
            let is_set = is_assigned(was) && is_assigned(sent);
            if is_set && equal(was, sent, spot.definition).is_err() {
                body = spot.cleared(&body);
            }
        }
        body
    }

    fn immutable(&self) -> Vec<Spot<'_>> {
        let core = self.schemas.core.attributes.iter().map(|it| ("", it));
        let further = self.schemas.extensions.iter().flat_map(|(schema, _)| {
            let attributes = schema.attributes.iter();
            attributes.map(|it| (schema.id.as_str(), it))
        });
        core.chain(further)
            .filter(|(_, it)| it.mutability == Mutability::Immutable)
            .map(|(urn, it)| Spot {
                urn: urn.to_owned(),
                name: it.name.clone(),
                definition: Some(it),
            })
            .collect()
    }

    fn wrong(&self, requirement: &'static str, at: &str, expected: &str, actual: String) -> Wrong {
        Wrong {
            requirement,
            at: at.to_owned(),
            expected: expected.to_owned(),
            actual,
            exchange: self.replaced.clone(),
        }
    }

    fn differs(&self, requirement: &'static str, difference: &Difference) -> Wrong {
        let show = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), brief);
        let (expected, actual) = (show(&difference.expected), show(&difference.actual));
        self.wrong(requirement, &difference.pointer, &expected, actual)
    }
}

fn pointer_of(spot: &Spot<'_>) -> String {
    match spot.urn.as_str() {
        "" => format!("/{}", spot.name),
        urn => format!("/{urn}/{}", spot.name),
    }
}

/// Whether two representations show the same, `meta` aside.
pub(in crate::probe) fn same(
    one: &Value,
    other: &Value,
    schemas: &SchemaSet,
) -> Result<(), Box<Difference>> {
    let bare = |resource: &Value| {
        let mut bare = canonicalise(resource, schemas);
        bare["meta"] = json!(null);
        bare
    };
    equal_resource(&bare(one), &bare(other), schemas)
}

/// Whether the target carried the request out.
pub(super) fn is_done(exchange: &Exchange) -> bool {
    is_success(exchange) && exchange.status() != Some(202)
}
