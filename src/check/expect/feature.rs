//! `feature`: what is advertised is there, and what is not advertised is refused (RFC 7644 §3.12, §4).

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, wrong};
use crate::check::subject;

/// The expectation.
pub(super) struct Leaf;

/// Features whose use a single answer tells of.
const FEATURES: [&str; 2] = ["patch", "bulk"];

/// Statuses that say that something is not there.
const MISSING: [u16; 3] = [404, 405, 501];

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "feature"
    }

    fn doc(&self) -> &'static str {
        "The answer fits what the configuration says of `patch` or `bulk`: `{ served: bulk }` is judged where bulk is advertised \
         (404, 405 and 501 are wrong), `{ refused: bulk }` where it is not (501 is right, 403, 404 and 405 are the tolerated deviation F20-other)."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_keys(argument, &["served", "refused"])?;
        let named = argument
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::values);
        match named.map(Value::as_str).collect::<Vec<_>>().as_slice() {
            [Some(name)] if FEATURES.contains(name) => Ok(()),
            _ => Err(wrong("", "it names no feature", "{ served: bulk }")),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let response = match subject::response(exchange) {
            Ok(response) => response,
            Err(judgement) => return judgement,
        };
        let (served, refused) = (text(argument, "served"), text(argument, "refused"));
        let name = served.or(refused).unwrap_or_default();
        let advertised = match name {
            "patch" => context.capabilities.patch,
            _ => context.capabilities.bulk.is_some(),
        };
        if advertised != served.is_some() {
            let negation = if advertised { "" } else { "not " };
            return Judgement::Inapplicable(format!("{name} is {negation}advertised"));
        }
        if refused.is_some() && context.capabilities.unconfigured {
            return Judgement::Inapplicable("there is no configuration that could be read".into());
        }
        let status = response.status;
        let actual = status.to_string();
        if served.is_some() {
            return if MISSING.contains(&status) {
                Judgement::broken("response.status", format!("{name}, as advertised"), actual)
            } else {
                Judgement::Held
            };
        }
        let broken = || Judgement::broken("response.status", "501", actual.clone());
        match status {
            501 => Judgement::Held,
            403..=405 => broken().tolerated("F20-other"),
            _ => broken(),
        }
    }
}

fn text<'a>(argument: &'a Value, key: &str) -> Option<&'a str> {
    argument.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::refused;
    use super::*;
    use crate::check::sample::{self, Sample};

    #[test]
    fn nothing_is_known_to_be_refused_without_a_configuration() {
        let mut capabilities = sample::capabilities();
        (capabilities.patch, capabilities.unconfigured) = (false, true);
        let exchange = Sample::new("PATCH", "/Users/1").status(200).build();
        let judged = Leaf.judge(
            &json!({"refused": "patch"}),
            &exchange,
            &sample::context(&capabilities),
        );
        assert!(matches!(judged, Judgement::Inapplicable(_)));
    }

    fn judge(advertised: bool, argument: &Value, status: u16) -> Judgement {
        let mut capabilities = sample::capabilities();
        capabilities.patch = advertised;
        let exchange = Sample::new("PATCH", "/Users/1").status(status).build();
        Leaf.judge(argument, &exchange, &sample::context(&capabilities))
    }

    #[test]
    fn what_is_advertised_is_served() {
        let served = json!({"served": "patch"});
        for status in [200, 204, 400, 403] {
            assert_eq!(judge(true, &served, status), Judgement::Held);
        }
        for status in [404, 405, 501] {
            assert!(matches!(judge(true, &served, status), Judgement::Broken(_)));
        }
        let refused = json!({"refused": "patch"});
        assert!(matches!(
            judge(true, &refused, 501),
            Judgement::Inapplicable(_)
        ));
    }

    #[test]
    fn what_is_not_advertised_is_refused() {
        let refused = json!({"refused": "patch"});
        assert_eq!(judge(false, &refused, 501), Judgement::Held);
        for status in [403, 404, 405] {
            let judged = judge(false, &refused, status);
            assert!(matches!(judged, Judgement::Tolerated(id, _) if id == "F20-other"));
        }
        for status in [200, 400, 500] {
            assert!(matches!(
                judge(false, &refused, status),
                Judgement::Broken(_)
            ));
        }
        let served = json!({"served": "patch"});
        assert!(matches!(
            judge(false, &served, 501),
            Judgement::Inapplicable(_)
        ));
    }

    #[test]
    fn one_known_feature_is_named() {
        for argument in [
            json!({}),
            json!({"served": "sort"}),
            json!({"served": "bulk", "refused": "bulk"}),
        ] {
            refused("feature", &argument, "");
        }
        refused("feature", &json!({"sent": "bulk"}), "/sent");
    }
}
