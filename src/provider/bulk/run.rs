//! Does the operations of a bulk request, each through the stages plan to represent.
//!
//! Nothing is rolled back: every operation stands for itself (RFC 7644 §3.7).

use std::collections::HashMap;

use http::Method;
use serde_json::{Map, Value, json};

use super::super::Provider;
use super::super::apply::apply;
use super::super::commit::{self, Commit, Committed};
use super::super::decode::Route;
use super::super::identity;
use super::super::pipeline;
use super::super::plan::{self, Action, Condition, Plan};
use super::super::problem::Problem;
use super::super::project::Projection;
use super::super::represent::{Represented, represent_bulk, represent_write};
use super::super::select::Selection;
use super::super::settings::Feature;
use super::order::{handle, order, references};
use super::{BulkOperation, Job};

type Outcome = Result<Represented, Problem>;

/// Runs a job.
///
/// # Errors
/// None of its own: what fails is part of the response.
pub(in crate::provider) async fn run(
    provider: &Provider,
    plan: &Plan,
    job: &Job,
) -> Result<Represented, Problem> {
    let mut running = Running {
        provider,
        plan,
        job,
        ids: HashMap::new(),
        created: HashMap::new(),
    };
    running.choose_ids();
    let mut results: Vec<(usize, Value)> = Vec::new();
    let mut errors = 0;
    for group in order(job) {
        let outcomes = running.group(&group).await;
        for (at, outcome) in group.iter().zip(outcomes) {
            errors += usize::from(outcome.is_err());
            if let Some(operation) = job.operations.get(*at) {
                results.push((*at, running.result(operation, outcome)));
            }
        }
        if job.fail_on_errors.is_some_and(|limit| errors >= limit) {
            break;
        }
    }
    results.sort_by_key(|(at, _)| *at);
    let results: Vec<Value> = results.into_iter().map(|(_, result)| result).collect();
    Ok(represent_bulk(provider, plan, &results))
}

struct Running<'a> {
    provider: &'a Provider,
    plan: &'a Plan,
    job: &'a Job,
    /// Ids by handle, chosen before anything runs.
    ids: HashMap<&'a str, String>,
    /// Handles whose operation has run, and whether it created its resource.
    created: HashMap<&'a str, bool>,
}

impl<'a> Running<'a> {
    fn choose_ids(&mut self) {
        for operation in &self.job.operations {
            if let (Some(handle), "POST") = (&operation.bulk_id, operation.method.as_str()) {
                self.ids.insert(handle, identity::fresh());
            }
        }
    }

    /// Does one operation, or the operations of a circle.
    async fn group(&mut self, group: &[usize]) -> Vec<Outcome> {
        let job = self.job;
        let operations: Vec<&'a BulkOperation> = group
            .iter()
            .filter_map(|at| job.operations.get(*at))
            .collect();
        let own: Vec<&str> = operations
            .iter()
            .filter_map(|operation| operation.bulk_id.as_deref())
            .collect();
        let plans: Vec<Result<Plan, Problem>> = operations
            .iter()
            .map(|operation| self.plan(operation, &own))
            .collect();
        let outcomes = match <[Result<Plan, Problem>; 1]>::try_from(plans) {
            Ok([Ok(plan)]) => vec![pipeline::execute(self.provider, &plan).await],
            Ok([Err(problem)]) => vec![Err(problem)],
            Err(plans) => self.circle(plans).await,
        };
        for (operation, outcome) in operations.iter().zip(&outcomes) {
            if let (Some(handle), "POST") = (&operation.bulk_id, operation.method.as_str()) {
                self.created.insert(handle, outcome.is_ok());
            }
        }
        outcomes
    }

    /// Creates the resources of a circle, all or none.
    async fn circle(&self, plans: Vec<Result<Plan, Problem>>) -> Vec<Outcome> {
        let mut prepared: Vec<Result<(Plan, Commit), Problem>> = Vec::new();
        for plan in plans {
            prepared.push(plan.and_then(|plan| {
                let commit = self.prepare(&plan)?;
                Ok((plan, commit))
            }));
        }
        if prepared.iter().any(Result::is_err) {
            return prepared
                .into_iter()
                .map(|one| Err(one.err().unwrap_or_else(broken_circle)))
                .collect();
        }
        let (plans, commits): (Vec<Plan>, Vec<Commit>) =
            prepared.into_iter().filter_map(Result::ok).unzip();
        for plan in &plans {
            for fault in self.provider.faults() {
                if let Some(window) = fault.window(plan) {
                    window.await;
                }
            }
        }
        let changes = commits
            .into_iter()
            .map(|commit| (commit.change, commit.rules))
            .collect();
        match self.provider.store().commit(changes) {
            Ok(done) => plans
                .iter()
                .zip(done)
                .map(|(plan, done)| {
                    let committed = Committed {
                        before: done.before,
                        after: done.after,
                        problem: None,
                    };
                    let committed = commit::offer(self.provider, plan, committed);
                    match committed.problem {
                        Some(problem) => Err(problem),
                        None => Ok(represent_write(
                            self.provider,
                            plan,
                            committed.after.as_ref(),
                        )),
                    }
                })
                .collect(),
            Err((at, refusal)) => (0..plans.len())
                .map(|one| {
                    Err(if one == at {
                        commit::problem(refusal.clone())
                    } else {
                        broken_circle()
                    })
                })
                .collect(),
        }
    }

