//! What is known of a suite file without parsing all of it: enough to list and to select.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::file::Place;
use super::tree::{self, Node};
use crate::requirement::Catalogue;

/// The heading of a scenario file.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Id, from the path inside the pack.
    pub id: String,
    /// Pack, from the folder.
    pub pack: String,
    /// File, as the user would name it.
    pub file: String,
    /// Title; empty where the file can't be read.
    pub title: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Needs as written.
    pub needs: Vec<String>,
    /// Names of the rows of its matrix.
    pub rows: Vec<String>,
    /// Whether the file can't be read at all; such a file is always selected, so that it is not overlooked.
    pub broken: bool,
    pub(super) place: Place,
    pub(super) source: Arc<str>,
}

impl Heading {
    pub(super) fn scan(place: Place, source: Arc<str>) -> Self {
        let node = head(&place, &source).or_else(|| tree::parse(&place.file, &source).ok());
        let texts = |name: &str| -> Vec<String> {
            node.as_ref()
                .and_then(|node| node.get(name)?.items())
                .into_iter()
                .flatten()
                .filter_map(|item| item.text().map(str::to_owned))
                .collect()
        };
        let rows = node
            .as_ref()
            .and_then(|node| node.get("matrix")?.members())
            .into_iter()
            .flatten()
            .map(|(key, _)| key.name.clone())
            .collect();
        Self {
            id: place.id.clone(),
            pack: place.pack.clone(),
            file: place.file.clone(),
            title: node
                .as_ref()
                .and_then(|node| node.get("title")?.text())
                .unwrap_or_default()
                .to_owned(),
            tags: texts("tags"),
            needs: texts("needs"),
            rows,
            broken: node.is_none(),
            place,
            source,
        }
    }

    /// The ids of its cases: its own, or one a row.
    pub fn cases(&self) -> Vec<String> {
        if self.rows.is_empty() {
            return vec![self.id.clone()];
        }
        self.rows
            .iter()
            .map(|row| format!("{}[{row}]", self.id))
            .collect()
    }

    /// The requirements that the file names.
    pub fn requirements(&self, catalogue: &Catalogue) -> Vec<String> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
        let named: BTreeSet<&str> = self
            .source
            .split(|c| !word(c))
            .filter(|token| token.contains('-'))
            .filter_map(|token| catalogue.get(token))
            .map(|requirement| requirement.id.as_str())
            .collect();
        named.into_iter().map(str::to_owned).collect()
    }
}

/// The lines above `given` and `steps`, where all that a heading tells stands there.
fn head(place: &Place, source: &str) -> Option<Node> {
    let mut end = None;
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let key = line.split(':').next().unwrap_or_default();
        if end.is_none() && ["given", "steps"].contains(&key) {
            end = Some(start);
        }
        if end.is_some() && ["id", "title", "tags", "needs", "matrix"].contains(&key) {
            return None;
        }
        start += line.len();
    }
    let head: Arc<str> = source.get(..end?)?.into();
    tree::parse(&place.file, &head).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Heading {
        let place = Place {
            file: "rfc/a.yaml".to_owned(),
            pack: "rfc".to_owned(),
            id: "a".to_owned(),
        };
        Heading::scan(place, text.into())
    }

    #[test]
    fn a_heading_is_found_wherever_it_stands() {
        let head = "id: a\ntitle: 'A: b' # c\ntags: [x, y]\nneeds: [rt.User]\n";
        let rest = "steps:\n  - get: /Users\n    title: no\n";
        let matrix = "matrix:\n  one: { a: 1 }\n  two: { a: 2 }\n";
        for text in [
            format!("{head}{rest}"),
            format!("{rest}{head}"),
            format!("{head}{matrix}{rest}"),
            format!("{head}{rest}{matrix}"),
        ] {
            let heading = scan(&text);
            assert_eq!(heading.title, "A: b");
            assert_eq!(heading.tags, ["x", "y"]);
            assert_eq!(heading.needs, ["rt.User"]);
            assert!(!heading.broken);
            if text.contains("matrix") {
                assert_eq!(heading.cases(), ["a[one]", "a[two]"]);
            } else {
                assert_eq!(heading.cases(), ["a"]);
            }
        }
    }

    #[test]
    fn what_is_broken_below_its_heading_is_found_when_it_is_read_whole() {
        assert!(scan("title: [").broken);
        assert!(!scan("title: a\nsteps: [").broken);
    }
}
