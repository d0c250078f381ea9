//! The run's secrets and their labels.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::encoding::{self, LONG};
use super::field::Fields;
use crate::scim::schema::Schema;

/// Stands where a value must not be shown and is none of the run's own secrets.
pub const REDACTED: &str = "‹redacted›";

const OPEN: &str = "‹secret:";
const CLOSE: char = '›';

/// How many secrets the small matcher takes before all go into the large one.
const FRESH: usize = 16;

/// Bytes searched by a matcher from which on it is worth a faster one, and the most bytes of secrets that such a one
/// takes.
const WORTH: usize = 1 << 18;
const LARGE: usize = 1 << 15;

/// Knows the run's secrets; shared by everything that records.
#[derive(Default)]
pub struct Vault {
    secrets: RwLock<Secrets>,
    fields: RwLock<Arc<Fields>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault that knows no secret and the sensitive places of the RFC schemas.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns a secret and gives its label, `‹secret:token›`. The same secret always has the label
    /// that it got first. Another secret under a taken name is numbered, `‹secret:password#2›`:
    /// a caller that runs beside others puts its case in the name (`password@users.create`), so
    /// that labels do not depend on who came first. An empty secret and a label stay as they are.
    pub fn learn(&self, name: &str, secret: &str) -> String {
        if secret.is_empty() || is_label(secret) {
            return secret.to_owned();
        }
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.learn(name, secret)
    }

    /// Takes the sensitive places from the target's own schemas, beside those of the RFC.
    pub fn teach(&self, schemas: &[Schema]) {
        let fields = Arc::new(Fields::of(schemas));
        *self.fields.write().unwrap_or_else(PoisonError::into_inner) = fields;
    }

    /// The sensitive places known at present.
    pub fn fields(&self) -> Arc<Fields> {
        Arc::clone(&self.fields.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces known secrets in a text, in whatever encoding, by their labels.
    #[must_use]
    pub fn redact_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let spans = secrets.spans(text);
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for span in &spans {
            out.push_str(text.get(done..span.start).unwrap_or_default());
            out.push_str(secrets.labels.get(span.secret).map_or(REDACTED, |l| l));
            done = span.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Replaces known secrets in a text and what stands in sensitive places of text that may be
    /// broken JSON, a form or a filter.
    #[must_use]
    pub fn redact_loose(&self, text: &str) -> String {
        let known = self.redact_text(text);
        self.fields().mask_loose(&known).into_owned()
    }

    /// Replaces known secrets in a URL, and what its query holds in sensitive places.
    #[must_use]
    pub fn redact_url(&self, url: &str) -> String {
        let known = self.redact_text(url);
        self.fields().mask_url(&known)
    }

    /// The value of a response header field as it may be recorded. Cookies and credentials go
    /// whole, addresses lose the sensitive parts of their query.
    #[must_use]
    pub fn redact_header(&self, name: &str, value: &str) -> String {
        let known = self.redact_text(value);
        match name.to_ascii_lowercase().as_str() {
            "authorization" | "proxy-authorization" | "x-api-key" | "api-key" => {
                super::field::mask_credential(&known)
            }
            "cookie" | "set-cookie" => super::field::mask_cookie(&known),
            "location" | "content-location" | "link" => self.fields().mask_url(&known),
            _ => known.into_owned(),
        }
    }

    /// Puts the secrets back where their labels stand. For whatever carries requests, at
    /// the socket.
    #[must_use]
    pub fn reveal<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.reveal_with(text, str::to_owned)
    }

    /// The same, with each secret encoded for the place that it goes to.
    #[must_use]
    pub fn reveal_with<'a>(&self, text: &'a str, encode: impl Fn(&str) -> String) -> Cow<'a, str> {
        let labels = label_spans(text);
        if labels.is_empty() {
            return Cow::Borrowed(text);
        }
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end) in labels {
            let label = text.get(start..end).unwrap_or_default();
            out.push_str(text.get(done..start).unwrap_or_default());
            match secrets.by_label.get(label) {
                Some(secret) => out.push_str(&encode(secret)),
                None => out.push_str(label),
            }
            done = end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// The same for a body, each secret written as the body's format wants it.
    #[must_use]
    pub fn reveal_body(&self, media_type: &str, bytes: &Bytes) -> Bytes {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return bytes.clone();
        };
        let media_type = media_type.to_ascii_lowercase();
        let revealed = self.reveal_with(text, |secret| {
            if media_type.contains("json") {
                let quoted = serde_json::Value::from(secret).to_string();
                let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
                inner.to_owned()
            } else if media_type.contains("x-www-form-urlencoded") {
                utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string()
            } else {
                secret.to_owned()
            }
        });
        match revealed {
            Cow::Borrowed(_) => bytes.clone(),
            Cow::Owned(revealed) => Bytes::from(revealed),
        }
    }

    /// Whether a text is one label that this vault gave out, and nothing else.
    pub(super) fn is_own_label(&self, text: &str) -> bool {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        secrets.by_label.contains_key(text)
    }

    /// Whether this very text is a known secret.
    pub(super) fn knows(&self, text: &str) -> bool {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        secrets.by_secret.contains_key(text)
    }
}

/// Whether a text is one label and nothing else.
pub(super) fn is_label(text: &str) -> bool {
    matches!(label_spans(text).as_slice(), [(0, end)] if *end == text.len())
}

/// Where labels stand in a text.
fn label_spans(text: &str) -> Vec<(usize, usize)> {
    text.match_indices(OPEN)
        .filter_map(|(start, _)| {
            let rest = text.get(start + OPEN.len()..)?;
            let length = rest.find(CLOSE)?;
            Some((start, start + OPEN.len() + length + CLOSE.len_utf8()))
        })
        .collect()
}

