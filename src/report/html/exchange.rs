//! An exchange as the page shows it: request and response side by side.

use minijinja::Value;
use serde::Serialize;

use super::body;
use crate::exchange::{Body, Exchange, Header};
use crate::report::escape;

/// Header fields of one message that are shown.
const HEADERS: usize = 60;
/// Bytes of one header value, and of a URL, that are shown.
const VALUE: usize = 2_000;

/// One exchange.
#[derive(Serialize)]
pub(super) struct ExchangeView {
    n: u64,
    step: String,
    method: String,
    path: String,
    /// Status, or the word for what went wrong.
    status: String,
    /// Class of the status for its colour: `s2`, `s4` …
    class: &'static str,
    took: String,
    request: MessageView,
    response: Option<MessageView>,
    failure: Option<String>,
    defects: Vec<String>,
}

#[derive(Serialize)]
struct MessageView {
    line: String,
    headers: Vec<(String, String)>,
    headers_left: usize,
    /// Markup.
    body: Option<Value>,
    note: Option<String>,
}

impl ExchangeView {
    /// The exchange with bodies of at most `limit` bytes each.
    pub(super) fn new(exchange: &Exchange, limit: usize) -> Self {
        let request = &exchange.request;
        let response = exchange.response.as_ref();
        let line = |text: &str| escape::line(&escape::clipped(text, VALUE)).into_owned();
        Self {
            n: exchange.n,
            step: line(&exchange.step),
            method: line(&request.method),
            path: line(if request.path.is_empty() {
                &request.url
            } else {
                &request.path
            }),
            status: exchange
                .status()
                .map_or_else(|| "no response".to_owned(), |status| status.to_string()),
            class: class(exchange.status()),
            took: took(exchange.timing.total_us),
            request: MessageView::new(
                line(&format!("{} {}", request.method, request.url)),
                &request.headers,
                request.body.as_ref(),
                limit,
            ),
            response: response.map(|response| {
                MessageView::new(
                    line(&format!("{} {}", response.version, response.status)),
                    &response.headers,
                    Some(&response.body),
                    limit,
                )
            }),
            failure: exchange
                .failure
                .as_ref()
                .map(|failure| line(&failure.detail)),
            defects: response
                .map(|response| {
                    defects(response)
                        .iter()
                        .map(|defect| line(defect))
                        .collect()
                })
                .unwrap_or_default(),
        }
    }

    /// Bytes that it takes on the page, roughly.
    pub(super) fn weight(&self) -> usize {
        const FRAME: usize = 900;
        let response = self.response.as_ref().map_or(0, MessageView::weight);
        FRAME + self.path.len() + self.request.weight() + response
    }
}

impl MessageView {
    fn new(line: String, headers: &[Header], body: Option<&Body>, limit: usize) -> Self {
        let clean = |text: &str| escape::line(&escape::clipped(text, VALUE)).into_owned();
        let body = body.filter(|body| body.length > 0 || !body.text.is_empty());
        Self {
            line,
            headers: headers
                .iter()
                .take(HEADERS)
                .map(|header| (clean(&header.name), clean(&header.value)))
                .collect(),
            headers_left: headers.len().saturating_sub(HEADERS),
            note: body.and_then(|body| cut(body, limit)),
            body: body.map(|body| {
                Value::from_safe_string(body::markup(escape::clip(&body.text, limit).0))
            }),
        }
    }

    fn weight(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len() + 40)
            .sum();
        let body = self
            .body
            .as_ref()
            .and_then(Value::as_str)
            .map_or(0, str::len);
        self.line.len() + headers + body
    }
}

/// What is said where less than the body is shown.
fn cut(body: &Body, limit: usize) -> Option<String> {
    let shown = escape::clip(&body.text, limit).0.len();
    (body.truncated || shown < body.text.len())
        .then(|| format!("the first {shown} of {} bytes", body.length))
}

fn defects(response: &crate::exchange::Response) -> Vec<String> {
    let wire = response
        .wire
        .iter()
        .map(|defect| format!("{}: {}", defect.code, defect.detail));
    let body = response
        .body
        .defects
        .iter()
        .map(|defect| format!("{} at {}: {}", defect.code, defect.at, defect.detail));
    wire.chain(body).take(HEADERS).collect()
}

fn class(status: Option<u16>) -> &'static str {
    match status {
        Some(100..=299) => "s2",
        Some(300..=399) => "s3",
        Some(400..=499) => "s4",
        Some(_) | None => "s5",
    }
}

fn took(us: u64) -> String {
    if us < 1_000 {
        format!("{us} µs")
    } else {
        crate::report::word::duration(us / 1_000)
    }
}
