//! Steps that measure how long a change takes to be seen.

use super::super::near;
use super::super::tree::Node;
use super::super::vocabulary::MEASURES;
use super::reader::Reader;

/// Members of a step that changes something.
const CHANGES: &[&str] = &["post", "put", "patch", "delete"];

impl Reader<'_> {
    /// What a step measures.
    pub(super) fn measures(&mut self, step: &Node) -> Option<String> {
        let node = step.get("measures")?;
        let name = self.text(node, "`measures`")?;
        if !MEASURES.contains(&name) {
            let help = match near(name, MEASURES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", super::field::list(MEASURES.iter().copied())),
            };
            self.wrong_with(&node.span, format!("there is no measure `{name}`"), help);
            return None;
        }
        if step.get("get").is_none() || step.get("expect").is_none() {
            self.wrong(&node.span, "only a `get` with expectations can measure");
        }
        if let Some(until) = step.get("until").or(step.get("wait")) {
            let message =
                "a step that measures is repeated by itself; --revoke-within says how long";
            self.wrong(&until.span, message);
        }
        Some(name.to_owned())
    }

    /// Reports measures without a change right before them.
    pub(super) fn measure_changes(&mut self, steps: &[Node]) {
        let mut changed = false;
        for step in steps {
            match step.get("measures") {
                Some(node) if !changed => {
                    self.wrong(
                        &node.span,
                        "there is no change right before what measures it",
                    );
                }
                Some(_) => {}
                None => changed = CHANGES.iter().any(|verb| step.get(verb).is_some()),
            }
        }
    }
}
