//! The seams at which a fault can bend the provider: one or more after every stage.
//!
//! A fault is a leaf of this directory, or data read by one. Everything here has an empty default
//! body; with no fault active none of it runs. Nothing else in the provider may name a fault.

mod auth;
mod bulk;
mod create;
mod cursor;
mod data;
mod declaration;
mod delete;
mod filter;
mod kept;
mod late;
pub mod like;
mod list;
mod member;
mod meta;
mod patch;
pub mod profile;
mod projection;
mod protocol;
mod put;
mod race;
pub mod registry;
mod rewrite;
mod sort;
mod spelled;
mod taken;
mod unique;
mod value;
mod version;

use std::sync::Arc;

use http::HeaderValue;
use serde_json::{Map, Value};

use super::apply::Applied;
use super::authenticate::Authenticated;
use super::commit::{Commit, Committed};
use super::decode::{Decoded, Incoming};
use super::filter::Compared;
use super::gateway::Admission;
use super::patch::Operation;
use super::plan::Plan;
use super::problem::Problem;
use super::respond::Reply;
use super::select::Selection;
use super::store::Resource;
use super::token::{Grant, OAuthError, TokenRequest};
use crate::session::BoxFuture;

pub use declaration::Declaration;

/// A deviation that a provider can be given.
///
/// Stages in order: authenticate, decode, plan, select, apply, commit, represent, respond. Each
/// operation of a bulk request passes plan to represent on its own. A refusal (`Err`) skips the
/// stages up to respond, except where a seam says otherwise.
pub trait Fault: Send + Sync {
    /// Name, as `--fault` takes it.
    fn name(&self) -> &str;

    /// Before stage 1, at the gateway: the key of the request, and the gateway's own answer.
    fn admitted(&self, incoming: &Incoming, admission: &mut Admission) {
        let _ = (incoming, admission);
    }

    /// At the token endpoint: what is given out, or why nothing is.
    fn granted(&self, request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        let _ = (request, granted);
    }

    /// Stage 1: who asks, or why nobody is let in. Replace `outcome` to let in or to refuse.
    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let _ = (incoming, authenticated);
    }

    /// Stage 2: the request as method, path segments, query, body.
    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let _ = (incoming, decoded);
    }

    /// Stage 3: what will be done: action, filter, paging, projection, preconditions.
    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        let _ = plan;
    }

    /// Stage 4: the resources that the plan is about, after filter, sort and paging.
    /// For a single resource an empty list becomes a 404 after this seam.
    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let _ = (plan, selection);
    }

    /// The answer of one comparison or presence test of the filter evaluator, for one value.
    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        let _ = (compared, answer);
    }

    /// The operations of a PATCH about to be applied to this resource.
    fn operations(&self, before: &Resource, operations: &mut Vec<Operation>) {
        let _ = (before, operations);
    }

    /// Which values (positions in `values`) a value filter in a PATCH path selected.
    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        let _ = (operation, values, chosen);
    }

    /// Stage 5: the resource before and after, or the problem with what had been applied by then.
    /// Where `after` is set it is committed, also when `problem` is answered.
    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let _ = (plan, applied);
    }

    /// Before stage 6, outside every lock: a future to wait for, which holds a race open.
    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        let _ = plan;
        None
    }

    /// The change about to be made and which rules the store will hold it to.
    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let _ = (plan, commit);
    }

    /// Stage 6: what the store did.
    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let _ = (plan, committed);
    }

    /// One resource as it will be shown, after projection. `resource` holds what is stored,
    /// `password` included.
    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let _ = (plan, resource, shown);
    }

    /// Stage 7: the whole document of a successful answer: resource, list, bulk response, discovery.
    fn represented(&self, plan: &Plan, document: &mut Value) {
        let _ = (plan, document);
    }

    /// Stage 8: status, header fields, body, of successes and of errors.
    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        let _ = (incoming, reply);
    }
}

/// The active faults of a provider, in order.
pub type Faults = Arc<[Arc<dyn Fault>]>;

/// Text as a header value; text that can't be one becomes empty.
pub fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
