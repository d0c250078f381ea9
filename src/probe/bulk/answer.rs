//! The answer to a bulk request: which result belongs to which operation.

use serde_json::Value;

use crate::scim::resource::member;

/// The result of one operation.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::probe) struct Part {
    /// Its status, however it is written.
    pub(in crate::probe) status: u16,
    /// Where the resource is, as the target says.
    pub(in crate::probe) location: Option<String>,
}

impl Part {
    /// The id of the resource, by its location.
    pub(in crate::probe) fn id(&self) -> Option<String> {
        let location = self.location.as_deref()?.trim_end_matches('/');
        let (_, id) = location.rsplit_once('/')?;
        let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
        Some(id.into_owned())
    }
}

/// The results of some operations, in the order of these; none for one of which nothing is said. Creates are
/// matched by their bulkId; others by their position where as many results of the same methods came, else by
/// method and location.
pub(in crate::probe) fn parts(answer: &Value, operations: &[Value]) -> Vec<Option<Part>> {
    let results = member(answer, "Operations").and_then(Value::as_array);
    let results = results.map_or(&[][..], Vec::as_slice);
    let in_order = results.len() == operations.len() && each_fits(results, operations);
    let mut taken = vec![false; results.len()];
    operations
        .iter()
        .enumerate()
        .map(|(number, operation)| {
            let found = if in_order {
                Some(number)
            } else {
                let mut all = results.iter().enumerate();
                all.find_map(|(at, result)| {
                    let free = taken.get(at) == Some(&false);
                    (free && belongs(result, operation)).then_some(at)
                })
            };
            let at = found?;
            if let Some(taken) = taken.get_mut(at) {
                *taken = true;
            }
            part(results.get(at)?)
        })
        .collect()
}

/// Whether the results that came stand in the order of the operations.
pub(in crate::probe) fn in_order(answer: &Value, operations: &[Value]) -> bool {
    let results = member(answer, "Operations").and_then(Value::as_array);
    results.is_some_and(|results| each_fits(results, operations))
}

fn each_fits(results: &[Value], operations: &[Value]) -> bool {
    operations.iter().zip(results).all(|(operation, result)| {
        text(result, "method").is_some_and(|method| {
            text(operation, "method").is_some_and(|it| it.eq_ignore_ascii_case(method))
        }) && (text(operation, "bulkId").is_none()
            || text(operation, "bulkId") == text(result, "bulkId"))
    })
}

fn belongs(result: &Value, operation: &Value) -> bool {
    if let Some(handle) = text(operation, "bulkId") {
        return text(result, "bulkId") == Some(handle);
    }
    let same = |name| match (text(operation, name), text(result, name)) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    let at = text(result, "location").zip(text(operation, "path"));
    same("method") && at.is_some_and(|(location, path)| location.ends_with(path))
}

fn part(result: &Value) -> Option<Part> {
    let status = member(result, "status")?;
    let status = match status {
        Value::Object(_) => member(status, "code")?,
        plain => plain,
    };
    let status = match status {
        Value::String(text) => text.trim().parse().ok()?,
        number => u16::try_from(number.as_u64()?).ok()?,
    };
    Some(Part {
        status,
        location: text(result, "location").map(str::to_owned),
    })
}

fn text<'v>(holder: &'v Value, name: &str) -> Option<&'v str> {
    member(holder, name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn results_find_their_operations_in_any_order() {
        let operations = [
            json!({"method": "POST", "path": "/Users", "bulkId": "q0"}),
            json!({"method": "PATCH", "path": "/Users/7"}),
            json!({"method": "DELETE", "path": "/Users/8"}),
        ];
        let check = |results: Value, wanted: [Option<u16>; 3]| {
            let found = parts(&json!({"Operations": results}), &operations);
            let found: Vec<_> = found
                .iter()
                .map(|it| it.as_ref().map(|it| it.status))
                .collect();
            assert_eq!(found, wanted, "{results}");
        };
        let created = json!({"method": "POST", "bulkId": "q0", "status": "201", "location": "https://x/Users/9"});
        let changed = json!({"method": "PATCH", "status": 200, "location": "https://x/Users/7"});
        let deleted = json!({"method": "DELETE", "status": {"code": "204"}});
        check(
            json!([created, changed, deleted]),
            [Some(201), Some(200), Some(204)],
        );
        check(json!([changed, created]), [Some(201), Some(200), None]);
        check(json!([]), [None, None, None]);
        let id = parts(&json!({"Operations": [created]}), &operations[..1]);
        assert_eq!(id[0].as_ref().unwrap().id().as_deref(), Some("9"));
    }
}
