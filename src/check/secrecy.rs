//! What an exchange shows although it must not.

use serde_json::Value;

use super::equality::unassigned;
use super::{Context, Judgement, subject, typing};
use crate::exchange::Exchange;
use crate::scim::resource::member;
use crate::scim::schema::Returned;

/// How redaction marks a secret of the run. An unknown value in a secret place has another mark: a cookie that the
/// target sets is none of them.
const MARK: &str = "‹secret:";

/// Whether text holds a secret of the run.
pub(super) fn holds_secret(text: &str) -> bool {
    text.contains(MARK)
}

/// Values that the target's schemas, or RFC 7643 §4.1.1 for `password`, never return.
///
/// What was returned is not repeated.
pub(super) fn never_returned(exchange: &Exchange, context: &Context<'_>) -> Vec<Judgement> {
    let mut found = Vec::new();
    for resource in subject::resources(exchange) {
        let never = typing::values_where(
            resource.resource,
            &resource.at,
            context.capabilities,
            |it| it.returned == Returned::Never,
        );
        let mut places: Vec<String> = never
            .into_iter()
            .filter(|(_, value)| !unassigned(Some(value)))
            .map(|(at, _)| at)
            .collect();
        let password = format!("{}/password", resource.at);
        let shows_password = matches!(
            member(resource.resource, "password"),
            Some(Value::String(_))
        );
        if shows_password && !places.iter().any(|at| at.eq_ignore_ascii_case(&password)) {
            places.push(password);
        }
        found.extend(
            places
                .into_iter()
                .map(|at| Judgement::broken(at, "nothing: it is never returned", "a value")),
        );
    }
    found
}
