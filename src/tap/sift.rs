//! Which requests become steps: those that say something of the client and the target, and not of
//! the hour in which they were recorded.

use std::collections::BTreeMap;

use http::Method;

use super::proxy::Turn;
use super::step::{Content, Step, label};

/// Methods that a step can have.
const VERBS: [Method; 7] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
];

/// The steps, and what is to be said of the requests that are none.
pub(super) fn sift(turns: &[Turn], base_path: &str) -> (Vec<Step>, Vec<String>) {
    let mut steps = Vec::new();
    let mut notes = Vec::new();
    for (index, turn) in turns.iter().enumerate() {
        let number = index + 1;
        let (path, query) = match turn.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (turn.target.as_str(), None),
        };
        let below = path
            .strip_prefix(base_path)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let said = label(number, &turn.method, below.unwrap_or_default());
        let step = below.and_then(|below| Step::of(number, turn, below, query));
        match left_out(turn, below, step.as_ref()) {
            Some(why) => notes.push(format!("{said} is left out: {why}")),
            None => steps.extend(step),
        }
    }
    let main = main_credential(&steps);
    steps.retain(|step| {
        let expired = step.seen.status == 401 && step.credential == main && main.is_some();
        if expired {
            notes.push(format!(
                "{} is left out: the credential that served elsewhere was refused, 401",
                step.label()
            ));
        }
        !expired
    });
    for step in &mut steps {
        let reads = step.method == Method::GET || step.method == Method::HEAD;
        if reads && !matches!(step.content, Content::None) {
            step.content = Content::None;
            notes.push(format!("{} loses its body: a read has none", step.label()));
        }
    }
    (steps, notes)
}

fn left_out(turn: &Turn, below: Option<&str>, step: Option<&Step>) -> Option<String> {
    let answer = match &turn.answer {
        Ok(answer) => answer,
        Err(error) => return Some(format!("it was not answered: {error}")),
    };
    if below.is_none() || step.is_none() {
        return Some("its path is not below the base URL".to_owned());
    }
    if !VERBS.contains(&turn.method) {
        return Some("a scenario has no such method".to_owned());
    }
    match answer.status {
        429 => Some("the target asked for patience, 429".to_owned()),
        304 | 501 => None,
        status @ 500.. => Some(format!("the target failed, {status}")),
        status @ 300..400 => Some(format!("a redirect, {status}")),
        _ => None,
    }
}

/// The credential that most requests came with and that was accepted.
pub(super) fn main_credential(steps: &[Step]) -> Option<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for step in steps {
        if let Some(credential) = &step.credential {
            let count = counts.entry(credential).or_default();
            count.0 += usize::from(step.seen.status != 401);
            count.1 += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(credential, _)| credential.to_owned())
}
