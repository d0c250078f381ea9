//! The names that templates may use at a place in the file, and those that nobody used.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::given::Given;
use super::super::load;
use super::super::near;
use super::field::list;
use crate::payload::{BUILT_IN, LOCAL, is_built_in};

/// What names are known so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: BTreeMap<String, Known>,
    given: Vec<String>,
    later: BTreeMap<String, String>,
    local: bool,
    supplied: &'static [&'static str],
}

#[derive(Debug)]
struct Known {
    span: Range<usize>,
    used: bool,
    what: &'static str,
}

impl Names {
    /// Names that are known everywhere in a file of this pack, beside the built-in ones.
    pub(super) fn of(pack: &str) -> Self {
        Self {
            supplied: if pack == load::PACK {
                load::SUPPLIED
            } else {
                &[]
            },
            ..Self::default()
        }
    }

    /// A name that is captured somewhere in the file, by the step of this name: for a better message.
    pub(super) fn expect(&mut self, name: &str, step: &str) {
        self.later
            .entry(name.to_owned())
            .or_insert_with(|| step.to_owned());
    }

    /// A name that is known from here on and has to be used. `what` it is, for the message.
    ///
    /// # Errors
    /// Where the name can't be given: why.
    pub(super) fn set(
        &mut self,
        name: &str,
        span: Range<usize>,
        what: &'static str,
    ) -> Result<(), String> {
        Self::free(name)?;
        self.known.insert(
            name.to_owned(),
            Known {
                span,
                used: false,
                what,
            },
        );
        Ok(())
    }

    /// A resource whose parts are known from here on.
    ///
    /// # Errors
    /// Where the name can't be given: why.
    pub(super) fn give(&mut self, name: &str) -> Result<(), String> {
        Self::free(name)?;
        if self.given.iter().any(|given| given == name) {
            return Err(format!("`{name}` is given twice"));
        }
        self.given.push(name.to_owned());
        Ok(())
    }

    /// Whether the names of a fixture (`name`, `mail`) are known just now.
    pub(super) fn local(&mut self, local: bool) {
        self.local = local;
    }

    fn free(name: &str) -> Result<(), String> {
        let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !plain {
            return Err(format!(
                "`{name}` is no name: letters, digits, `_` and `-`, a letter first"
            ));
        }
        if BUILT_IN.contains(&name) {
            return Err(format!("`{name}` is built in"));
        }
        Ok(())
    }

    /// A use of a name.
    ///
    /// # Errors
    /// Where it is not known here: what is wrong, and what would be right.
    pub(super) fn used(&mut self, name: &str) -> Result<(), (String, Option<String>)> {
        if is_built_in(name) || self.supplied.contains(&name) {
            return Ok(());
        }
        if self.local && LOCAL.contains(&name) {
            if self.known.contains_key(name) {
                let help = Some("give the capture another name".to_owned());
                return Err((
                    format!("`{name}` is known to the fixture and captured too"),
                    help,
                ));
            }
            return Ok(());
        }
        if let Some(known) = self.known.get_mut(name) {
            known.used = true;
            return Ok(());
        }
        if let Some((given, part)) = name.split_once('.')
            && self.given.iter().any(|known| known == given)
        {
            if Given::PARTS.contains(&part) {
                return Ok(());
            }
            let help = format!("`{given}` has {}", list(Given::PARTS.iter().copied()));
            return Err((format!("`{given}` has no `{part}`"), Some(help)));
        }
        if let Some(step) = self.later.get(name) {
            let help = Some(format!("it is captured in `{step}`"));
            return Err((format!("`{name}` is used before it is captured"), help));
        }
        if LOCAL.contains(&name) {
            let help = "it is known in `given` and in the `with` of a fixture only".to_owned();
            return Err((format!("`{name}` is not known here"), Some(help)));
        }
        Err((format!("nothing captures `{name}`"), self.suggest(name)))
    }

    fn suggest(&self, name: &str) -> Option<String> {
        let parts: Vec<String> = self
            .given
            .iter()
            .flat_map(|given| {
                Given::PARTS
                    .iter()
                    .map(move |part| format!("{given}.{part}"))
            })
            .collect();
        let known = self
            .known
            .keys()
            .map(String::as_str)
            .chain(parts.iter().map(String::as_str))
            .chain(self.later.keys().map(String::as_str))
            .chain(BUILT_IN.iter().copied());
        near(name, known).map(|near| format!("did you mean `{near}`?"))
    }

    /// The names that nobody used: where they were set, and what they are.
    pub(super) fn unused(&self) -> Vec<(String, Range<usize>, &'static str)> {
        self.known
            .iter()
            .filter(|(_, known)| !known.used)
            .map(|(name, known)| (name.clone(), known.span.clone(), known.what))
            .collect()
    }
}
