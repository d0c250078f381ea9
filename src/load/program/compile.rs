//! From scenarios to a [`Program`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::expect;
use super::memory::Source;
use super::model::{Body, Effect, PARTS, Program, Routine, Setup, Statuses, Step};
use super::parts::{Form, Parts, parameter, stand_in};
use crate::clock::Clock;
use crate::payload::{
    Adaptation, Change, Marker, MissingCapture, Overlay, Payload, Rendered, Scope, build,
};
use crate::redact::Vault;
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::suite::load::{Given, LoadProfile, SUPPLIED};
use crate::suite::{self, Action, Case, ContentType};

/// Numbers of built-in values (`uuid.2`) that a scenario may name.
const NUMBERED: std::ops::RangeInclusive<u32> = 1..=20;

/// Media type of SCIM messages.
const SCIM: &str = "application/scim+json";

/// What scenarios are compiled with.
#[derive(Clone, Copy)]
pub struct Kit<'a> {
    /// What the target says it can do.
    pub capabilities: &'a Capabilities,
    /// What the user says about payloads.
    pub overlay: &'a Overlay,
    /// Carried by everything that is created.
    pub marker: &'a Marker,
    /// Seed of the run.
    pub seed: Seed,
    /// Secrets.
    pub vault: &'a Arc<Vault>,
    /// Settings that scenarios may need.
    pub settings: &'a BTreeSet<String>,
    /// Path of the base URL, without a trailing slash.
    pub base_path: &'a str,
}

impl<'k> Kit<'k> {
    /// What payloads are adapted to.
    pub fn adaptation(&self) -> Adaptation<'k> {
        Adaptation {
            capabilities: self.capabilities,
            overlay: self.overlay,
        }
    }
}

/// Compiles the scenarios of a profile's mix. `cases` are those of the mix, in its order. What the
/// target does not offer is left out, with the reason.
///
/// # Errors
/// Where a scenario can't be carried out under load: why.
pub fn compile(profile: &LoadProfile, cases: &[Case], kit: &Kit<'_>) -> Result<Program, String> {
    let mut program = Program::default();
    for (share, case) in profile.mix.iter().zip(cases) {
        let met = |need: &suite::Need| need.met(kit.capabilities, kit.settings).err();
        if let Some(why) = case.needs().find_map(met) {
            program.left_out.push((case.id.clone(), why));
            continue;
        }
        let slug = format!("l{}", program.routines.len());
        let mut compiler = Compiler {
            kit,
            scope: scope(kit),
            sources: vec![Source::Case],
            names: BTreeMap::from([("case".to_owned(), Source::Case)]),
            fixed: BTreeMap::new(),
            slots: 0,
            operations: &mut program.operations,
        };
        let routine = compiler
            .routine(case, share.weight, share.given, slug)
            .map_err(|why| format!("cannot use {} under load: {why}", case.id))?;
        program.routines.push(routine);
    }
    Ok(program)
}

/// A scope whose names all hold the stand-in of the case, which has number 0.
fn scope(kit: &Kit<'_>) -> Scope {
    let mut scope = Scope::new(
        kit.marker,
        &stand_in(0),
        kit.overlay.domain(),
        kit.seed,
        Clock::System,
        Arc::clone(kit.vault),
    );
    scope.set("case", stand_in(0).into());
    scope
}

struct Compiler<'a, 'k> {
    kit: &'a Kit<'k>,
    scope: Scope,
    sources: Vec<Source>,
    names: BTreeMap<String, Source>,
    fixed: BTreeMap<String, Value>,
    slots: usize,
    operations: &'a mut Vec<String>,
}

impl Compiler<'_, '_> {
    fn routine(
        &mut self,
        case: &Case,
        weight: u32,
        given: Given,
        slug: String,
    ) -> Result<Routine, String> {
        self.built_in();
        let missing = |missing: MissingCapture| missing.to_string();
        case.enter(&mut self.scope).map_err(missing)?;
        for (name, _) in case.row().into_iter().flat_map(|row| &row.values) {
            if let Some(value) = self.scope.get(name) {
                self.fixed.insert(name.clone(), value.clone());
            }
        }
        let setups = self.setups(case, given).map_err(missing)?;
        let mut steps = Vec::new();
        for (index, step) in case.scenario.steps.iter().enumerate() {
            steps.push(self.step(case, index, step).map_err(missing)?);
        }
        Ok(Routine {
            case: case.clone(),
            weight,
            slug,
            setups,
            steps,
            slots: self.slots,
            names: std::mem::take(&mut self.names),
            fixed: std::mem::take(&mut self.fixed),
        })
    }

