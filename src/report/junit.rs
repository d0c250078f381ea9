//! Jenkins' dialect of JUnit XML, which always parses.
//!
//! Every string passes [`xml_text`]; the result is read again before it is given away, and where that
//! fails a minimal file with one error takes its place, because a report that doesn't parse turns a
//! CI job green. One suite a pack, and one in which each client is a case; warnings and notes pass and say so
//! in their output.

use std::collections::BTreeMap;

use junit_report::{Duration, OffsetDateTime, Report, TestCase, TestCaseBuilder, TestSuite};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::ReportError;
use super::escape;
use super::view::{self, View};
use super::word::{self, State};
use crate::record::{CaseRecord, Finding, Outcome, PackVerdict, RunRecord, Verdict};

/// Bytes of one value that are kept.
const VALUE: usize = 2_000;
/// Bytes of what was found in one case that are kept, roughly.
const CASE: usize = 32_000;
/// Bytes of what was found in all cases that are kept, roughly.
const REPORT: usize = 16_000_000;

/// The record as JUnit XML.
pub(super) fn render(record: &RunRecord) -> Result<String, ReportError> {
    match write(&report(record)) {
        Ok(text) if parses(&text) => Ok(text),
        Ok(_) => write(&fallback("the report did not parse as XML")),
        Err(error) => write(&fallback(&error.to_string())),
    }
}

/// Text that XML allows, in an attribute as in CDATA: what it forbids becomes visible as `\u{..}`.
fn xml_text(text: &str) -> String {
    escape::clipped(&escape::block(text), VALUE).replace("]]>", "]]\\u{3e}")
}

fn report(record: &RunRecord) -> Report {
    let view = View::new(record);
    let mut packs: BTreeMap<&str, Vec<&CaseRecord>> = BTreeMap::new();
    for case in &record.cases {
        packs.entry(&case.pack).or_default().push(case);
    }
    let mut report = Report::new();
    let mut room = REPORT;
    for (pack, cases) in packs {
        let mut suite = TestSuite::new(&xml_text(pack));
        suite.package = format!("scimitar.{}", xml_text(pack));
        suite.hostname = host(&record.target.base_url);
        suite.set_timestamp(started(&record.started));
        suite.set_system_out(&properties(record, pack));
        for case in cases {
            let details = details(&view, case, room.min(CASE));
            room = room.saturating_sub(details.len());
            suite.add_testcase(test_case(case, &details));
        }
        report.add_testsuite(suite);
    }
    let clients: Vec<TestCase> = record.verdicts.iter().filter_map(client).collect();
    if !clients.is_empty() {
        let mut suite = TestSuite::new("readiness");
        suite.package = String::from("scimitar.readiness");
        suite.hostname = host(&record.target.base_url);
        suite.set_timestamp(started(&record.started));
        for case in clients {
            suite.add_testcase(case);
        }
        report.add_testsuite(suite);
    }
    report
}

/// One client: will it work with the target? What was not assessed fails only where that decides the exit code.
fn client(pack: &PackVerdict) -> Option<TestCase> {
    let readiness = pack.readiness.as_ref()?;
    let name = xml_text(&word::pack(pack));
    let word = word::verdict(pack);
    let text: Vec<String> = view::readiness(pack, readiness)
        .iter()
        .map(|line| xml_text(line))
        .collect();
    let text = text.join("\n");
    let first = text.lines().nth(1).unwrap_or(word);
    let mut builder = match (pack.verdict, pack.gate) {
        (Verdict::Fail, _) => TestCaseBuilder::failure(&name, Duration::ZERO, word, first),
        (Verdict::Inconclusive, true) => TestCaseBuilder::error(&name, Duration::ZERO, word, first),
        (Verdict::Inconclusive, false) => {
            TestCaseBuilder::skipped_with_cause(&name, "skipped", &[word, ": ", first].concat())
        }
        (Verdict::Pass | Verdict::Warn, _) => TestCaseBuilder::success(&name, Duration::ZERO),
    };
    builder.set_classname("scimitar.readiness");
    match pack.verdict {
        Verdict::Fail | Verdict::Inconclusive => builder.set_trace(&text),
        Verdict::Pass | Verdict::Warn => builder.set_system_out(&text),
    };
    Some(builder.build())
}

fn test_case(case: &CaseRecord, details: &str) -> TestCase {
    let name = xml_text(&case.id);
    let time = Duration::milliseconds(i64::try_from(case.duration_ms).unwrap_or(i64::MAX));
    let state = State::of(case);
    let mut builder = match state {
        State::Outcome(Outcome::Fail) => {
            let findings = view::findings(case);
            let worst = findings.first();
            let kind = worst.map_or("broken", |finding| finding.requirement.as_str());
            let message = worst.map_or_else(|| case.title.clone(), |finding| difference(finding));
            TestCaseBuilder::failure(&name, time, &xml_text(kind), &xml_text(&message))
        }
        State::Outcome(Outcome::Error) => {
            let why = case.error.as_deref().unwrap_or(&case.title);
            TestCaseBuilder::error(&name, time, "not-judged", &xml_text(why))
        }
        State::Outcome(Outcome::Skip) => {
            let reason = case.skip_reason.as_deref().unwrap_or("no reason given");
            TestCaseBuilder::skipped_with_cause(&name, "skipped", &xml_text(reason))
        }
        State::Expected => {
            let reason = case.expected.as_deref().unwrap_or_default();
            let text = format!("failed as expected: {reason}");
            TestCaseBuilder::skipped_with_cause(&name, "expected-failure", &xml_text(&text))
        }
        State::Outcome(Outcome::Pass | Outcome::Warn | Outcome::Note) => {
            TestCaseBuilder::success(&name, time)
        }
    };
    builder.set_classname(&xml_text(&format!("{}.{}", case.pack, view::area(case))));
    if !details.is_empty() {
        match state {
            State::Outcome(Outcome::Fail | Outcome::Error) => builder.set_trace(details),
            _ => builder.set_system_out(details),
        };
    }
    builder.build()
}

