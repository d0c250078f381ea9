//! Advice: why a requirement matters to those who depend on it, and how a broken one is usually fixed.
//!
//! It is text for people: nothing of it is judged.

use std::collections::HashMap;

use serde::Deserialize;
use toml::Spanned;

use super::catalogue::Catalogue;
use super::load::{CatalogueError, Source, parse};

/// What there is to say of a broken requirement. Empty where nobody said anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice<'a> {
    /// Which client fails in which way where it is broken.
    pub why: &'a str,
    /// How a service provider is usually mended.
    pub fix: &'a str,
}

/// A feature that requirements are about, with what holds for all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Name, as requirements give it (`patch`).
    pub name: String,
    /// Why it matters.
    pub why: String,
    /// How it is usually mended.
    pub fix: String,
}

/// Advice that is specific to a requirement, by its id.
pub(super) type Specific = HashMap<String, (Option<String>, Option<String>)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdviceFile {
    #[serde(default)]
    feature: Vec<RawFeature>,
    #[serde(default)]
    requirement: Vec<RawAdvice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFeature {
    name: Spanned<String>,
    why: String,
    fix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAdvice {
    id: Spanned<String>,
    why: Option<String>,
    fix: Option<String>,
}

/// Adds a file of advice to the catalogue, whose requirements are known by now.
pub(super) fn read(catalogue: &mut Catalogue, source: &Source<'_>) -> Result<(), CatalogueError> {
    let file: AdviceFile = parse(source)?;
    for raw in file.feature {
        let (name, at) = (raw.name.get_ref(), raw.name.span().start);
        if catalogue.feature(name).is_some() {
            return Err(source.error(at, format!("the feature {name} stands twice"), None));
        }
        if is_blank(&raw.why) || is_blank(&raw.fix) {
            let message = format!("the advice on {name} says nothing");
            return Err(source.error(at, message, Some("it needs why and fix".to_owned())));
        }
        catalogue.features.push(Feature {
            name: raw.name.into_inner(),
            why: raw.why,
            fix: raw.fix,
        });
    }
    for raw in file.requirement {
        source.known(catalogue, &raw.id)?;
        let (id, at) = (raw.id.get_ref().clone(), raw.id.span().start);
        let said: Vec<&String> = raw.why.iter().chain(&raw.fix).collect();
        if said.is_empty() || said.into_iter().any(|text| is_blank(text)) {
            let message = format!("the advice on {id} says nothing");
            return Err(source.error(at, message, Some("it needs why, fix or both".to_owned())));
        }
        let before = catalogue.specific.insert(id.clone(), (raw.why, raw.fix));
        if before.is_some() {
            return Err(source.error(at, format!("the advice on {id} stands twice"), None));
        }
    }
    Ok(())
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
