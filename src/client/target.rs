//! The base URL as the user typed it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;
use url::{Host, Position, Url};

/// A base URL that requests may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    base: String,
    origin: String,
    path: String,
    loopback: bool,
    https: bool,
    host: String,
}

/// Why a base URL is of no use. Lowercase fragments; none repeats a query or a password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TargetError {
    /// Nothing was given.
    #[error("the base URL is empty; give one, or --embedded to test the built-in provider")]
    Empty,
    /// No scheme.
    #[error("the base URL '{0}' has no scheme; did you mean '{1}'?")]
    NoScheme(String, String),
    /// Neither http nor https.
    #[error("the base URL has the scheme '{0}'; only http and https carry SCIM")]
    Scheme(String),
    /// User information.
    #[error(
        "the base URL holds a user name or password; put credentials in the environment (SCIM_TOKEN) and write '{0}'"
    )]
    UserInfo(String),
    /// A query.
    #[error("the base URL has a query; write '{0}'")]
    Query(String),
    /// A fragment.
    #[error("the base URL has a fragment; write '{0}'")]
    Fragment(String),
    /// An endpoint at the end.
    #[error("the base URL ends with the endpoint '{0}'; write '{1}'")]
    Endpoint(String, String),
    /// A path that a URL parser rewrites.
    #[error("the base URL holds the path '{0}', which every client rewrites to '{1}'; write it so")]
    Normalised(String, String),
    /// Not a URL.
    #[error("the base URL can't be read: {0}")]
    Unreadable(String),
    /// Plain text over a network.
    #[error(
        "'{0}' is plain http and not this machine: the token would cross the network readable by anyone; use https, or --allow-plaintext-token if that is what you want"
    )]
    Plaintext(String),
}

/// Names that end a resource URL, not a base URL.
const ENDPOINTS: &[&str] = &[
    "users",
    "groups",
    "serviceproviderconfig",
    "serviceproviderconfigs",
    "resourcetypes",
    "schemas",
    "bulk",
    "me",
    ".search",
];

impl Target {
    /// Reads a base URL as typed; trailing slashes don't matter. Plain http to another machine
    /// needs `allow_plaintext`.
    pub fn parse(text: &str, allow_plaintext: bool) -> Result<Self, TargetError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TargetError::Empty);
        }
        let url = read(text)?;
        refuse_extras(&url)?;
        refuse_endpoint(&url)?;
        let path = url.path().trim_end_matches('/').to_owned();
        refuse_rewritten(text, &path)?;
        let loopback = is_loopback(&url);
        let https = url.scheme() == "https";
        let origin = url[..Position::BeforePath].to_owned();
        if !https && !loopback && !allow_plaintext {
            return Err(TargetError::Plaintext(format!("{origin}{path}")));
        }
        Ok(Self {
            base: format!("{origin}{path}"),
            origin,
            path,
            loopback,
            https,
            host: url.host_str().unwrap_or_default().to_owned(),
        })
    }

    /// The base URL without a trailing slash.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Scheme, host and port (`https://idp.example:8443`).
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Path of the base URL without a trailing slash, empty at the root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Host name or address.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Where a name leads that stands for this machine, whatever a resolver says of it (RFC 6761 §6.3): what is taken for
    /// this machine by its name must not leave it. Nothing for other names, and for addresses.
    #[must_use]
    pub fn pinned(&self) -> Option<[IpAddr; 2]> {
        let address = self.host.parse::<Ipv4Addr>().is_ok() || self.host.starts_with('[');
        let here = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        (self.loopback && !address).then_some(here)
    }

    /// Whether TLS guards it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }
}

fn read(text: &str) -> Result<Url, TargetError> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if is_scheme(scheme) => {
            let scheme = scheme.to_ascii_lowercase();
            if scheme != "http" && scheme != "https" {
                return Err(TargetError::Scheme(scheme));
            }
        }
        _ => {
            let known = text.split_once(':').map(|(word, _)| word).filter(|word| {
                [
                    "ftp",
                    "file",
                    "ldap",
                    "ldaps",
                    "javascript",
                    "mailto",
                    "data",
                ]
                .contains(&word.to_ascii_lowercase().as_str())
            });
            return Err(match known {
                Some(scheme) => TargetError::Scheme(scheme.to_ascii_lowercase()),
                None => no_scheme(text),
            });
        }
    }
    let url = Url::parse(text).map_err(|error| TargetError::Unreadable(error.to_string()))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(TargetError::Unreadable("it names no host".into()));
    }
    Ok(url)
}

