//! HTTP itself: what the server provably sent wrong on the wire.

use super::{Context, Exchange, Invariant, Judged, Judgement};
use crate::check::place::clip;
use crate::exchange::FailureKind;

/// The invariant.
pub(super) struct Leaf;

const LENGTH: &str = "http-9112-6.3-length-is-unambiguous";
const MESSAGE: &str = "http-9112-2.2-message-is-well-formed";
const CODING: &str = "http-9110-8.4-coding-decodes";
const ONCE: &str = "http-9110-5.3-singleton-fields-stand-once";
const STATUS: &str = "http-9110-15-status-is-three-digits";
const REDIRECT: &str = "http-9110-15.4-redirects-stay-on-the-origin";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "wire"
    }

    fn title(&self) -> &'static str {
        "Every answer is sound HTTP"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[LENGTH, MESSAGE, CODING, ONCE, STATUS, REDIRECT]
    }

    fn judge(&self, exchange: &Exchange, _: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        if let Some(failure) = exchange.failure.as_ref().filter(|it| it.kind.is_servers()) {
            let requirement = match failure.kind {
                FailureKind::ContentCoding => CODING,
                FailureKind::Framing => LENGTH,
                FailureKind::NotHttp => MESSAGE,
                // A body beyond the client's cap breaks no rule of HTTP.
                _ => return Vec::new(),
            };
            let actual = clip(&failure.detail);
            judged.add(
                requirement,
                Judgement::broken("response", expected(requirement), actual),
            );
            return judged.into_vec();
        }
        let Some(response) = &exchange.response else {
            return Vec::new();
        };
        for requirement in [LENGTH, MESSAGE, CODING, ONCE, STATUS] {
            judged.held(requirement);
        }
        let is_redirect = matches!(response.status, 301 | 302 | 303 | 307 | 308);
        if is_redirect && response.header("location").is_some() {
            judged.held(REDIRECT);
        }
        for defect in &response.wire {
            let (requirement, at) = match defect.code.as_str() {
                "length-and-chunked" | "duplicate-length" | "bad-length" => {
                    (LENGTH, "response.framing")
                }
                "stacked-coding" | "unrequested-coding" | "unknown-coding" => {
                    (CODING, "response.header.content-encoding")
                }
                "duplicate-header" => (ONCE, "response.header"),
                "status-range" => (STATUS, "response.status"),
                "redirect" => (REDIRECT, "response.header.location"),
                _ => (MESSAGE, "response"),
            };
            judged.add(
                requirement,
                Judgement::broken(at, expected(requirement), clip(&defect.detail)),
            );
        }
        judged.into_vec()
    }
}

fn expected(requirement: &str) -> &'static str {
    match requirement {
        LENGTH => "one unambiguous length",
        CODING => "content codings that were asked for, and decode",
        ONCE => "the field once",
        STATUS => "a status from 100 to 599",
        REDIRECT => "a redirect on the same origin",
        _ => "a well-formed HTTP message",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::exchange::WireDefect;

    #[test]
    fn what_the_server_provably_sent_wrong_is_broken() {
        held("wire", Sample::get("/Users/1").body(&sample::user()));
        for (code, requirement, at) in [
            ("length-and-chunked", LENGTH, "response.framing"),
            ("stacked-coding", CODING, "response.header.content-encoding"),
            (
                "unrequested-coding",
                CODING,
                "response.header.content-encoding",
            ),
            ("duplicate-header", ONCE, "response.header"),
            ("status-range", STATUS, "response.status"),
            ("redirect", REDIRECT, "response.header.location"),
            ("obs-fold", MESSAGE, "response"),
        ] {
            let sample = Sample::get("/Users/1").change(|response| {
                response.wire.push(WireDefect {
                    code: code.to_owned(),
                    detail: "seen".to_owned(),
                });
            });
            broken("wire", sample, &[(requirement, at)]);
        }
        for (kind, requirement) in [
            (FailureKind::Framing, LENGTH),
            (FailureKind::NotHttp, MESSAGE),
            (FailureKind::ContentCoding, CODING),
        ] {
            broken(
                "wire",
                Sample::get("/Users/1").failed(kind),
                &[(requirement, "response")],
            );
        }
        silent(
            "wire",
            Sample::get("/Users/1").failed(FailureKind::BodyTooLarge),
        );
        silent(
            "wire",
            Sample::get("/Users/1").failed(FailureKind::Truncated),
        );
    }
}
