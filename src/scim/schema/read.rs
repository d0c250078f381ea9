//! Reads schemas as servers serve them: what can be understood is kept, the rest is reported.

use std::collections::HashSet;

use serde_json::Value;

use super::{Attribute, DataType, Mutability, Returned, Schema, Uniqueness};
use crate::scim::resource::member;

/// Attributes of one schema, or sub-attributes of one attribute, that are read.
const MAX_ATTRIBUTES: usize = 10_000;

/// Something in a discovery document that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// JSON Pointer into the document.
    pub at: String,
    /// Lowercase fragment: what is wrong.
    pub message: String,
}

impl Schema {
    /// Reads one schema; absent where it has no `id` that could name it.
    pub fn read(document: &Value) -> (Option<Self>, Vec<Defect>) {
        let mut defects = Vec::new();
        let schema = read_schema(document, "", &mut defects);
        (schema, defects)
    }
}

impl Attribute {
    /// Reads one attribute definition; absent where it has no name.
    pub fn read(document: &Value) -> (Option<Self>, Vec<Defect>) {
        let mut defects = Vec::new();
        let attribute = read_attribute(document, "", &mut defects);
        (attribute, defects)
    }
}

pub(in crate::scim) fn read_schema(
    document: &Value,
    at: &str,
    defects: &mut Vec<Defect>,
) -> Option<Schema> {
    let mut reader = Reader {
        document,
        at,
        defects,
    };
    let Some(id) = reader.text("id") else {
        reader.defect("/id", "a schema has no id");
        return None;
    };
    let name = reader.text("name").unwrap_or_default();
    let attributes = reader.attributes("attributes");
    Some(Schema {
        id,
        name,
        attributes,
    })
}

fn read_attribute(document: &Value, at: &str, defects: &mut Vec<Defect>) -> Option<Attribute> {
    let mut reader = Reader {
        document,
        at,
        defects,
    };
    let Some(name) = reader.text("name") else {
        reader.defect("/name", "an attribute has no name");
        return None;
    };
    for needed in ["type", "multiValued"] {
        if reader.get(needed).is_none() {
            reader.defect(&format!("/{needed}"), "is missing");
        }
    }
    let unclear = !reader.is_keyword("type", &DATA_TYPES) || !reader.is_flag("multiValued");
    let data_type = reader.keyword("type", &DATA_TYPES);
    let sub_attributes = reader.attributes("subAttributes");
    if data_type == DataType::Complex && sub_attributes.is_empty() {
        reader.defect(
            "/subAttributes",
            "a complex attribute has no sub-attributes",
        );
    }
    Some(Attribute {
        name,
        data_type,
        multi_valued: reader.flag("multiValued"),
        required: reader.flag("required"),
        case_exact: reader.flag("caseExact"),
        mutability: reader.keyword("mutability", &MUTABILITY),
        returned: reader.keyword("returned", &RETURNED),
        uniqueness: reader.keyword("uniqueness", &UNIQUENESS),
        canonical_values: reader.texts("canonicalValues"),
        reference_types: reader.texts("referenceTypes"),
        sub_attributes,
        unclear,
    })
}

const DATA_TYPES: [(&str, DataType); 8] = [
    ("string", DataType::String),
    ("boolean", DataType::Boolean),
    ("decimal", DataType::Decimal),
    ("integer", DataType::Integer),
    ("dateTime", DataType::DateTime),
    ("binary", DataType::Binary),
    ("reference", DataType::Reference),
    ("complex", DataType::Complex),
];

const MUTABILITY: [(&str, Mutability); 4] = [
    ("readOnly", Mutability::ReadOnly),
    ("readWrite", Mutability::ReadWrite),
    ("immutable", Mutability::Immutable),
    ("writeOnly", Mutability::WriteOnly),
];

const RETURNED: [(&str, Returned); 4] = [
    ("always", Returned::Always),
    ("never", Returned::Never),
    ("default", Returned::Default),
    ("request", Returned::Request),
];

const UNIQUENESS: [(&str, Uniqueness); 3] = [
    ("none", Uniqueness::None),
    ("server", Uniqueness::Server),
    ("global", Uniqueness::Global),
];

/// One object of a discovery document, its place, and where its defects go.
struct Reader<'a> {
    document: &'a Value,
    at: &'a str,
    defects: &'a mut Vec<Defect>,
}

