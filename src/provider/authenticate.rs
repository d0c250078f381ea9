//! Stage 1: who asks.
//!
//! Knows bearer tokens, configured and given out, and nothing else; what is public is said here too.

use http::{HeaderValue, Method, header};

use super::Provider;
use super::decode::{Incoming, Route};
use super::problem::Problem;
use super::settings::Token;
use super::token::Standing;

/// What stage 1 found.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// Who asks, or the 401.
    pub outcome: Result<Principal, Problem>,
    /// Why the credential is refused although it is known.
    pub stale: Option<Stale>,
}

/// Why a known credential is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Its time is over.
    Expired,
    /// It was taken back, or another took its place.
    Revoked,
    /// It was issued for another audience.
    Foreign,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// The bearer of the main token.
    Main,
    /// The bearer of the second token, who may read only.
    Second,
    /// Nobody in particular: a public document, or a provider without tokens.
    Anonymous,
}

/// Reads the `Authorization` field (RFC 7644 §2, RFC 6750 §2.1).
///
/// `/ServiceProviderConfig` is readable without a credential (RFC 7643 §5); a credential that is
/// presented has to be good everywhere.
pub(super) fn authenticate(provider: &Provider, incoming: &Incoming) -> Authenticated {
    let mut authenticated = Authenticated {
        outcome: judge(provider, incoming),
        stale: stale(provider, incoming),
    };
    for fault in provider.faults() {
        fault.authenticated(incoming, &mut authenticated);
    }
    authenticated
}

fn judge(provider: &Provider, incoming: &Incoming) -> Result<Principal, Problem> {
    let settings = provider.settings();
    if settings.token.is_none() && settings.second_token.is_none() && settings.oauth.is_none() {
        return Ok(Principal::Anonymous);
    }
    let mut fields = incoming.headers.get_all(header::AUTHORIZATION).iter();
    let Some(field) = fields.next() else {
        return if is_public(incoming) {
            Ok(Principal::Anonymous)
        } else {
            Err(refusal("the request carries no credential", ""))
        };
    };
    if fields.next().is_some() {
        return Err(refusal(
            "more than one Authorization field",
            "invalid_request",
        ));
    }
    let presented = field.to_str().ok().and_then(bearer);
    let Some(presented) = presented else {
        return Err(refusal(
            "the credential is no bearer token",
            "invalid_request",
        ));
    };
    accepted(provider, presented).ok_or_else(|| {
        let why = match stale(provider, incoming) {
            Some(Stale::Expired) => "the bearer token has expired",
            Some(Stale::Revoked) => "the bearer token was revoked",
            Some(Stale::Foreign) => "the bearer token was issued for another audience",
            None => "the bearer token is not accepted",
        };
        refusal(why, "invalid_token")
    })
}

/// Whom a token stands for.
fn accepted(provider: &Provider, presented: &str) -> Option<Principal> {
    let settings = provider.settings();
    let is = |token: &Option<Token>| token.as_ref().is_some_and(|token| token.is(presented));
    let rotated = is(&settings.rotated_token) && !provider.overlap_is_over();
    if is(&settings.token) || rotated {
        return Some(Principal::Main);
    }
    if is(&settings.second_token) {
        return Some(Principal::Second);
    }
    match provider
        .issued()
        .standing(presented, settings.clock.now())?
    {
        Standing::Good(true) => Some(Principal::Main),
        Standing::Good(false) => Some(Principal::Second),
        Standing::Expired => None,
    }
}

fn stale(provider: &Provider, incoming: &Incoming) -> Option<Stale> {
    let settings = provider.settings();
    let field = incoming.headers.get(header::AUTHORIZATION)?;
    let presented = field.to_str().ok().and_then(bearer)?;
    let is = |token: &Option<Token>| token.as_ref().is_some_and(|token| token.is(presented));
    let issued = provider.issued().standing(presented, settings.clock.now());
    if is(&settings.expired_token) || issued == Some(Standing::Expired) {
        Some(Stale::Expired)
    } else if is(&settings.revoked_token)
        || (is(&settings.rotated_token) && provider.overlap_is_over())
    {
        Some(Stale::Revoked)
    } else if is(&settings.foreign_token) {
        Some(Stale::Foreign)
    } else {
        None
    }
}

fn is_public(incoming: &Incoming) -> bool {
    matches!(incoming.method, Method::GET | Method::HEAD)
        && incoming.route() == Route::ServiceProviderConfig
}

/// The token of `Bearer token`; the scheme's name is compared without case.
fn bearer(field: &str) -> Option<&str> {
    let (scheme, token) = field.split_once(' ')?;
    let token = token.trim_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn refusal(detail: &str, code: &str) -> Problem {
    let challenge = if code.is_empty() {
        String::from("Bearer realm=\"scim\"")
    } else {
        format!("Bearer realm=\"scim\", error=\"{code}\"")
    };
    let challenge =
        HeaderValue::from_str(&challenge).expect("a challenge made of constants is a field value");
    Problem::new(401, detail).with_header(header::WWW_AUTHENTICATE, challenge)
}
