//! Faults as data, `fixtures/fault/*.toml`: parameters understood otherwise, comparisons answered
//! otherwise, requests refused or their bodies edited, replies edited.

mod amend;
mod compare;
mod edit;
mod limit;
pub(super) mod pointer;
mod request;

use std::sync::{Arc, LazyLock};

use globset::{GlobBuilder, GlobMatcher};
use http::HeaderValue;
use http::header::{AUTHORIZATION, RETRY_AFTER};
use include_dir::{Dir, include_dir};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use self::amend::{Amend, amend};
use self::compare::Compare;
use self::edit::Edit;
use self::limit::{Limit, retry_after};
use self::pointer::reaches;
use self::request::Request;
use super::{Declaration, Fault};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::filter::Compared;
use crate::provider::problem::Problem;
use crate::provider::respond::{Content, Reply};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/fault");

static FAULTS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    FILES
        .files()
        .filter(|file| {
            file.path()
                .extension()
                .is_some_and(|extension| extension == "toml")
        })
        .flat_map(|file| {
            let text = file.contents_utf8().expect("fault files are UTF-8");
            let document: Document = toml::from_str(text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            document.fault
        })
        .collect()
});

/// A file; profiles stand in one of them too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    fault: Vec<Entry>,
    #[serde(default, rename = "profile")]
    _profile: Vec<toml::Table>,
}

/// A fault as it stands in a file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    title: String,
    breaks: Vec<String>,
    /// The probe that alone finds it.
    #[serde(default)]
    probe: Option<String>,
    /// Parameters that are understood otherwise.
    #[serde(default)]
    request: Vec<Request>,
    /// Comparisons of filters that are answered otherwise.
    #[serde(default)]
    compare: Vec<Compare>,
    /// Requests that are refused, or whose body is edited.
    #[serde(default)]
    demand: Vec<Demand>,
    /// Replies that are edited.
    #[serde(default)]
    rule: Vec<Rule>,
    /// Operations of a PATCH that are changed.
    #[serde(default)]
    operation: Vec<Amend>,
    /// How many requests there may be; those beyond are answered with 429 and Retry-After.
    #[serde(default)]
    limit: Vec<Limit>,
}

/// When a reply is edited, and how.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    when: When,
    edit: Edit,
}

/// When a request is refused, or its body edited before anything reads it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Demand {
    #[serde(default)]
    when: When,
    /// The status it is refused with.
    refuse: Option<u16>,
    #[serde(default)]
    edit: Edit,
}

impl Demand {
    fn apply(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if !self.when.asks(incoming) {
            return;
        }
        if let Some(status) = self.refuse {
            *decoded = Err(match status {
                400 => Problem::value("this is not taken"),
                409 => Problem::uniqueness("this is taken already"),
                other => Problem::new(other, "this is not taken"),
            });
        }
        if let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
        {
            self.edit.apply_to_document(body);
        }
    }
}

/// What a reply has to match; what is not named matches everything.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct When {
    /// Methods.
    method: Vec<String>,
    /// Globs over the path below the base; `*` stays within a segment.
    route: Vec<Route>,
    /// Pointers into the body of the request, each of which reaches a value.
    sent: Vec<String>,
    /// Pointers into the body of the request, none of which reaches a value.
    unsent: Vec<String>,
    /// Names of query parameters, one of which stands in the URL.
    parameter: Vec<String>,
    /// Names of query parameters, none of which stands in the URL.
    no_parameter: Vec<String>,
    /// Whether the request carries a credential.
    credential: Option<bool>,
    /// Pointers into the document of the reply, each of which reaches a value.
    shows: Vec<String>,
    /// Pointers into the document of the reply, none of which reaches a value.
    hides: Vec<String>,
    /// Statuses.
    status: Vec<u16>,
    /// The smallest status.
    from_status: Option<u16>,
    /// The `scimType` of an error.
    scim_type: Option<String>,
    /// Name of a request header field and text that it holds, in any letter case.
    request_header: Option<(String, String)>,
    /// Names of request header fields, none of which is sent.
    no_request_header: Vec<String>,
    /// Text that the request body holds.
    request_body: Option<String>,
    /// What the query has to match, as it stands in the URL.
    query: Option<Pattern>,
}

#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(pattern: String) -> Result<Self, regex::Error> {
        Regex::new(&pattern).map(Self)
    }
}

#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct Route(GlobMatcher);

impl TryFrom<String> for Route {
    type Error = globset::Error;

    fn try_from(glob: String) -> Result<Self, globset::Error> {
        let glob = GlobBuilder::new(&glob).literal_separator(true).build()?;
        Ok(Self(glob.compile_matcher()))
    }
}

