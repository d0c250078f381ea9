//! What is never returned is not returned (RFC 7643 §4.1.1, §7).

use super::{Context, Exchange, Invariant, Judgement, is_scim, subject};
use crate::check::secrecy;

/// The invariant.
pub(super) struct Leaf;

const NEVER: &str = "rfc7643-4.1.1-password-is-never-returned";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "secrecy"
    }

    fn title(&self) -> &'static str {
        "No answer shows a password or another value that is never returned"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[NEVER]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let Ok(response) = subject::response(exchange) else {
            return Vec::new();
        };
        if !is_scim(exchange, context) || response.body.text.is_empty() {
            return Vec::new();
        }
        let mut found = secrecy::never_returned(exchange, context);
        if found.is_empty() && response.body.text.contains("‹secret:password") {
            found.push(Judgement::broken(
                "response.body",
                "no password",
                "a password",
            ));
        }
        if found.is_empty() {
            found.push(Judgement::Held);
        }
        found
            .into_iter()
            .map(|judgement| (NEVER, judgement))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    #[test]
    fn no_answer_shows_a_password() {
        held("secrecy", Sample::get("/Users/1").body(&sample::user()));
        silent("secrecy", Sample::new("DELETE", "/Users/1").status(204));
        let mut user = sample::user();
        user["password"] = json!("‹redacted›");
        broken(
            "secrecy",
            Sample::get("/Users").body(&sample::list(&[user.clone()])),
            &[(NEVER, "/Resources/0/password")],
        );
        user["schemas"] = json!([]);
        broken(
            "secrecy",
            Sample::get("/Users/1").body(&user),
            &[(NEVER, "/password")],
        );
        let echo = json!({"detail": "‹secret:password#2› is too short"});
        broken(
            "secrecy",
            Sample::new("POST", "/Users").status(400).body(&echo),
            &[(NEVER, "response.body")],
        );
    }

    #[test]
    fn a_schema_may_talk_about_passwords() {
        let schema = json!({"schemas": [crate::scim::urn::SCHEMA], "id": "x", "attributes": [{"name": "password"}]});
        held("secrecy", Sample::get("/Schemas/x").body(&schema));
        let config = json!({"changePassword": {"supported": true}});
        held(
            "secrecy",
            Sample::get("/ServiceProviderConfig").body(&config),
        );
    }
}
