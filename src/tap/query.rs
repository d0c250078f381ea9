//! The query of a request: as parameters, or as it stood on the wire where that says more.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::known::{Known, LONG_ID};
use super::leaf::At;
use super::rewrite::broken;
use super::role::{Role, role};
use super::step::Step;
use crate::suite::write::Query;

/// What need not be escaped in a value.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Known<'_> {
    /// The query; parameters that hold secrets are left out.
    pub(super) fn query(&mut self, index: usize, step: &Step) -> Query {
        let mut pairs = Vec::new();
        let mut wire = Vec::new();
        for raw in step.wire_query.split('&').filter(|pair| !pair.is_empty()) {
            let (raw_name, raw_value) = raw.split_once('=').unwrap_or((raw, ""));
            let (name, value) = (decoded(raw_name), decoded(raw_value));
            if self.secrets.is_parameter(&name) {
                let label = step.label();
                self.notes.push(format!(
                    "{label} loses the parameter {name}: it holds a secret"
                ));
                continue;
            }
            let value = self.parameter(index, &name, &broken(&value));
            wire.push(if raw.contains('=') {
                format!("{raw_name}={}", encoded(&value, raw_value))
            } else {
                raw_name.to_owned()
            });
            pairs.push((name, value));
        }
        // A plus sign and a name alone can't be said in parameters.
        let plain = step
            .wire_query
            .split('&')
            .all(|pair| pair.is_empty() || pair.contains('='));
        if plain && !step.wire_query.contains('+') {
            return Query::Pairs(pairs);
        }
        let wire = wire.join("&");
        Query::Wire(wire.replace('#', "%23"))
    }

    fn parameter(&mut self, index: usize, name: &str, value: &str) -> String {
        match role(&At::named(name)) {
            Role::Filter => self.filter(index, value),
            Role::Keep => self
                .minted(index, value, name)
                .unwrap_or_else(|| value.to_owned()),
            _ => self
                .minted(index, value, name)
                .or_else(|| {
                    let is_long = value.len() >= LONG_ID;
                    is_long.then(|| self.id(index, value)).flatten()
                })
                .or_else(|| self.names.get(value))
                .unwrap_or_else(|| self.embedded(index, value, true)),
        }
    }
}

/// A text of a query without its escapes.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// A value with templates, encoded in the manner of the one that was sent.
fn encoded(value: &str, sent: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(open) = rest.find("{{") {
        let close = rest.get(open..).and_then(|tail| tail.find("}}"));
        let end = close.map_or(rest.len(), |close| open + close + 2);
        escape(&mut out, rest.get(..open).unwrap_or_default(), sent);
        out.push_str(rest.get(open..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    escape(&mut out, rest, sent);
    out
}

fn escape(out: &mut String, text: &str, sent: &str) {
    for c in text.chars() {
        let bare = c.is_ascii_graphic() && !"%&+#{}".contains(c) && sent.contains(c);
        match c {
            ' ' if sent.contains('+') => out.push('+'),
            c if bare => out.push(c),
            c => out.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), UNRESERVED)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_encoded_as_the_client_did_it() {
        let check =
            |value: &str, sent: &str, expected: &str| assert_eq!(encoded(value, sent), expected);
        check("a eq \"{{x}}-y\"", "a+eq+%22b%22", "a+eq+%22{{x}}-y%22");
        check(
            "a eq \"{{x}}@{{domain}}\"",
            "a%20eq%20\"b@c\"",
            "a%20eq%20\"{{x}}@{{domain}}\"",
        );
        check("1+1 & 100%", "x", "1%2B1%20%26%20100%25");
    }
}