impl When {
    /// Whether the request and its reply fit.
    fn matches(&self, incoming: &Incoming, reply: &Reply) -> bool {
        let status = self.status.is_empty() || self.status.contains(&reply.status);
        let keyword = self.scim_type.as_ref().is_none_or(|keyword| {
            matches!(&reply.body, Content::Document(document)
                if document.get("scimType").and_then(Value::as_str) == Some(keyword))
        });
        let from = self.from_status.is_none_or(|from| reply.status >= from);
        status && from && keyword && self.answers(reply) && self.asks(incoming)
    }

    fn answers(&self, reply: &Reply) -> bool {
        match &reply.body {
            Content::Document(document) => {
                self.shows.iter().all(|pointer| reaches(document, pointer))
                    && !self.hides.iter().any(|pointer| reaches(document, pointer))
            }
            _ => self.shows.is_empty(),
        }
    }

    /// Whether the request fits.
    fn asks(&self, incoming: &Incoming) -> bool {
        let method = self.method.is_empty()
            || self
                .method
                .iter()
                .any(|method| method == incoming.method.as_str());
        let route = self.route.is_empty()
            || self
                .route
                .iter()
                .any(|route| route.0.is_match(&incoming.path));
        let stands = |name: &String| {
            incoming.query.as_deref().is_some_and(|query| {
                query
                    .split('&')
                    .any(|pair| pair.split('=').next() == Some(name))
            })
        };
        let parameter = (self.parameter.is_empty() || self.parameter.iter().any(stands))
            && !self.no_parameter.iter().any(stands);
        let credential = self
            .credential
            .is_none_or(|wanted| wanted == incoming.headers.contains_key(AUTHORIZATION));
        method && route && parameter && credential && self.asked(incoming) && self.says(incoming)
    }

    fn says(&self, incoming: &Incoming) -> bool {
        if self.sent.is_empty() && self.unsent.is_empty() {
            return true;
        }
        let Ok(body) = serde_json::from_slice::<Value>(&incoming.body) else {
            return false;
        };
        self.sent.iter().all(|pointer| reaches(&body, pointer))
            && !self.unsent.iter().any(|pointer| reaches(&body, pointer))
    }

    /// Whether the text of the request fits.
    fn asked(&self, incoming: &Incoming) -> bool {
        let header = self.request_header.as_ref().is_none_or(|(name, text)| {
            incoming.headers.get_all(name.as_str()).iter().any(|value| {
                let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
                value.contains(text.as_str())
            })
        });
        let query = self
            .query
            .as_ref()
            .is_none_or(|pattern| pattern.0.is_match(incoming.query.as_deref().unwrap_or("")));
        let body = self
            .request_body
            .as_ref()
            .is_none_or(|text| String::from_utf8_lossy(&incoming.body).contains(text));
        let bare = !self
            .no_request_header
            .iter()
            .any(|name| incoming.headers.contains_key(name.as_str()));
        header && bare && query && body
    }
}

impl Fault for Entry {
    fn name(&self) -> &str {
        &self.name
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if retry_after(&self.limit, incoming).is_some() {
            *decoded = Err(Problem::new(429, "too many requests"));
            return;
        }
        for limit in &self.limit {
            limit.count(incoming);
        }
        for request in &self.request {
            request.apply(incoming, decoded);
        }
        amend(&self.operation, incoming, decoded);
        for demand in &self.demand {
            demand.apply(incoming, decoded);
        }
    }

    fn compared(&self, compared: &Compared<'_>, answer: &mut bool) {
        for compare in &self.compare {
            compare.apply(compared, answer);
        }
    }

    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        if reply.status == 429
            && let Some(seconds) = retry_after(&self.limit, incoming)
        {
            reply
                .headers
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        for rule in &self.rule {
            if rule.when.matches(incoming, reply) {
                rule.edit.apply(reply);
            }
        }
    }
}

/// All faults of the files.
pub(super) fn declarations() -> Vec<Declaration> {
    FAULTS
        .iter()
        .map(|entry| Declaration {
            title: entry.title.clone(),
            breaks: entry.breaks.clone(),
            probe: entry.probe.clone(),
            fault: Arc::new(entry.clone()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read_whole() {
        assert!(declarations().len() >= 15);
    }

    #[test]
    fn every_entry_does_something() {
        for entry in FAULTS.iter() {
            let parts = entry.request.len()
                + entry.demand.len()
                + entry.compare.len()
                + entry.operation.len()
                + entry.limit.len()
                + entry.rule.len();
            assert!(parts > 0, "{} does nothing", entry.name);
        }
    }
}
