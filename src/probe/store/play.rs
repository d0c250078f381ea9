//! Plays a sequence on fresh resources and compares what the target shows with the model, step by step and at the end.

use http::Method;
use serde_json::{Value, json};

use super::judge::{self, CREATES, DELETES, GONE, READABLE};
use super::model::{Model, groups};
use super::proof::{Claim, fair};
use super::request::{Names, Request, request};
use super::shop::Shop;
use super::step::{Sequence, Step, Who};
use crate::exchange::Exchange;
use crate::probe::bench::{Bench, Wrong, is_success, shown};
use crate::probe::property::Trial;
use crate::probe::script::Script;
use crate::scim::resource::member;
use crate::session::segment;

/// How a sequence failed, and what was sent until then.
pub(super) struct Failure {
    pub(super) wrong: Wrong,
    pub(super) script: Script,
    pub(super) claim: Claim,
}

/// Why a sequence ends early.
pub(super) enum Stop {
    Wrong(Box<Wrong>),
    Broken(String),
    Unjudged,
}

/// What a step led to, so far.
pub(super) type Course = Result<(), Stop>;

/// A sequence in play.
pub(super) struct Play<'a> {
    pub(super) shop: &'a Shop<'a>,
    pub(super) model: Model,
    pub(super) names: Names,
    pub(super) script: Script,
    /// What is compared at the moment.
    pub(super) claim: Claim,
}

/// Plays a sequence and removes what it left.
pub(super) async fn play(shop: &Shop<'_>, sequence: Sequence) -> Trial<Failure> {
    if (shop.users.arena.stopped)() {
        return Trial::Unjudged;
    }
    let mut play = Play {
        shop,
        model: Model::default(),
        names: Names::new(shop),
        script: Script::default(),
        claim: Claim::default(),
    };
    let course = play.all(&sequence).await;
    play.tidy().await;
    match course {
        Ok(()) => Trial::Held,
        Err(Stop::Unjudged) => Trial::Unjudged,
        Err(Stop::Broken(why)) => Trial::Broken(why),
        Err(Stop::Wrong(wrong)) => Trial::Failed(Failure {
            wrong: *wrong,
            script: play.script,
            claim: play.claim,
        }),
    }
}

