//! Steps about several: users found by their names, and changes in one request.

use http::Method;
use serde_json::{Value, json};

use super::judge;
use super::play::{Course, Play, Stop};
use super::proof::Claim;
use super::request::{Request, filter, request};
use super::step::{Step, Who};
use crate::exchange::{Exchange, Response};
use crate::probe::bench::Wrong;
use crate::probe::bulk::{Part, in_order, parts};
use crate::scim::list::ListView;
use crate::scim::urn;

impl Play<'_> {
    /// Finds users by their names.
    pub(super) async fn find(&mut self, users: &[usize], method: Method) -> Course {
        let Some(filter) = filter(users, &self.names) else {
            return Ok(());
        };
        let (arena, endpoint) = (self.shop.users.arena, &self.shop.users.endpoint);
        self.shop.users.settle().await;
        let exchange = if method == Method::GET {
            let query = [("filter", filter.as_str())];
            let exchange = arena.get("find", endpoint, &query).await;
            let text: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            let path = format!("{endpoint}?filter={text}");
            self.script
                .add(&method, &path, None, None, exchange.status());
            exchange
        } else {
            let body = json!({"schemas": [urn::SEARCH_REQUEST], "filter": filter});
            let path = format!("{endpoint}/.search");
            let exchange = arena.send("search", method.clone(), &path, &body).await;
            self.script
                .add(&method, &path, Some(&body), None, exchange.status());
            exchange
        };
        match exchange.status() {
            None => Err(Stop::Broken(exchange.said())),
            Some(200) => {
                let list = exchange.json().and_then(ListView::read);
                let found = list.iter().flat_map(ListView::ids).map(str::to_owned);
                let wanted = users.iter().filter_map(|it| self.model.id(Who::User(*it)));
                let wanted = wanted.map(str::to_owned).collect();
                self.claim = Claim::Found(wanted, found.collect());
                judge::found(&self.model, users, self.shop, &exchange)
            }
            // A filter, or a search, that is refused is a capability; those who break down are met elsewhere.
            _ => Ok(()),
        }
    }

    /// Some changes in one request: each is settled as if it had been sent alone.
    pub(super) async fn bulk(&mut self, steps: &[Step]) -> Course {
        let requests: Vec<(&Step, Request)> = steps
            .iter()
            .filter(|step| !matches!(step, Step::Bulk(_) | Step::Find(_) | Step::Search(_)))
            .filter_map(|step| {
                let request = request(step, &self.model, &self.names, self.shop)?;
                Some((step, request))
            })
            .collect();
        let operations: Vec<Value> = requests
            .iter()
            .enumerate()
            .map(|(number, (_, request))| operation(request, number))
            .collect();
        if operations.is_empty() {
            return Ok(());
        }
        let body = json!({"schemas": [urn::BULK_REQUEST], "Operations": operations});
        let arena = self.shop.users.arena;
        let exchange = arena.send("bulk", Method::POST, "/Bulk", &body).await;
        self.script
            .add(&Method::POST, "/Bulk", Some(&body), None, exchange.status());
        let answer = match exchange.status() {
            None => return Err(Stop::Broken(exchange.said())),
            Some(200) => exchange.json().cloned().unwrap_or_default(),
            Some(500 | 502..) => return judge::status(judge::BULK, "200", &exchange),
            _ => return Err(Stop::Unjudged),
        };
        let parts = parts(&answer, &operations);
        if !in_order(&answer, &operations) {
            self.script.tape.tear();
        }
        // Who was created is known before anything is judged, so that it can be removed.
        for (number, ((step, request), part)) in requests.iter().zip(&parts).enumerate() {
            let id = part.as_ref().and_then(Part::id).filter(|_| request.gone);
            if let (Step::Create(..) | Step::Found(..), Some(id)) = (step, id) {
                self.script.created(&request.who.word(), &id, number);
            }
        }
        for ((step, request), part) in requests.iter().zip(parts) {
            let Some(part) = part else {
                return judge::unreported(request, &exchange);
            };
            let single = alone(&exchange, part.status);
            let course = self.settle(step, request, &single, part.id()).await;
            course.map_err(|stop| match stop {
                Stop::Wrong(wrong) if wrong.exchange.n == single.n => {
                    Stop::Wrong(Box::new(Wrong {
                        exchange: exchange.clone(),
                        ..*wrong
                    }))
                }
                other => other,
            })?;
        }
        Ok(())
    }
}

/// A request as an operation of a bulk request.
fn operation(request: &Request, number: usize) -> Value {
    let mut operation = json!({"method": request.method.as_str(), "path": request.path()});
    if request.method == Method::POST {
        operation["bulkId"] = json!(format!("q{number}"));
    }
    if let Some(body) = &request.body {
        operation["data"] = body.clone();
    }
    operation
}

/// The exchange as if one operation of it had been sent alone.
fn alone(exchange: &Exchange, status: u16) -> Exchange {
    Exchange {
        response: Some(Response {
            status,
            ..Response::default()
        }),
        ..exchange.clone()
    }
}
