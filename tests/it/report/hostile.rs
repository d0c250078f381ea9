//! Every format stays valid, harmless and bounded whatever a server sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::Event;
use scimitar::record::RunRecord;
use scimitar::report::escape::is_hostile;
use scimitar::report::{Format, Options, render};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::sample;

const NASTY: &str = "\u{1b}[31m\u{9b}2J\u{1b}]8;;http://evil.test\u{7}</script></style><img src=//evil.test/x onerror=alert(1)>\
    \"'{{ 7919*7907 }}{% raw %}]]>--><!--\0\u{202e}\u{200b}\u{fffe}\u{2028}\n::error::boo\n##[error]boo | `b` </details></pre> \
    [x](javascript:alert(1)) @everyone http://evil.test/y $(rm -rf /) &lt;";

/// Strings that name a variant of an enum, or that the record needs as they are.
const FIXED: &[&str] = &[
    "format", "level", "outcome", "kind", "verdict", "started", "state",
];

fn nasty() -> RunRecord {
    let mut value = serde_json::to_value(sample::record()).expect("a record serialises");
    poison(&mut value, "");
    value["requirements"][0]["link"] = "javascript:alert(1)".into();
    value["exchanges"][0]["response"] = Value::Null;
    value["exchanges"][0]["failure"] = json!({ "kind": "reset", "detail": NASTY });
    serde_json::from_value(value).expect("a poisoned record is a record")
}

/// Puts the nasty text behind every free string; ids of cases and requirements stay distinct.
fn poison(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if !FIXED.contains(&key) => text.push_str(NASTY),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, key)),
        Value::Object(members) => members.iter_mut().for_each(|(key, item)| poison(item, key)),
        _ => {}
    }
}

/// A record with 2 000 broken cases of five findings, one of 10 000, and 40 bodies of 1 MB.
fn huge() -> RunRecord {
    let mut record = sample::record();
    let broken = record.cases[3].clone();
    let finding = |at: usize| {
        let mut finding = broken.findings[0].clone();
        finding.at = format!("/Resources/{at}/{}", "x".repeat(200));
        finding.actual = "<\0>".repeat(300);
        finding.exchanges = vec![1_000 + at as u64 % 40];
        finding
    };
    for n in 0..2_000 {
        let mut case = broken.clone();
        case.id = format!("load.case-{n}");
        case.findings = (0..5).map(finding).collect();
        record.cases.push(case);
    }
    let mut worst = broken.clone();
    worst.id = String::from("load.worst");
    worst.findings = (0..10_000).map(finding).collect();
    record.cases.push(worst);
    let body = format!("{{\"a\":[{}1]}}", "\"<b>\",".repeat(170_000));
    for n in 0..40 {
        let mut exchange = record.exchanges[0].clone();
        exchange.n = 1_000 + n;
        let response = exchange
            .response
            .as_mut()
            .expect("the sample has a response");
        response.body.length = body.len() as u64;
        body.clone_into(&mut response.body.text);
        record.exchanges.push(exchange);
    }
    record
}

fn text(format: Format, record: &RunRecord, options: &Options) -> String {
    let text = render(format, record, options).expect("any record renders");
    let raw = text.chars().find(|c| is_hostile(*c));
    assert!(raw.is_none(), "{format} holds {raw:?} raw");
    text
}

fn plain(format: Format, record: &RunRecord) -> String {
    text(format, record, &Options::default())
}

#[test]
fn the_terminal_report_obeys_nothing_that_a_server_sent() {
    let verbose = Options {
        verbose: true,
        width: 40,
        ..Options::default()
    };
    for options in [Options::default(), verbose] {
        let text = text(Format::Terminal, &nasty(), &options);
        assert_no_commands(&text);
    }
    let text = plain(Format::Terminal, &huge());
    assert!(text.len() < 8_000_000, "{} bytes", text.len());
}

fn assert_no_commands(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
}

#[test]
fn json_and_its_lines_keep_every_value() {
    let record = nasty();
    let whole: Value = serde_json::from_str(&plain(Format::Json, &record)).expect("it parses");
    let expected = serde_json::to_value(&record).expect("a record serialises");
    assert!(whole == expected, "run.json changed a value");
    let lines = plain(Format::Cases, &record);
    let cases: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line parses"))
        .collect();
    assert!(Value::Array(cases) == expected["cases"]);
}

