//! A 401 says how to authenticate (RFC 7644 §2).

use super::{Context, Exchange, Invariant, Judgement, is_scim, subject};
use crate::check::expect::challenge::schemes;
use crate::check::place::clip;

/// The invariant.
pub(super) struct Leaf;

const NAMED: &str = "rfc7644-2-unauthorized-names-schemes";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "challenge"
    }

    fn title(&self) -> &'static str {
        "Every 401 names the schemes to authenticate with"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[NAMED]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let Ok(response) = subject::response(exchange) else {
            return Vec::new();
        };
        if response.status != 401 || !is_scim(exchange, context) {
            return Vec::new();
        }
        let lines: Vec<&str> = response.headers("www-authenticate").collect();
        if !schemes(&lines).is_empty() {
            return vec![(NAMED, Judgement::Held)];
        }
        let shown = clip(&lines.join(", "));
        let actual = if shown.is_empty() {
            "absent".to_owned()
        } else {
            shown
        };
        let at = "response.header.www-authenticate";
        vec![(
            NAMED,
            Judgement::broken(at, "an authentication scheme", actual),
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::Sample;

    #[test]
    fn a_401_has_a_challenge() {
        let refused = || Sample::get("/Users").status(401);
        held("challenge", refused().header("WWW-Authenticate", "Bearer"));
        broken(
            "challenge",
            refused(),
            &[(NAMED, "response.header.www-authenticate")],
        );
        silent("challenge", Sample::get("/Users").status(403));
    }
}
