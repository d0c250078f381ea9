//! How much of the catalogue is tested: documents × levels × status.

use std::collections::BTreeMap;
use std::fmt;

use super::{Catalogue, Level, Status};

/// The coverage matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// One row a document and level, in order of both.
    pub rows: Vec<CoverageRow>,
}

/// Requirements of one document and level, by status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageRow {
    /// Document (`RFC 7644`).
    pub document: String,
    /// Level.
    pub level: Level,
    /// A leaf covers them.
    pub tested: usize,
    /// They can't be seen over HTTP.
    pub unverifiable: usize,
    /// Not yet.
    pub todo: usize,
}

impl Catalogue {
    /// Counts what is tested.
    pub fn coverage(&self) -> Coverage {
        let mut rows: BTreeMap<(&str, Level), [usize; 3]> = BTreeMap::new();
        for requirement in self.iter() {
            let row = rows
                .entry((requirement.document.name.as_str(), requirement.level))
                .or_default();
            let column = match requirement.status {
                Status::Tested => 0,
                Status::Unverifiable(_) => 1,
                Status::Todo(_) => 2,
            };
            row[column] += 1;
        }
        let rows = rows
            .into_iter()
            .map(
                |((document, level), [tested, unverifiable, todo])| CoverageRow {
                    document: document.to_owned(),
                    level,
                    tested,
                    unverifiable,
                    todo,
                },
            )
            .collect();
        Coverage { rows }
    }
}

impl fmt::Display for Coverage {
    /// A Markdown table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| document | level | tested | unverifiable | todo |")?;
        writeln!(f, "| --- | --- | ---: | ---: | ---: |")?;
        for row in &self.rows {
            writeln!(
                f,
                "| {} | {} | {} | {} | {} |",
                row.document,
                row.level.name(),
                row.tested,
                row.unverifiable,
                row.todo
            )?;
        }
        Ok(())
    }
}
