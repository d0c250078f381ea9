//! From what was sent and received to what may be kept: strict parse, then redaction, then the cut.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;

use super::wire;
use crate::exchange::{Body, BodyDefect, Header, Request};
use crate::redact::{REDACTED, Vault};
use crate::scim::json;
use crate::session::Call;

/// The request as it may be recorded. `labelled` are the header fields with labels in them.
pub(super) fn request(
    vault: &Vault,
    call: &Call,
    url: &str,
    labelled: &[(String, String)],
    sent: Option<&Bytes>,
    evidence: usize,
) -> Request {
    Request {
        method: call.method.as_str().to_owned(),
        url: vault.redact_url(url),
        path: vault.redact_text(&call.path).into_owned(),
        query: call
            .parameters()
            .into_iter()
            .map(|(name, value)| {
                let value = query_value(vault, &name, &value);
                (name, value)
            })
            .collect(),
        headers: labelled
            .iter()
            .map(|(name, value)| Header {
                name: name.clone(),
                value: vault.redact_text(value).into_owned(),
            })
            .collect(),
        body: call.body.as_ref().map(|content| Body {
            length: sent.map_or(0, |bytes| bytes.len() as u64),
            ..body(vault, &content.bytes, evidence)
        }),
    }
}

fn query_value(vault: &Vault, name: &str, value: &str) -> String {
    let known = vault.redact_text(value);
    let fields = vault.fields();
    if fields.is_secret(None, name) {
        return REDACTED.to_owned();
    }
    fields.mask_filter(&known).into_owned()
}

/// Header fields of a response as they may be recorded.
pub(super) fn headers(vault: &Vault, headers: &HeaderMap) -> Vec<Header> {
    headers
        .iter()
        .map(|(name, value)| Header {
            name: vault.redact_text(name.as_str()).into_owned(),
            value: vault.redact_header(name.as_str(), &wire::text(value)),
        })
        .collect()
}

/// A body as it may be recorded, with at most `evidence` bytes of its text.
pub(super) fn body(vault: &Vault, bytes: &[u8], evidence: usize) -> Body {
    if bytes.is_empty() {
        return Body::default();
    }
    let (mut json, defects) = json::read(bytes);
    let changed = json.as_mut().is_some_and(|value| vault.redact_json(value));
    // The whole of it, before the cut: a secret that is cut in two would not be found.
    let text = if let Some(value) = json.as_ref().filter(|_| changed) {
        value.to_string()
    } else {
        vault.redact_loose(&String::from_utf8_lossy(bytes))
    };
    let (text, cut) = truncated(text, evidence);
    Body {
        length: bytes.len() as u64,
        truncated: cut,
        text,
        defects: defects
            .into_iter()
            .map(|defect| BodyDefect {
                code: defect.code.to_owned(),
                at: vault.redact_text(&defect.at).into_owned(),
                detail: vault.redact_text(&defect.detail).into_owned(),
            })
            .collect(),
        json: json.map(Arc::new),
    }
}

/// Cuts a text at a character boundary.
fn truncated(mut text: String, limit: usize) -> (String, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    text.truncate(text.floor_char_boundary(limit));
    (text, true)
}
