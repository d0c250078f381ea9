//! Edits of a reply, as data: status, header fields, places in the document.

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::provider::problem::Problem;
use crate::provider::respond::{Content, Reply};

/// What is done to a reply, in the order of the fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Edit {
    /// Another status.
    status: Option<u16>,
    /// Header fields that go.
    remove_header: Vec<String>,
    /// Header fields that are set.
    set_header: Vec<(String, String)>,
    /// Header fields that are added beside those of the same name.
    add_header: Vec<(String, String)>,
    /// JSON Pointers of members that go; `*` stands for every element or member.
    remove: Vec<String>,
    /// JSON Pointers and what is put there; a last segment that names no member is added.
    set: Vec<(String, Value)>,
    /// JSON Pointers of members that get another name.
    rename: Vec<(String, String)>,
    /// JSON Pointers of values that become strings.
    stringify: Vec<String>,
    /// As `remove`, on the document itself and on each resource of a list.
    remove_resource: Vec<String>,
    /// As `set`, on the document itself and on each resource of a list.
    set_resource: Vec<(String, Value)>,
    /// The `status` of an error becomes a number.
    numeric_status: bool,
    /// An empty list gets this status and becomes an error.
    empty_list: Option<u16>,
    /// The document becomes the one resource of a list.
    wrap: bool,
    /// A JSON Pointer: what stands there becomes the document.
    unwrap: Option<String>,
    /// JSON Pointers of strings that become numbers.
    number: Vec<String>,
    /// JSON Pointers of arrays and how many elements of them stay.
    truncate: Vec<(String, usize)>,
    /// JSON Pointers of arrays and what is put at their end.
    append: Vec<(String, Value)>,
    /// JSON Pointers of arrays whose order is turned round.
    reverse: Vec<String>,
    /// The document becomes an Error of this status that says this.
    refuse: Option<(u16, String)>,
    /// A body that takes the place of the document; an empty text leaves none.
    body: Option<String>,
    /// Text of the printed body and what takes its place, everywhere.
    replace_text: Vec<(String, String)>,
    /// Text before the printed body.
    before: String,
    /// Text after the printed body.
    after: String,
}

impl Edit {
    /// Applies the edit.
    pub(super) fn apply(&self, reply: &mut Reply) {
        if let Some(status) = self.status {
            reply.status = status;
        }
        for name in &self.remove_header {
            reply.headers.remove(name.as_str());
        }
        for (name, value) in &self.set_header {
            if let Some((name, value)) = field(name, value) {
                reply.headers.insert(name, value);
            }
        }
        for (name, value) in &self.add_header {
            if let Some((name, value)) = field(name, value) {
                reply.headers.append(name, value);
            }
        }
        if let Content::Document(document) = &mut reply.body {
            if let Some(status) = self.empty_list
                && document.get("totalResults") == Some(&Value::from(0))
            {
                reply.status = status;
                *document = Problem::new(status, "no resource matches").body();
            }
            self.apply_to_document(document);
        }
        if let Some((status, detail)) = &self.refuse {
            reply.status = *status;
            reply.body = Content::Document(Problem::new(*status, detail.as_str()).body());
        }
        match self.body.as_deref() {
            Some("") => reply.body = Content::Empty,
            Some(text) => reply.body = Content::Bytes(text.to_owned().into()),
            None => {}
        }
        self.apply_to_text(reply);
    }

    fn apply_to_text(&self, reply: &mut Reply) {
        let is_plain =
            self.replace_text.is_empty() && self.before.is_empty() && self.after.is_empty();
        if is_plain || matches!(reply.body, Content::Empty) {
            return;
        }
        let printed = std::mem::take(&mut reply.body).into_bytes();
        let mut text = String::from_utf8_lossy(&printed).into_owned();
        for (from, to) in &self.replace_text {
            text = text.replace(from, to);
        }
        reply.body = Content::Bytes(format!("{}{text}{}", self.before, self.after).into());
    }

    fn apply_to_document(&self, document: &mut Value) {
        for pointer in &self.remove {
            remove(document, pointer);
        }
        for (pointer, value) in &self.set {
            set(document, pointer, value);
        }
        for (pointer, new) in &self.rename {
            at(document, pointer, &mut |parent, name| {
                if let Some(object) = parent.as_object_mut()
                    && let Some(value) = object.shift_remove(name)
                {
                    object.insert(new.clone(), value);
                }
            });
        }
        for pointer in &self.stringify {
            at(document, pointer, &mut |parent, name| {
                if let Some(value) = parent.get_mut(name).filter(|value| !value.is_string()) {
                    *value = Value::String(value.to_string());
                }
            });
        }
        self.apply_to_values(document);
        self.apply_to_resources(document);
        if self.numeric_status
            && let Some(status) = document.get_mut("status")
            && let Some(number) = status.as_str().and_then(|text| text.parse::<u16>().ok())
        {
            *status = Value::from(number);
        }
        if self.wrap {
            *document = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 1,
                "Resources": [document.take()],
            });
        }
        if let Some(inner) = self.unwrap.as_ref().and_then(|at| document.pointer(at)) {
            *document = inner.clone();
        }
    }
}