impl Play<'_> {
    async fn all(&mut self, sequence: &Sequence) -> Course {
        for step in &sequence.0 {
            self.step(step).await?;
        }
        self.audit().await
    }

    async fn step(&mut self, step: &Step) -> Course {
        match step {
            Step::Find(users) => self.find(users, Method::GET).await,
            Step::Search(users) => self.find(users, Method::POST).await,
            Step::Bulk(steps) => self.bulk(steps).await,
            single => {
                let Some(request) = request(single, &self.model, &self.names, self.shop) else {
                    return Ok(());
                };
                let exchange = self.send(&request).await;
                let status = exchange.status();
                let id = id(&exchange);
                let word = request.who.word();
                let created = id.as_deref().filter(|_| request.method == Method::POST);
                self.script.add(
                    &request.method,
                    &request.path(),
                    request.body.as_ref(),
                    created.map(|id| (word.as_str(), id)),
                    status,
                );
                self.settle(single, &request, &exchange, id.clone()).await
            }
        }
    }

    /// Everything as it should be, at the end: who is there, who is not, and who is found.
    async fn audit(&mut self) -> Course {
        self.bench_of(Who::User(0)).settle().await;
        for who in Model::everybody() {
            self.step_read(who).await?;
            // Whoever has the name now, the id of the one before leads nowhere.
            let there = self.model.slot(who).now.is_some();
            let before = self.model.slot(who).gone.last().filter(|_| there).cloned();
            if let Some(id) = before {
                let path = format!("{}/{}", self.bench_of(who).endpoint, segment(&id));
                self.look_for_nobody(&path).await?;
            }
        }
        if self.shop.means.filter && !self.names.users.is_empty() {
            let everybody: Vec<usize> = (0..self.names.users.len()).collect();
            self.find(&everybody, Method::GET).await?;
        }
        Ok(())
    }

    async fn step_read(&mut self, who: Who) -> Course {
        let read = Step::Read(who);
        let Some(request) = request(&read, &self.model, &self.names, self.shop) else {
            return Ok(());
        };
        let exchange = self.send(&request).await;
        let before = self.script.clone();
        let path = request.path();
        self.script
            .add(&Method::GET, &path, None, None, exchange.status());
        self.settle(&read, &request, &exchange, None).await?;
        // A look that shows nothing new does not help who repeats the sequence.
        self.script = before;
        Ok(())
    }

    async fn send(&self, request: &Request) -> Exchange {
        let (arena, path) = (self.shop.users.arena, request.path());
        match (&request.body, request.method.clone()) {
            (Some(body), method) => arena.send("step", method, &path, body).await,
            (None, Method::DELETE) => arena.delete("step", &path).await,
            _ => arena.get("step", &path, &[]).await,
        }
    }

    /// What a request led to: compared with what it should have, and entered into the model. `id` is that of what
    /// was created.
    pub(super) async fn settle(
        &mut self,
        step: &Step,
        request: &Request,
        exchange: &Exchange,
        id: Option<String>,
    ) -> Course {
        self.claim = Claim::Status;
        match exchange.status() {
            None => return Err(Stop::Broken(exchange.said())),
            // Done later, or not at all.
            Some(202 | 429 | 501) => return Err(Stop::Unjudged),
            _ => {}
        }
        match step {
            Step::Create(..) | Step::Found(..) => self.created(request, exchange, id).await,
            Step::Delete(_) => self.deleted(request, exchange).await,
            Step::Read(_) => self.seen(request, exchange),
            _ => self.changed(request, exchange).await,
        }
    }

    async fn created(
        &mut self,
        request: &Request,
        exchange: &Exchange,
        id: Option<String>,
    ) -> Course {
        let who = request.who;
        if !request.gone {
            return judge::duplicate(exchange);
        }
        match exchange.status() {
            Some(200 | 201) => {}
            Some(500..) => return judge::status(CREATES, "201 or a refusal", exchange),
            // Refused: its taste, or a name that a deleted user still has, which scenarios judge.
            _ => return Ok(()),
        }
        let Some(id) = id else {
            return Err(Stop::Unjudged);
        };
        judge::id(&self.model, &id, exchange)?;
        let (state, looked) = self.look(who, &id, exchange).await?;
        let sent = request.body.clone().unwrap_or_default();
        // From here on it is there, however wrong.
        self.model.put(who, &id, state.clone());
        let (path, bare) = (self.path_of(who, &id), self.bare(who));
        self.claim = Claim::Fresh(path, sent.clone(), bare);
        if let Who::User(_) = who {
            judge::fresh(self.shop, &sent, &state, &looked)?;
        } else {
            judge::founded(&sent, &state, &looked)?;
        }
        self.answered(who, exchange, &state)
    }

    async fn changed(&mut self, request: &Request, exchange: &Exchange) -> Course {
        let who = request.who;
        if request.gone {
            return match exchange.status() {
                Some(200..=299 | 500..) => judge::status(GONE, "404", exchange),
                _ => Ok(()),
            };
        }
        let Some(mut stored) = self.model.slot(who).now.clone() else {
            return Ok(());
        };
        stored.state = self.model.strip(who, &stored.state);
        let (after, _) = self.look(who, &stored.id, exchange).await?;
        let body = request.body.clone().unwrap_or_default();
        let bare = self.bare(who);
        let (path, changed) = (self.path_of(who, &stored.id), (&stored.state, &body));
        let schemas = &self.bench_of(who).schemas;
        let states = fair(&request.method, changed, schemas, exchange);
        self.claim = Claim::Read(path, states);
        let bench = self.bench_of(who);
        if request.method == Method::PATCH {
            judge::patched(
                &bench.schemas,
                &bare,
                &body,
                (&stored.state, &after),
                exchange,
            )?;
        } else {
            judge::replaced(bench, &bare, &body, &stored.state, &after, exchange)?;
        }
        self.model.put(who, &stored.id, after.clone());
        self.answered(who, exchange, &after)
    }

    async fn deleted(&mut self, request: &Request, exchange: &Exchange) -> Course {
        if request.gone {
            return match exchange.status() {
                Some(200..=299 | 500..) => judge::status(GONE, "404", exchange),
                _ => Ok(()),
            };
        }
        match exchange.status() {
            Some(200..=299) => {}
            Some(404 | 410 | 500..) => return judge::status(DELETES, "204", exchange),
            Some(403 | 405) => return Err(Stop::Unjudged),
            _ => return Ok(()),
        }
        self.model.take(request.who);
        self.bench_of(request.who).settle().await;
        self.look_for_nobody(&request.path()).await
    }

    async fn look_for_nobody(&mut self, path: &str) -> Course {
        self.claim = Claim::Status;
        let looked = self.shop.users.arena.get("look", path, &[]).await;
        match looked.status() {
            None => Err(Stop::Broken(looked.said())),
            Some(200..=299 | 500..) => {
                self.script
                    .add(&Method::GET, path, None, None, looked.status());
                judge::status(GONE, "404", &looked)
            }
            _ => Ok(()),
        }
    }

    /// What a read of somebody showed.
    fn seen(&mut self, request: &Request, exchange: &Exchange) -> Course {
        let who = request.who;
        if request.gone {
            return match exchange.status() {
                Some(200..=299 | 500..) => judge::status(GONE, "404", exchange),
                _ => Ok(()),
            };
        }
        let Some(shown) = shown(exchange) else {
            return judge::status(READABLE, "200", exchange);
        };
        let Some(stored) = self.model.slot(who).now.clone() else {
            return Ok(());
        };
        let state = self.model.strip(who, shown);
        let was = self.model.strip(who, &stored.state);
        self.claim = Claim::Answer(was.clone());
        judge::unchanged(&self.bench_of(who).schemas, &was, &state, exchange)?;
        if self.shop.shows_groups && matches!(who, Who::User(_)) {
            self.claim = Claim::Groups(self.model.groups_of(&stored.id), groups(shown));
            judge::memberships(&self.model, &stored.id, shown, exchange)?;
        }
        Ok(())
    }

    /// Reads what was just changed or made; stripped, and the exchange.
    async fn look(
        &mut self,
        who: Who,
        id: &str,
        after: &Exchange,
    ) -> Result<(Value, Exchange), Stop> {
        let bench = self.bench_of(who);
        bench.settle().await;
        let path = format!("{}/{}", bench.endpoint, segment(id));
        let looked = bench.arena.get("look", &path, &[]).await;
        match (looked.status(), shown(&looked)) {
            (None, _) => Err(Stop::Broken(looked.said())),
            (_, Some(shown)) => Ok((self.model.strip(who, shown), looked)),
            _ => {
                self.script
                    .add(&Method::GET, &path, None, None, looked.status());
                let expected = format!("200 after {}", after.said());
                Err(judge::stop(
                    READABLE,
                    "response.status",
                    &expected,
                    looked.said(),
                    &looked,
                ))
            }
        }
    }

    /// That an answer shows what a read shows.
    fn answered(&mut self, who: Who, exchange: &Exchange, state: &Value) -> Course {
        let resource = exchange.json().filter(|body| {
            is_success(exchange)
                && member(body, "id").is_some()
                && member(body, "Operations").is_none()
        });
        match resource {
            Some(resource) => {
                let answer = self.model.strip(who, resource);
                self.claim = Claim::Answer(state.clone());
                judge::unchanged(&self.bench_of(who).schemas, state, &answer, exchange)
            }
            None => Ok(()),
        }
    }

    fn path_of(&self, who: Who, id: &str) -> String {
        format!("{}/{}", self.bench_of(who).endpoint, segment(id))
    }

    /// What somebody has to whom nothing was given.
    fn bare(&self, who: Who) -> Value {
        match who {
            Who::User(_) => self.shop.bare.clone(),
            Who::Group(_) => json!({}),
        }
    }

    pub(super) fn bench_of(&self, who: Who) -> &Bench<'_> {
        match (who, &self.shop.groups) {
            (Who::Group(_), Some(groups)) => groups,
            _ => &self.shop.users,
        }
    }

    /// Removes who is still there, groups first.
    async fn tidy(&self) {
        let mut everybody: Vec<Who> = Model::everybody().collect();
        everybody.reverse();
        for who in everybody {
            if let Some(id) = self.model.id(who) {
                let bench = self.bench_of(who);
                let path = format!("{}/{}", bench.endpoint, segment(id));
                bench.arena.delete("tidy", &path).await;
            }
        }
    }
}

/// The id that an answer gives to what it shows.
fn id(exchange: &Exchange) -> Option<String> {
    let body = exchange.json().filter(|_| is_success(exchange))?;
    Some(member(body, "id")?.as_str()?.to_owned())
}
