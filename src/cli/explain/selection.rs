//! A profile: what it takes, what decides, and what a run with it proves.

use std::fmt::Write as _;

use super::{fields, paragraph};
use crate::cli::choice::Library;
use crate::requirement::{Level, Status};
use crate::suite::Profile;

/// The page of a profile.
pub(super) fn explained(one: &Profile, library: &Library) -> String {
    let mut text = format!("{}: a named selection\n  {}\n", one.name, one.title);
    let proves = one.proves.as_deref().unwrap_or_default();
    for (at, part) in proves.split("\n\n").enumerate() {
        if at == 0 {
            paragraph(&mut text, "what it proves", part);
        } else {
            paragraph(&mut text, "", part);
        }
    }
    text.push('\n');
    fields(
        &mut text,
        &[
            ("gates", one.gate.join(", ")),
            ("packs", one.packs.join(", ")),
            ("tags", one.tags.join(", ")),
            ("only", one.only.join(", ")),
            ("skip", one.skip.join(", ")),
        ],
    );
    for pack in &one.packs {
        let _ = writeln!(text, "\n{}", of_pack(pack, library));
    }
    let _ = writeln!(
        text,
        "\nsee it: scimitar list scenarios --profile {}\nrun it: scimitar test URL --profile {}",
        one.name, one.name
    );
    text
}

/// What a pack holds, in one line.
fn of_pack(pack: &str, library: &Library) -> String {
    let tested = || {
        library
            .catalogue
            .iter()
            .filter(|one| one.pack == pack && one.status == Status::Tested)
    };
    let at = |level| tested().filter(|one| one.level == level).count();
    let cases: usize = library
        .suite
        .headings()
        .iter()
        .filter(|heading| heading.pack == pack)
        .map(|heading| heading.cases().len())
        .sum();
    format!(
        "the pack {pack}: {cases} cases judge {} musts, {} shoulds and {} mays",
        at(Level::Must),
        at(Level::Should),
        at(Level::May)
    )
}
