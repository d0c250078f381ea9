//! Reads requirement and tolerance files: strict, with file, line and hint in every error.

use std::fmt;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use toml::Spanned;

use super::catalogue::{Catalogue, Requirement};
use super::document::{Document, pack_of_file};
use super::{Basis, Level, Party, Status, Weight, advice, tolerance};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/suites/requirement");

const TOLERANCE: &str = "tolerance.toml";
const ADVICE: &str = "advice.toml";

/// A requirement or tolerance file that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct CatalogueError {
    /// File, as the user knows it.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Lowercase fragment: what is wrong.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

/// A file of the catalogue: its name for the user, its name without folder, its text.
pub(super) struct Source<'a> {
    shown: String,
    name: String,
    text: &'a str,
}

pub(super) fn embedded() -> Result<Catalogue, CatalogueError> {
    let mut sources = Vec::new();
    for file in EMBEDDED.files() {
        let name = file_name(file.path());
        if !is_toml(file.path()) {
            continue;
        }
        let shown = format!("suites/requirement/{name}");
        let text = file
            .contents_utf8()
            .ok_or_else(|| whole_file(&shown, "is not UTF-8"))?;
        sources.push(Source { shown, name, text });
    }
    read(Catalogue::default(), sources)
}

pub(super) fn with_suite(base: Catalogue, suite: &Path) -> Result<Catalogue, CatalogueError> {
    let folder = suite.join("requirement");
    if !folder.is_dir() {
        return Ok(base);
    }
    let shown = |path: &Path| path.display().to_string();
    let entries = std::fs::read_dir(&folder).map_err(|error| whole_file(&shown(&folder), error))?;
    let mut texts = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| whole_file(&shown(&folder), error))?
            .path();
        if is_toml(&path) {
            let text =
                std::fs::read_to_string(&path).map_err(|error| whole_file(&shown(&path), error))?;
            texts.push((path, text));
        }
    }
    let sources = texts
        .iter()
        .map(|(path, text)| Source {
            shown: shown(path),
            name: file_name(path),
            text,
        })
        .collect();
    read(base, sources)
}

/// Adds the files to a catalogue: requirements first, then the tolerances and the advice that name them.
pub(super) fn read(
    mut catalogue: Catalogue,
    mut sources: Vec<Source<'_>>,
) -> Result<Catalogue, CatalogueError> {
    let names_others = |source: &Source<'_>| source.name == TOLERANCE || is_advice(&source.name);
    sources.sort_by(|a, b| (names_others(a), &a.name).cmp(&(names_others(b), &b.name)));
    for source in &sources {
        match source.name.as_str() {
            TOLERANCE => tolerance::read(&mut catalogue, source)?,
            name if is_advice(name) => advice::read(&mut catalogue, source)?,
            _ => read_requirements(&mut catalogue, source)?,
        }
    }
    Ok(catalogue)
}