fn is_scheme(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// The guess for a URL without a scheme; what may be secret in it is left out.
fn no_scheme(text: &str) -> TargetError {
    let text = text.trim_start_matches('/');
    let shown = text.split(['?', '#']).next().unwrap_or_default();
    let shown = shown.rsplit_once('@').map_or(shown, |(_, host)| host);
    let local = ["localhost", "127.", "[::1]"]
        .iter()
        .any(|host| shown.starts_with(host));
    let scheme = if local { "http" } else { "https" };
    TargetError::NoScheme(shown.to_owned(), format!("{scheme}://{shown}"))
}

fn refuse_extras(url: &Url) -> Result<(), TargetError> {
    let mut clean = url.clone();
    clean.set_query(None);
    clean.set_fragment(None);
    let had_user = !url.username().is_empty() || url.password().is_some();
    let cleared = clean
        .set_username("")
        .and_then(|()| clean.set_password(None));
    let guess = if cleared.is_ok() {
        shown(&clean)
    } else {
        String::new()
    };
    if had_user {
        return Err(TargetError::UserInfo(guess));
    }
    if url.query().is_some() {
        return Err(TargetError::Query(guess));
    }
    if url.fragment().is_some() {
        return Err(TargetError::Fragment(guess));
    }
    Ok(())
}

fn refuse_endpoint(url: &Url) -> Result<(), TargetError> {
    let path = url.path().trim_end_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    let found = segments
        .iter()
        .rposition(|segment| ENDPOINTS.contains(&segment.to_ascii_lowercase().as_str()));
    // `/Users/2819` is as wrong as `/Users`; an early segment of that name may be a tenant's.
    let Some(at) = found.filter(|at| *at > 0 && at + 2 >= segments.len()) else {
        return Ok(());
    };
    let kept = segments.get(..at).unwrap_or_default().join("/");
    let origin = &url[..Position::BeforePath];
    let ending = segments.get(at..).unwrap_or_default().join("/");
    Err(TargetError::Endpoint(
        format!("/{ending}"),
        format!("{origin}{kept}"),
    ))
}

/// Refuses dot segments and the like: requests would go to another path than the one typed.
fn refuse_rewritten(text: &str, path: &str) -> Result<(), TargetError> {
    let after = text.split_once("://").map_or(text, |(_, after)| after);
    let typed = after.find('/').and_then(|at| after.get(at..)).unwrap_or("");
    let typed = typed.trim_end_matches('/');
    if typed == path {
        return Ok(());
    }
    Err(TargetError::Normalised(typed.to_owned(), path.to_owned()))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

fn shown(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        match Target::parse(text, false) {
            Ok(target) => assert_eq!(target.base(), expected, "{text}"),
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains(expected), "{text}: {message}");
                assert!(!message.contains("s3cr3t"), "{text}: {message}");
            }
        }
    }

    #[test]
    fn a_base_url_is_read_as_meant() {
        check(" http://127.0.0.1:8880/v2/ ", "http://127.0.0.1:8880/v2");
        check("https://IDP.example/scim", "https://idp.example/scim");
        check("https://idp.example:443", "https://idp.example");
        check("http://[::1]:80/v2", "http://[::1]/v2");
        check("http://localhost", "http://localhost");
        check("http://scim.localhost/x", "http://scim.localhost/x");
        check(
            "https://idp.example/users/scim/v2",
            "https://idp.example/users/scim/v2",
        );
    }

    #[test]
    fn a_name_of_this_machine_leads_nowhere_else() {
        for (text, pinned) in [
            ("http://localhost:8880/v2", true),
            ("http://SCIM.localhost./v2", true),
            ("http://127.0.0.1/v2", false),
            ("http://[::1]/v2", false),
            ("https://localhost.example/v2", false),
        ] {
            let found = Target::parse(text, false).unwrap().pinned();
            assert_eq!(found.is_some(), pinned, "{text}");
            assert!(found.into_iter().flatten().all(|it| it.is_loopback()));
        }
    }

    #[test]
    fn what_is_wrong_with_a_base_url_is_said_with_a_guess() {
        check("", "--embedded");
        check("  ", "--embedded");
        check(
            "idp.example/scim",
            "did you mean 'https://idp.example/scim'?",
        );
        check(
            "localhost:8080/v2",
            "did you mean 'http://localhost:8080/v2'?",
        );
        check(
            "u:s3cr3t@idp.example/scim?token=s3cr3t",
            "'https://idp.example/scim'",
        );
        check("ftp://idp.example", "scheme 'ftp'");
        check("file:/etc/passwd", "scheme 'file'");
        check(
            "https://u:s3cr3t@idp.example/scim",
            "write 'https://idp.example/scim'",
        );
        check(
            "https://idp.example/scim?access_token=s3cr3t",
            "write 'https://idp.example/scim'",
        );
        check("https://idp.example/scim#s3cr3t", "has a fragment");
        check(
            "https://idp.example/scim/v2/Users",
            "'/Users'; write 'https://idp.example/scim/v2'",
        );
        check(
            "https://idp.example/v2/Users/2819/",
            "write 'https://idp.example/v2'",
        );
        check(
            "https://idp.example/ServiceProviderConfig",
            "write 'https://idp.example'",
        );
        check("https://idp.example/a/../b", "rewrites to '/b'");
        check("http://idp.example/scim", "--allow-plaintext-token");
        check("http://10.0.0.1", "--allow-plaintext-token");
        check("https://", "can't be read");
        check("https://idp.example:99999", "can't be read");
    }

    #[test]
    fn plain_http_elsewhere_needs_consent() {
        let target = Target::parse("http://idp.example/scim", true).unwrap();
        assert!(!target.is_loopback() && !target.is_https());
        assert_eq!(target.origin(), "http://idp.example");
        assert_eq!(target.path(), "/scim");
    }
}
