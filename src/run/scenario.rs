//! One scenario, or one row of its matrix, from set-up to the last step.
//!
//! Trouble with set-up, transport or captures is never held against the server.

use serde_json::Value;

use super::judge::{self, Answer};
use super::ran::Ran;
use super::rig::Rig;
use super::{measure, obstacle, walk};
use crate::exchange::{Exchange, FailureKind};
use crate::payload::{MissingCapture, Names as _, Payload, Scope, Template};
use crate::session::{Auth, Call, Content, Intent, Secret, Spot, To, Via};
use crate::suite::{Action, Case, ContentType, Place, Step, StepAuth, Wait};

/// Media type of SCIM messages.
pub(super) const SCIM: &str = "application/scim+json";

/// Runs a case and says what was seen.
pub(super) async fn run(case: &Case, rig: &Rig) -> Ran {
    let mut run = Run {
        rig,
        case,
        scope: rig.scope(&case.id),
        ran: Ran::default(),
        wrote: false,
        sent: 0,
        acknowledged: None,
        so_before: Vec::new(),
    };
    // Nobody can have an id that the run drew at random: writes to it may provoke a 404.
    for name in ["uuid", "uuid.2", "uuid.3", "uuid.4"] {
        if let Some(Value::String(id)) = run.scope.value(name) {
            (rig.mint)(&id);
        }
    }
    let mut going = true;
    for (name, draft) in case.row().into_iter().flat_map(|row| &row.values) {
        match draft.render(&run.scope) {
            Ok(value) => run.scope.set(name.clone(), value),
            Err(missing) => {
                run.unset(&missing);
                going = false;
            }
        }
    }
    for given in &case.scenario.given {
        going = going && run.given(given).await.is_ok();
    }
    if going {
        // The end of a case is in its tally.
        let _ = run.steps(&case.scenario.steps).await;
    }
    run.ran
}

/// The case ends here; why stands in the tally.
pub(super) struct Ended;

/// A case under way.
pub(super) struct Run<'a> {
    pub(super) rig: &'a Rig,
    pub(super) case: &'a Case,
    pub(super) scope: Scope,
    pub(super) ran: Ran,
    /// Whether something was written.
    pub(super) wrote: bool,
    /// Exchanges so far.
    pub(super) sent: u64,
    /// When the last change was acknowledged, microseconds from the start of the run.
    pub(super) acknowledged: Option<u64>,
    /// Which of the next steps that measure held before the change already.
    pub(super) so_before: Vec<bool>,
}

