//! Tags that follow the stored values are sent as if they followed every byte.

use http::header::ETAG;
use serde_json::Value;

use crate::provider::decode::Incoming;
use crate::provider::fault::data::pointer::each;
use crate::provider::fault::{Declaration, Fault, header_value};
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A tag that stays while the representation changes is sent without W/",
        WeakTagsClaimToBeStrong,
    )
    .breaks(&["rfc7643-3.1-weak-etags-say-so"])
}

struct WeakTagsClaimToBeStrong;

impl Fault for WeakTagsClaimToBeStrong {
    fn name(&self) -> &'static str {
        "weak-tags-claim-to-be-strong"
    }

    fn responded(&self, _incoming: &Incoming, reply: &mut Reply) {
        let strong = reply
            .headers
            .get(ETAG)
            .and_then(|tag| tag.to_str().ok()?.strip_prefix("W/"))
            .map(header_value);
        if let Some(strong) = strong {
            reply.headers.insert(ETAG, strong);
        }
        if let Content::Document(document) = &mut reply.body {
            each(document, "@/meta/version", &mut |version| {
                if let Value::String(text) = version
                    && let Some(strong) = text.strip_prefix("W/")
                {
                    *text = strong.to_owned();
                }
            });
        }
    }
}
