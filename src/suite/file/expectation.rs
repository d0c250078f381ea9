//! Expectations: the check, its argument, what it covers and what it tolerates.

use super::super::model::{Expectation, Tolerate};
use super::super::near;
use super::super::tree::{Key, Node};
use super::reader::Reader;
use crate::check::Expect;
use crate::payload::Draft;

impl Reader<'_> {
    /// The expectations of a step.
    pub(super) fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        self.list(node, "`expect`")
            .iter()
            .filter_map(|item| self.expectation(item))
            .collect()
    }

    fn expectation(&mut self, node: &Node) -> Option<Expectation> {
        let Some(members) = node.members() else {
            self.wrong(
                &node.span,
                format!("an expectation is a map, this is {}", node.described()),
            );
            return None;
        };
        let covers = if let Some(covers) = node.get("covers") {
            self.covers(covers)
        } else {
            self.wrong_with(
                &node.span,
                "an expectation without `covers`",
                "name the requirement that is broken where it is; `scimitar list requirements` lists them",
            );
            Vec::new()
        };
        let tolerate = node
            .get("tolerate")
            .map(|tolerate| self.tolerances(tolerate))
            .unwrap_or_default();
        let mut checks: Vec<(&'static dyn Expect, Draft)> = Vec::new();
        let mut named = 0;
        for (key, argument) in members {
            if key.name == "covers" || key.name == "tolerate" {
                continue;
            }
            named += 1;
            if named > 1 {
                self.wrong(
                    &key.span,
                    "an expectation names one check; begin another with `-`",
                );
                continue;
            }
            checks.extend(self.check(key, argument));
        }
        if named == 0 {
            self.wrong(&node.span, "an expectation names no check");
        }
        let (check, argument) = checks.into_iter().next()?;
        Some(Expectation {
            check,
            argument,
            covers,
            tolerate,
            line: self.line(node),
        })
    }

    /// A check and its argument.
    fn check(&mut self, key: &Key, argument: &Node) -> Option<(&'static dyn Expect, Draft)> {
        let vocabulary = self.vocabulary;
        let Some(check) = vocabulary.check(&key.name) else {
            let known = vocabulary.check_names().chain(["covers", "tolerate"]);
            let help = match near(&key.name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`scimitar list checks` names them all".to_owned(),
            };
            self.wrong_with(&key.span, format!("unknown check `{}`", key.name), help);
            return None;
        };
        let draft = self.draft(argument)?;
        if let Err(error) = check.lint(&argument.value()) {
            let span = if error.at.is_empty() {
                key.span.start..argument.span.end.max(key.span.end)
            } else {
                argument.locate(&error.at)
            };
            self.report(&span, error.message, error.hint);
            return None;
        }
        Some((check, draft))
    }

    fn covers(&mut self, node: &Node) -> Vec<String> {
        let mut covers = Vec::new();
        for (item, id) in self.texts(node, "`covers`") {
            if let Some(requirement) = self.vocabulary.catalogue.get(id) {
                covers.push(requirement.id.clone());
            } else {
                let help = match self.vocabulary.catalogue.nearest(id) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`scimitar list requirements` lists them".to_owned(),
                };
                self.wrong_with(&item.span, format!("unknown requirement `{id}`"), help);
            }
        }
        if node.items().is_some_and(<[Node]>::is_empty) {
            self.wrong(&node.span, "`covers` names no requirement");
        }
        covers
    }

    fn tolerances(&mut self, node: &Node) -> Vec<Tolerate> {
        self.list(node, "`tolerate`")
            .iter()
            .filter_map(|item| self.tolerance(item))
            .collect()
    }

    fn tolerance(&mut self, node: &Node) -> Option<Tolerate> {
        let (id_node, when) = if node.members().is_none() {
            (node, None)
        } else {
            self.members(node, "a tolerance", &["id", "when"])?;
            let Some(id) = node.get("id") else {
                self.wrong(&node.span, "a tolerance has an `id`");
                return None;
            };
            (id, node.get("when"))
        };
        let id = self.text(id_node, "a tolerance")?;
        let Some(known) = self.vocabulary.catalogue.tolerance(id) else {
            let help = self
                .vocabulary
                .near_tolerance(id)
                .map(|near| format!("did you mean `{near}`?"));
            self.report(&id_node.span, format!("unknown tolerance `{id}`"), help);
            return None;
        };
        let when = match when {
            Some(when) => self.when(when),
            None if known.when.is_none() => {
                self.wrong_with(
                    &id_node.span,
                    format!("the tolerance `{id}` fits no answer without `when`"),
                    "say how the answer deviates: `{ id: …, when: { status: 410 } }`",
                );
                return None;
            }
            None => self.own_when(id_node, known.when.as_ref()),
        };
        Some(Tolerate {
            id: id.to_owned(),
            when,
        })
    }

    fn when(&mut self, node: &Node) -> Vec<(&'static dyn Expect, Draft)> {
        let Some(members) = node.members().filter(|members| !members.is_empty()) else {
            self.wrong(&node.span, "`when` is a map of checks");
            return Vec::new();
        };
        members
            .iter()
            .filter_map(|(key, argument)| self.check(key, argument))
            .collect()
    }

    /// The `when` of the tolerance itself.
    fn own_when(
        &mut self,
        node: &Node,
        when: Option<&serde_json::Map<String, serde_json::Value>>,
    ) -> Vec<(&'static dyn Expect, Draft)> {
        let vocabulary = self.vocabulary;
        let mut checks = Vec::new();
        for (name, argument) in when.into_iter().flatten() {
            let check = vocabulary
                .check(name)
                .filter(|check| check.lint(argument).is_ok());
            match (check, Draft::parse(argument)) {
                (Some(check), Ok(draft)) => checks.push((check, draft)),
                _ => self.wrong(
                    &node.span,
                    format!(
                        "the `when` of this tolerance has no check `{name}` with such an argument"
                    ),
                ),
            }
        }
        checks
    }
}
