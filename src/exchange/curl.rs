//! A command line that sends a recorded request again.
//!
//! Secrets stay labels, except the credentials of the configuration, which become variables such as
//! `$SCIM_TOKEN`.

use std::fmt::Write as _;

use super::Exchange;

/// Header fields that curl sets by itself or that differ with each request.
const LEFT_OUT: [&str; 5] = [
    "accept-encoding",
    "user-agent",
    "x-request-id",
    "content-length",
    "host",
];

/// Labels of credentials and the variables that stand for them.
const CREDENTIALS: [(&str, &str); 6] = [
    ("‹secret:token›", "$SCIM_TOKEN"),
    ("‹secret:access-token›", "$SCIM_TOKEN"),
    ("‹secret:second-token›", "$SCIM_SECOND_TOKEN"),
    ("‹secret:client-secret›", "$SCIM_CLIENT_SECRET"),
    ("‹secret:gateway-key›", "$SCIM_GATEWAY_KEY"),
    ("‹secret:gateway-second-key›", "$SCIM_GATEWAY_SECOND_KEY"),
];

/// A shell command that repeats the request of an exchange. Whatever it quotes, it quotes for a
/// POSIX shell: no value of a server or scenario can end its quotes.
#[must_use]
pub fn curl(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut line = String::from("curl -sS --path-as-is --globoff");
    match request.method.as_str() {
        "GET" => line.push_str(" -i"),
        "HEAD" => line.push_str(" -I"),
        method => {
            let _ = write!(line, " -i -X {}", quote(method));
        }
    }
    let _ = write!(line, " {}", quote(&request.url));
    for header in &request.headers {
        if LEFT_OUT.contains(&header.name.to_ascii_lowercase().as_str()) {
            continue;
        }
        let text = if header.value.is_empty() {
            format!("{};", header.name)
        } else {
            format!("{}: {}", header.name, header.value)
        };
        let _ = write!(line, " \\\n  -H {}", quote(&text));
    }
    if let Some(body) = request.body.as_ref().filter(|body| body.length > 0) {
        if body.truncated {
            line.push_str(" \\\n  --data-binary @body.json  # the body was too long to keep");
        } else if body.text.contains(['\n', '\'']) {
            let end = delimiter(&body.text);
            let _ = write!(
                line,
                " \\\n  --data-binary @- <<'{end}'\n{}\n{end}",
                body.text
            );
        } else {
            let _ = write!(line, " \\\n  --data-binary {}", quote(&body.text));
        }
    }
    line
}

/// Quotes for a POSIX shell; labels of credentials become variables.
fn quote(text: &str) -> String {
    let mut quoted = format!("'{}'", text.replace('\'', r"'\''"));
    for (label, variable) in CREDENTIALS {
        quoted = quoted.replace(label, &format!("'\"{variable}\"'"));
    }
    match quoted.strip_suffix("''") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => quoted,
    }
}

/// A line that does not stand in the text.
fn delimiter(text: &str) -> String {
    let mut end = String::from("BODY");
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Header, Request, Timing};
    use super::*;

    fn check(method: &str, url: &str, headers: &[(&str, &str)], body: &str, expected: &str) {
        let header = |(name, value): &(&str, &str)| Header {
            name: (*name).into(),
            value: (*value).into(),
        };
        let exchange = Exchange {
            n: 1,
            case: String::new(),
            step: String::new(),
            request: Request {
                method: method.into(),
                url: url.into(),
                headers: headers.iter().map(header).collect(),
                body: (!body.is_empty()).then(|| Body {
                    length: body.len() as u64,
                    text: body.into(),
                    ..Body::default()
                }),
                ..Request::default()
            },
            response: None,
            failure: None,
            timing: Timing::default(),
        };
        assert_eq!(curl(&exchange), expected);
    }

    #[test]
    fn a_request_becomes_a_line_that_a_shell_reads_as_meant() {
        check(
            "GET",
            "http://x/Users?filter=a",
            &[
                ("Authorization", "Bearer ‹secret:token›"),
                ("User-Agent", "scimitar"),
            ],
            "",
            "curl -sS --path-as-is --globoff -i 'http://x/Users?filter=a' \\\n  -H 'Authorization: Bearer '\"$SCIM_TOKEN\"",
        );
        check(
            "POST",
            "http://x/U'$(id)",
            &[],
            r#"{"a":"b"}"#,
            "curl -sS --path-as-is --globoff -i -X 'POST' 'http://x/U'\\''$(id)' \\\n  --data-binary '{\"a\":\"b\"}'",
        );
        check(
            "PUT",
            "http://x",
            &[("X-Empty", "")],
            "it's\nBODY\n`id`",
            "curl -sS --path-as-is --globoff -i -X 'PUT' 'http://x' \\\n  -H 'X-Empty;' \\\n  --data-binary @- <<'BODY_'\nit's\nBODY\n`id`\nBODY_",
        );
    }

    #[test]
    fn a_shell_gets_back_what_went_in() {
        let nasty = "a'b\"c$HOME`id`\\d;e|f&g\nh ‹secret:password›";
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("printf %s {}", quote(nasty))])
            .output();
        let Ok(output) = output else { return };
        assert_eq!(String::from_utf8_lossy(&output.stdout), nasty);
    }
}