impl Run<'_> {
    /// Runs the steps; those that measure one change go together.
    async fn steps(&mut self, steps: &[Step]) -> Result<(), Ended> {
        let measures = |step: &Step| step.measures.is_some();
        let mut groups = steps.chunk_by(|a, b| measures(a) && measures(b)).peekable();
        while let Some(group) = groups.next() {
            match group {
                [first, ..] if measures(first) => self.measure(group).await?,
                [step, ..] => {
                    let next = groups.peek().copied().unwrap_or_default();
                    if next.first().is_some_and(measures) {
                        self.before(next).await?;
                    }
                    self.step(step).await?;
                }
                [] => {}
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), Ended> {
        if let Some(wait) = &step.wait {
            self.wait(wait).await?;
        }
        let prepared = self.call(step);
        let call = prepared.map_err(|missing| self.unset(&missing))?;
        if !matches!(step.body, Some(Payload::Raw(_))) {
            self.unless(obstacle::too_much(&call, &self.rig.capabilities))?;
        }
        let reads = call.intent == Intent::Read;
        let window = step
            .until
            .or(self.rig.window().filter(|_| reads && self.wrote));
        self.wrote |= !reads;
        let mut waited = std::time::Duration::ZERO;
        let mut pause = std::time::Duration::from_millis(50);
        let (answer, expectations) = loop {
            let answer = self.answer(step, call.clone()).await;
            self.unjudgeable(&answer.exchange)?;
            self.capture(step, &answer.exchange);
            let expectations = judge::render(step, &self.scope);
            let left = window.map_or(std::time::Duration::ZERO, |window| {
                window.saturating_sub(waited)
            });
            if left.is_zero() || judge::hold_fully(&expectations, &answer, self.rig) {
                break (answer, expectations);
            }
            let nap = pause.min(left);
            self.rig.clock.sleep(nap).await;
            waited += nap;
            pause = (pause * 2).min(std::time::Duration::from_secs(1));
        };
        if step.until.is_some() || !waited.is_zero() {
            let lag = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
            self.ran.lag_ms = self.ran.lag_ms.max(Some(lag));
        }
        let rank = (self.case.id.as_str(), self.sent);
        judge::tally(&expectations, &answer, self.rig, rank, &mut self.ran.tally);
        if step.expect.is_empty() {
            self.set_up(step, &answer.exchange)?;
        }
        if !reads {
            self.acknowledged = measure::acknowledged(&answer.exchange);
        }
        let failure = answer.exchange.failure.as_ref();
        if !reads && failure.is_some_and(|failure| !failure.kind.is_servers()) {
            // Whether the change took place is not known: later steps would judge a guess.
            return Err(Ended);
        }
        Ok(())
    }

    /// Waits, and ends the case where a stop is asked for meanwhile.
    async fn wait(&mut self, wait: &Wait) -> Result<(), Ended> {
        let time = wait
            .time(&self.scope)
            .map_err(|missing| self.unset(&missing))?;
        let Some(time) = time else {
            return Err(self.over("the target names no time that can be waited for"));
        };
        self.rest(time).await
    }

    /// Sends what the step says once, or page by page.
    pub(super) async fn answer(&mut self, step: &Step, call: Call) -> Answer {
        match &step.action {
            Action::Send(_) => Answer {
                exchange: self.send(call).await,
                pages: Vec::new(),
            },
            Action::Walk(paging) => {
                let answer = walk::walk(&*self.rig.session, call, *paging).await;
                self.sent += answer.pages.len() as u64;
                answer
            }
        }
    }

    pub(super) async fn send(&mut self, call: Call) -> Exchange {
        self.sent += 1;
        self.rig.session.send(call).await
    }

    pub(super) fn call(&mut self, step: &Step) -> Result<Call, MissingCapture> {
        let method = match &step.action {
            Action::Send(method) => method.clone(),
            // The pages of a search are asked for by POST (RFC 7644 §3.4.3).
            Action::Walk(_) if step.body.is_some() => http::Method::POST,
            Action::Walk(_) => http::Method::GET,
        };
        let body = match &step.body {
            Some(payload) => Some(
                payload
                    .render(&mut self.scope, self.rig.adaptation())?
                    .into_bytes(),
            ),
            None => None,
        };
        let path = step.path.path(&self.scope)?;
        let text = |pairs: &[(String, Template)]| -> Result<Vec<(String, String)>, MissingCapture> {
            pairs
                .iter()
                .map(|(name, value)| Ok((name.clone(), value.text(&self.scope)?)))
                .collect()
        };
        let headers = text(&step.headers)?;
        let query = step
            .query
            .iter()
            .map(|(name, value)| match name.as_str() {
                "" => Ok((String::new(), value.query(&self.scope)?)),
                name => Ok((name.to_owned(), value.text(&self.scope)?)),
            })
            .collect::<Result<_, MissingCapture>>()?;
        let auth = self.auth(&step.auth)?;
        let intent = match step.to {
            To::TokenEndpoint => Intent::Read,
            _ => self.intent(&method, &path, body.as_deref()),
        };
        Ok(Call {
            case: self.case.id.clone(),
            step: step.name.clone(),
            method,
            path,
            query,
            headers,
            body: body.map(|bytes| Content {
                media_type: media_type(&step.content_type),
                bytes: bytes.into(),
            }),
            auth,
            via: Via {
                to: step.to,
                key: step.key,
                secrets: self.secrets(step),
                patience: None,
            },
            intent,
        })
    }

    fn auth(&self, auth: &StepAuth) -> Result<Auth, MissingCapture> {
        Ok(match auth {
            StepAuth::Main => Auth::Main,
            StepAuth::None => Auth::None,
            StepAuth::Second => Auth::Second,
            StepAuth::Header(value) => Auth::Header(value.text(&self.scope)?),
        })
    }

    /// What in the answer to a step is a secret.
    fn secrets(&self, step: &Step) -> Vec<Secret> {
        let secrets = step.capture.iter().filter(|capture| capture.secret);
        secrets
            .filter_map(|capture| {
                let at = match &capture.at {
                    Place::Body(pointer) => Spot::Body(pointer.clone()),
                    Place::Header(name) => Spot::Header(name.clone()),
                    Place::Status => return None,
                };
                Some(Secret {
                    name: format!("{}@{}", capture.name, self.case.id),
                    at,
                })
            })
            .collect()
    }

    pub(super) fn intent(&self, method: &http::Method, path: &str, body: Option<&[u8]>) -> Intent {
        Intent::of(
            method,
            path,
            &self.rig.endpoints(),
            body,
            self.rig.marker.as_str(),
        )
    }

    /// A step without expectations has to succeed; the case ends where its captures are not there.
    fn set_up(&mut self, step: &Step, exchange: &Exchange) -> Result<(), Ended> {
        let missing = step
            .capture
            .iter()
            .find(|capture| capture.find(exchange).is_none());
        self.needs_success(exchange, Ok::<(), &str>(()))?;
        // That something is missing from a success is for the scenario to say that promises it.
        self.unless(missing.map(|it| format!("the answer has nothing for `{}`", it.name)))
    }

    /// Keeps what the step captures, as far as it is there; its own expectations may name it.
    fn capture(&mut self, step: &Step, exchange: &Exchange) {
        for capture in &step.capture {
            let Some(value) = capture.find(exchange) else {
                continue;
            };
            // A secret is a label by now, unless whoever carried the request did not see to that.
            let value = match value {
                Value::String(text) if capture.secret => {
                    let name = format!("{}@{}", capture.name, self.case.id);
                    Value::String(self.rig.vault.learn(&name, &text))
                }
                other => other,
            };
            self.scope.set(capture.name.clone(), value);
        }
    }

    /// Ends the case where a step of the set-up did not succeed.
    pub(super) fn needs_success(
        &mut self,
        exchange: &Exchange,
        complete: Result<(), impl Into<String>>,
    ) -> Result<(), Ended> {
        self.unjudgeable(exchange)?;
        let why = match (exchange.status(), complete) {
            (Some(200..=299), Ok(())) => return Ok(()),
            (Some(200..=299), Err(why)) => {
                let request = &exchange.request;
                let why = why.into();
                format!(
                    "set-up: {} {} was answered, but {why}",
                    request.method, request.path
                )
            }
            _ => format!("set-up: {}", exchange.said()),
        };
        self.ran.tally.failed(why);
        self.ran.cited.push(exchange.clone());
        Err(Ended)
    }

    /// Ends the case where nothing was sent, or the target will carry it out later, through no fault of anybody.
    pub(super) fn unjudgeable(&mut self, exchange: &Exchange) -> Result<(), Ended> {
        let unsent = exchange.failure.as_ref().filter(|failure| {
            matches!(
                failure.kind,
                FailureKind::Guarded | FailureKind::Interrupted
            )
        });
        let why = unsent
            .map(|failure| failure.detail.clone())
            .or_else(|| obstacle::put_off(exchange, &self.rig.capabilities));
        self.unless(why)
    }

    /// Goes on where nothing is in the way.
    pub(super) fn unless(&mut self, why: Option<String>) -> Result<(), Ended> {
        why.map_or(Ok(()), |why| Err(self.over(&why)))
    }

    pub(super) fn unset(&mut self, missing: &MissingCapture) -> Ended {
        self.over(&missing.to_string())
    }

    /// Ends the case, with nothing more to judge.
    pub(super) fn over(&mut self, why: &str) -> Ended {
        self.skipped(why);
        Ended
    }

    pub(super) fn skipped(&mut self, why: &str) {
        let rank = (self.case.id.clone(), self.sent);
        self.ran.tally.skipped(rank, why);
    }
}

fn media_type(written: &ContentType) -> String {
    match written {
        ContentType::Scim => SCIM.to_owned(),
        ContentType::None => String::new(),
        ContentType::Other(text) => text.clone(),
    }
}
