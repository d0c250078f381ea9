//! Reports as users get them: golden samples of every format, and what stays true for hostile records.
//!
//! The golden files stand in `reports/sample/`. After a change that is meant, write them again with
//! `UPDATE=1 cargo test --test it report`, and read the difference before you commit it.

mod hostile;
mod sample;

use std::path::Path;

use scimitar::report::{Format, Options, render};

fn check(file: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("reports/sample")
        .join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, actual).expect("the sample is written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == actual,
        "reports/sample/{file} is not what the report is now; \
         UPDATE=1 cargo test --test it report writes it\n{}",
        first_difference(&golden, actual)
    );
}

fn first_difference(golden: &str, actual: &str) -> String {
    let (mut old, mut new) = (golden.lines(), actual.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (old.next(), new.next()) {
            (None, None) => return "they differ in their line ends".to_owned(),
            (old, new) if old == new => {}
            (old, new) => return format!("line {number}:\n- {old:?}\n+ {new:?}"),
        }
    }
}

#[test]
fn every_format_is_as_its_sample() {
    let record = sample::record();
    for format in Format::ALL {
        let text = render(format, &record, &Options::default()).expect("the sample renders");
        check(format.file_name(), &text);
    }
}

#[test]
fn the_terminal_report_is_as_its_samples_in_each_loudness() {
    let record = sample::record();
    let quiet = Options {
        quiet: true,
        ..Options::default()
    };
    let verbose = Options {
        verbose: true,
        width: 72,
        color: true,
        ..Options::default()
    };
    for (file, options) in [
        ("report-quiet.txt", quiet),
        ("report-verbose.ansi", verbose),
    ] {
        let text = render(Format::Terminal, &record, &options).expect("the sample renders");
        check(file, &text);
    }
}
