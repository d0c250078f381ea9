//! `challenge`: WWW-Authenticate names how to authenticate (RFC 9110 §11.6.1).

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_texts, texts};
use crate::check::place::clip;
use crate::check::subject;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "challenge"
    }

    fn doc(&self) -> &'static str {
        "WWW-Authenticate names a scheme: `true`, or one of these: `Bearer`, `[Bearer, Basic]`. Judged on 401 only."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        if argument == &Value::Bool(true) {
            return Ok(());
        }
        lint_texts(argument, "")
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        let response = match subject::response(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        if response.status != 401 {
            return Judgement::Inapplicable(format!("the status is {}", response.status));
        }
        let lines: Vec<&str> = response.headers("www-authenticate").collect();
        let wanted = texts(argument);
        let named = schemes(&lines);
        let fits = |scheme: &&str| {
            wanted.is_empty() || wanted.iter().any(|it| it.eq_ignore_ascii_case(scheme))
        };
        if named.iter().any(fits) {
            return Judgement::Held;
        }
        let expected = if wanted.is_empty() {
            "an authentication scheme".to_owned()
        } else {
            clip(&wanted.join(" or "))
        };
        let actual = if lines.is_empty() {
            "absent".to_owned()
        } else {
            clip(&lines.join(", "))
        };
        Judgement::broken("response.header.www-authenticate", expected, actual)
    }
}

/// The scheme at the start of each challenge: a word that no `=` follows.
pub(in crate::check) fn schemes<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    lines
        .iter()
        .flat_map(|line| line.split(','))
        .filter_map(|part| {
            let word = part.trim().split(' ').next()?;
            let is_token = !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.!#$%&'*+^`|~".contains(&byte));
            is_token.then_some(word)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::Sample;

    #[test]
    fn a_401_names_its_schemes() {
        let with = |value: &str| {
            Sample::get("/Users")
                .status(401)
                .header("WWW-Authenticate", value)
        };
        held("challenge", &json!(true), with("Bearer realm=\"x, y\""));
        held(
            "challenge",
            &json!("basic"),
            with("Bearer realm=\"x\", Basic realm=\"y\""),
        );
        let at = "response.header.www-authenticate";
        broken("challenge", &json!("Bearer"), with("Basic"), at, "Basic");
        broken(
            "challenge",
            &json!(true),
            with("realm=\"x\""),
            at,
            "realm=\"x\"",
        );
        broken(
            "challenge",
            &json!(true),
            Sample::get("/Users").status(401),
            at,
            "absent",
        );
        inapplicable("challenge", &json!(true), Sample::get("/Users").status(403));
        refused("challenge", &json!(7), "");
    }
}
