//! A program over resources that are there already: what would touch others, or needs what nobody
//! knows of them, is left out.

use super::memory::Source;
use super::model::{Body, Effect, PARTS, Program, Routine, Setup, Step};
use super::parts::Parts;
use crate::payload::Change;
use crate::suite::Kind;
use crate::suite::load::Given;

/// What users may do with resources that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Read them, and nothing else.
    Read,
    /// Read and change them; nothing is created and nothing removed.
    Change,
    /// All but remove them: they are ours.
    Ours,
}

/// What is known of the resources that are there already.
#[derive(Clone, Copy, Debug)]
pub struct Existing<'a> {
    /// Where it is from, as the user named it.
    pub source: &'a str,
    /// Parts of a user that are known, out of [`PARTS`]; none where there are no users.
    pub user: &'a [&'static str],
    /// The same of a group.
    pub group: &'a [&'static str],
    /// What may be done.
    pub leave: Leave,
}

impl Program {
    /// Leaves out what resources that are there already do not allow.
    pub fn restrict(&mut self, existing: &Existing<'_>) {
        let all = std::mem::take(&mut self.routines);
        for mut routine in all {
            match existing.fit(&mut routine) {
                Ok(()) => self.routines.push(routine),
                Err(why) => self.left_out.push((routine.case.id.clone(), why)),
            }
        }
    }
}

impl Existing<'_> {
    /// Fits a scenario to what is there.
    fn fit(&self, routine: &mut Routine) -> Result<(), String> {
        for (at, setup) in routine.setups.iter_mut().enumerate() {
            let is_there = !self.parts(setup.kind).is_empty();
            if is_there && self.leave == Leave::Ours {
                continue;
            }
            let given = routine.case.scenario.given.get(at);
            let plain = given.is_some_and(|it| {
                it.change == Change::default() && it.fixture.name == it.kind.fixture()
            });
            if is_there && plain {
                setup.given = Given::Pool;
            } else if self.leave != Leave::Ours {
                let kind = setup.kind.resource_type();
                return Err(format!(
                    "it needs a {kind} that {} does not tell of, and nothing is created",
                    self.source
                ));
            }
        }
        let whole = |step: &&Step| matches!(step.effect, Effect::Creates(_) | Effect::Deletes(..));
        // What no option allows is said before what one does.
        for step in routine.steps.iter().filter(whole) {
            self.allows(step, &routine.setups)?;
        }
        for step in &routine.steps {
            self.allows(step, &routine.setups)?;
            self.knows(step, &routine.setups)?;
        }
        Ok(())
    }

    fn parts(&self, kind: Kind) -> &[&'static str] {
        match kind {
            Kind::User => self.user,
            Kind::Group => self.group,
        }
    }

    /// Whether a given resource is one that is there.
    fn is_drawn(&self, setup: &Setup) -> bool {
        setup.given == Given::Pool && !self.parts(setup.kind).is_empty()
    }

    /// Whether a request may be sent.
    fn allows(&self, step: &Step, setups: &[Setup]) -> Result<(), String> {
        let drawn = |slot: usize| {
            let mut drawn = setups.iter().filter(|it| self.is_drawn(it));
            drawn.any(|it| part(it, slot).is_some())
        };
        let source = self.source;
        match (&step.effect, self.leave) {
            (Effect::Reads { .. }, _) | (Effect::Creates(_) | Effect::Writes, Leave::Ours) => {
                Ok(())
            }
            (Effect::Deletes(_, slot), Leave::Ours) if !drawn(*slot) => Ok(()),
            (Effect::Deletes(..), _) => Err(format!("it removes what {source} tells of")),
            (Effect::Creates(_), _) => {
                Err(format!("it creates, and with {source} nothing is created"))
            }
            (Effect::Writes, Leave::Read) => Err(format!(
                "it changes what {source} tells of; --change-existing allows it"
            )),
            (Effect::Writes, Leave::Change) => {
                let mut slots = step.target.sources().filter_map(slot_of);
                if slots.any(drawn) {
                    return Ok(());
                }
                Err(format!(
                    "it changes something that {source} does not tell of"
                ))
            }
        }
    }

    /// Whether everything that a request is made of is known.
    fn knows(&self, step: &Step, setups: &[Setup]) -> Result<(), String> {
        let mut slots: Vec<usize> = step.target.sources().filter_map(slot_of).collect();
        for (_, value) in &step.headers {
            slots.extend(value.sources().filter_map(slot_of));
        }
        match &step.body {
            Body::None => {}
            Body::Text(parts) => slots.extend(parts.sources().filter_map(slot_of)),
            Body::Merged { slot, with, .. } => {
                slots.push(*slot);
                let with = with.iter().flat_map(Parts::sources);
                slots.extend(with.filter_map(slot_of));
            }
        }
        for setup in setups.iter().filter(|it| self.is_drawn(it)) {
            let parts = self.parts(setup.kind);
            let needed = slots.iter().filter_map(|slot| part(setup, *slot));
            if let Some(missing) = needed.into_iter().find(|it| !parts.contains(it)) {
                return Err(format!(
                    "it needs the {missing} of a {}, which {} does not tell",
                    setup.kind.resource_type(),
                    self.source
                ));
            }
        }
        Ok(())
    }
}

fn slot_of(source: Source) -> Option<usize> {
    match source {
        Source::Slot(slot) => Some(slot),
        _ => None,
    }
}

/// Which part of a given resource a place is.
fn part(setup: &Setup, slot: usize) -> Option<&'static str> {
    PARTS.get(slot.checked_sub(setup.slot)?).copied()
}
