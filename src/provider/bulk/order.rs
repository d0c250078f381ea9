//! The order of operations: what an operation refers to comes first, circles come together,
//! everything else stays in the order of the request.
//!
//! Knows only positions and references.

use std::collections::HashMap;

use serde_json::Value;

use super::Job;

/// Prefix of references to resources that the same request creates.
const REFERENCE: &str = "bulkId:";

/// Handles that an operation refers to, in its data and in its path.
pub(super) fn references(data: Option<&Value>, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(data) = data {
        collect(data, &mut found);
    }
    found.extend(path.split('/').filter_map(handle).map(str::to_owned));
    found
}

/// The handle of `bulkId:handle`.
pub(super) fn handle(text: &str) -> Option<&str> {
    text.strip_prefix(REFERENCE)
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.extend(handle(text).map(str::to_owned)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(members) => members.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Groups of positions in the order in which they are to be done; a group of several is a circle.
pub(super) fn order(job: &Job) -> Vec<Vec<usize>> {
    let creators: HashMap<&str, usize> = job
        .operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| operation.method == "POST")
        .filter_map(|(at, operation)| Some((operation.bulk_id.as_deref()?, at)))
        .collect();
    let needs = job
        .operations
        .iter()
        .map(|operation| {
            references(operation.data.as_ref(), &operation.path)
                .iter()
                .filter_map(|handle| creators.get(handle.as_str()).copied())
                .collect()
        })
        .collect();
    Search::new(needs).run()
}

/// Tarjan's strongly connected components, with a stack of its own: a long chain of references
/// must not exhaust the thread's.
struct Search {
    needs: Vec<Vec<usize>>,
    numbers: Vec<Option<usize>>,
    lows: Vec<usize>,
    open: Vec<usize>,
    is_open: Vec<bool>,
    groups: Vec<Vec<usize>>,
    next: usize,
}

impl Search {
    fn new(needs: Vec<Vec<usize>>) -> Self {
        let count = needs.len();
        Self {
            needs,
            numbers: vec![None; count],
            lows: vec![0; count],
            open: Vec::new(),
            is_open: vec![false; count],
            groups: Vec::new(),
            next: 0,
        }
    }

    fn run(mut self) -> Vec<Vec<usize>> {
        for start in 0..self.needs.len() {
            if self.numbers[start].is_none() {
                self.visit(start);
            }
        }
        self.groups
    }

    fn visit(&mut self, start: usize) {
        let mut path = vec![(start, 0)];
        self.enter(start);
        while let Some((at, step)) = path.pop() {
            if let Some(&needed) = self.needs[at].get(step) {
                path.push((at, step + 1));
                match self.numbers[needed] {
                    None => {
                        self.enter(needed);
                        path.push((needed, 0));
                    }
                    Some(number) if self.is_open[needed] => {
                        self.lows[at] = self.lows[at].min(number);
                    }
                    Some(_) => {}
                }
                continue;
            }
            if let Some(&(parent, _)) = path.last() {
                self.lows[parent] = self.lows[parent].min(self.lows[at]);
            }
            if Some(self.lows[at]) == self.numbers[at] {
                self.close(at);
            }
        }
    }

    fn enter(&mut self, at: usize) {
        self.numbers[at] = Some(self.next);
        self.lows[at] = self.next;
        self.next += 1;
        self.open.push(at);
        self.is_open[at] = true;
    }

    fn close(&mut self, at: usize) {
        let mut group = Vec::new();
        while let Some(member) = self.open.pop() {
            self.is_open[member] = false;
            group.push(member);
            if member == at {
                break;
            }
        }
        group.sort_unstable();
        self.groups.push(group);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::BulkOperation;
    use super::*;

    fn check(needs: &[&[&str]], expected: &[&[usize]]) {
        let operations = needs
            .iter()
            .enumerate()
            .map(|(at, needs)| BulkOperation {
                method: String::from("POST"),
                path: String::from("/Groups"),
                bulk_id: Some(at.to_string()),
                version: None,
                data: Some(json!(
                    needs
                        .iter()
                        .map(|need| json!({ "value": format!("bulkId:{need}") }))
                        .collect::<Vec<_>>()
                )),
            })
            .collect();
        let job = Job {
            operations,
            fail_on_errors: None,
        };
        assert_eq!(order(&job), expected, "{needs:?}");
    }

    #[test]
    fn what_is_needed_comes_first() {
        check(&[&[], &[], &[]], &[&[0], &[1], &[2]]);
        check(&[&["2"], &[], &[]], &[&[2], &[0], &[1]]);
        check(&[&["1"], &["0"], &[]], &[&[0, 1], &[2]]);
        check(&[&[], &["2"], &["3"], &["1", "0"]], &[&[0], &[1, 2, 3]]);
        check(&[&["0"], &["nobody"]], &[&[0], &[1]]);
    }

    #[test]
    fn a_long_chain_is_no_trouble() {
        let names: Vec<String> = (1..=5_000).map(|n: usize| n.to_string()).collect();
        let needs: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
        let needs: Vec<&[&str]> = needs.iter().map(|need| &need[..]).collect();
        let last = needs.len() - 1;
        let expected: Vec<[usize; 1]> = (0..=last).rev().map(|at| [at]).collect();
        let expected: Vec<&[usize]> = expected.iter().map(|group| &group[..]).collect();
        check(&needs, &expected);
    }
}
