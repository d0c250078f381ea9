//! One user of an attack: a connection, a memory, and rounds of scenarios on it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;
use serde_json::{Value, json};

use super::field::{Field, Start};
use super::pool::Member;
use crate::load::histogram::{Ending, Recorder};
use crate::load::program::{Effect, Memory, Outcome, Routine, Setup, Step};
use crate::load::wire::Connection;
use crate::suite::load::{Given, Model};

/// Work of one transaction: long enough that goose costs nothing, short enough that it stops in time.
const SHIFT: Duration = Duration::from_millis(75);

/// Ids in one line of the journal.
const BLOCK: usize = 100;

/// The round ends here.
pub(super) struct Ended;

/// One user.
pub(super) struct User {
    pub(super) field: Arc<Field>,
    pub(super) number: usize,
    pub(super) connection: Connection,
    pub(super) recorder: Option<Recorder>,
    pub(super) memory: Memory,
    /// Places of the resources of this round that were drawn from the pool.
    pub(super) from_pool: Vec<usize>,
    random: ChaCha8Rng,
    round: u64,
    /// Resources of its own, by routine and number of the setup.
    own: HashMap<(usize, usize), Vec<Option<Value>>>,
    /// Where the next page of a routine begins.
    pages: Vec<u64>,
    /// Ids that the journal does not know yet, by endpoint.
    pub(super) created: BTreeMap<String, Vec<String>>,
    /// Requests so far.
    pub(super) sent: u64,
    /// Whether it has done all that there was to do.
    finished: bool,
}

impl User {
    pub(super) fn new(field: Arc<Field>, number: usize) -> Self {
        let seed = field.seed.derive("load random").nth(number as u64);
        Self {
            connection: field.endpoint.connection(),
            recorder: None,
            memory: Memory::new(field.seed, number as u64),
            from_pool: Vec::new(),
            random: seed.rng(),
            round: 0,
            own: HashMap::new(),
            pages: vec![1; field.program.routines.len()],
            created: BTreeMap::new(),
            sent: 0,
            finished: false,
            number,
            field,
        }
    }

    /// Creates what scenarios are given and this user alone has. Not measured.
    pub(super) async fn settle(&mut self) {
        let field = Arc::clone(&self.field);
        // A group that grows is made for each cell.
        let growing = field.profile.cost.is_some();
        for (at, routine) in field.program.routines.iter().enumerate() {
            let round = self.next_round();
            self.memory.begin(&routine.slug, round, routine.slots);
            for (nth, setup) in routine.setups.iter().enumerate() {
                let pooled = setup.given == Given::Pool && field.pool.has(setup.kind);
                if growing || pooled || setup.given == Given::Each || field.is_over() {
                    continue;
                }
                if let Some(parts) = self.unmeasured(setup).await {
                    self.place(setup, &parts);
                    self.own.insert((at, nth), parts);
                }
            }
        }
    }

    /// Creates a resource without measuring it.
    async fn unmeasured(&mut self, setup: &Setup) -> Option<Vec<Option<Value>>> {
        let request = setup.create.request(&self.memory).ok()?;
        self.field.leave().await;
        if self.field.is_over() {
            return None;
        }
        let answer = tokio::select! {
            answer = self.connection.send(&request) => answer,
            () = self.field.cut.cancelled() => return None,
        };
        match answer {
            Ok(answer) => {
                let outcome = setup.create.read(&answer, &mut self.memory);
                self.keep_created(&setup.create, &outcome);
                if outcome.ending == Ending::Good {
                    return Some(Setup::parts(&answer));
                }
                let method = request.method();
                let said = format!(
                    "{method} {} was answered {}",
                    request.target(),
                    answer.status
                );
                self.field.note_setup(said);
            }
            Err(trouble) => self.field.note_setup(trouble.to_string()),
        }
        None
    }

    /// Works for a while, or until there is nothing more to do.
    pub(super) async fn shift(&mut self) {
        let field = Arc::clone(&self.field);
        let Some(start) = field.start().await.filter(|_| !field.is_over()) else {
            // Whoever runs the users asks them to leave within a moment.
            return tokio::time::sleep(Duration::from_millis(10)).await;
        };
        if self.recorder.is_none() {
            self.recorder = Some(start.recorders.recorder());
            let wait = self.turn(start);
            field.rest(wait).await;
        }
        if field.profile.cost.is_some() {
            return self.grow(start).await;
        }
        let until = Instant::now() + SHIFT;
        while Instant::now() < until && !field.is_over() {
            self.one(start).await;
            if let Model::Closed { think, .. } = &field.profile.model
                && !think.is_zero()
            {
                field.rest(*think).await;
            }
        }
    }

    /// Users of a closed model begin one after the other.
    fn turn(&self, start: &Start) -> Duration {
        let Model::Closed { users, ramp, .. } = &self.field.profile.model else {
            return Duration::ZERO;
        };
        let share = u32::try_from(self.number).unwrap_or(u32::MAX);
        let of = u32::try_from(*users).unwrap_or(u32::MAX).max(1);
        let at = start.at + *ramp / of * share;
        at.saturating_duration_since(Instant::now())
    }

