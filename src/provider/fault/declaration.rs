//! What a fault claims: which promises it breaks.

use std::sync::Arc;

use super::Fault;

/// A fault and its claims. The run must find it under each of `breaks`; what else it is found under stands in
/// the generated `fixtures/fault/MATRIX.md`.
#[derive(Clone)]
pub struct Declaration {
    /// What goes wrong, as a sentence.
    pub title: String,
    /// Requirements under each of which the fault has to be found.
    pub breaks: Vec<String>,
    /// The probe that finds it where no scenario does, because it takes a combination that nobody wrote down.
    pub probe: Option<String>,
    /// The fault itself.
    pub fault: Arc<dyn Fault>,
}

impl Declaration {
    /// A fault with this title and no claims yet.
    pub(super) fn new(title: &str, fault: impl Fault + 'static) -> Self {
        Self {
            title: title.to_owned(),
            breaks: Vec::new(),
            probe: None,
            fault: Arc::new(fault),
        }
    }

    /// Requirements that it breaks.
    pub(super) fn breaks(mut self, requirements: &[&str]) -> Self {
        self.breaks = requirements.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    /// The probe that alone finds it.
    pub(super) fn only_by(mut self, probe: &str) -> Self {
        self.probe = Some(probe.to_owned());
        self
    }

    /// Name, as `--fault` takes it.
    pub fn name(&self) -> &str {
        self.fault.name()
    }
}
