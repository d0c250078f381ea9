//! Stage 4: the resources that a plan is about.
//!
//! Changes nothing.

mod page;

use std::cmp::Ordering;
use std::sync::Arc;

use super::Provider;
use super::cursor::Cursor;
use super::filter::{Compiled, Evaluation, SortKey, compile, conjuncts, sort_key};
use super::model::{Place, TypeModel, find};
use super::plan::{Action, Plan, Query};
use super::precondition;
use super::problem::Problem;
use super::store::{Indexed, Kind, Resource};
use super::view::View;
use crate::scim::filter::{AttributePath, CompareOp, Filter, Literal};
use crate::scim::schema::{DataType, Returned};

/// What stage 4 found.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The resources, in the order of the answer.
    pub resources: Vec<Arc<Resource>>,
    /// Number of matches before paging.
    pub total: usize,
    /// Position of the first resource among the matches, from 1.
    pub start_index: usize,
    /// Whether the page was asked for by cursor.
    pub by_cursor: bool,
    /// The cursor of the next page.
    pub next: Option<Cursor>,
    /// The cursor of the page before.
    pub previous: Option<Cursor>,
}

/// Finds the resources.
///
/// # Errors
/// 400 for a filter or sort that the schema does not allow, 404 where the one resource does not
/// exist, 412 and 304 for preconditions.
pub(super) fn select(provider: &Provider, plan: &Plan) -> Result<Selection, Problem> {
    let mut selection = match &plan.action {
        Action::List(kinds, query) => list(provider, plan, kinds, query)?,
        Action::Read(kind, id)
        | Action::Replace(kind, id, _)
        | Action::Patch(kind, id, _)
        | Action::Delete(kind, id) => one(provider, *kind, id),
        Action::Discover(_) | Action::Create(..) | Action::Bulk(_) => Selection::default(),
    };
    for fault in provider.faults() {
        fault.selected(plan, &mut selection);
    }
    if let Action::Read(kind, id)
    | Action::Replace(kind, id, _)
    | Action::Patch(kind, id, _)
    | Action::Delete(kind, id) = &plan.action
    {
        let Some(resource) = selection.resources.first() else {
            return Err(Problem::not_found(format!(
                "there is no {} '{id}'",
                kind.name()
            )));
        };
        precondition::check(provider, plan, resource)?;
    }
    Ok(selection)
}

fn one(provider: &Provider, kind: Kind, id: &str) -> Selection {
    let found = provider
        .store()
        .get(id)
        .filter(|resource| resource.kind == kind);
    Selection {
        total: usize::from(found.is_some()),
        resources: found.into_iter().collect(),
        start_index: 1,
        ..Selection::default()
    }
}

fn list(
    provider: &Provider,
    plan: &Plan,
    kinds: &[Kind],
    query: &Query,
) -> Result<Selection, Problem> {
    let skip = query.start_index.saturating_sub(1);
    if let ([kind], None, None, None) = (kinds, &query.filter, &query.sort_by, &query.walk) {
        let (total, ids) = provider.store().page(*kind, skip, query.count);
        return Ok(Selection {
            resources: ids
                .iter()
                .filter_map(|id| provider.store().get(id))
                .collect(),
            total,
            start_index: query.start_index,
            ..Selection::default()
        });
    }
    if let ([kind], None, None, Some(walk)) = (kinds, &query.filter, &query.sort_by, &query.walk) {
        return Ok(page::page_in_order(provider, plan, *kind, query, walk));
    }
    let mut matches: Vec<(SortKey, Arc<Resource>)> = Vec::new();
    for kind in kinds {
        let Some(model) = provider.model().of(*kind) else {
            continue;
        };
        let listing = Listing {
            provider,
            model,
            base: &plan.base,
            several: kinds.len() > 1,
        };
        listing.collect(query, &mut matches)?;
    }
    if query.sort_by.is_some() {
        sort(&mut matches, query.descending);
    } else if kinds.len() > 1 {
        matches.sort_by_key(|(_, resource)| resource.sequence);
    }
    if let Some(walk) = &query.walk {
        return Ok(page::page_of_walk(provider, plan, query, walk, matches));
    }
    Ok(Selection {
        total: matches.len(),
        start_index: query.start_index,
        resources: matches
            .into_iter()
            .skip(skip)
            .take(query.count)
            .map(|(_, resource)| resource)
            .collect(),
        ..Selection::default()
    })
}

fn sort(matches: &mut [(SortKey, Arc<Resource>)], descending: bool) {
    matches.sort_by(|(a, first), (b, second)| {
        order((a, first.sequence), (b, second.sequence), descending)
    });
}

/// Missing values come last upwards and first downwards (§3.4.2.3); ties keep the order of creation.
fn order(a: (&SortKey, u64), b: (&SortKey, u64), descending: bool) -> Ordering {
    let by_key = if descending {
        b.0.order(a.0)
    } else {
        a.0.order(b.0)
    };
    by_key.then(a.1.cmp(&b.1))
}

