//! SCIM is spoken over TLS (RFC 7644 §7.2), unless it never leaves the machine.

use super::{Context, Exchange, Invariant, Judgement, is_scim, subject};
use crate::check::place::clip;

/// The invariant.
pub(super) struct Leaf;

const PROTECTED: &str = "rfc7644-7.2-transport-is-protected";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "transport"
    }

    fn title(&self) -> &'static str {
        "Every answer comes over TLS or from this machine"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[PROTECTED]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        if subject::response(exchange).is_err() || !is_scim(exchange, context) {
            return Vec::new();
        }
        let base = context.base_url;
        let judgement = match base.split_once("://") {
            Some(("http", rest)) if !is_here(host(rest)) => {
                Judgement::broken("request.url", "https", clip(base)).tolerated("F33")
            }
            _ => Judgement::Held,
        };
        vec![(PROTECTED, judgement)]
    }
}

/// The host of what follows the scheme of a URL.
fn host(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether what is sent to a host never leaves the machine.
fn is_here(host: &str) -> bool {
    let is_loopback = host
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_loopback || host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sample::{self, Sample};

    fn judge(base: &str) -> Vec<(&'static str, Judgement)> {
        let capabilities = sample::capabilities();
        let mut exchange = Sample::get("/Users/1").body(&sample::user()).build();
        exchange.request.url = format!("{base}/Users/1");
        Leaf.judge(&exchange, &Context::new(&capabilities, base))
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for base in [
            "https://idp.example/scim",
            "http://127.0.0.1:8080/v2",
            "http://[::1]:80",
            "http://localhost/v2",
        ] {
            assert_eq!(judge(base), [(PROTECTED, Judgement::Held)], "{base}");
        }
        for base in ["http://idp.example/scim", "http://10.0.0.7:8080/v2"] {
            let judged = judge(base);
            let [(PROTECTED, Judgement::Tolerated(id, _))] = judged.as_slice() else {
                panic!("{base}: {judged:?}");
            };
            assert_eq!(id, "F33");
        }
    }
}
