//! Disagreements, and the classes that they are of.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

/// What is known of a disagreement: names of features with their values.
pub(super) type Features = BTreeMap<&'static str, BTreeSet<String>>;

/// One thing that the oracle and a peer hold differently.
#[derive(Clone, Debug)]
pub(super) struct Disagreement {
    pub(super) features: Features,
    /// What shows it, smaller than the case that it was seen in.
    pub(super) shown: Value,
    pub(super) ours: String,
    pub(super) theirs: String,
}

/// An entry of `fixtures/vector/disagreements.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    pub(super) id: String,
    pub(super) peer: String,
    /// Version that the example was seen with.
    version: String,
    /// `evaluate`, `parse` or `patch`.
    pub(super) question: String,
    kind: Kind,
    /// Of the RFC that settles it.
    section: String,
    /// Row of the list of ambiguities, where it is open.
    #[serde(default)]
    ambiguity: String,
    why: String,
    /// Each of these features has one of these values.
    when: BTreeMap<String, BTreeSet<String>>,
    /// JSON: what was asked.
    case: String,
    /// JSON: what the peer answered.
    theirs: String,
    /// What the oracle holds.
    ours: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    PeerWrong,
    OursWrong,
    Open,
    PeerUnsupported,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    disagreement: Vec<Class>,
}

/// All classes, in the order in which they are tried.
pub(super) fn all() -> Vec<Class> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/vector/disagreements.toml"
    );
    let text = std::fs::read_to_string(path).expect("the classes can be read");
    let file: File = toml::from_str(&text).expect("the classes are sound");
    let mut ids = BTreeSet::new();
    for class in &file.disagreement {
        assert!(ids.insert(&class.id), "{} stands twice", class.id);
        assert_eq!(
            class.kind == Kind::Open,
            !class.ambiguity.is_empty(),
            "{}: ambiguity",
            class.id
        );
        assert!(class.section.starts_with("764"), "{}: section", class.id);
        assert!(
            !class.why.is_empty() && !class.version.is_empty() && !class.ours.is_empty(),
            "{}",
            class.id
        );
        assert_ne!(
            class.kind,
            Kind::OursWrong,
            "{}: what is wrong of ours is mended",
            class.id
        );
    }
    file.disagreement
}

impl Class {
    /// Whether a disagreement is of this class.
    pub(super) fn holds(&self, peer: &str, question: &str, one: &Disagreement) -> bool {
        let fits = |(name, values): (&String, &BTreeSet<String>)| {
            one.features
                .get(name.as_str())
                .is_some_and(|has| !has.is_disjoint(values))
        };
        self.peer == peer && self.question == question && self.when.iter().all(fits)
    }

    /// Head, case and answer.
    pub(super) fn example(&self) -> (Value, Value, Value) {
        let read = |text: &str| -> Value {
            serde_json::from_str(text)
                .unwrap_or_else(|error| panic!("{}: {error}: {text}", self.id))
        };
        let mut case = read(&self.case);
        let head = json!({"resources": case["resources"].take()});
        (head, case, read(&self.theirs))
    }
}

/// A disagreement of no class in full, as an entry would show it.
pub(super) fn whole(peer: &str, question: &str, one: &Disagreement) -> Value {
    json!({
        "peer": peer, "question": question, "features": one.features, "case": one.shown, "ours": one.ours, "theirs": one.theirs,
    })
}

/// What is known of no class: one line a set of features, with its smallest example.
pub(super) fn summary(peer: &str, question: &str, unknown: &[Disagreement]) -> Vec<String> {
    let mut groups: BTreeMap<String, (usize, &Disagreement)> = BTreeMap::new();
    for one in unknown {
        let size = |it: &Disagreement| it.shown.to_string().len();
        let group = groups
            .entry(format!("{:?}", one.features))
            .or_insert((0, one));
        group.0 += 1;
        if size(one) < size(group.1) {
            group.1 = one;
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let line = |(count, one): &(usize, &Disagreement)| {
        let features: Vec<String> = one
            .features
            .iter()
            .map(|(name, values)| {
                format!(
                    "{name}={}",
                    values.iter().cloned().collect::<Vec<_>>().join("|")
                )
            })
            .collect();
        let features = features.join(" ");
        let mut shown = one.shown.clone();
        shown["resources"].take();
        let shown: String = shown.to_string().chars().take(400).collect();
        format!(
            "{peer} {question} ×{count}: {features}\n    {shown}\n    ours: {}\n    theirs: {}",
            one.ours, one.theirs
        )
    };
    groups.iter().take(20).map(line).collect()
}
