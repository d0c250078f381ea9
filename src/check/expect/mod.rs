//! Expectations: judgements that a scenario names, one file each.
//!
//! | name | argument |
//! | --- | --- |
//! | `status` | `204`, `2xx`, `[200, 204, 4xx]` |
//! | `header` | `{ location: <matcher>, www-authenticate: present }`; several lines of a field are joined by `, ` |
//! | `body` | `{ <pointer>: <matcher> }`; needs a success, except for pointers into an Error message (`/status`, `/scimType`, `/detail`) |
//! | `error` | `409`, or `{ status: 400, scimType: invalidFilter, detail: present, shape: true }`; each key optional, `status` as in `status`, `scimType` a keyword or a list of them, `shape` is `true`, `schemas` or `status` |
//! | `list` | `{ total, count, items_per_page, start_index: <matcher>, exactly, contains, excludes, ordered: [ids], sorted: { by, order, case_exact }, all: { <pointer>: <matcher> }, some: { … } }` |
//! | `pages` | after `walk`: `{ at_least, at_most: n, size_at_most: n, no_duplicates: true, same_total: true }` |
//! | `paging` | `index`, `cursor`, `default` or `published`: how a part of a longer list was paged |
//! | `schema` | `User`, a URN, or `{ of: User }`: the resource (or each of a list) names it in `schemas`, has id and meta.resourceType, its required attributes, and values of the types that the target's `/Schemas` says |
//! | `echo` | `true`, or `{ of: <body>, ignoring: [pointers] }`: what was sent comes back; additions of the server do not matter |
//! | `same_resource` | `{ as: <body>, ignoring: [pointers] }`: the same attributes and values, none more |
//! | `projection` | `{ only: [names], without: [names] }`: of the resource, or each of a list |
//! | `defined` | `{ schema: <URN>, attribute: name, like: [type, multiValued] }`: defined as in RFC 7643 §8.7 |
//! | `published` | `true`: every list stands at the endpoint of a published resource type; /Schemas holds what the resource types name |
//! | `etag` | `present`, or a matcher on the tag (`{ not: "{{u1.etag}}" }`); a present tag is well-formed and equals `meta.version` |
//! | `feature` | `{ served: bulk }`, `{ refused: bulk }` |
//! | `location` | `true`, or `{ of: <id> }`: Location is there, names what `meta.location` names, ends in the id |
//! | `no_body` | `true` |
//! | `no_secret` | `true`, or `[texts]`: no secret in headers or body, none of the texts either |
//! | `challenge` | `true`, or `Bearer`, or a list: WWW-Authenticate names a scheme, one of these |
//! | `media_type` | `application/scim+json`, or a list |
//! | `unique` | a pointer with `*`, or a list of them: the values differ |
//! | `any_of` | `[ { status: 400, error: … }, { status: 2xx, body: … } ]`: all expectations of at least one entry hold |
//!
//! `<matcher>`: a literal (SCIM equality), `present`, `absent`, or an object of the keys in
//! [`super::matcher::KEYS`]; `not`, `count` and each item of `one_of` are matchers themselves.

use serde_json::Value;

use super::matcher;
use super::place::{clip, escape};
use super::{ArgumentError, Context, Expect, Judgement};
use crate::exchange::Exchange;

/// Declares the modules of the expectations and lists them.
macro_rules! registry {
    ($($leaf:ident),+ $(,)?) => {
        $(pub(in crate::check) mod $leaf;)+
        static ALL: &[&dyn Expect] = &[$(&$leaf::Leaf),+];
    };
}

registry![
    any_of,
    body,
    challenge,
    defined,
    echo,
    error,
    etag,
    feature,
    header,
    list,
    location,
    media_type,
    no_body,
    no_secret,
    pages,
    paging,
    projection,
    published,
    same_resource,
    schema,
    status,
    unique,
];

/// All expectations, by name.
pub fn all() -> &'static [&'static dyn Expect] {
    ALL
}

/// The expectation of that name.
pub fn find(name: &str) -> Option<&'static dyn Expect> {
    ALL.iter().copied().find(|expect| expect.name() == name)
}

/// Names of all expectations, for hints.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|expect| expect.name())
}

/// Judges all expectations of a step, in order.
///
/// Where the step names its status (`status`, `error`) and the answer is of another class, that
/// expectation carries the blame and the others, except those on the status, are inapplicable.
pub fn judge_step(
    step: &[(&dyn Expect, &Value)],
    exchange: &Exchange,
    context: &Context<'_>,
) -> Vec<Judgement> {
    let off_class = off_class(step, exchange);
    step.iter()
        .map(|(expect, argument)| match &off_class {
            Some(why) if !names_status(*expect) => Judgement::Inapplicable(why.clone()),
            _ => expect.judge(argument, exchange, context),
        })
        .collect()
}

