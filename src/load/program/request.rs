//! Requests of a compiled scenario.

use http::Method;
use serde_json::Value;

use super::memory::Memory;
use super::model::{Body, Step};
use crate::load::wire::Request;
use crate::payload::{merge, remove};

/// Why a request could not be made: something that it needs was not captured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unsendable(pub String);

impl Step {
    /// The request, with everything filled in.
    ///
    /// # Errors
    /// Where something is missing.
    pub fn request(&self, memory: &Memory) -> Result<Request, Unsendable> {
        let mut target = Vec::with_capacity(160);
        let missing = |source| Unsendable(format!("{source:?} has no value for its place"));
        self.target.write(&mut target, memory).map_err(missing)?;
        let odd = |error: crate::load::wire::BadRequest| Unsendable(error.to_string());
        let mut request = Request::new(self.method.clone(), target).map_err(odd)?;
        if let Some(body) = self.content(memory)? {
            let media_type = self.media_type.as_deref();
            request = request.body("application/scim+json", body);
            if let Some(other) = media_type.filter(|it| *it != "application/scim+json") {
                request = request.header("content-type", other).map_err(odd)?;
            }
        }
        for (name, value) in &self.headers {
            let mut text = Vec::new();
            value.write(&mut text, memory).map_err(missing)?;
            let text = String::from_utf8_lossy(&text);
            request = request.header(name, &text).map_err(odd)?;
        }
        Ok(request)
    }

    fn content(&self, memory: &Memory) -> Result<Option<Vec<u8>>, Unsendable> {
        let missing = |source| Unsendable(format!("{source:?} has no value for its place"));
        match &self.body {
            Body::None => Ok(None),
            Body::Text(parts) => {
                let mut body = Vec::with_capacity(512);
                parts.write(&mut body, memory).map_err(missing)?;
                Ok(Some(body))
            }
            Body::Merged {
                slot,
                with,
                without,
            } => {
                let value = memory.slot(*slot);
                let mut value = value
                    .cloned()
                    .ok_or_else(|| Unsendable("nothing was captured to send back".to_owned()))?;
                if let Some(with) = with {
                    let mut patch = Vec::new();
                    with.write(&mut patch, memory).map_err(missing)?;
                    let patch: Value = serde_json::from_slice(&patch)
                        .map_err(|error| Unsendable(error.to_string()))?;
                    merge(&mut value, patch);
                }
                for pointer in without {
                    remove(&mut value, pointer);
                }
                Ok(Some(value.to_string().into_bytes()))
            }
        }
    }

    /// Whether the request may be sent again when it is not known what became of it.
    pub fn is_safe(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}