/// A secret in a text.
struct Span {
    start: usize,
    end: usize,
    secret: usize,
}

#[derive(Default)]
struct Secrets {
    by_secret: HashMap<String, usize>,
    by_label: HashMap<String, String>,
    labels: Vec<String>,
    taken: HashMap<String, u32>,
    settled: Matcher,
    fresh: Matcher,
    fresh_from: usize,
    all: Vec<String>,
}

impl Secrets {
    fn learn(&mut self, name: &str, secret: &str) -> String {
        if let Some(label) = self
            .by_secret
            .get(secret)
            .and_then(|index| self.labels.get(*index))
        {
            return label.clone();
        }
        let name: String = name
            .chars()
            .filter(|c| !c.is_control() && !matches!(c, '‹' | '›' | '"' | '\\'))
            .collect();
        let count = self.taken.entry(name.clone()).or_default();
        *count += 1;
        let label = match *count {
            1 => format!("{OPEN}{name}{CLOSE}"),
            count => format!("{OPEN}{name}#{count}{CLOSE}"),
        };
        let index = self.labels.len();
        self.by_secret.insert(secret.to_owned(), index);
        self.by_label.insert(label.clone(), secret.to_owned());
        self.labels.push(label.clone());
        self.all.push(secret.to_owned());
        if self.all.len() - self.fresh_from >= FRESH {
            self.settled = Matcher::of(&self.all, 0, None);
            self.fresh = Matcher::default();
            self.fresh_from = self.all.len();
        } else {
            // It is built for each secret, so it must be built fast.
            let quick = Some(AhoCorasickKind::NoncontiguousNFA);
            self.fresh = Matcher::of(&self.all, self.fresh_from, quick);
        }
        label
    }

    /// Where secrets stand in a text, in order, without overlaps.
    fn spans(&self, text: &str) -> Vec<Span> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let mut spans = Vec::new();
        for matcher in [&self.settled, &self.fresh] {
            matcher.search(text.as_bytes(), |start, end, secret| {
                spans.push(Span { start, end, secret });
            });
        }
        for view in encoding::views(text) {
            for matcher in [&self.settled, &self.fresh] {
                matcher.search(&view.bytes, |start, end, secret| {
                    if let (Some(&start), Some(&end)) =
                        (view.origin.get(start), view.origin.get(end))
                    {
                        spans.push(Span { start, end, secret });
                    }
                });
            }
        }
        if spans.is_empty() {
            return spans;
        }
        // Only labels that were given out: a server may write a secret between our brackets.
        let known = |&(start, end): &(usize, usize)| {
            text.get(start..end)
                .is_some_and(|label| self.by_label.contains_key(label))
        };
        let labels: Vec<_> = label_spans(text).into_iter().filter(known).collect();
        spans.retain(|span| {
            !labels
                .iter()
                .any(|(start, end)| span.start < *end && *start < span.end)
        });
        merge(spans)
    }
}

/// Joins overlapping spans; the first and longest gives its label.
fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end), span.secret));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// Searches for several secrets at once.
#[derive(Default)]
struct Matcher {
    /// What is searched for.
    texts: Vec<String>,
    /// For each text its secret, and whether it must stand alone.
    patterns: Vec<(usize, bool)>,
    automaton: Option<AhoCorasick>,
    /// One that searches faster and takes longer to build: of use where much is searched before the next secret.
    faster: OnceLock<Option<AhoCorasick>>,
    /// Bytes that were searched so far.
    searched: AtomicUsize,
}

impl Matcher {
    fn of(secrets: &[String], from: usize, kind: Option<AhoCorasickKind>) -> Self {
        let mut patterns = Vec::new();
        let mut texts = Vec::new();
        for (index, secret) in secrets.iter().enumerate().skip(from) {
            for form in encoding::variants(secret) {
                patterns.push((index, form.len() < LONG));
                texts.push(form);
            }
        }
        Self {
            automaton: AhoCorasick::builder().kind(kind).build(&texts).ok(),
            texts,
            patterns,
            ..Self::default()
        }
    }

    fn search(&self, text: &[u8], mut found: impl FnMut(usize, usize, usize)) {
        let Some(automaton) = self.worthwhile(text.len()) else {
            return;
        };
        for hit in automaton.find_overlapping_iter(text) {
            let Some(&(secret, alone)) = self.patterns.get(hit.pattern().as_usize()) else {
                continue;
            };
            if !alone || stands_alone(text, hit.start(), hit.end()) {
                found(hit.start(), hit.end(), secret);
            }
        }
    }

    /// What to search so many more bytes with.
    fn worthwhile(&self, more: usize) -> Option<&AhoCorasick> {
        let slow = self.automaton.as_ref()?;
        if self.searched.fetch_add(more, Ordering::Relaxed) < WORTH {
            return Some(slow);
        }
        let faster = self.faster.get_or_init(|| {
            let size: usize = self.texts.iter().map(String::len).sum();
            let kind = (size <= LARGE).then_some(AhoCorasickKind::DFA)?;
            let builder = &mut AhoCorasick::builder();
            builder.kind(Some(kind)).build(&self.texts).ok()
        });
        Some(faster.as_ref().unwrap_or(slow))
    }
}

/// Whether no character that a token may hold stands beside the span.
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let inside = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || b"-._~+/@:".contains(byte) || *byte >= 0x80
        })
    };
    !inside(start.checked_sub(1).and_then(|before| text.get(before))) && !inside(text.get(end))
}
