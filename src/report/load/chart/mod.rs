//! Charts of a load run as SVG, made here: no script, no font, nothing from elsewhere.
//!
//! A chart is drawn twice, for a wide page and for a narrow one, so that its words stay legible; the
//! style of the page shows one of them. Colours are classes, so that they follow light and dark; lines differ
//! in their dashes, too.

mod axis;
mod cost;
mod percentile;
mod plot;
mod time;

use serde::Serialize;

use crate::record::load::LoadRecord;

/// A chart with its words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Chart {
    /// Its id in the page.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: &'static str,
    /// How to read it.
    pub(super) note: String,
    /// What the lines are: class and name; none where there is one line.
    pub(super) legend: Vec<(&'static str, String)>,
    /// Markup for a wide page.
    pub(super) wide: String,
    /// Markup for a narrow page.
    pub(super) slim: String,
}

/// All charts that the record has something for, in the order in which they are read.
pub(super) fn charts(record: &LoadRecord) -> Vec<Chart> {
    let over_time = time::charts(record);
    let rest = [percentile::chart(record), cost::chart(record)];
    over_time
        .into_iter()
        .chain(rest.into_iter().flatten())
        .collect()
}