    /// Lets templates see what is made anew each time.
    fn built_in(&mut self) {
        self.name("now", Source::Now);
        self.name("uuid", Source::Uuid(1));
        self.name("n", Source::Number(1));
        for number in NUMBERED {
            self.name(&format!("uuid.{number}"), Source::Uuid(number));
            self.name(&format!("n.{number}"), Source::Number(number));
        }
        for (name, source) in SUPPLIED.iter().zip([Source::Batch, Source::Page]) {
            self.name(name, source);
        }
        for (name, value) in [
            ("run", self.kit.marker.as_str()),
            ("domain", self.kit.overlay.domain()),
        ] {
            self.fixed.insert(name.to_owned(), value.into());
        }
    }

    fn name(&mut self, name: &str, source: Source) {
        let number = self.sources.len();
        self.sources.push(source);
        self.names.insert(name.to_owned(), source);
        self.scope.set(name, stand_in(number).into());
    }

    fn slot(&mut self, name: &str) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.name(name, Source::Slot(slot));
        slot
    }

    fn setups(&mut self, case: &Case, given: Given) -> Result<Vec<Setup>, MissingCapture> {
        let mut setups = Vec::new();
        for one in &case.scenario.given {
            let plain = one.change == Change::default() && one.fixture.name == one.kind.fixture();
            let given = if given == Given::Pool && !plain {
                Given::Own
            } else {
                given
            };
            let kind = one.kind.resource_type();
            let adaptation = self.kit.adaptation();
            let body = build(one.fixture, &one.change, &mut self.scope, adaptation)?;
            let create = self.creation(kind, &body, given);
            let slot = self.slots;
            for part in PARTS {
                self.slot(&format!("{}.{part}", one.name));
            }
            setups.push(Setup {
                kind: one.kind,
                given,
                slot,
                create,
            });
        }
        Ok(setups)
    }

    /// The request that creates a given resource. Where that is a part of each round, it counts.
    fn creation(&mut self, kind: &str, body: &Value, given: Given) -> Step {
        let endpoint = self.endpoint(kind);
        let operation = if given == Given::Each {
            self.operation(format!("given.{}", kind.to_ascii_lowercase()))
        } else {
            u16::MAX
        };
        Step {
            operation,
            method: http::Method::POST,
            target: self.cut(&format!("{}{endpoint}", self.kit.base_path), Form::Plain),
            headers: Vec::new(),
            body: Body::Text(self.json(body)),
            media_type: Some(SCIM.to_owned()),
            accept: Statuses::success(),
            total: None,
            effect: Effect::Creates(endpoint),
            captures: Vec::new(),
            pages: false,
            origin: None,
        }
    }

    fn step(
        &mut self,
        case: &Case,
        index: usize,
        step: &suite::Step,
    ) -> Result<Step, MissingCapture> {
        let Action::Send(method) = step.action.clone() else {
            return Err(MissingCapture::new("walk", "can't be done under load"));
        };
        let target = self.target(step)?;
        let mut headers = Vec::new();
        for (name, value) in &step.headers {
            let text = value.text(&self.scope)?;
            let text = self.kit.vault.reveal(&text).into_owned();
            headers.push((name.clone(), self.cut(&text, Form::Plain)));
        }
        let body = self.body(step)?;
        let (accept, total) = expect::reduced(step, &self.scope);
        let path = step.path.text(&self.scope)?;
        let effect = self.effect(&method, &path);
        let operation = self.operation(name_of(case, index));
        let captures: Vec<_> = step
            .capture
            .iter()
            .map(|capture| (self.slot(&capture.name), capture.clone()))
            .collect();
        let pages = target.sources().any(|source| source == Source::Page);
        Ok(Step {
            operation,
            method,
            target,
            headers,
            media_type: match (&body, &step.content_type) {
                (Body::None, _) | (_, ContentType::None) => None,
                (_, ContentType::Scim) => Some(SCIM.to_owned()),
                (_, ContentType::Other(text)) => Some(text.clone()),
            },
            body,
            accept,
            total,
            effect,
            captures,
            pages,
            origin: Some((Arc::clone(&case.scenario), index)),
        })
    }

    /// Path and query as they stand on the request line.
    fn target(&self, step: &suite::Step) -> Result<Parts, MissingCapture> {
        let mut target = Parts::default();
        target.text(self.kit.base_path);
        target.append(self.cut(&step.path.path(&self.scope)?, Form::Segment));
        let mut sign = if target.fixed().is_some_and(|it| it.contains('?')) {
            "&"
        } else {
            "?"
        };
        for (name, value) in &step.query {
            let text = if name.is_empty() {
                value.query(&self.scope)?
            } else {
                let value = value.text(&self.scope)?;
                format!("{}={}", parameter(name), parameter(&value))
            };
            target.text(sign);
            target.append(self.cut(&text, Form::Parameter));
            sign = "&";
        }
        Ok(target)
    }

    fn body(&mut self, step: &suite::Step) -> Result<Body, MissingCapture> {
        let Some(payload) = &step.body else {
            return Ok(Body::None);
        };
        if let Payload::From { name, change } = payload {
            let Some(Source::Slot(slot)) = self.names.get(name).copied() else {
                return Err(MissingCapture::absent(name));
            };
            let with = match &change.with {
                Some(with) => Some(self.json(&with.render(&self.scope)?)),
                None => None,
            };
            return Ok(Body::Merged {
                slot,
                with,
                without: change.without.clone(),
            });
        }
        match payload.render(&mut self.scope, self.kit.adaptation())? {
            Rendered::Json(value) => Ok(Body::Text(self.json(&value))),
            Rendered::Bytes(_) => Err(MissingCapture::new("raw", "can't be done under load")),
        }
    }

    fn json(&self, value: &Value) -> Parts {
        let bytes = value.to_string().into_bytes().into();
        let revealed = self.kit.vault.reveal_body(SCIM, &bytes);
        self.cut(&String::from_utf8_lossy(&revealed), Form::JsonText)
    }

    fn cut(&self, text: &str, form: Form) -> Parts {
        Parts::cut(text, &self.sources, form)
    }

    /// What a right answer to a request for this path does to the target.
    fn effect(&self, method: &http::Method, path: &str) -> Effect {
        let path = path.trim_end_matches('/');
        let parts = self.cut(path, Form::Plain);
        let slot = parts.sources().find_map(|source| match source {
            Source::Slot(slot) => Some(slot),
            _ => None,
        });
        let endpoint = path.rsplit_once('/').map_or("", |(head, _)| head);
        match (method.as_str(), slot) {
            ("GET" | "HEAD" | "OPTIONS", slot) => Effect::Reads { slot },
            ("POST", _) if path.ends_with("/.search") => Effect::Reads { slot: None },
            ("POST", None) => Effect::Creates(percent_decode_str(path).decode_utf8_lossy().into()),
            ("DELETE", Some(slot)) => Effect::Deletes(endpoint.to_owned(), slot),
            _ => Effect::Writes,
        }
    }

    fn endpoint(&self, kind: &str) -> String {
        let known = self.kit.capabilities.resource_type(kind);
        known.map_or_else(|| format!("/{kind}s"), |kind| kind.endpoint.clone())
    }

    fn operation(&mut self, name: String) -> u16 {
        let known = self.operations.iter().position(|known| *known == name);
        let index = known.unwrap_or_else(|| {
            self.operations.push(name);
            self.operations.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }
}

/// `user.match` for a scenario of one step, `user.read-and-change.read` for a step of several.
fn name_of(case: &Case, index: usize) -> String {
    let name = case.id.strip_prefix("load.").unwrap_or(&case.id);
    match case.scenario.steps.get(index) {
        Some(step) if case.scenario.steps.len() > 1 => {
            let word = |c: char| if c.is_alphanumeric() { c } else { '-' };
            let slug: String = step.name.chars().map(word).collect();
            format!("{name}.{}", slug.trim_matches('-'))
        }
        _ => name.to_owned(),
    }
}
