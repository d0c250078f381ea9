//! The conversation of a run in a file, written exchange by exchange: it never holds all of them.

use std::io::Write;

use super::json::harmless;
use super::{Format, har, word};
use crate::record::{Conversation, RunRecord, Unreadable};

/// What a conversation holds of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every exchange of the run.
    All,
    /// The exchanges that the record keeps: those that findings and errors cite.
    Cited,
}

/// Writes a conversation in one of the formats for which [`Format::is_conversation`] holds, and says
/// how much of it there is.
///
/// # Errors
/// Where an exchange can't be read, or the file not be written.
pub fn write_conversation(
    format: Format,
    record: &RunRecord,
    conversation: &mut Conversation<'_>,
    extent: Extent,
    out: &mut dyn Write,
) -> Result<String, Unreadable> {
    let said = extent.said(conversation.len());
    if format == Format::Har {
        har::write(record, conversation, &said, out)?;
    } else {
        conversation.each(|exchange| {
            harmless(exchange, out)?;
            out.write_all(b"\n")
        })?;
    }
    out.flush()?;
    Ok(said)
}

impl Extent {
    fn said(self, exchanges: usize) -> String {
        let exchanges = word::count(exchanges as u64, "exchange", "exchanges");
        match self {
            Self::All => format!("{exchanges}, all of the run"),
            Self::Cited => format!("{exchanges}: those that findings and errors cite"),
        }
    }
}