impl<'a> Reader<'a> {
    fn defect(&mut self, below: &str, message: impl Into<String>) {
        self.defects.push(Defect {
            at: format!("{}{below}", self.at),
            message: message.into(),
        });
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        member(self.document, name).filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::String(_) => None,
            _ => {
                self.defect(&format!("/{name}"), "is no string");
                None
            }
        }
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                self.defect(&format!("/{name}"), "is no boolean");
                other
                    .as_str()
                    .is_some_and(|text| text.eq_ignore_ascii_case("true"))
            }
        }
    }

    /// Whether something stands there that can be read as a flag.
    fn is_flag(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(_)) => true,
            Some(Value::String(text)) => ["true", "false"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(text)),
            _ => false,
        }
    }

    /// Whether something stands there that can be read as one of these keywords.
    fn is_keyword<T>(&self, name: &str, keywords: &[(&str, T)]) -> bool {
        let text = self.get(name).and_then(Value::as_str);
        text.is_some_and(|text| {
            keywords
                .iter()
                .any(|(keyword, _)| keyword.eq_ignore_ascii_case(text))
        })
    }

    fn keyword<T: Copy + Default>(&mut self, name: &str, keywords: &[(&str, T)]) -> T {
        let Some(text) = self.text(name) else {
            return T::default();
        };
        let known = keywords
            .iter()
            .find(|(keyword, _)| keyword.eq_ignore_ascii_case(&text));
        let Some((keyword, value)) = known else {
            let message = format!("“{text}” is no known keyword");
            self.defect(&format!("/{name}"), message);
            return T::default();
        };
        if *keyword != text {
            let message = format!("is spelled “{text}”, not “{keyword}”");
            self.defect(&format!("/{name}"), message);
        }
        *value
    }

    fn items(&mut self, name: &str) -> &'a [Value] {
        match self.get(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.defect(&format!("/{name}"), "is no array");
                &[]
            }
        }
    }

    fn texts(&mut self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for (i, item) in self.items(name).iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(String::from(text)),
                None => self.defect(&format!("/{name}/{i}"), "is no string"),
            }
        }
        texts
    }

    fn attributes(&mut self, name: &str) -> Vec<Attribute> {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut seen = HashSet::new();
        for (i, item) in self.items(name).iter().enumerate() {
            if attributes.len() == MAX_ATTRIBUTES {
                self.defect(
                    &format!("/{name}/{i}"),
                    "is one attribute too many to be read",
                );
                break;
            }
            let at = format!("{}/{name}/{i}", self.at);
            let Some(attribute) = read_attribute(item, &at, self.defects) else {
                continue;
            };
            if seen.insert(attribute.name.to_ascii_lowercase()) {
                attributes.push(attribute);
            } else {
                let message = format!("“{}” is defined twice", attribute.name);
                self.defect(&format!("/{name}/{i}/name"), message);
            }
        }
        attributes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_what_it_understands_and_reports_the_rest() {
        let document = json!({"ID": "urn:x:A", "attributes": [
            {"name": "a", "type": "String", "multiValued": "true"},
            {"name": "b", "type": "money", "multiValued": false, "mutability": "never"},
            {"type": "string"},
            {"name": "A", "type": "string", "multiValued": false},
            {"name": "c", "type": "complex", "multiValued": false, "subAttributes": {}},
            7,
        ]});
        let (schema, defects) = Schema::read(&document);
        let schema = schema.unwrap();
        assert_eq!(schema.id, "urn:x:A");
        assert!(schema.attribute("A").unwrap().multi_valued);
        assert_eq!(schema.attributes.len(), 3);
        let unclear: Vec<_> = schema.attributes.iter().map(|it| it.unclear).collect();
        assert_eq!(unclear, [false, true, false]);
        let seen: Vec<_> = defects
            .iter()
            .map(|it| (it.at.as_str(), it.message.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("/attributes/0/type", "is spelled “String”, not “string”"),
                ("/attributes/0/multiValued", "is no boolean"),
                ("/attributes/1/type", "“money” is no known keyword"),
                ("/attributes/1/mutability", "“never” is no known keyword"),
                ("/attributes/2/name", "an attribute has no name"),
                ("/attributes/3/name", "“A” is defined twice"),
                ("/attributes/4/subAttributes", "is no array"),
                (
                    "/attributes/4/subAttributes",
                    "a complex attribute has no sub-attributes"
                ),
                ("/attributes/5/name", "an attribute has no name"),
            ]
        );
        assert_eq!(Schema::read(&json!([])).0, None);
    }
}