impl Edit {
    fn apply_to_values(&self, document: &mut Value) {
        for pointer in &self.number {
            at(document, pointer, &mut |parent, name| {
                if let Some(value) = parent.get_mut(name)
                    && let Some(number) = value.as_str().and_then(|text| text.parse::<i64>().ok())
                {
                    *value = Value::from(number);
                }
            });
        }
        for (pointer, count) in &self.truncate {
            if let Some(Value::Array(values)) = document.pointer_mut(pointer) {
                values.truncate(*count);
            }
        }
        for pointer in &self.reverse {
            if let Some(Value::Array(values)) = document.pointer_mut(pointer) {
                values.reverse();
            }
        }
        for (pointer, value) in &self.append {
            if let Some(Value::Array(values)) = document.pointer_mut(pointer) {
                values.push(value.clone());
            }
        }
    }

    fn apply_to_resources(&self, document: &mut Value) {
        let inside = |pointer: &str| format!("/Resources/*{pointer}");
        let is_list = document.get("Resources").is_some();
        for pointer in &self.remove_resource {
            let pointer = if is_list {
                inside(pointer)
            } else {
                pointer.clone()
            };
            remove(document, &pointer);
        }
        for (pointer, value) in &self.set_resource {
            let pointer = if is_list {
                inside(pointer)
            } else {
                pointer.clone()
            };
            set(document, &pointer, value);
        }
    }
}

fn field(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, value.parse().ok()?))
}

fn remove(document: &mut Value, pointer: &str) {
    at(document, pointer, &mut |parent, name| {
        if let Some(object) = parent.as_object_mut() {
            object.shift_remove(name);
        }
    });
}

fn set(document: &mut Value, pointer: &str, value: &Value) {
    at(document, pointer, &mut |parent, name| {
        if let Some(object) = parent.as_object_mut() {
            object.insert(name.to_owned(), value.clone());
        }
    });
}

/// Calls `change` with each parent that the pointer reaches and the name of its last segment.
fn at(value: &mut Value, pointer: &str, change: &mut dyn FnMut(&mut Value, &str)) {
    let Some(rest) = pointer.strip_prefix('/') else {
        return;
    };
    let Some((segment, below)) = rest.split_once('/') else {
        change(value, rest);
        return;
    };
    let below = format!("/{below}");
    if segment == "*" {
        match value {
            Value::Array(values) => values
                .iter_mut()
                .for_each(|inner| at(inner, &below, change)),
            Value::Object(members) => {
                members
                    .values_mut()
                    .for_each(|inner| at(inner, &below, change));
            }
            _ => {}
        }
    } else if let Some(inner) = value.get_mut(segment) {
        at(inner, &below, change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edit: &str, before: Value, after: &Value) {
        let edit: Edit = toml::from_str(edit).unwrap();
        let mut document = before;
        edit.apply_to_document(&mut document);
        assert_eq!(&document, after);
    }

    #[test]
    fn edits_reach_members_and_all_elements() {
        check(
            r#"remove = ["/meta/version", "/Resources/*/id"]"#,
            json!({"meta": {"version": 1, "created": 2}, "Resources": [{"id": 1, "a": 1}, {"id": 2}]}),
            &json!({"meta": {"created": 2}, "Resources": [{"a": 1}, {}]}),
        );
        check(
            r#"set = [["/new", true], ["/a/b", "x"], ["/c/d", 1]]"#,
            json!({"a": {}}),
            &json!({"a": {"b": "x"}, "new": true}),
        );
        check(
            r#"stringify = ["/active"]"#,
            json!({"active": true}),
            &json!({"active": "true"}),
        );
        check(
            r#"number = ["/Operations/*/status"]"#,
            json!({"Operations": [{"status": "200"}]}),
            &json!({"Operations": [{"status": 200}]}),
        );
        check(
            "truncate = [[\"/a\", 1]]\nappend = [[\"/a\", 3]]",
            json!({"a": [1, 2]}),
            &json!({"a": [1, 3]}),
        );
        check(
            r#"unwrap = "/Resources""#,
            json!({"Resources": [1]}),
            &json!([1]),
        );
    }
}