/// Whether a file holds advice: `advice.toml`, or `entra-id.advice.toml` for one pack.
fn is_advice(name: &str) -> bool {
    name.strip_suffix(ADVICE)
        .is_some_and(|stem| stem.is_empty() || stem.ends_with('.'))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementFile {
    document: Option<RawDocument>,
    #[serde(default)]
    requirement: Vec<RawRequirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument {
    name: String,
    link: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequirement {
    id: Spanned<String>,
    section: Spanned<String>,
    level: Level,
    basis: Basis,
    party: Party,
    statement: Spanned<String>,
    feature: String,
    weight: Weight,
    status: Spanned<String>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    no_fault: String,
    #[serde(default)]
    aliases: Vec<String>,
    link: Option<String>,
    then: Option<String>,
}

fn read_requirements(catalogue: &mut Catalogue, source: &Source<'_>) -> Result<(), CatalogueError> {
    let file: RequirementFile = parse(source)?;
    let stem = source.name.trim_end_matches(".toml");
    let document = file.document.map(|raw| Document {
        name: raw.name,
        link: raw.link,
    });
    for raw in file.requirement {
        let at = raw.id.span().start;
        let requirement = requirement(raw, source, stem, document.as_ref())?;
        let index = catalogue.requirements.len();
        for id in std::iter::once(&requirement.id).chain(&requirement.aliases) {
            if catalogue.by_id.insert(id.clone(), index).is_some() {
                return Err(source.error(at, format!("the requirement {id} stands twice"), None));
            }
        }
        catalogue.requirements.push(requirement);
    }
    Ok(())
}

fn requirement(
    raw: RawRequirement,
    source: &Source<'_>,
    stem: &str,
    document: Option<&Document>,
) -> Result<Requirement, CatalogueError> {
    check_id(&raw, source, stem)?;
    let status = status(&raw.status, source)?;
    if raw.statement.get_ref().trim().is_empty() {
        return Err(source.error(
            raw.statement.span().start,
            "the statement is empty".into(),
            None,
        ));
    }
    let document = Document::of_rfc(raw.id.get_ref())
        .map(|(document, _)| document)
        .or_else(|| document.cloned())
        .unwrap_or_else(|| Document {
            name: stem.to_owned(),
            link: None,
        });
    Ok(Requirement {
        pack: pack_of_file(stem).to_owned(),
        id: raw.id.into_inner(),
        document,
        section: raw.section.into_inner(),
        level: raw.level,
        basis: raw.basis,
        party: raw.party,
        statement: raw.statement.into_inner(),
        feature: raw.feature,
        weight: raw.weight,
        status,
        needs: raw.needs,
        no_fault: raw.no_fault,
        aliases: raw.aliases,
        page: raw.link,
        then: raw.then,
    })
}

/// The id is spelled well, begins with the file's name and, for an RFC, names the section.
fn check_id(raw: &RawRequirement, source: &Source<'_>, stem: &str) -> Result<(), CatalogueError> {
    let (id, at) = (raw.id.get_ref(), raw.id.span().start);
    let spelled = id
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'));
    if !spelled {
        let hint = "lower-case letters, digits, dots and hyphens".to_owned();
        return Err(source.error(at, format!("the id {id:?} is badly spelled"), Some(hint)));
    }
    let section = raw.section.get_ref().to_ascii_lowercase();
    let prefix = match Document::of_rfc(id) {
        Some((_, number)) if stem == "http" => format!("http-{number}-{section}-"),
        Some(_) if pack_of_file(stem) == "rfc" => format!("{stem}-{section}-"),
        _ => format!("{stem}-"),
    };
    if id.starts_with(&prefix) && id.len() > prefix.len() {
        return Ok(());
    }
    Err(source.error(
        at,
        format!("the id {id} does not fit its file and section"),
        Some(format!("it begins with {prefix}")),
    ))
}

fn status(raw: &Spanned<String>, source: &Source<'_>) -> Result<Status, CatalogueError> {
    let text = raw.get_ref();
    let (word, why) = text.split_once(':').unwrap_or((text, ""));
    let why = why.trim();
    match (word.trim(), why.is_empty()) {
        ("tested", true) => Ok(Status::Tested),
        ("unverifiable", false) => Ok(Status::Unverifiable(why.to_owned())),
        ("todo", false) => Ok(Status::Todo(why.to_owned())),
        _ => Err(source.error(
            raw.span().start,
            format!("the status {text:?} is not known"),
            Some("tested, or unverifiable: why, or todo: why".to_owned()),
        )),
    }
}

pub(super) fn parse<'a, T: Deserialize<'a>>(source: &Source<'a>) -> Result<T, CatalogueError> {
    toml::from_str(source.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().replace('\n', " ");
        let hint = nearest_key(&message);
        source.error(at, message, hint)
    })
}

/// For "unknown field `x`, expected one of `a`, `b`": the nearest of those that are expected.
fn nearest_key(message: &str) -> Option<String> {
    let mut names = message.split('`').skip(1).step_by(2);
    let wrong = names.next().filter(|_| message.starts_with("unknown "))?;
    let near = names
        .max_by(|a, b| strsim::jaro_winkler(wrong, a).total_cmp(&strsim::jaro_winkler(wrong, b)))?;
    (strsim::jaro_winkler(wrong, near) > 0.7).then(|| format!("did you mean {near}?"))
}

impl Source<'_> {
    /// Refuses the id of a requirement that is not in the catalogue.
    pub(super) fn known(
        &self,
        catalogue: &Catalogue,
        id: &Spanned<String>,
    ) -> Result<(), CatalogueError> {
        let name = id.get_ref();
        if catalogue.get(name).is_some() {
            return Ok(());
        }
        let near = catalogue.nearest(name);
        let hint = near.map(|near| format!("did you mean {near}?"));
        let message = format!("the requirement {name} is not known");
        Err(self.error(id.span().start, message, hint))
    }

    pub(super) fn error(&self, at: usize, message: String, hint: Option<String>) -> CatalogueError {
        let before = self.text.get(..at).unwrap_or(self.text);
        CatalogueError {
            file: self.shown.clone(),
            line: before.matches('\n').count() + 1,
            message,
            hint,
        }
    }
}

fn whole_file(file: &str, message: impl fmt::Display) -> CatalogueError {
    CatalogueError {
        file: file.to_owned(),
        line: 0,
        message: message.to_string(),
        hint: None,
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn is_toml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELETE: &str = r#"
[[requirement]]
id = "rfc7644-3.6-delete-answers-204"
section = "3.6"
level = "must"
basis = "keyword"
party = "server"
statement = "A successful DELETE is answered with 204."
feature = "delete"
weight = "high"
status = "tested"
needs = ["rt.User"]
aliases = ["rfc7644-3.6-delete"]
"#;

    fn load(files: &[(&str, &str)]) -> Result<Catalogue, CatalogueError> {
        let sources = files
            .iter()
            .map(|(name, text)| Source {
                shown: (*name).to_owned(),
                name: (*name).to_owned(),
                text,
            })
            .collect();
        read(Catalogue::default(), sources)
    }

    #[test]
    fn a_requirement_is_found_by_id_and_by_alias() {
        let catalogue = load(&[("rfc7644.toml", DELETE)]).unwrap();
        let requirement = catalogue.get("rfc7644-3.6-delete").unwrap();
        assert_eq!(requirement.id, "rfc7644-3.6-delete-answers-204");
        assert_eq!(requirement.document.name, "RFC 7644");
        assert_eq!(
            requirement.link(),
            "https://www.rfc-editor.org/rfc/rfc7644#section-3.6"
        );
        assert_eq!(catalogue.pack_of("rfc7644-3.6-delete"), Some("rfc"));
        assert_eq!(
            catalogue.nearest("rfc7644-3.6-delete-answer-204"),
            Some("rfc7644-3.6-delete-answers-204")
        );
        assert_eq!(catalogue.nearest("something else"), None);
    }

    #[test]
    fn a_file_that_names_no_rfc_has_its_own_pack_and_document() {
        let text = DELETE
            .replace("rfc7644-3.6-delete", "entra-id-delete")
            .replace(
                "\n[[requirement]]",
                "[document]\nname = \"Microsoft Entra ID\"\n[[requirement]]",
            );
        let catalogue = load(&[("entra-id.toml", &text)]).unwrap();
        let requirement = catalogue.get("entra-id-delete-answers-204").unwrap();
        assert_eq!(requirement.pack, "entra-id");
        assert_eq!(requirement.document.name, "Microsoft Entra ID");
        assert_eq!(requirement.link(), "");
    }

    #[test]
    fn a_bad_file_is_refused_with_its_line() {
        for (from, to, line, message, hint) in [
            (
                "level =",
                "levle =",
                5,
                "unknown field",
                "did you mean level?",
            ),
            (
                "\"must\"",
                "\"most\"",
                5,
                "unknown variant",
                "did you mean must?",
            ),
            (
                "\"3.6\"",
                "\"3.7\"",
                3,
                "does not fit",
                "begins with rfc7644-3.7-",
            ),
            ("answers-204", "Answers", 3, "badly spelled", "lower-case"),
            ("\"tested\"", "\"todo\"", 11, "status \"todo\"", "todo: why"),
            (
                "\"A successful DELETE is answered with 204.\"",
                "\"\"",
                8,
                "empty",
                "",
            ),
            (
                "3.6-delete\"",
                "3.6-delete-answers-204\"",
                3,
                "stands twice",
                "",
            ),
        ] {
            let text = DELETE.replacen(from, to, 1);
            let error = load(&[("rfc7644.toml", &text)]).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.message.contains(message), "{error}");
            assert!(
                error.hint.clone().unwrap_or_default().contains(hint),
                "{error}"
            );
            assert!(error.to_string().starts_with("rfc7644.toml:"), "{error}");
        }
        assert!(load(&[("rfc7643.toml", DELETE)]).is_err());
    }

    #[test]
    fn a_tolerance_names_known_requirements() {
        let row = "[[tolerance]]\nid = \"C09\"\nrequirements = [\"rfc7644-3.6-delete-answers-204\"]\n\
                   summary = \"410 instead of 404.\"\ninterop = \"warn\"\nstrict = \"fail\"\nwhen = { status = 410 }\n";
        let catalogue = load(&[("tolerance.toml", row), ("rfc7644.toml", DELETE)]).unwrap();
        let tolerance = catalogue.tolerance("C09").unwrap();
        assert_eq!(
            serde_json::to_value(&tolerance.when).unwrap(),
            serde_json::json!({"status": 410})
        );

        for (from, to, message) in [
            ("answers-204", "answers-205", "is not known"),
            ("\"fail\"", "\"pass\"", "milder"),
            ("[[tolerance]]", "[[tolerence]]", "unknown field"),
        ] {
            let text = row.replacen(from, to, 1);
            let error = load(&[("rfc7644.toml", DELETE), ("tolerance.toml", &text)]).unwrap_err();
            assert!(error.message.contains(message), "{error}");
        }
        let twice = format!("{row}{row}");
        assert!(load(&[("rfc7644.toml", DELETE), ("tolerance.toml", &twice)]).is_err());
    }

    #[test]
    fn an_ambiguity_without_a_tolerance_says_why() {
        let row = "[[unused]]\nid = \"D34\"\nwhy = \"The form of the answer is left open.\"\n";
        let catalogue = load(&[("tolerance.toml", row)]).unwrap();
        assert_eq!(catalogue.unused().next().unwrap().id, "D34");
        let empty = row.replace("The form of the answer is left open.", "");
        for (text, message) in [
            (format!("{row}{row}"), "stands twice"),
            (empty, "says nothing"),
        ] {
            let error = load(&[("tolerance.toml", &text)]).unwrap_err();
            assert!(error.message.contains(message), "{error}");
        }
    }

    #[test]
    fn advice_is_that_of_the_requirement_else_of_its_feature() {
        let feature = "[[feature]]\nname = \"delete\"\nwhy = \"w\"\nfix = \"f\"\n";
        let own = "[[requirement]]\nid = \"rfc7644-3.6-delete-answers-204\"\nfix = \"own\"\n";
        let both = format!("{feature}{own}");
        let of = |text: &str| {
            let catalogue = load(&[("advice.toml", text), ("rfc7644.toml", DELETE)])?;
            let requirement = catalogue.get("rfc7644-3.6-delete-answers-204").unwrap();
            let advice = catalogue.advice(requirement);
            Ok::<_, CatalogueError>((advice.why.to_owned(), advice.fix.to_owned()))
        };
        assert_eq!(of(feature).unwrap(), ("w".to_owned(), "f".to_owned()));
        assert_eq!(of(&both).unwrap(), ("w".to_owned(), "own".to_owned()));
        assert_eq!(of("").unwrap(), (String::new(), String::new()));
        for (text, message) in [
            (format!("{feature}{feature}"), "stands twice"),
            (format!("{own}{own}"), "stands twice"),
            (own.replace("204", "205"), "is not known"),
            (own.replace("fix = \"own\"", ""), "says nothing"),
            (feature.replace("\"f\"", "\" \""), "says nothing"),
            (own.replace("fix", "fixx"), "unknown field"),
        ] {
            let error = of(&text).unwrap_err();
            assert!(error.message.contains(message), "{error}");
        }
    }

    #[test]
    fn a_suite_directory_adds_its_requirements() {
        let suite = tempfile::tempdir().unwrap();
        let base = Catalogue::default().with_suite(suite.path()).unwrap();
        assert_eq!(base.iter().len(), 0);
        std::fs::create_dir(suite.path().join("requirement")).unwrap();
        std::fs::write(suite.path().join("requirement/rfc7644.toml"), DELETE).unwrap();
        let catalogue = base.with_suite(suite.path()).unwrap();
        assert_eq!(catalogue.iter().len(), 1);
        assert!(catalogue.with_suite(suite.path()).is_err(), "duplicate ids");
    }

    #[test]
    fn the_embedded_catalogue_loads() {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        assert!(catalogue.iter().len() > 0);
    }

    #[test]
    fn coverage_counts_by_document_level_and_status() {
        let todo = DELETE
            .replace("delete-answers-204", "other")
            .replace("3.6-delete\"", "3.6-former\"")
            .replace("\"tested\"", "\"todo: later\"");
        let both = format!("{DELETE}{todo}");
        let catalogue = load(&[("rfc7644.toml", &both)]).unwrap();
        let coverage = catalogue.coverage();
        assert_eq!(coverage.rows.len(), 1);
        assert_eq!((coverage.rows[0].tested, coverage.rows[0].todo), (1, 1));
        assert!(
            coverage
                .to_string()
                .contains("| RFC 7644 | must | 1 | 0 | 1 |")
        );
    }
}