    fn next_round(&mut self) -> u64 {
        self.round += 1;
        self.round
    }

    /// Carries out one scenario.
    async fn one(&mut self, start: &Start) {
        let field = Arc::clone(&self.field);
        let at = self.choose();
        let Some(routine) = field.program.routines.get(at) else {
            return;
        };
        let round = self.next_round();
        self.memory.begin(&routine.slug, round, routine.slots);
        self.memory.page = self.pages.get(at).copied().unwrap_or(1);
        let mut drawn = Vec::new();
        self.from_pool.clear();
        let given = self.given(at, routine, start, &mut drawn).await;
        if given.is_ok() {
            for step in &routine.steps {
                let ended = self.send(step, routine, step.operation, start).await;
                if let Some(page) = self.pages.get_mut(at).filter(|_| step.pages) {
                    *page = self.memory.page;
                }
                if ended.is_err() || field.is_over() {
                    break;
                }
            }
        } else if !field.is_over() {
            // Nothing was sent: whoever has nothing to do must not take the processor.
            field.rest(Duration::from_millis(10)).await;
        }
        for member in drawn {
            member.give_back();
        }
        self.journal(BLOCK);
    }

    /// The next scenario: in turn, or by weight.
    fn choose(&mut self) -> usize {
        let routines = &self.field.program.routines;
        if self.field.profile.in_order {
            let at = usize::try_from(self.round).unwrap_or(0);
            return at % routines.len().max(1);
        }
        let all: u64 = routines.iter().map(|one| u64::from(one.weight)).sum();
        let mut left = self.random.next_u64() % all.max(1);
        for (at, routine) in routines.iter().enumerate() {
            match left.checked_sub(routine.weight.into()) {
                None => return at,
                Some(rest) => left = rest,
            }
        }
        0
    }

    /// Gives a scenario its resources.
    async fn given(
        &mut self,
        at: usize,
        routine: &Routine,
        start: &Start,
        drawn: &mut Vec<Arc<Member>>,
    ) -> Result<(), Ended> {
        for (nth, setup) in routine.setups.iter().enumerate() {
            if setup.given == Given::Each {
                let operation = setup.create.operation;
                let answer = self.send(&setup.create, routine, operation, start).await?;
                self.place(setup, &Setup::parts(&answer));
                continue;
            }
            let field = Arc::clone(&self.field);
            let random = &mut self.random;
            let member = (setup.given == Given::Pool)
                .then(|| field.pool.draw(setup.kind, || random.next_u64()))
                .flatten();
            if let Some(member) = member {
                self.place(setup, &member.parts);
                self.from_pool.push(setup.slot);
                drawn.push(member);
                continue;
            }
            match self.own.get(&(at, nth)).cloned() {
                Some(parts) => self.place(setup, &parts),
                None => return Err(Ended),
            }
        }
        Ok(())
    }

    fn place(&mut self, setup: &Setup, parts: &[Option<Value>]) {
        for (part, value) in parts.iter().enumerate() {
            if let Some(value) = value {
                self.memory.set(setup.slot + part, value.clone());
            }
        }
    }

    pub(super) fn keep_created(&mut self, step: &Step, outcome: &Outcome) {
        if let (Effect::Creates(endpoint), Some(id)) = (&step.effect, &outcome.created) {
            let ids = self.created.entry(endpoint.clone()).or_default();
            ids.push(id.clone());
        }
    }

    /// Tells the journal of ids where there are so many.
    fn journal(&mut self, least: usize) {
        for (endpoint, ids) in &mut self.created {
            if ids.len() >= least.max(1) {
                self.field.ledger.own(endpoint, std::mem::take(ids));
            }
        }
    }

    /// Lets groups grow, cell by cell.
    async fn grow(&mut self, start: &Start) {
        let field = Arc::clone(&self.field);
        let Some(routine) = field.program.routines.first() else {
            return;
        };
        let cells = if self.finished {
            &[]
        } else {
            field.cells.as_slice()
        };
        for cell in cells {
            if let Err(why) = field.users_up_to(cell.members).await {
                field.note_setup(why);
                break;
            }
            let round = self.next_round();
            self.memory.begin(&routine.slug, round, routine.slots);
            for setup in &routine.setups {
                if let Some(parts) = self.unmeasured(setup).await {
                    self.place(setup, &parts);
                }
            }
            let ids = field.pool.ids(cell.members);
            for batch in ids.chunks(cell.batch) {
                let members = batch.iter().map(|id| json!({ "value": id }));
                self.memory.batch = members.collect();
                for step in &routine.steps {
                    let ended = self.send(step, routine, cell.operation, start).await;
                    if ended.is_err() && field.is_over() {
                        return self.journal(1);
                    }
                }
            }
            self.journal(1);
        }
        if !self.finished {
            self.finished = true;
            field.finished.fetch_add(1, Ordering::Relaxed);
        }
        field.rest(Duration::from_millis(20)).await;
    }
}

impl Drop for User {
    fn drop(&mut self) {
        self.journal(1);
    }
}