#[test]
fn conversations_hold_every_exchange_in_the_form_of_their_format() {
    let schema: Value = serde_json::from_str(include_str!("har.schema.json")).expect("it parses");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    let mut cut = sample::record();
    cut.exchanges[0].request.body = cut.exchanges[2].request.body.clone();
    if let Some(body) = cut.exchanges[0].request.body.as_mut() {
        body.truncated = true;
    }
    for record in [sample::record(), nasty(), cut] {
        let archive: Value =
            serde_json::from_str(&plain(Format::Har, &record)).expect("the archive parses");
        let wrong: Vec<String> = schema
            .iter_errors(&archive)
            .map(|e| e.to_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let log = &archive["log"];
        let pages: Vec<&Value> = log["pages"].as_array().expect("pages").iter().collect();
        let entries = log["entries"].as_array().expect("entries");
        assert_eq!(entries.len(), record.exchanges.len());
        for entry in entries {
            assert!(pages.iter().any(|page| page["id"] == entry["pageref"]));
            let parts = ["send", "wait", "receive"].map(|part| entry["timings"][part].as_f64());
            let sum: f64 = parts.iter().flatten().sum();
            let time = entry["time"].as_f64().expect("a time");
            assert!((sum - time).abs() < 0.001, "{sum} is not {time}");
        }
        let lines = plain(Format::Ndjson, &record);
        let mut said: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line parses"))
            .collect();
        said.sort_by_key(|exchange| exchange["n"].as_u64());
        let kept = serde_json::to_value(&record.exchanges).expect("exchanges serialise");
        assert!(Value::Array(said) == kept, "an exchange has changed");
    }
}

#[test]
fn junit_parses_and_holds_every_case_once() {
    for record in [nasty(), huge()] {
        let xml = plain(Format::Junit, &record);
        assert!(xml.len() < 40_000_000, "{} bytes", xml.len());
        let mut reader = Reader::from_str(&xml);
        let (mut cases, mut failures, mut errors) = (0, 0, 0);
        loop {
            match reader.read_event().expect("JUnit parses") {
                Event::Start(tag) | Event::Empty(tag) => {
                    assert!(tag.attributes().all(|attribute| attribute.is_ok()));
                    match tag.name().as_ref() {
                        b"testcase" => cases += 1,
                        b"failure" => failures += 1,
                        b"error" => errors += 1,
                        b"testsuites" | b"testsuite" | b"skipped" | b"system-out" => {}
                        other => panic!("{} was injected", String::from_utf8_lossy(other)),
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let clients = record
            .verdicts
            .iter()
            .filter(|pack| pack.readiness.is_some());
        assert_eq!(cases, record.cases.len() + clients.count());
        assert_eq!(errors, 1);
        assert!(failures >= 3);
    }
}

#[test]
fn the_summary_makes_no_markup_and_stays_under_a_mebibyte() {
    for record in [nasty(), huge()] {
        let text = plain(Format::Markdown, &record);
        assert!(text.len() < 1 << 20, "{} bytes", text.len());
        assert_no_commands(&text);
        for bad in [
            "<img",
            "<script",
            "</style",
            "](",
            "http://evil",
            "javascript:",
            "@everyone",
        ] {
            assert!(!text.contains(bad), "the summary holds {bad}");
        }
        assert_balanced(&text, &["details", "summary", "pre", "code", "p"]);
    }
    assert!(plain(Format::Markdown, &huge()).contains("left out to keep the summary short"));
}

#[test]
fn the_page_is_whole_small_and_loads_nothing() {
    for record in [sample::record(), nasty(), huge()] {
        let page = plain(Format::Html, &record);
        assert!(page.len() <= 5_000_000, "{} bytes", page.len());
        let tags = [
            "html", "head", "style", "script", "body", "main", "section", "article", "details",
            "summary", "table", "tbody", "tr", "td", "pre", "dl", "dd", "p", "a", "code", "form",
            "svg", "div", "button",
        ];
        assert_balanced(&page, &tags);
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("<style").count(), 1);
        for bad in [
            "<img", "<!--", " src", " style ", " onerror", "url(", "@import", "<link", "<iframe",
        ] {
            let bad_tag = markup(&page).any(|tag| tag.contains(bad)) || style(&page).contains(bad);
            assert!(!bad_tag, "the page holds {bad}");
        }
        for link in page.split("href=\"").skip(1) {
            let known = [
                "#",
                "https://www.rfc-editor.org/",
                "https://learn.microsoft.com/",
            ];
            assert!(
                known.iter().any(|known| link.starts_with(known)),
                "a link leads to {}",
                &link[..link.floor_char_boundary(60)]
            );
        }
        assert!(!page.contains("62615533"), "a template in a value was run");
    }
}

#[test]
fn what_the_page_leaves_out_is_said() {
    let page = plain(Format::Html, &huge());
    assert!(page.contains("Left out to keep this page small"));
    assert!(
        page.contains("bytes</p>"),
        "a cut body says how long it was"
    );
}

#[test]
fn the_policy_of_the_page_allows_its_own_style_and_script_alone() {
    let page = plain(Format::Html, &nasty());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
    let digest = |text: &str| format!("sha256-{}", STANDARD.encode(Sha256::digest(text)));
    let policy = policy.replace("&#39;", "'");
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            digest(style(&page)),
            digest(between(&page, "<script>", "</script>")),
        )
    );
}

fn style(page: &str) -> &str {
    between(page, "<style>", "</style>")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the start is there");
    rest.split_once(end).expect("the end is there").0
}

/// The tags of a page, without what stands between them and without the values of attributes.
fn markup(page: &str) -> impl Iterator<Item = String> {
    page.split('<').skip(1).map(|part| {
        let tag = part.split('>').next().unwrap_or(part);
        format!("<{}", tag.split('"').step_by(2).collect::<String>())
    })
}

fn assert_balanced(text: &str, tags: &[&str]) {
    for tag in tags {
        let opened =
            text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        let closed = text.matches(&format!("</{tag}>")).count();
        assert_eq!(opened, closed, "<{tag}> is not closed as often as opened");
    }
}
