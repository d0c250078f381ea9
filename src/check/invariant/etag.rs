//! Entity tags (RFC 7643 §3.1, RFC 7644 §3.14).

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::expect::etag::{is_entity_tag, wrong_tag};
use crate::check::place::clip;
use crate::scim::resource::member;

/// The invariant.
pub(super) struct Leaf;

const SENT: &str = "rfc7644-3.14-etag-header-is-sent";
const IN_META: &str = "rfc7644-3.14-version-is-in-meta";
const SAME: &str = "rfc7643-3.1-version-equals-etag";
const FORM: &str = "rfc7643-3.1-weak-etags-say-so";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "etag"
    }

    fn title(&self) -> &'static str {
        "Every entity tag is well-formed and equals meta.version"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[SENT, IN_META, SAME, FORM]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let Ok(response) = subject::success(exchange) else {
            return Vec::new();
        };
        let resources = subject::resources(exchange);
        let Some(found) = resources.iter().find(|found| found.at.is_empty()) else {
            return Vec::new();
        };
        if !shows_resources(exchange, context) {
            return Vec::new();
        }
        let header = response.header("etag");
        let version = member(found.resource, "meta")
            .and_then(|meta| member(meta, "version"))
            .filter(|version| !version.is_null());
        if context.capabilities.etag {
            judged.judge(
                SENT,
                header
                    .is_none()
                    .then(|| Judgement::broken("response.header.etag", "an entity tag", "absent")),
            );
            if !subject::is_projected(exchange) {
                judged.judge(
                    IN_META,
                    version
                        .is_none()
                        .then(|| Judgement::broken("/meta/version", "the entity tag", "absent")),
                );
            }
        }
        if let Some(tag) = header {
            let formed = is_entity_tag(tag);
            judged.judge(
                FORM,
                (!formed).then(|| {
                    Judgement::broken(
                        "response.header.etag",
                        "an entity tag: \"…\" or W/\"…\"",
                        clip(tag),
                    )
                }),
            );
            if formed && version.is_some_and(Value::is_string) {
                judged.judge(SAME, wrong_tag(tag, version));
            }
        }
        judged.into_vec()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    #[test]
    fn tags_are_sent_well_formed_and_equal() {
        let read = |tag: &str| {
            Sample::get("/Users/2819")
                .header("ETag", tag)
                .body(&sample::user())
        };
        held("etag", read("W/\"1\""));
        broken("etag", read("1"), &[(FORM, "response.header.etag")]);
        broken("etag", read("W/\"2\""), &[(SAME, "/meta/version")]);
        broken(
            "etag",
            Sample::get("/Users/2819").body(&sample::user()),
            &[(SENT, "response.header.etag")],
        );
        let mut user = sample::user();
        user["meta"]["version"] = json!(null);
        broken(
            "etag",
            Sample::get("/Users/2819")
                .header("ETag", "\"1\"")
                .body(&user),
            &[(IN_META, "/meta/version")],
        );
        user["meta"]["version"] = json!("1");
        broken(
            "etag",
            Sample::get("/Users/2819")
                .header("ETag", "\"1\"")
                .body(&user),
            &[(SAME, "F14")],
        );
        silent(
            "etag",
            Sample::get("/Users").body(&sample::list(&[sample::user()])),
        );
    }

    #[test]
    fn nothing_is_asked_of_a_target_without_tags() {
        let mut capabilities = sample::capabilities();
        capabilities.etag = false;
        let exchange = Sample::get("/Users/2819").body(&sample::user()).build();
        assert_eq!(Leaf.judge(&exchange, &sample::context(&capabilities)), []);
    }
}