fn names_status(expect: &dyn Expect) -> bool {
    matches!(expect.name(), "status" | "error" | "any_of")
}

fn off_class(step: &[(&dyn Expect, &Value)], exchange: &Exchange) -> Option<String> {
    let actual = exchange.status()?;
    let wanted: Vec<&Value> = step
        .iter()
        .filter_map(|(expect, argument)| match expect.name() {
            "status" => Some(*argument),
            "error" => Some(argument.get("status").unwrap_or(argument)),
            _ => None,
        })
        .filter(|argument| status::lint_value(argument, "").is_ok())
        .collect();
    let fits = wanted
        .iter()
        .any(|argument| status::classes(argument).contains(&(actual / 100)));
    (!wanted.is_empty() && !fits).then(|| format!("the status is {actual}"))
}

/// Refuses an argument that is no object, or has a key outside the known ones.
fn lint_keys(argument: &Value, known: &[&str]) -> Result<(), ArgumentError> {
    let Some(members) = argument.as_object() else {
        return Err(ArgumentError {
            at: String::new(),
            message: "it is no mapping".to_owned(),
            hint: Some(format!("keys: {}", known.join(", "))),
        });
    };
    for key in members.keys() {
        if !known.contains(&key.as_str()) {
            let near = known
                .iter()
                .find(|name| strsim::damerau_levenshtein(key, name) <= 2);
            return Err(ArgumentError {
                at: format!("/{}", escape(key)),
                message: format!("the key {key} is not known"),
                hint: Some(near.map_or_else(
                    || format!("one of {}", known.join(", ")),
                    |near| format!("did you mean {near}?"),
                )),
            });
        }
    }
    Ok(())
}

/// An error at a place of the argument.
fn wrong(at: &str, message: impl Into<String>, hint: &str) -> ArgumentError {
    ArgumentError {
        at: at.to_owned(),
        message: message.into(),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
    }
}

/// Refuses a mapping of pointers to matchers that is wrong in either.
fn lint_matchers(argument: &Value, at: &str) -> Result<(), ArgumentError> {
    if matcher::has_template(argument) {
        return Ok(());
    }
    let Some(members) = argument.as_object().filter(|members| !members.is_empty()) else {
        return Err(wrong(
            at,
            "it is no mapping of pointers to matchers",
            "{ /userName: bjensen }",
        ));
    };
    for (pointer, matcher) in members {
        super::place::lint_pointer(pointer).map_err(|error| ArgumentError {
            at: format!("{at}{}", error.at),
            ..error
        })?;
        matcher::lint(matcher, &format!("{at}/{}", escape(pointer)))?;
    }
    Ok(())
}

/// Judges a document by pointers and matchers. `prefix` is the pointer of the document in the body.
fn judge_matchers(matchers: &Value, document: &Value, prefix: &str) -> Judgement {
    if !matchers.is_object() {
        return Judgement::Inapplicable(String::from("there is nothing to compare with"));
    }
    let mut broken = Vec::new();
    let mut vacuous = None;
    for (pointer, matcher) in matchers.as_object().into_iter().flatten() {
        let places = super::place::select(document, pointer);
        if places.is_empty() && !matcher::allows_absence(matcher) {
            vacuous.get_or_insert_with(|| format!("nothing stands at {prefix}{pointer}"));
        }
        for place in places {
            if let Err(mismatch) = matcher::fits(matcher, place.value) {
                broken.push((format!("{prefix}{}", place.at), mismatch));
            }
        }
    }
    let others = broken.len().saturating_sub(1);
    match (broken.into_iter().next(), vacuous) {
        (Some((at, mismatch)), _) => {
            let judgement = Judgement::broken(at, mismatch.expected, mismatch.actual);
            if others == 0 {
                return judgement;
            }
            judgement.with_hint(format!("{others} more in the same answer"))
        }
        (None, Some(why)) => Judgement::Inapplicable(why),
        (None, None) => Judgement::Held,
    }
}

