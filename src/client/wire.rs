//! Defects of HTTP itself in a response that is otherwise usable.

use http::{HeaderMap, StatusCode, Version, header};
use url::Url;

use super::decode::Coding;
use crate::exchange::WireDefect;

/// What a request asked for that its response is held against.
pub(super) struct Asked<'a> {
    /// URL as sent.
    pub(super) url: &'a Url,
    /// Whether `Accept-Encoding` offered gzip.
    pub(super) gzip: bool,
}

/// The defects of a response head.
pub(super) fn defects(
    asked: &Asked<'_>,
    version: Version,
    status: StatusCode,
    headers: &HeaderMap,
) -> Vec<WireDefect> {
    let mut found = Vec::new();
    let mut note = |code: &str, detail: String| {
        found.push(WireDefect {
            code: code.to_owned(),
            detail,
        });
    };
    if status.as_u16() > 599 {
        note("status-range", format!("status {}", status.as_u16()));
    }
    if status == StatusCode::SWITCHING_PROTOCOLS {
        note(
            "switching-protocols",
            "101, which nobody asked for".to_owned(),
        );
    }
    let chunked = headers.contains_key(header::TRANSFER_ENCODING);
    if chunked && headers.contains_key(header::CONTENT_LENGTH) && version <= Version::HTTP_11 {
        let detail = "both Content-Length and Transfer-Encoding";
        note("length-and-chunked", detail.to_owned());
    }
    match coding(headers) {
        Coding::Gzip if !asked.gzip => {
            note(
                "unrequested-coding",
                "gzip, which the request did not offer".to_owned(),
            );
        }
        Coding::Unusable(why) => note("unrequested-coding", why),
        Coding::Gzip | Coding::Identity => {}
    }
    if let Some(detail) = redirect(asked.url, status, headers) {
        note("redirect", detail);
    }
    found
}

/// The content coding of a response.
pub(super) fn coding(headers: &HeaderMap) -> Coding {
    let values: Vec<String> = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .map(text)
        .collect();
    Coding::of(values.iter().map(String::as_str))
}

/// A redirect that points where no credential may follow.
fn redirect(url: &Url, status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let follows = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = headers.get(header::LOCATION).filter(|_| follows)?;
    let shown = text(location);
    let Ok(to) = url.join(&shown) else {
        return Some(format!(
            "{} to a location that is no URL: {shown}",
            status.as_u16()
        ));
    };
    let stays = to.origin() == url.origin() && to.username().is_empty() && to.password().is_none();
    (!stays).then(|| format!("{} to another origin: {shown}", status.as_u16()))
}

/// A field value as text; bytes that are no UTF-8 as `\xNN`.
pub(super) fn text(value: &http::HeaderValue) -> String {
    value
        .as_bytes()
        .utf8_chunks()
        .flat_map(|chunk| {
            let bad = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
            std::iter::once(chunk.valid().to_owned()).chain(bad)
        })
        .collect()
}
