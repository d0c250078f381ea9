//! The URL of a call: base, path and query, sent exactly as asked or not at all.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::target::Target;
use crate::redact::Vault;
use crate::session::{RESERVED, segment, version};

/// What is escaped in a query: a reader of URNs and attribute lists likes to see `:`, `,` and `/`.
const QUERY: &AsciiSet = &RESERVED.remove(b':').remove(b',').remove(b'/');

/// `‹secret:` as it stands in an encoded path.
const ENCODED_LABEL: &str = "%E2%80%B9secret";

/// The URL to send, with secrets in the place of their labels. Fails where a URL parser would send
/// another path than the one asked for, or another origin.
pub(super) fn build(
    target: &Target,
    vault: &Vault,
    path: &str,
    query: &[(String, String)],
) -> Result<Url, String> {
    let path = reveal_path(vault, path);
    if !path.is_empty() && !path.starts_with('/') {
        return Err(format!("the path '{path}' does not begin with a slash"));
    }
    let (base, path) = version::joined(target.path(), &path)?;
    let wanted = format!("{base}{path}");
    let wanted = if wanted.is_empty() {
        "/".to_owned()
    } else {
        wanted
    };
    let mut text = format!("{}{wanted}", target.origin());
    for (index, (name, value)) in query.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        if name.is_empty() {
            if value.contains(ENCODED_LABEL) {
                return Err("a secret can't stand in a query that is sent as written".to_owned());
            }
            text.push_str(value);
            continue;
        }
        text.extend(utf8_percent_encode(&vault.reveal(name), QUERY));
        text.push('=');
        text.extend(utf8_percent_encode(&vault.reveal(value), QUERY));
    }
    let url = Url::parse(&text).map_err(|error| format!("the URL can't be written: {error}"))?;
    if url.path() != wanted {
        let sent = url.path();
        return Err(format!(
            "the path '{wanted}' would reach the server as '{sent}'"
        ));
    }
    if url.origin().ascii_serialization() != origin_of(target) {
        return Err("the URL would leave the origin of the target".to_owned());
    }
    Ok(url)
}

/// The origin in the form that a URL parser prints.
pub(super) fn origin_of(target: &Target) -> String {
    Url::parse(target.origin())
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default()
}

fn reveal_path<'a>(vault: &Vault, path: &'a str) -> Cow<'a, str> {
    if !path.contains(ENCODED_LABEL) {
        return Cow::Borrowed(path);
    }
    let revealed: Vec<String> = path
        .split('/')
        .map(|part| {
            if part.contains(ENCODED_LABEL) {
                segment(&vault.reveal(&percent_decode_str(part).decode_utf8_lossy()))
            } else {
                part.to_owned()
            }
        })
        .collect();
    Cow::Owned(revealed.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, path: &str, query: &[(&str, &str)], expected: Result<&str, &str>) {
        let target = Target::parse(base, true).unwrap();
        let vault = Vault::new();
        vault.learn("token", "s3/cr3t-s3cr3t");
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        match (build(&target, &vault, path, &query), expected) {
            (Ok(url), Ok(expected)) => assert_eq!(url.as_str(), expected),
            (Err(error), Err(part)) => assert!(error.contains(part), "{path}: {error}"),
            (got, expected) => panic!("{path}: {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn a_path_goes_out_as_asked_or_not_at_all() {
        let base = "http://127.0.0.1:1/v2";
        check(
            base,
            "/Users/a%2Fb",
            &[],
            Ok("http://127.0.0.1:1/v2/Users/a%2Fb"),
        );
        check(base, "", &[], Ok("http://127.0.0.1:1/v2"));
        check(base, "/../v9/Users", &[], Ok("http://127.0.0.1:1/v9/Users"));
        check(base, "/../../Users", &[], Err("would reach the server as"));
        check(
            "http://localhost/x",
            "/../v9",
            &[],
            Err("no version segment"),
        );
        check("http://localhost", "", &[], Ok("http://localhost/"));
        check(
            base,
            "/Users/..",
            &[],
            Err("would reach the server as '/v2/'"),
        );
        check(base, "/Users/%2e%2e", &[], Err("would reach the server as"));
        check(base, "/Users/a b", &[], Err("would reach the server as"));
        check(base, "/Users?x=1", &[], Err("would reach the server as"));
        check(base, "Users", &[], Err("begin with a slash"));
        check(
            base,
            "//evil.example/x",
            &[],
            Ok("http://127.0.0.1:1/v2//evil.example/x"),
        );
        check(
            "http://localhost",
            "//evil.example/x",
            &[],
            Ok("http://localhost//evil.example/x"),
        );
    }

    #[test]
    fn a_query_keeps_its_order_and_is_encoded_once() {
        check(
            "http://localhost",
            "/Users",
            &[("filter", "a eq \"b+c&d\""), ("count", "1"), ("x", "100%")],
            Ok("http://localhost/Users?filter=a%20eq%20%22b%2Bc%26d%22&count=1&x=100%25"),
        );
        check(
            "http://localhost",
            "/Users",
            &[("", "filter=a+eq+%22b%22&flag"), ("count", "1")],
            Ok("http://localhost/Users?filter=a+eq+%22b%22&flag&count=1"),
        );
        check(
            "http://localhost",
            "/Users",
            &[("", "t=%E2%80%B9secret:token%E2%80%BA")],
            Err("a secret can't stand"),
        );
    }

    #[test]
    fn labels_are_resolved_in_path_and_query() {
        check(
            "http://localhost",
            "/x/%E2%80%B9secret:token%E2%80%BA",
            &[("t", "‹secret:token›")],
            Ok("http://localhost/x/s3%2Fcr3t-s3cr3t?t=s3/cr3t-s3cr3t"),
        );
    }
}
