//! Reports as users get them: golden samples of every format, and what stays true for hostile records.
//!
//! The golden files stand in `reports/sample/`. After a change that is meant, write them again with
//! `UPDATE=1 cargo test --test it report`, and read the difference before you commit it.

mod hostile;
mod sample;

use std::path::Path;

use scimitar::record::load::load_schema;
use scimitar::report::{
    Format, LOAD_FORMATS, Options, load_file_name, load_metrics, render, render_load,
};

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

#[test]
fn every_report_of_a_load_run_is_as_its_sample() {
    let record = sample::load::record();
    for format in LOAD_FORMATS {
        let text = render_load(format, &record, &Options::default()).expect("the sample renders");
        check(
            load_file_name(format).expect("a format of load runs"),
            &text,
        );
    }
    check("load.prom", &load_metrics(&record));
    let validator = jsonschema::validator_for(&load_schema()).expect("the schema is one");
    let value = serde_json::to_value(&record).expect("a record is JSON");
    assert!(validator.is_valid(&value));
}

#[test]
fn the_page_of_a_load_run_loads_nothing_and_obeys_no_text() {
    let mut record = sample::load::record();
    let hostile =
        "</title><script>alert(1)</script><img src=http://evil.example/x>\u{202e}\u{1b}[2J";
    record.label = hostile.to_owned();
    record.target.base_url = hostile.to_owned();
    record.target.remarks = vec![hostile.to_owned()];
    record.profile.name = hostile.to_owned();
    record.profile.description = hostile.to_owned();
    record.operations[0].name = hostile.to_owned();
    record.thresholds[0].text = hostile.to_owned();
    record.correctness.examples[0].detail = hostile.to_owned();
    record.total.errors.by_cause.insert(hostile.to_owned(), 1);
    record
        .total
        .errors
        .by_scim_type
        .insert(hostile.to_owned(), 1);
    record
        .settings
        .insert(hostile.to_owned(), hostile.to_owned());
    record.generator.limited = Some(hostile.to_owned());
    record.stopped = Some(hostile.to_owned());
    for format in [Format::Html, Format::Markdown] {
        let text = render_load(format, &record, &Options::default()).expect("it renders");
        for part in ["<script", "<img", "\u{1b}", "\u{202e}"] {
            assert!(!text.contains(part), "{format}: {part}");
        }
    }
    let page = render_load(Format::Html, &record, &Options::default()).expect("it renders");
    for part in ["src=", "url(", "@import", " href=\"http"] {
        let shown = page.replace("src=http://evil", "");
        assert!(!shown.contains(part), "{part}");
    }
}