/// What was found, as text of about `room` bytes at most; empty where there was nothing to find.
fn details(view: &View<'_>, case: &CaseRecord, room: usize) -> String {
    if case.findings.is_empty() {
        return String::new();
    }
    let mut text = xml_text(&case.title) + "\n";
    let mut left = case.findings.len();
    for finding in view::findings(case) {
        if text.len() > room {
            break;
        }
        for line in lines(view, finding) {
            text += &xml_text(&line);
            text.push('\n');
        }
        left -= 1;
    }
    if left > 0 {
        text += &["\n… and ", &left.to_string(), " more findings\n"].concat();
    }
    text
}

/// The finding in one line.
fn difference(finding: &Finding) -> String {
    format!(
        "{}: expected {}, got {}",
        finding.at, finding.expected, finding.actual
    )
}

fn lines(view: &View<'_>, finding: &Finding) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        format!(
            "{} {} {}",
            word::key(finding.outcome),
            word::level(finding.level),
            finding.requirement
        ),
    ];
    if let Some(requirement) = view.requirement(&finding.requirement) {
        lines.push(requirement.statement.clone());
        lines.push(requirement.link.clone());
        let then = requirement.then.iter();
        lines.extend(then.map(|then| format!("then the client {then}")));
    }
    let mut field = |label: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("{label:<9} {text}"));
        }
    };
    field(
        "tolerated",
        finding.tolerance.as_deref().unwrap_or_default(),
    );
    field(
        "known",
        finding.expected_failure.as_deref().unwrap_or_default(),
    );
    field("at", &finding.at);
    field("expected", &finding.expected);
    field("actual", &finding.actual);
    if finding.count > 1 {
        field("seen", &format!("{} times", finding.count));
    }
    field("hint", finding.hint.as_deref().unwrap_or_default());
    field("curl", finding.curl.as_deref().unwrap_or_default());
    lines
}

/// What the suite ran with; the dialect of the writer has no properties.
fn properties(record: &RunRecord, pack: &str) -> String {
    let mut lines = vec![
        format!("scimitar {}", record.tool.version),
        format!("target {}", record.target.base_url),
        format!("profile {}", record.profile),
        format!("grading {}", record.grading),
        format!("seed {}", record.seed),
    ];
    if let Some(pack) = record.verdicts.iter().find(|verdict| verdict.pack == pack) {
        lines.push(format!("verdict {}", word::verdict(pack)));
    }
    lines.iter().map(|line| xml_text(line) + "\n").collect()
}

fn host(base_url: &str) -> String {
    url::Url::parse(base_url)
        .ok()
        .and_then(|url| url.host_str().map(xml_text))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// The start of the run; the epoch where the record has no such time.
fn started(text: &str) -> OffsetDateTime {
    text.parse::<jiff::Timestamp>()
        .ok()
        .and_then(|time| OffsetDateTime::from_unix_timestamp(time.as_second()).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn write(report: &Report) -> Result<String, ReportError> {
    let mut bytes = Vec::new();
    report
        .write_xml(&mut bytes)
        .map_err(|error| ReportError::Junit(error.to_string()))?;
    let mut text =
        String::from_utf8(bytes).map_err(|error| ReportError::Junit(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// Whether the text is well-formed and holds only characters that XML 1.0 allows.
fn parses(text: &str) -> bool {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if !text.chars().all(allowed) {
        return false;
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                if tag.attributes().any(|attribute| attribute.is_err()) {
                    return false;
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return depth == 0,
            Ok(Event::Text(text)) if text.windows(3).any(|part| part == b"]]>") => return false,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn fallback(why: &str) -> Report {
    let mut suite = TestSuite::new("scimitar");
    suite.set_timestamp(OffsetDateTime::UNIX_EPOCH);
    let why: String = why
        .chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .collect();
    let mut case = TestCase::error("report", Duration::ZERO, "report", &why);
    case.set_classname("scimitar.report");
    suite.add_testcase(case);
    let mut report = Report::new();
    report.add_testsuite(suite);
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_becomes_visible() {
        for (text, expected) in [
            ("a\u{1}b", "a\\u{1}b"),
            ("x]]>y", "x]]\\u{3e}y"),
            ("\u{fffe}", "\\u{fffe}"),
            ("two\nlines", "two\nlines"),
        ] {
            assert_eq!(xml_text(text), expected);
        }
    }

    #[test]
    fn reading_again_tells_good_from_bad() {
        for (text, expected) in [
            ("<a b=\"c\"><d/></a>", true),
            ("<a>", false),
            ("<a></b>", false),
            ("<a>\u{1}</a>", false),
            ("<a>x]]>y</a>", false),
            ("<a b=\"1\" b=\"2\"></a>", false),
        ] {
            assert_eq!(parses(text), expected, "{text}");
        }
    }

    #[test]
    fn the_fallback_parses_and_holds_one_error() {
        let text = write(&fallback("bad \u{1} ]]> <cause>")).unwrap();
        assert!(parses(&text), "{text}");
        assert!(text.contains("errors=\"1\""), "{text}");
    }
}