    fn prepare(&self, plan: &Plan) -> Result<Commit, Problem> {
        let applied = apply(self.provider, plan, &Selection::default()).unwrap_or_default();
        let problem = applied.problem.clone();
        match (problem, commit::prepare(self.provider, plan, &applied)) {
            (None, Some(commit)) => Ok(commit),
            (problem, _) => Err(problem.unwrap_or_else(broken_circle)),
        }
    }

    /// Plans one operation; references to its own circle count as resolved.
    fn plan(&self, operation: &BulkOperation, own: &[&str]) -> Result<Plan, Problem> {
        let mut plan = self.read(operation, own);
        for fault in self.provider.faults() {
            fault.planned(&mut plan);
        }
        plan
    }

    fn read(&self, operation: &BulkOperation, own: &[&str]) -> Result<Plan, Problem> {
        for handle in references(operation.data.as_ref(), &operation.path) {
            match self.created.get(handle.as_str()) {
                Some(true) => {}
                None if own.contains(&handle.as_str()) => {}
                Some(false) => {
                    return Err(Problem::new(
                        409,
                        format!("'bulkId:{handle}' could not be created"),
                    ));
                }
                None => {
                    return Err(Problem::value(format!(
                        "'bulkId:{handle}' is the bulkId of no POST in this request"
                    )));
                }
            }
        }
        let method = Method::from_bytes(operation.method.as_bytes())
            .ok()
            .filter(|method| {
                [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
            })
            .ok_or_else(|| {
                Problem::syntax(format!(
                    "'{}' is no method of bulk requests",
                    operation.method
                ))
            })?;
        let without = &self.provider.settings().without;
        if method == Method::PATCH && without.contains(&Feature::Patch) {
            return Err(Problem::unsupported("PATCH is not supported"));
        }
        let if_match = match &operation.version {
            Some(version) if !without.contains(&Feature::Etag) => Some(Condition::read(version)?),
            _ => None,
        };
        Ok(Plan {
            action: self.action(operation, &method)?,
            base: self.plan.base.clone(),
            principal: self.plan.principal,
            projection: Projection::default(),
            if_match,
            if_none_match: None,
            in_bulk: true,
            now: self.plan.now,
        })
    }

    fn action(&self, operation: &BulkOperation, method: &Method) -> Result<Action, Problem> {
        let body = operation.data.as_ref().map(|data| self.resolved(data));
        let body = match (method, body) {
            (&Method::DELETE, _) => Value::Null,
            (_, Some(body @ Value::Object(_))) => body,
            _ => return Err(Problem::syntax("'data' has to be an object")),
        };
        let served = |kind| self.provider.model().of(kind).is_some();
        match (Route::of(&self.segments(&operation.path)), method) {
            (Route::Collection(kind), &Method::POST) if served(kind) => {
                let Some(handle) = &operation.bulk_id else {
                    return Err(Problem::value("a POST needs a 'bulkId'"));
                };
                let members: Map<String, Value> = body.as_object().cloned().unwrap_or_default();
                Ok(Action::Create(
                    kind,
                    members,
                    self.ids.get(handle.as_str()).cloned(),
                ))
            }
            (Route::Item(kind, id), method) if served(kind) && method != Method::POST => {
                plan::of_item(self.provider, method, kind, id, body)
            }
            (Route::Collection(kind) | Route::Item(kind, _), _) if served(kind) => Err(
                Problem::new(405, format!("{method} is not possible at this path")),
            ),
            _ => Err(Problem::not_found(format!(
                "there is nothing at '{}'",
                operation.path
            ))),
        }
    }

    /// The path's segments, a reference in it resolved.
    fn segments(&self, path: &str) -> Vec<String> {
        path.trim_start_matches('/')
            .split('/')
            .map(
                |segment| match handle(segment).and_then(|handle| self.ids.get(handle)) {
                    Some(id) => id.clone(),
                    None => percent_encoding::percent_decode_str(segment)
                        .decode_utf8_lossy()
                        .into_owned(),
                },
            )
            .collect()
    }

    /// A body with ids in the place of references.
    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match handle(text).and_then(|handle| self.ids.get(handle)) {
                Some(id) => Value::from(id.as_str()),
                None => value.clone(),
            },
            Value::Array(values) => values.iter().map(|value| self.resolved(value)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.resolved(value)))
                .collect(),
            _ => value.clone(),
        }
    }

    /// One element of the response.
    fn result(&self, operation: &BulkOperation, outcome: Outcome) -> Value {
        let mut result = json!({ "method": operation.method });
        if let Some(handle) = &operation.bulk_id {
            result["bulkId"] = Value::from(handle.as_str());
        }
        let addressed = format!(
            "{}/{}",
            self.plan.base,
            self.segments(&operation.path).join("/")
        );
        let addressed = (operation.method != "POST").then_some(addressed);
        let status = match outcome {
            Ok(done) => {
                if let Some(version) = done.etag {
                    result["version"] = Value::from(version);
                }
                if let Some(location) = done.location.or(addressed) {
                    result["location"] = Value::from(location);
                }
                done.status
            }
            Err(problem) => {
                if let Some(location) = addressed {
                    result["location"] = Value::from(location);
                }
                result["response"] = problem.body();
                problem.status
            }
        };
        result["status"] = Value::from(status.to_string());
        result
    }
}

fn broken_circle() -> Problem {
    Problem::new(
        409,
        "a resource that this one refers to in a circle could not be created",
    )
}
