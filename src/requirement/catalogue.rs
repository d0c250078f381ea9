//! The catalogue in memory: requirements and tolerances by id.

use std::collections::HashMap;
use std::path::Path;

use super::advice::{Advice, Feature, Specific};
use super::document::Document;
use super::load::{self, CatalogueError};
use super::{Basis, Level, Party, Status, Tolerance, Unused, Weight};

/// One normative statement, in our own words.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Id: document, section, slug.
    pub id: String,
    /// Pack that it belongs to (`rfc`, `entra-id`).
    pub pack: String,
    /// Document that states it.
    pub document: Document,
    /// Section of the document.
    pub section: String,
    /// Strength.
    pub level: Level,
    /// Kind of text that states it.
    pub basis: Basis,
    /// Who is bound.
    pub party: Party,
    /// The statement.
    pub statement: String,
    /// Feature that it is about.
    pub feature: String,
    /// How much it matters beside others.
    pub weight: Weight,
    /// Whether it is tested.
    pub status: Status,
    /// What a target must offer for it to apply (`rt.User`, `spc.patch`).
    pub needs: Vec<String>,
    /// Why no fault can be made that breaks it; empty where one can.
    pub no_fault: String,
    /// Earlier ids.
    pub aliases: Vec<String>,
    /// Page that states it, where the document has a page of its own for it.
    pub page: Option<String>,
    /// What the client does where it is broken, as a clause without a subject ("puts the job into
    /// quarantine"); requirements of identity providers have it.
    pub then: Option<String>,
}

impl Requirement {
    /// Link to the section that states it; empty where the document has no place.
    pub fn link(&self) -> String {
        self.page
            .clone()
            .or_else(|| self.document.section_link(&self.section))
            .unwrap_or_default()
    }
}

/// All requirements and tolerances that a run knows.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    pub(super) requirements: Vec<Requirement>,
    pub(super) by_id: HashMap<String, usize>,
    pub(super) tolerances: Vec<Tolerance>,
    pub(super) unused: Vec<Unused>,
    pub(super) features: Vec<Feature>,
    pub(super) specific: Specific,
}

impl Catalogue {
    /// The catalogue that scimitar carries.
    pub fn embedded() -> Result<Self, CatalogueError> {
        load::embedded()
    }

    /// This catalogue with what the folder `requirement` of a suite directory adds; unchanged
    /// where there is no such folder.
    pub fn with_suite(self, suite: &Path) -> Result<Self, CatalogueError> {
        load::with_suite(self, suite)
    }

    /// A requirement by its id or an earlier one.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.requirements.get(*self.by_id.get(id)?)
    }

    /// A tolerance by its id.
    pub fn tolerance(&self, id: &str) -> Option<&Tolerance> {
        self.tolerances.iter().find(|tolerance| tolerance.id == id)
    }

    /// All requirements, in the order of their files.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Requirement> {
        self.requirements.iter()
    }

    /// All tolerances.
    pub fn tolerances(&self) -> impl ExactSizeIterator<Item = &Tolerance> {
        self.tolerances.iter()
    }

    /// Ambiguities of the RFCs for which no tolerance is needed.
    pub fn unused(&self) -> impl ExactSizeIterator<Item = &Unused> {
        self.unused.iter()
    }

    /// The features that requirements are about, in the order of their file.
    pub fn features(&self) -> impl ExactSizeIterator<Item = &Feature> {
        self.features.iter()
    }

    /// A feature by its name.
    pub fn feature(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.name == name)
    }

    /// Why a requirement matters and how it is fixed: what is said of itself, else of its feature.
    pub fn advice(&self, requirement: &Requirement) -> Advice<'_> {
        let feature = self.feature(&requirement.feature);
        let (why, fix) = self
            .specific
            .get(&requirement.id)
            .map_or((None, None), |(why, fix)| (why.as_deref(), fix.as_deref()));
        Advice {
            why: why.or(feature.map(|one| one.why.as_str())).unwrap_or(""),
            fix: fix.or(feature.map(|one| one.fix.as_str())).unwrap_or(""),
        }
    }

    /// The pack of a requirement.
    pub fn pack_of(&self, id: &str) -> Option<&str> {
        self.get(id).map(|requirement| requirement.pack.as_str())
    }

    /// The known id that looks most like an unknown one, for a hint.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        self.requirements
            .iter()
            .map(|requirement| {
                let likeness = strsim::normalized_damerau_levenshtein(id, &requirement.id);
                (likeness, requirement.id.as_str())
            })
            .filter(|(likeness, _)| *likeness > 0.6)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, id)| id)
    }
}
