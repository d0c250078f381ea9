//! A request of load, prepared so that sending it costs little.

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method};

/// A request below the base URL of an endpoint; it may be sent any number of times. Credentials,
/// `Host`, `Content-Length` and `X-Request-Id` come from the connection.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: Method,
    /// As it stands on the request line: path of the base URL, path, query.
    pub(super) target: PathAndQuery,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Request {
    /// A request for a target as it stands on the request line (`/scim/v2/Users?count=1`), that is
    /// to say with the path of the base URL, and percent-encoded.
    ///
    /// # Errors
    /// Where the target is none: it does not begin with a slash, or has a byte that none may hold.
    pub fn new(method: Method, target: impl Into<Bytes>) -> Result<Self, BadRequest> {
        let target: Bytes = target.into();
        if target.first() != Some(&b'/') || target.contains(&b'#') {
            return Err(BadRequest::Target(shown(&target)));
        }
        let bad = BadRequest::Target(shown(&target));
        Ok(Self {
            method,
            target: PathAndQuery::from_maybe_shared(target).map_err(|_| bad)?,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    }

    /// With a body of this media type.
    #[must_use]
    pub fn body(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let value = HeaderValue::from_static(media_type);
        self.headers.insert(http::header::CONTENT_TYPE, value);
        self.body = body.into();
        self
    }

    /// With a header field, instead of the one that the connection would send.
    ///
    /// # Errors
    /// Where name or value can't stand in a head.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, BadRequest> {
        let bad = || BadRequest::Header(name.to_owned());
        let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let value = HeaderValue::from_str(value).map_err(|_| bad())?;
        self.headers.insert(field, value);
        Ok(self)
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The target as it stands on the request line.
    #[must_use]
    pub fn target(&self) -> &str {
        self.target.as_str()
    }

    /// Bytes of its body.
    #[must_use]
    pub fn length(&self) -> usize {
        self.body.len()
    }

    /// Its body.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.body
    }
}

/// Why there is no such request. Fragments that follow "cannot send it: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// The target.
    #[error("'{0}' is no path that a request line can hold")]
    Target(String),
    /// A header field.
    #[error("the header field {0} can't be sent")]
    Header(String),
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
