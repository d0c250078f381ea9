//! Which exchanges a record keeps, and how much of them.
//!
//! A finding keeps its first three exchanges, a body at most 16 KiB, a record 5 MB in all.

use crate::exchange::{Body, Exchange};

/// Bytes of a body that are kept.
pub const BODY_LIMIT: usize = 16 * 1024;
/// Bytes of exchanges that a record keeps in all, roughly.
pub const RECORD_LIMIT: usize = 5_000_000;

/// The exchange with bodies of at most [`BODY_LIMIT`] bytes.
#[must_use]
pub fn cut(exchange: &Exchange) -> Exchange {
    let mut kept = exchange.clone();
    if let Some(body) = kept.request.body.as_mut() {
        cut_body(body);
    }
    if let Some(response) = kept.response.as_mut() {
        cut_body(&mut response.body);
    }
    kept
}

/// How many bytes an exchange takes in a record, roughly.
#[must_use]
pub fn weight(exchange: &Exchange) -> usize {
    const FRAME: usize = 400;
    let headers = |list: &[crate::exchange::Header]| -> usize {
        list.iter().map(|h| h.name.len() + h.value.len() + 24).sum()
    };
    let mut bytes = FRAME + exchange.request.url.len() * 2 + headers(&exchange.request.headers);
    bytes += exchange.request.body.as_ref().map_or(0, |b| b.text.len());
    if let Some(response) = &exchange.response {
        bytes += headers(&response.headers) + response.body.text.len();
    }
    bytes
}

fn cut_body(body: &mut Body) {
    if body.text.len() > BODY_LIMIT {
        let end = body.text.floor_char_boundary(BODY_LIMIT);
        body.text.truncate(end);
        body.text.shrink_to_fit();
        body.truncated = true;
    }
    body.json = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Request, Response, Timing};

    #[test]
    fn a_long_body_is_cut_at_a_character_and_says_so() {
        let text = "ü".repeat(BODY_LIMIT);
        let whole = Exchange {
            n: 1,
            case: String::new(),
            step: String::new(),
            request: Request::default(),
            response: Some(Response {
                body: Body {
                    length: text.len() as u64,
                    text,
                    ..Body::default()
                },
                ..Response::default()
            }),
            failure: None,
            timing: Timing::default(),
        };
        let body = cut(&whole).response.unwrap().body;
        assert!(body.truncated);
        assert_eq!(body.text.len(), BODY_LIMIT);
        assert_eq!(body.length, 2 * BODY_LIMIT as u64);
        assert!(weight(&whole) > 2 * BODY_LIMIT);
    }
}
