//! A load run as one self-contained page: verdict, generator, operations, charts. It has no script.
//!
//! It loads nothing, and its content security policy allows nothing but its own style. Text of the target or of the
//! profile passes [`escape`] and then the template's escaping; only the charts, made here, are markup.

use minijinja::context;
use minijinja::value::Serde;
use minijinja::{Error, Value};
use serde::Serialize;

use super::chart::{Chart, charts};
use super::figure::{self, Verdict};
use crate::record::load::{Errors, LoadRecord, Model, Operation};
use crate::report::html::{environment, policy};
use crate::report::{ReportError, escape, word};

const TEMPLATES: [(&str, &str); 1] = [(
    "load.html",
    include_str!("../../../reports/template/load.html"),
)];

/// The style of all pages, and what this one has beside it.
const STYLE: &str = concat!(
    include_str!("../../../reports/template/page.css"),
    include_str!("../../../reports/template/load.css")
);

/// Rows of one table.
const ROWS: usize = 500;

/// Bytes of one value.
const VALUE: usize = 2_000;

/// The record as a page.
pub(super) fn render(record: &LoadRecord) -> Result<String, ReportError> {
    let environment = environment(&TEMPLATES)?;
    let page = page(record);
    let charts = charts(record);
    let drawn: Vec<Value> = charts.into_iter().map(shown).collect();
    let rendered: Result<String, Error> = environment.get_template("load.html")?.render(context! {
        page => Value::from(Serde(page)),
        charts => drawn,
        style => Value::from_safe_string(STYLE.to_owned()),
        policy => policy(STYLE, None),
    });
    Ok(rendered?)
}

/// A chart, whose drawings alone are markup.
fn shown(chart: Chart) -> Value {
    context! {
        id => chart.id,
        title => chart.title,
        note => chart.note,
        legend => chart.legend,
        wide => Value::from_safe_string(chart.wide),
        slim => Value::from_safe_string(chart.slim),
    }
}

/// All that the template needs beside the charts.
#[derive(Serialize)]
struct Page {
    version: String,
    title: Mark,
    profile: String,
    description: String,
    target: String,
    facts: Vec<(&'static str, String)>,
    remarks: Vec<String>,
    thresholds: Vec<Bound>,
    unjudged: Option<String>,
    crossed: usize,
    breakpoint: Option<Vec<(&'static str, String)>>,
    open: bool,
    limited: bool,
    health: Vec<String>,
    operations: Vec<Row>,
    operations_left: usize,
    total: Row,
    errors: Vec<Kind>,
    scim_types: Vec<(String, u64)>,
    wrongs: Vec<(u64, &'static str)>,
    sampled: u64,
    examples: Vec<Vec<String>>,
    cost: Vec<Vec<String>>,
    settings: Vec<(String, String)>,
    created: u64,
    deleted: u64,
    leftover: Vec<(String, String)>,
    leftover_left: usize,
}

#[derive(Serialize)]
struct Mark {
    symbol: &'static str,
    word: &'static str,
    key: &'static str,
}

impl From<Verdict> for Mark {
    fn from(verdict: Verdict) -> Self {
        let Verdict { symbol, word, key } = verdict;
        Self { symbol, word, key }
    }
}

#[derive(Serialize)]
struct Bound {
    text: String,
    measured: String,
    held: bool,
}

/// One operation, in words.
#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<String>,
    bad: bool,
}

/// One kind of error and its part of all, in thousandths.
#[derive(Serialize)]
struct Kind {
    what: String,
    count: u64,
    share: String,
    width: u64,
}

fn page(record: &LoadRecord) -> Page {
    let wrongs = figure::wrongs(record);
    let sent: Vec<&Operation> = record.operations.iter().filter(|it| it.count > 0).collect();
    let left = &record.cleanup.leftover;
    Page {
        version: line(&record.tool.version),
        title: figure::verdict(record).into(),
        profile: line(&record.profile.name),
        description: line(&record.profile.description),
        target: line(&record.target.base_url),
        facts: facts(record),
        remarks: remarks(record),
        thresholds: thresholds(record),
        unjudged: figure::unjudged(record).map(|it| line(&it)),
        crossed: record.thresholds.iter().filter(|it| !it.held).count(),
        breakpoint: breakpoint(record),
        open: record.profile.model == Model::Open,
        limited: figure::shortfall(record).is_some_and(|(no_verdict, _)| no_verdict),
        health: figure::health(record).iter().map(|it| line(it)).collect(),
        operations: sent.iter().take(ROWS).map(|one| row(one)).collect(),
        operations_left: sent.len().saturating_sub(ROWS),
        total: row(&record.total),
        errors: shares(&record.total.errors),
        scim_types: (record.total.errors.by_scim_type.iter())
            .map(|(kind, count)| (line(kind), *count))
            .collect(),
        wrongs: wrongs.into_iter().filter(|(count, _)| *count > 0).collect(),
        sampled: record.correctness.sampled,
        examples: examples(record),
        cost: cost(record),
        settings: (record.settings.iter())
            .map(|(name, value)| (line(name), line(value)))
            .collect(),
        created: record.cleanup.created,
        deleted: record.cleanup.deleted,
        leftover: (left.iter().take(ROWS))
            .map(|it| (line(&it.resource), line(&it.reason)))
            .collect(),
        leftover_left: left.len().saturating_sub(ROWS),
    }
}

fn facts(record: &LoadRecord) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Profile", line(&record.profile.name)),
        (
            "Model",
            match record.profile.model {
                Model::Open => "open: requests at a rate".to_owned(),
                Model::Closed => "closed: users who wait".to_owned(),
            },
        ),
        ("Started", line(&record.started)),
        ("Measured", word::duration(record.duration_ms)),
        ("Warm-up", word::duration(record.warm_up_ms)),
        ("HTTP", line(&record.target.http)),
        ("Seed", record.seed.to_string()),
        ("Exit code", record.outcome.exit_code.to_string()),
    ];
    if !record.label.is_empty() {
        facts.insert(0, ("Label", line(&record.label)));
    }
    if let Some((name, parts)) = figure::parts(record) {
        let name = if name == "shard" { "Shard" } else { "Shards" };
        facts.push((name, line(&parts)));
    }
    if !record.outcome.reasons.is_empty() {
        facts.push(("Because", line(&record.outcome.reasons.join(", "))));
    }
    facts
}

