//! `no_secret`: nothing secret is shown.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_texts, texts};
use crate::check::{secrecy, subject};

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "no_secret"
    }

    fn doc(&self) -> &'static str {
        "Neither headers nor body show a secret: `true`, or texts that must not be shown either: `[\"{{password}}\"]`. \
         No password, no attribute that is never returned, no credential of the run."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        if argument == &Value::Bool(true) {
            return Ok(());
        }
        lint_texts(argument, "")
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let response = match subject::response(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        if let Some(judgement) = secrecy::never_returned(exchange, context)
            .into_iter()
            .next()
        {
            return judgement;
        }
        let texts = texts(argument);
        let unwanted = |text: &str| {
            secrecy::holds_secret(text)
                || texts.iter().any(|it| !it.is_empty() && text.contains(it))
        };
        for header in &response.headers {
            if unwanted(&header.value) {
                let at = format!("response.header.{}", header.name.to_ascii_lowercase());
                return Judgement::broken(at, "no secret", "a secret");
            }
        }
        if unwanted(&response.body.text) {
            return Judgement::broken("response.body", "no secret", "a secret");
        }
        Judgement::Held
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, refused};
    use crate::check::sample::{self, Sample};

    #[test]
    fn secrets_are_found_wherever_they_are_shown() {
        let user = || Sample::get("/Users/1").body(&sample::user());
        held("no_secret", &json!(true), user());
        held("no_secret", &json!(["hunter2"]), user());
        held(
            "no_secret",
            &json!(["hunter2"]),
            user().header("Set-Cookie", "sid=‹redacted›; HttpOnly"),
        );
        broken(
            "no_secret",
            &json!(["Barbara"]),
            user(),
            "response.body",
            "a secret",
        );
        broken(
            "no_secret",
            &json!(true),
            user().header("X-Echo", "‹secret:token›"),
            "response.header.x-echo",
            "a secret",
        );
        broken(
            "no_secret",
            &json!(true),
            Sample::get("/").status(401).text("bad ‹secret:token›"),
            "response.body",
            "a secret",
        );
        let mut leaking = sample::user();
        leaking["password"] = json!("‹redacted›");
        broken(
            "no_secret",
            &json!(true),
            Sample::get("/Users/1").body(&leaking),
            "/password",
            "a value",
        );
        refused("no_secret", &json!(1), "");
    }
}