/// The search for resources of one type.
struct Listing<'a> {
    provider: &'a Provider,
    model: &'a TypeModel,
    base: &'a str,
    /// Whether the query spans several types.
    several: bool,
}

impl Listing<'_> {
    fn collect(
        &self,
        query: &Query,
        matches: &mut Vec<(SortKey, Arc<Resource>)>,
    ) -> Result<(), Problem> {
        let filter = query
            .filter
            .as_ref()
            .map(|filter| compile(self.model, filter, self.several))
            .transpose()
            .map_err(|problem| in_body(problem, query.in_url))?;
        let sort_by = match &query.sort_by {
            None => None,
            Some(path) => self.sort_place(path)?,
        };
        let evaluation = Evaluation::new(self.provider.faults());
        let mut offer = |resource: Arc<Resource>| {
            let view = View {
                provider: self.provider,
                model: self.model,
                resource: &resource,
                base: self.base,
            };
            if filter
                .as_ref()
                .is_none_or(|filter| evaluation.matches(filter, view))
            {
                let key = match query.sort_by {
                    Some(_) => sort_key(sort_by, view),
                    None => SortKey::Missing,
                };
                matches.push((key, resource));
            }
        };
        match self.candidates(query.filter.as_ref(), filter.as_ref()) {
            Some(candidates) => candidates.into_iter().for_each(&mut offer),
            None => self
                .provider
                .store()
                .ids(self.model.kind)
                .iter()
                .filter_map(|id| self.provider.store().get(id))
                .for_each(&mut offer),
        }
        Ok(())
    }

    /// The few resources that can match, where an index knows them. A fault may change what a
    /// comparison says, so with any active every resource is looked at.
    fn candidates(
        &self,
        filter: Option<&Filter>,
        compiled: Option<&Compiled<'_>>,
    ) -> Option<Vec<Arc<Resource>>> {
        if !self.provider.faults().is_empty() || compiled.is_none() {
            return None;
        }
        let mut found = self.indexed(filter?)?;
        found.retain(|resource| resource.kind == self.model.kind);
        found.sort_by_key(|resource| resource.sequence);
        found.dedup_by_key(|resource| resource.sequence);
        Some(found)
    }

    /// What an index knows of one of the conditions that all have to hold.
    fn indexed(&self, filter: &Filter) -> Option<Vec<Arc<Resource>>> {
        conjuncts(filter)
            .into_iter()
            .find_map(|condition| self.indexed_condition(condition))
    }

    fn indexed_condition(&self, filter: &Filter) -> Option<Vec<Arc<Resource>>> {
        let Filter::Compare(path, comparison) = filter else {
            return None;
        };
        let (CompareOp::Eq, Literal::String(value)) = (comparison.op, &comparison.value) else {
            return None;
        };
        let Place::Attribute {
            extension: None,
            attribute,
            sub,
        } = self.model.locate(path)?
        else {
            return None;
        };
        let (store, kind) = (self.provider.store(), self.model.kind);
        let by = |indexed| Some(store.lookup(kind, indexed, value));
        match (attribute.name.as_str(), sub.map(|sub| sub.name.as_str())) {
            ("id", None) => Some(store.get(value).into_iter().collect()),
            ("userName", None) => by(Indexed::UserName),
            ("externalId", None) => by(Indexed::ExternalId),
            ("displayName", None) => by(Indexed::DisplayName),
            ("members", Some("value") | None) if kind == Kind::Group => {
                Some(store.groups_with(value))
            }
            _ => None,
        }
    }

    /// The attribute to sort by; `None` where only other types of the query have it.
    fn sort_place(&self, path: &AttributePath) -> Result<Option<Place<'_>>, Problem> {
        match self.model.locate(path) {
            Some(Place::Attribute {
                extension,
                attribute,
                sub: None,
            }) if attribute.data_type == DataType::Complex => {
                match find(&attribute.sub_attributes, "value").filter(|_| attribute.multi_valued) {
                    Some(value) => Ok(Some(Place::Attribute {
                        extension,
                        attribute,
                        sub: Some(value),
                    })),
                    None => Err(Problem::value(format!(
                        "'{path}' is complex: sort by one of its sub-attributes"
                    ))),
                }
            }
            Some(place @ Place::Attribute { attribute, .. })
                if attribute.returned != Returned::Never =>
            {
                Ok(Some(place))
            }
            None if self.several => Ok(None),
            _ => Err(Problem::value(format!("can't sort by '{path}'"))),
        }
    }
}

/// What is too sensitive for a URL is just not possible in a body.
fn in_body(problem: Problem, in_url: bool) -> Problem {
    if !in_url && problem.scim_type == Some("sensitive") {
        return Problem::filter(problem.detail);
    }
    problem
}