fn remarks(record: &LoadRecord) -> Vec<String> {
    let stopped = record.stopped.iter();
    let stopped = stopped.map(|why| format!("The run ended before its time: {why}."));
    stopped
        .chain(figure::retries(record).map(|it| format!("{it}.")))
        .chain(record.target.remarks.iter().take(ROWS).cloned())
        .map(|it| line(&it))
        .collect()
}

fn thresholds(record: &LoadRecord) -> Vec<Bound> {
    let all = record.thresholds.iter().take(ROWS);
    all.map(|it| Bound {
        text: line(&it.text),
        measured: line(&it.measured),
        held: it.held,
    })
    .collect()
}

fn breakpoint(record: &LoadRecord) -> Option<Vec<(&'static str, String)>> {
    let found = record.breakpoint.as_ref()?;
    let rate =
        |rate: Option<f64>| rate.map_or_else(|| "none".to_owned(), |it| format!("{it} a second"));
    let mut rows = vec![
        ("Last rate that held", rate(found.last_good_rate)),
        ("First that broke", rate(found.broken_at_rate)),
    ];
    rows.extend(found.threshold.iter().map(|it| ("Broken", line(it))));
    Some(rows)
}

fn row(one: &Operation) -> Row {
    let times = &one.response;
    let time = |micros: u64| match times.count {
        0 => "–".to_owned(),
        _ => figure::time(micros),
    };
    Row {
        name: line(&one.name),
        cells: vec![
            one.count.to_string(),
            format!("{:.1}", one.rate),
            one.errors.count.to_string(),
            figure::share(one.errors.count, one.count),
            time(times.p50),
            time(times.p90),
            time(times.p95),
            time(times.p99),
            time(times.p999),
            time(times.max),
            figure::bytes(one.bytes_in),
            figure::bytes(one.bytes_out),
        ],
        bad: one.errors.count > 0,
    }
}

/// Errors by status and by cause, the most frequent first.
fn shares(errors: &Errors) -> Vec<Kind> {
    let by_status = errors.by_status.iter();
    let by_status = by_status.map(|(status, count)| (format!("status {status}"), *count));
    let by_cause = errors
        .by_cause
        .iter()
        .map(|(cause, count)| (line(cause), *count));
    let mut all: Vec<(String, u64)> = by_status.chain(by_cause).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most = all.first().map_or(1, |(_, count)| (*count).max(1));
    all.into_iter()
        .take(ROWS)
        .map(|(what, count)| Kind {
            what,
            count,
            share: figure::share(count, errors.count),
            width: (count.saturating_mul(1000) / most).max(4),
        })
        .collect()
}

fn examples(record: &LoadRecord) -> Vec<Vec<String>> {
    let all = record.correctness.examples.iter().take(ROWS);
    all.map(|it| {
        [&it.kind, &it.operation, &it.detail, &it.request]
            .map(|text| line(text))
            .to_vec()
    })
    .collect()
}

fn cost(record: &LoadRecord) -> Vec<Vec<String>> {
    let all = record.cost.iter().take(ROWS);
    all.map(|cell| {
        vec![
            cell.members.to_string(),
            cell.batch.to_string(),
            cell.count.to_string(),
            figure::time(cell.p50),
            figure::time(cell.p99),
            figure::time(cell.p50 / cell.batch.max(1)),
        ]
    })
    .collect()
}

/// Text on one line, with what is hostile made visible.
fn line(text: &str) -> String {
    escape::line(&escape::clipped(text, VALUE)).into_owned()
}
