//! Edits of a reply, as data: status, header fields, places in the document.

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::pointer::{at, each, put, remove};
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
    /// Pointers (see [`super::pointer`]) of members that go.
    remove: Vec<String>,
    /// Pointers and what is put there; a last segment that names no member is added.
    set: Vec<(String, Value)>,
    /// Pointers of values that become strings.
    stringify: Vec<String>,
    /// Pointers of members and the name that they get.
    rename: Vec<(String, String)>,
    /// Pointers of texts and what they become; `{}` stands for the text as it was.
    rewrite: Vec<(String, String)>,
    /// Pointers of arrays, or of objects, and what is added to them.
    append: Vec<(String, Value)>,
    /// Pointers of arrays whose elements then all stand twice.
    repeat: Vec<String>,
    /// Pointers of arrays of one element that become that element.
    single: Vec<String>,
    /// Pointers of values that become arrays of one element.
    listed: Vec<String>,
    /// Pointers of texts that lose their letter case.
    lower: Vec<String>,
    /// Pointers of texts that are put into capitals.
    upper: Vec<String>,
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
    /// Pointers of arrays whose order is turned round.
    reverse: Vec<String>,
    /// The document becomes an Error of this status that says this.
    refuse: Option<(u16, String)>,
    /// The `scimType` of that Error.
    label: Option<String>,
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
            let mut error = Problem::new(*status, detail.as_str()).body();
            if let Some(keyword) = &self.label {
                error["scimType"] = Value::from(keyword.as_str());
            }
            reply.body = Content::Document(error);
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

    /// Applies what there is to do in the document.
    pub(super) fn apply_to_document(&self, document: &mut Value) {
        for pointer in &self.remove {
            at(document, pointer, &mut remove);
        }
        for (pointer, value) in &self.set {
            at(document, pointer, &mut |parent, last| {
                put(parent, last, value);
            });
        }
        for pointer in &self.remove_resource {
            at(document, &format!("@{pointer}"), &mut remove);
        }
        for (pointer, value) in &self.set_resource {
            at(document, &format!("@{pointer}"), &mut |parent, last| {
                put(parent, last, value);
            });
        }
        self.reshape(document);
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

    /// Gives values another form.
    fn reshape(&self, document: &mut Value) {
        for pointer in &self.stringify {
            each(document, pointer, &mut |value| {
                if !value.is_string() {
                    *value = Value::String(value.to_string());
                }
            });
        }
        for pointer in &self.number {
            each(document, pointer, &mut |value| {
                if let Some(number) = value.as_str().and_then(|text| text.parse::<i64>().ok()) {
                    *value = Value::from(number);
                }
            });
        }
        for (pointer, count) in &self.truncate {
            each(document, pointer, &mut |value| {
                if let Value::Array(values) = value {
                    values.truncate(*count);
                }
            });
        }
        self.reword(document);
        self.regroup(document);
    }

    /// Gives members other names, and texts other wording.
    fn reword(&self, document: &mut Value) {
        for (pointer, name) in &self.rename {
            at(document, pointer, &mut |parent, last| {
                if let Some(object) = parent.as_object_mut()
                    && let Some(value) = object.shift_remove(last)
                {
                    object.insert(name.clone(), value);
                }
            });
        }
        for (pointer, template) in &self.rewrite {
            each(document, pointer, &mut |value| {
                if let Value::String(text) = value {
                    *text = template.replace("{}", text);
                }
            });
        }
        for pointer in &self.lower {
            each(document, pointer, &mut |value| {
                if let Value::String(text) = value {
                    *text = text.to_lowercase();
                }
            });
        }
        for pointer in &self.upper {
            each(document, pointer, &mut |value| {
                if let Value::String(text) = value {
                    *text = text.to_uppercase();
                }
            });
        }
    }

    /// Adds to arrays and objects, and takes apart arrays.
    fn regroup(&self, document: &mut Value) {
        for (pointer, more) in &self.append {
            each(document, pointer, &mut |value| match (value, more) {
                (Value::Array(values), more) => values.push(more.clone()),
                (Value::Object(members), Value::Object(more)) => members.extend(more.clone()),
                _ => {}
            });
        }
        for pointer in &self.reverse {
            each(document, pointer, &mut |value| {
                if let Value::Array(values) = value {
                    values.reverse();
                }
            });
        }
        for pointer in &self.repeat {
            each(document, pointer, &mut |value| {
                if let Value::Array(values) = value {
                    values.extend(values.clone());
                }
            });
        }
        for pointer in &self.single {
            each(document, pointer, &mut |value| {
                if let Value::Array(values) = value
                    && let [only] = values.as_mut_slice()
                {
                    *value = only.take();
                }
            });
        }
        for pointer in &self.listed {
            each(document, pointer, &mut |value| {
                *value = Value::Array(vec![value.take()]);
            });
        }
    }
}

fn field(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, value.parse().ok()?))
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

    #[test]
    fn values_get_another_form() {
        check(
            r#"rename = [["@/userName", "user_name"]]"#,
            json!({"Resources": [{"userName": "a"}]}),
            &json!({"Resources": [{"user_name": "a"}]}),
        );
        check(
            r#"rewrite = [["/a", "<{}>"]]"#,
            json!({"a": "x"}),
            &json!({"a": "<x>"}),
        );
        check(
            r#"append = [["/a", 2], ["/b", { d = 1 }]]"#,
            json!({"a": [1], "b": {"c": 0}}),
            &json!({"a": [1, 2], "b": {"c": 0, "d": 1}}),
        );
        check(
            "repeat = [\"/a\"]\nsingle = [\"/b\"]\nlisted = [\"/c\"]\nlower = [\"/d\"]",
            json!({"a": [1], "b": [1], "c": 1, "d": "Ä"}),
            &json!({"a": [1, 1], "b": 1, "c": [1], "d": "ä"}),
        );
    }
}