/// A single text, or each text of a list.
fn texts(argument: &Value) -> Vec<&str> {
    match argument {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Refuses what is neither a text nor a list of texts.
fn lint_texts(argument: &Value, at: &str) -> Result<(), ArgumentError> {
    let is_text = match argument {
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_string),
        other => other.is_string(),
    };
    if is_text {
        return Ok(());
    }
    let message = format!(
        "{} is neither a text nor a list of texts",
        clip(&argument.to_string())
    );
    Err(wrong(at, message, ""))
}

/// Refuses anything but `true`.
fn lint_true(argument: &Value) -> Result<(), ArgumentError> {
    if argument == &Value::Bool(true) {
        return Ok(());
    }
    Err(wrong("", "it takes true only", "true"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::exchange::FailureKind;

    /// Judges one expectation by its name; used by all leaves.
    #[track_caller]
    pub(super) fn judge(name: &str, argument: &Value, sample: Sample) -> Judgement {
        let expect = find(name).unwrap();
        expect
            .lint(argument)
            .unwrap_or_else(|error| panic!("{argument}: {error:?}"));
        let capabilities = sample::capabilities();
        expect.judge(argument, &sample.build(), &sample::context(&capabilities))
    }

    #[track_caller]
    pub(super) fn held(name: &str, argument: &Value, sample: Sample) {
        assert_eq!(judge(name, argument, sample), Judgement::Held, "{argument}");
    }

    /// Broken at a place, with what stands there.
    #[track_caller]
    pub(super) fn broken(name: &str, argument: &Value, sample: Sample, at: &str, actual: &str) {
        match judge(name, argument, sample) {
            Judgement::Broken(deviation) => {
                assert_eq!(
                    (deviation.at.as_str(), deviation.actual.as_str()),
                    (at, actual)
                );
                assert!(!deviation.expected.is_empty());
            }
            other => panic!("{argument}: {other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn tolerated(name: &str, argument: &Value, sample: Sample, tolerance: &str) {
        match judge(name, argument, sample) {
            Judgement::Tolerated(id, _) => assert_eq!(id, tolerance),
            other => panic!("{argument}: {other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn inapplicable(name: &str, argument: &Value, sample: Sample) {
        let judgement = judge(name, argument, sample);
        assert!(
            matches!(judgement, Judgement::Inapplicable(_)),
            "{judgement:?}"
        );
    }

    /// The argument is refused at that place.
    #[track_caller]
    pub(super) fn refused(name: &str, argument: &Value, at: &str) {
        let error = find(name)
            .unwrap()
            .lint(argument)
            .expect_err("a wrong argument");
        assert_eq!(error.at, at, "{argument}: {error:?}");
    }

    #[test]
    fn every_file_is_registered() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/expect");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
            .filter(|stem| stem != "mod")
            .collect();
        files.sort();
        let mut registered: Vec<&str> = names().collect();
        registered.sort_unstable();
        assert_eq!(registered, files, "a leaf has the name of its file");
    }

    #[test]
    fn every_expectation_documents_itself() {
        for expect in all() {
            assert!(expect.doc().len() > 40, "{}", expect.name());
        }
    }

    #[test]
    fn without_a_response_nothing_is_held_against_the_server() {
        for (name, argument) in [
            ("status", json!(200)),
            ("body", json!({"/id": "present"})),
            ("error", json!(404)),
            ("header", json!({"etag": "present"})),
        ] {
            let sample = Sample::get("/Users").failed(FailureKind::Reset);
            assert_eq!(
                judge(name, &argument, sample),
                Judgement::Undecided("it failed".to_owned()),
                "{name}"
            );
        }
    }

    #[test]
    fn with_a_wrong_status_class_only_the_status_is_blamed() {
        let capabilities = sample::capabilities();
        let context = sample::context(&capabilities);
        let exchange = Sample::get("/Users").status(404).build();
        let (status, header) = (find("status").unwrap(), find("header").unwrap());
        let (wanted, etag) = (json!([200, "3xx"]), json!({"etag": "present"}));
        let judged = judge_step(&[(status, &wanted), (header, &etag)], &exchange, &context);
        assert!(matches!(judged[0], Judgement::Broken(_)));
        assert_eq!(
            judged[1],
            Judgement::Inapplicable("the status is 404".to_owned())
        );

        let wanted = json!(400);
        let judged = judge_step(&[(status, &wanted), (header, &etag)], &exchange, &context);
        assert!(
            judged.iter().all(|it| matches!(it, Judgement::Broken(_))),
            "same class"
        );
        let judged = judge_step(&[(header, &etag)], &exchange, &context);
        assert!(
            matches!(judged[0], Judgement::Broken(_)),
            "no status was named"
        );
    }
}
