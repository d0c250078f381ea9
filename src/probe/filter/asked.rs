//! What of the filter language a target was asked for, in one line: what it takes, what it refuses, where it breaks down.
//!
//! Judges nothing.

use crate::scim::filter::AttributePath;

/// Attributes that are named; of more their number is told.
const NAMED: usize = 4;

/// How a target meets a part of the language.
#[derive(Clone, Copy, Debug)]
pub(super) enum Met {
    Taken,
    Refused,
    Failing,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    taken: Found,
    refused: Found,
    failing: Found,
}

/// Parts of the language and attributes.
#[derive(Clone, Debug, Default)]
struct Found {
    parts: Vec<String>,
    attributes: Vec<String>,
}

impl Asked {
    /// Notes an operator, a connective or a form.
    pub(super) fn part(&mut self, what: &str, met: Met) {
        self.of(met).parts.push(what.to_owned());
    }

    /// Notes an attribute, which was asked for by `pr`.
    pub(super) fn attribute(&mut self, path: &AttributePath, met: Met) {
        self.of(met).attributes.push(path.to_string());
    }

    fn of(&mut self, met: Met) -> &mut Found {
        match met {
            Met::Taken => &mut self.taken,
            Met::Refused => &mut self.refused,
            Met::Failing => &mut self.failing,
        }
    }

    /// All of it in words.
    pub(super) fn told(&self) -> String {
        let mut taken = self.taken.clone();
        if !taken.attributes.is_empty() {
            taken.parts.push("pr".to_owned());
        }
        let count = taken.attributes.len();
        taken.attributes.clear();
        let mut all = vec![format!(
            "takes {} of {count} {}",
            taken.said().unwrap_or_default(),
            if count == 1 {
                "attribute"
            } else {
                "attributes"
            }
        )];
        match self.refused.said() {
            Some(refused) => all.push(format!("refuses {refused}")),
            None => all.push("refuses nothing that was asked".to_owned()),
        }
        if let Some(failing) = self.failing.said() {
            all.push(format!("breaks down at {failing}"));
        }
        all.join("; ")
    }
}

impl Found {
    fn said(&self) -> Option<String> {
        let mut all = self.parts.clone();
        let (named, more) = self.attributes.split_at(self.attributes.len().min(NAMED));
        all.extend(named.iter().cloned());
        if !more.is_empty() {
            all.push(format!("{} more attributes", more.len()));
        }
        (!all.is_empty()).then(|| all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_and_refused_stands_on_one_line() {
        let mut asked = Asked::default();
        for part in ["and", "eq"] {
            asked.part(part, Met::Taken);
        }
        asked.attribute(&AttributePath::new("userName", None), Met::Taken);
        assert_eq!(
            asked.told(),
            "takes and, eq, pr of 1 attribute; refuses nothing that was asked"
        );
        asked.part("gt", Met::Refused);
        for sub in [
            "givenName",
            "familyName",
            "middleName",
            "formatted",
            "x",
            "y",
        ] {
            asked.attribute(&AttributePath::new("name", Some(sub)), Met::Refused);
        }
        asked.part("not", Met::Failing);
        assert_eq!(
            asked.told(),
            "takes and, eq, pr of 1 attribute; refuses gt, name.givenName, name.familyName, name.middleName, \
             name.formatted, 2 more attributes; breaks down at not"
        );
    }
}
