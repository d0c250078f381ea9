//! Committed files that are generated: compared by `cargo test`, written anew by `UPDATE=1 cargo test`.

use std::fs;

use crate::source;

/// Compares `text` with the committed file at `path` (relative to the root), or writes it.
pub(crate) fn check(path: &str, text: &str) {
    let file = source::root().join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().expect("a file stands in a folder"))
            .expect("a writable folder");
        fs::write(&file, text).expect("a writable file");
        return;
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    if committed == text {
        return;
    }
    let line = committed
        .lines()
        .zip(text.lines())
        .position(|(old, new)| old != new)
        .unwrap_or_else(|| committed.lines().count().min(text.lines().count()));
    let shown = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
    panic!(
        "{path} is out of date from line {}:\n  committed: {}\n  generated: {}\nrun `UPDATE=1 cargo test` and look at the difference",
        line + 1,
        shown(&committed),
        shown(text)
    );
}
