//! One primary value at most (RFC 7643 §2.4).

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::place::{brief, escape};
use crate::scim::resource::member;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const ONE: &str = "rfc7643-2.4-one-primary-at-most";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "primary"
    }

    fn title(&self) -> &'static str {
        "No attribute shows more than one primary value"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[ONE]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        if !shows_resources(exchange, context) {
            return Vec::new();
        }
        for found in subject::resources(exchange) {
            judge_members(found.resource, &found.at, &mut judged);
        }
        judged.into_vec()
    }
}

fn judge_members(holder: &Value, at: &str, judged: &mut Judged) {
    for (name, value) in holder.as_object().into_iter().flatten() {
        let at = format!("{at}/{}", escape(name));
        if urn::is_urn(name) {
            judge_members(value, &at, judged);
            continue;
        }
        let is_primary = |item: &&Value| member(item, "primary") == Some(&Value::Bool(true));
        let primaries = value
            .as_array()
            .into_iter()
            .flatten()
            .filter(is_primary)
            .count();
        if primaries > 0 {
            judged.judge(
                ONE,
                (primaries > 1)
                    .then(|| Judgement::broken(&at, "one primary value at most", brief(value))),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    #[test]
    fn two_primaries_are_one_too_many() {
        held("primary", Sample::get("/Users/1").body(&sample::user()));
        let mut user = sample::user();
        user["emails"] = json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}]);
        broken(
            "primary",
            Sample::get("/Users/1").body(&user),
            &[(ONE, "/emails")],
        );
        silent(
            "primary",
            Sample::get("/Users/1").body(&json!({"id": "1", "emails": [{"value": "a"}]})),
        );
        let schemes = json!({"authenticationSchemes": [{"primary": true}, {"primary": true}]});
        silent(
            "primary",
            Sample::get("/ServiceProviderConfig").body(&schemes),
        );
    }
}
