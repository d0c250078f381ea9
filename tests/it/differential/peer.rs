//! The oracle held to what others wrote: parsers and evaluators of filters, and applications of PATCH.
//!
//! `tests/interop/oracle.py` lets the first test write cases (`PEER_DIR`, `PEER_CASES`, `PEER_SEED`), has the peers answer
//! them and lets the second judge the answers. Each disagreement is of a class in
//! `fixtures/vector/disagreements.toml`, which says who is right by the text of the RFC; one of no class is an error.
//! Without `PEER_DIR` the examples of the classes are judged, so that each stays true of the oracle.

mod class;
mod draw;
mod evaluate;
mod feature;
mod parse;
mod patch;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use scimitar::scim::schema::SchemaSet;
use serde_json::Value;

use super::Bench;
use class::{Class, Disagreement};

/// Peers, the questions that they answer and the file of their answers.
pub(super) const PEERS: [(&str, &str); 7] = [
    ("scim2-models", "evaluate"),
    ("scim2-parse-filter", "evaluate"),
    ("scim2-models", "parse"),
    ("scim2-filter-parser", "parse"),
    ("scim2-parse-filter", "parse"),
    ("scim2-models", "patch"),
    ("scim-patch", "patch"),
];

/// The schemas of users and groups: the embedded provider's, which have what the text of the RFC adds to those it prints.
static SCHEMAS: LazyLock<(SchemaSet, SchemaSet)> = LazyLock::new(|| {
    let bench = Bench::new();
    (bench.users, bench.groups)
});

fn folder() -> Option<PathBuf> {
    std::env::var_os("PEER_DIR").map(PathBuf::from)
}

fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn lines(path: &Path) -> Vec<Value> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// How a question is judged: the disagreements of one answer, and whether it could be used.
type Judge = fn(&Value, &Value, &Value) -> Option<Vec<Disagreement>>;

fn judge_of(question: &str) -> Judge {
    match question {
        "evaluate" => evaluate::judge,
        "parse" => parse::judge,
        _ => patch::judge,
    }
}

#[test]
fn cases_for_peers_are_drawn() {
    let cases = usize::try_from(number("PEER_CASES", 40)).unwrap();
    let seed = number("PEER_SEED", 1);
    assert_eq!(
        draw::all(8, seed),
        draw::all(8, seed),
        "another draw from the same seed"
    );
    for (question, drawn) in draw::all(cases, seed) {
        let counted = drawn.iter().filter(|line| line.get("n").is_some()).count();
        assert_eq!(counted, cases, "{question}");
        if let Some(folder) = folder() {
            let text: String = drawn.iter().map(|line| format!("{line}\n")).collect();
            fs::write(folder.join(format!("{question}.ndjson")), text).unwrap();
        }
    }
}

/// Disagreements of one peer by class; those of none are kept.
#[derive(Default)]
struct Tally {
    answers: usize,
    unusable: usize,
    by_class: BTreeMap<String, usize>,
    unknown: Vec<Disagreement>,
}

fn tally(folder: &Path, peer: &str, question: &str, classes: &[Class]) -> Tally {
    let cases = lines(&folder.join(format!("{question}.ndjson")));
    let answers = lines(&folder.join(format!("{question}.{peer}.ndjson")));
    let head = cases
        .iter()
        .find(|line| line.get("n").is_none())
        .cloned()
        .unwrap_or_default();
    let cases: Vec<&Value> = cases
        .iter()
        .filter(|line| line.get("n").is_some())
        .collect();
    assert_eq!(
        cases.len(),
        answers.len(),
        "{peer} answered {question} in part"
    );
    let mut tally = Tally::default();
    for (case, answer) in cases.into_iter().zip(&answers) {
        assert_eq!(case["n"], answer["n"], "{peer}: {question}");
        tally.answers += 1;
        let Some(found) = judge_of(question)(&head, case, answer) else {
            tally.unusable += 1;
            continue;
        };
        for one in found {
            match classes
                .iter()
                .find(|class| class.holds(peer, question, &one))
            {
                Some(class) => *tally.by_class.entry(class.id.clone()).or_default() += 1,
                None => tally.unknown.push(one),
            }
        }
    }
    tally
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are what is asked for")]
fn disagreements_with_peers_are_known() {
    let classes = class::all();
    if let Some(folder) = folder() {
        let mut wrong = Vec::new();
        let mut unknown = String::new();
        for (peer, question) in PEERS {
            let tally = tally(&folder, peer, question, &classes);
            let known: usize = tally.by_class.values().sum();
            println!(
                "{peer} {question}: {} answers, {} unusable, {known} disagreements of {} classes",
                tally.answers,
                tally.unusable,
                tally.by_class.len()
            );
            for (class, count) in &tally.by_class {
                println!("    {count:6} {class}");
            }
            for one in &tally.unknown {
                unknown.push_str(&class::whole(peer, question, one).to_string());
                unknown.push('\n');
            }
            wrong.extend(class::summary(peer, question, &tally.unknown));
        }
        fs::write(folder.join("unknown.ndjson"), unknown).unwrap();
        assert!(
            wrong.is_empty(),
            "disagreements of no class:\n{}",
            wrong.join("\n")
        );
    }
    let mut wrong = Vec::new();
    for class in &classes {
        let (head, case, answer) = class.example();
        let found = judge_of(&class.question)(&head, &case, &answer).unwrap_or_default();
        if found.is_empty() {
            wrong.push(format!("{}: there is no disagreement", class.id));
        }
        for one in found {
            let holds = |it: &&Class| it.holds(&class.peer, &class.question, &one);
            let first = classes.iter().find(holds).map(|it| it.id.as_str());
            if first != Some(class.id.as_str()) {
                wrong.push(format!(
                    "{}: the example is of {first:?}: {one:?}",
                    class.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
