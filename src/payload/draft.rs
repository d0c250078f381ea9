//! JSON with templates in its strings: bodies, changes and arguments before their captures are known.

use serde_json::Value;

use super::template::{MissingCapture, Names, Template, TemplateError};

/// A JSON value whose strings are templates; names of members stand for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Plain(Value),
    Text(Template),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Draft {
    /// Compiles a value.
    ///
    /// # Errors
    /// At the first string that is no template, with its JSON Pointer.
    pub fn parse(value: &Value) -> Result<Self, (String, TemplateError)> {
        compile(value, &mut String::new()).map(Self)
    }

    /// Fills in the names.
    ///
    /// # Errors
    /// Where a name has no value.
    pub fn render(&self, names: &(impl Names + ?Sized)) -> Result<Value, MissingCapture> {
        fill(&self.0, names)
    }

    /// The names in it, in order, repeated where they repeat.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        gather(&self.0, &mut names);
        names
    }
}

/// Fills in the names of a value whose strings are templates; a string that is no template stays as it is.
///
/// # Errors
/// Where a name has no value.
pub fn render(value: &Value, names: &(impl Names + ?Sized)) -> Result<Value, MissingCapture> {
    match value {
        Value::String(text) => match Template::parse(text) {
            Ok(template) => template.value(names),
            Err(_) => Ok(value.clone()),
        },
        Value::Array(items) => items
            .iter()
            .map(|item| render(item, names))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| Ok((key.clone(), render(member, names)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        plain => Ok(plain.clone()),
    }
}

fn compile(value: &Value, at: &mut String) -> Result<Node, (String, TemplateError)> {
    Ok(match value {
        Value::String(text) => {
            let template = Template::parse(text).map_err(|error| (at.clone(), error))?;
            match template.as_literal() {
                Some(_) => Node::Plain(value.clone()),
                None => Node::Text(template),
            }
        }
        Value::Array(items) => {
            let mut nodes = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                nodes.push(within(at, &index.to_string(), |at| compile(item, at))?);
            }
            if nodes.iter().all(|node| matches!(node, Node::Plain(_))) {
                Node::Plain(value.clone())
            } else {
                Node::Array(nodes)
            }
        }
        Value::Object(members) => {
            let mut nodes = Vec::with_capacity(members.len());
            for (key, member) in members {
                let token = key.replace('~', "~0").replace('/', "~1");
                nodes.push((key.clone(), within(at, &token, |at| compile(member, at))?));
            }
            if nodes.iter().all(|(_, node)| matches!(node, Node::Plain(_))) {
                Node::Plain(value.clone())
            } else {
                Node::Object(nodes)
            }
        }
        plain => Node::Plain(plain.clone()),
    })
}

fn within<T>(at: &mut String, token: &str, f: impl FnOnce(&mut String) -> T) -> T {
    let length = at.len();
    at.push('/');
    at.push_str(token);
    let result = f(at);
    at.truncate(length);
    result
}

fn fill(node: &Node, names: &(impl Names + ?Sized)) -> Result<Value, MissingCapture> {
    match node {
        Node::Plain(value) => Ok(value.clone()),
        Node::Text(template) => template.value(names),
        Node::Array(items) => items
            .iter()
            .map(|item| fill(item, names))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Node::Object(members) => members
            .iter()
            .map(|(key, member)| Ok((key.clone(), fill(member, names)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
    }
}

fn gather<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    match node {
        Node::Plain(_) => {}
        Node::Text(template) => names.extend(template.names()),
        Node::Array(items) => items.iter().for_each(|item| gather(item, names)),
        Node::Object(members) => members.iter().for_each(|(_, member)| gather(member, names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn strings_are_templates_and_everything_else_stands_for_itself() {
        let names = BTreeMap::from([("id".to_owned(), json!(7))]);
        let value = json!({"{{id}}": ["{{id}}", "a{{id}}", 1, null, {"b": true}]});
        let expected = json!({"{{id}}": [7, "a7", 1, null, {"b": true}]});
        assert_eq!(
            Draft::parse(&value).unwrap().render(&names).unwrap(),
            expected
        );
        assert_eq!(render(&value, &names).unwrap(), expected);
        let missing = Draft::parse(&json!(["{{no}}"]))
            .unwrap()
            .render(&names)
            .unwrap_err();
        assert_eq!(missing.to_string(), "`no` was not captured");
    }

    #[test]
    fn the_place_of_a_bad_template_is_a_pointer() {
        let (at, _) = Draft::parse(&json!({"a/b": [1, {"c": "{{"}]})).unwrap_err();
        assert_eq!(at, "/a~1b/1/c");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(|n| json!(n)),
            "[a-z{} ]{0,8}".prop_map(Value::String),
            Just(json!("{{id}}")),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map("[a-z/~]{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_compiled_draft_renders_as_the_value_does(value in any_json()) {
            let names = BTreeMap::from([("id".to_owned(), json!("x"))]);
            match Draft::parse(&value) {
                Ok(draft) => prop_assert_eq!(draft.render(&names), render(&value, &names)),
                Err((at, _)) => prop_assert!(value.pointer(&at).is_some_and(Value::is_string)),
            }
        }
    }
}
