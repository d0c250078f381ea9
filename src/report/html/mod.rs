//! One self-contained page: verdicts, filters, findings with request and response side by side.
//!
//! It loads nothing: style and script stand in the page, and its content security policy allows only
//! them, by their hashes. Text from a server is markup nowhere: it passes [`escape`](super::escape)
//! and then the template's HTML escaping, and the script reads the page but writes no markup.
//! The page stays under 5 MB; what is left out for that is said.

mod body;
mod case;
mod claim;
mod exchange;
mod page;
mod readiness;
mod revocation;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, Error, Output, State, Value, context};
use sha2::{Digest, Sha256};

use super::view::View;
use super::{ReportError, escape};
use crate::record::RunRecord;
use page::PageView;

const TEMPLATES: [(&str, &str); 3] = [
    (
        "page.html",
        include_str!("../../../reports/template/page.html"),
    ),
    (
        "case.html",
        include_str!("../../../reports/template/case.html"),
    ),
    (
        "exchange.html",
        include_str!("../../../reports/template/exchange.html"),
    ),
];
const STYLE: &str = include_str!("../../../reports/template/page.css");
const SCRIPT: &str = include_str!("../../../reports/template/page.js");

/// Bytes of the whole page.
const PAGE: usize = 5_000_000;

/// How much of a record a page holds.
#[derive(Clone, Copy)]
struct Limits {
    /// Bytes of exchanges in all.
    evidence: usize,
    /// Bytes of one body.
    body: usize,
    /// Findings in all.
    findings: usize,
    /// Bytes of one value.
    value: usize,
    /// Cases, and requirements, in each list.
    rows: usize,
}

/// Tried in turn until the page is small enough; the last one always is.
const LIMITS: [Limits; 3] = [
    Limits {
        evidence: 2_500_000,
        body: 16_384,
        findings: 1_500,
        value: 4_000,
        rows: 5_000,
    },
    Limits {
        evidence: 1_000_000,
        body: 4_096,
        findings: 400,
        value: 800,
        rows: 2_000,
    },
    Limits {
        evidence: 200_000,
        body: 1_024,
        findings: 100,
        value: 200,
        rows: 400,
    },
];

/// The record as a page.
pub(super) fn render(record: &RunRecord) -> Result<String, ReportError> {
    let view = View::new(record);
    let environment = environment(&TEMPLATES)?;
    let template = environment.get_template("page.html")?;
    let mut page = String::new();
    for limits in LIMITS {
        page = template.render(context! {
            page => Value::from(Serde(PageView::new(&view, limits))),
            style => Value::from_safe_string(STYLE.to_owned()),
            script => Value::from_safe_string(SCRIPT.to_owned()),
            policy => policy(STYLE, Some(SCRIPT)),
        })?;
        if page.len() <= PAGE {
            break;
        }
    }
    Ok(page)
}

/// An environment whose templates write every value as HTML text.
pub(super) fn environment(
    templates: &[(&'static str, &'static str)],
) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_formatter(escaped);
    for (name, source) in templates {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Text on one line as markup, with what is hostile made visible.
pub(super) fn text(text: &str) -> String {
    body::html(&escape::line(text))
}

/// Writes a value as HTML text; only what this module made itself is markup.
fn escaped(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    let text = value.to_string();
    let shown = if value.is_safe() {
        text
    } else {
        body::html(&text)
    };
    out.write_str(&shown).map_err(Error::from)
}

/// The content security policy: nothing but the page's own style and script.
pub(super) fn policy(style: &str, script: Option<&str>) -> String {
    let script = script.map_or_else(
        || "'none'".to_owned(),
        |script| format!("'{}'", digest(script)),
    );
    format!(
        "default-src 'none'; style-src '{}'; script-src {script}; base-uri 'none'; form-action 'none'",
        digest(style),
    )
}

fn digest(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}
