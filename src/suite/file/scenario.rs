//! The file as a whole: head, set-up, matrix.

use std::collections::BTreeSet;

use super::super::given::{Given, Kind};
use super::super::model::{Row, Scenario};
use super::super::need::Need;
use super::super::tree::{Key, Node};
use super::KEYS;
use super::reader::Reader;

/// Keys of a resource in `given`.
pub(in crate::suite) const GIVEN_KEYS: &[&str] = &["user", "group", "fixture", "with", "without"];

impl Reader<'_> {
    /// Reads the whole file.
    pub(super) fn scenario(&mut self, node: &Node) -> Option<Scenario> {
        self.members(node, "a scenario", KEYS)?;
        let start = node.span.start..node.span.start;
        for required in ["id", "title", "steps"] {
            if node.get(required).is_none() {
                self.wrong(&start, format!("`{required}` is missing"));
            }
        }
        let id = node.get("id").and_then(|id| self.id(id));
        let title = node.get("title").and_then(|title| self.title(title));
        let tags = node
            .get("tags")
            .map(|tags| self.tags(tags))
            .unwrap_or_default();
        let needs = node
            .get("needs")
            .map(|needs| self.needs(needs))
            .unwrap_or_default();
        let matrix = node
            .get("matrix")
            .map(|matrix| self.matrix(matrix))
            .unwrap_or_default();
        let given = node
            .get("given")
            .map(|given| self.given(given))
            .unwrap_or_default();
        let steps = node
            .get("steps")
            .map(|steps| self.steps(steps))
            .unwrap_or_default();
        for (name, span, what) in self.names.unused() {
            self.wrong(&span, format!("{what} `{name}` is never used"));
        }
        self.settings_are_needed(&needs, &matrix);
        Some(Scenario {
            id: id?,
            pack: self.place.pack.clone(),
            title: title?,
            tags,
            needs,
            given,
            steps,
            matrix,
            file: self.place.file.clone(),
        })
    }

    /// Reports what steps ask of the user's settings without the scenario needing it; each setting once.
    fn settings_are_needed(&mut self, needs: &[Need], matrix: &[Row]) {
        let mut told = BTreeSet::new();
        for (written, setting, span) in std::mem::take(&mut self.asked) {
            let need = Need::Setting(setting.clone());
            let of_rows = !matrix.is_empty() && matrix.iter().all(|row| row.needs.contains(&need));
            if !needs.contains(&need) && !of_rows && told.insert(setting.clone()) {
                let message =
                    format!("`{written}` is in a scenario that does not need `setting:{setting}`");
                self.wrong(&span, message);
            }
        }
    }

    fn id(&mut self, node: &Node) -> Option<String> {
        let id = self.text(node, "`id`")?;
        if id != self.place.id {
            let help = format!("the path inside the pack makes it `{}`", self.place.id);
            self.wrong_with(
                &node.span,
                format!("the id `{id}` is not that of the file"),
                help,
            );
            return None;
        }
        Some(id.to_owned())
    }

    fn title(&mut self, node: &Node) -> Option<String> {
        let title = self.text(node, "`title`")?;
        if title.contains('\n') {
            self.wrong(&node.span, "a title stands on one line");
            return None;
        }
        Some(title.to_owned())
    }

    fn tags(&mut self, node: &Node) -> Vec<String> {
        let tags = self.list(node, "`tags`");
        let mut read = Vec::new();
        for tag in tags {
            let Some(text) = self.text(tag, "a tag") else {
                continue;
            };
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if text.chars().all(plain) {
                read.push(text.to_owned());
            } else {
                self.wrong(
                    &tag.span,
                    format!("the tag `{text}` is not lower-case letters, digits and `-`"),
                );
            }
        }
        read
    }

    fn needs(&mut self, node: &Node) -> Vec<Need> {
        let mut needs = Vec::new();
        for item in self.list(node, "`needs`") {
            let Some(text) = self.text(item, "a need") else {
                continue;
            };
            match text.parse::<Need>() {
                Ok(need) => needs.push(need),
                Err(unknown) => {
                    let help = match &unknown.hint {
                        Some(hint) => format!("did you mean `{hint}`?"),
                        None => {
                            "needs begin with `spc.`, `rt.`, `ext.`, `attr:`, `free:`, `optional:` or `setting:`"
                                .to_owned()
                        }
                    };
                    self.wrong_with(&item.span, unknown.to_string(), help);
                }
            }
        }
        needs
    }

    fn given(&mut self, node: &Node) -> Vec<Given> {
        self.list(node, "`given`")
            .iter()
            .filter_map(|item| self.resource(item))
            .collect()
    }

    fn resource(&mut self, node: &Node) -> Option<Given> {
        self.members(node, "a resource", GIVEN_KEYS)?;
        let (kind, name) = match (node.get("user"), node.get("group")) {
            (Some(name), None) => (Kind::User, name),
            (None, Some(name)) => (Kind::Group, name),
            _ => {
                self.wrong(&node.span, "a resource is one `user` or one `group`");
                return None;
            }
        };
        self.names.local(true);
        let change = self.change(node);
        self.names.local(false);
        let text = self.text(name, "the name of a resource")?;
        if let Err(problem) = self.names.give(text) {
            self.wrong(&name.span, problem);
        }
        let fixture = match node.get("fixture") {
            Some(fixture) => self.fixture(fixture)?,
            None => crate::payload::Fixture::find(kind.fixture())?,
        };
        if fixture.resource_type != kind.resource_type() {
            let message = format!("`{}` is no {}", fixture.name, kind.resource_type());
            self.wrong(&node.get("fixture").unwrap_or(node).span, message);
        }
        self.stays_marked(fixture, node);
        Some(Given {
            kind,
            name: text.to_owned(),
            fixture,
            change,
        })
    }

    fn matrix(&mut self, node: &Node) -> Vec<Row> {
        let Some(rows) = node.members() else {
            self.wrong(
                &node.span,
                format!("`matrix` is a map of rows, this is {}", node.described()),
            );
            return Vec::new();
        };
        if rows.is_empty() {
            self.wrong(&node.span, "`matrix` has no rows");
        }
        let names: BTreeSet<&str> = rows
            .iter()
            .flat_map(|(_, row)| row.members().into_iter().flatten())
            .map(|(key, _)| key.name.as_str())
            .filter(|name| *name != "needs")
            .collect();
        let read = rows
            .iter()
            .filter_map(|(key, row)| self.row(key, row, &names))
            .collect();
        // Known only now: a value can't refer to another.
        for name in names {
            let first = rows
                .iter()
                .flat_map(|(_, row)| row.members().into_iter().flatten())
                .find(|(key, _)| key.name == name);
            if let Some((key, _)) = first
                && let Err(problem) = self.names.set(name, key.span.clone(), "the value")
            {
                self.wrong(&key.span, problem);
            }
        }
        read
    }

    fn row(&mut self, key: &Key, node: &Node, names: &BTreeSet<&str>) -> Option<Row> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if key.name.is_empty() || !key.name.chars().all(plain) {
            let message = format!(
                "the row `{}` is not named in lower-case letters, digits and `-`",
                key.name
            );
            self.wrong(&key.span, message);
        }
        let Some(members) = node.members() else {
            self.wrong(
                &node.span,
                format!("a row is a map, this is {}", node.described()),
            );
            return None;
        };
        for missing in names.iter().filter(|name| node.get(name).is_none()) {
            self.wrong(
                &key.span,
                format!("the row `{}` has no `{missing}`, others do", key.name),
            );
        }
        let values = members
            .iter()
            .filter(|(name, _)| name.name != "needs")
            .filter_map(|(name, value)| Some((name.name.clone(), self.draft(value)?)))
            .collect();
        Some(Row {
            name: key.name.clone(),
            needs: node
                .get("needs")
                .map(|needs| self.needs(needs))
                .unwrap_or_default(),
            values,
        })
    }
}
