//! The ListResponse message (RFC 7644 §3.4.2, RFC 9865 §2): building it, reading what a server sends.

use serde_json::{Value, json};

use super::resource::member;
use super::urn;

/// A ListResponse to send.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListResponse {
    /// Number of all results.
    pub total_results: u64,
    /// Index of the first, from 1; absent with cursors.
    pub start_index: Option<u64>,
    /// Number on this page.
    pub items_per_page: Option<u64>,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
    /// Cursor of the page before.
    pub previous_cursor: Option<String>,
    /// The results; absent when none were asked for.
    pub resources: Option<Vec<Value>>,
}

impl ListResponse {
    /// One page of results that starts at an index from 1.
    pub fn page(total_results: u64, start_index: u64, resources: Vec<Value>) -> Self {
        Self {
            total_results,
            start_index: Some(start_index),
            items_per_page: Some(resources.len() as u64),
            resources: Some(resources),
            ..Self::default()
        }
    }

    /// The message as JSON.
    pub fn into_json(self) -> Value {
        let mut message = json!({
            "schemas": [urn::LIST_RESPONSE],
            "totalResults": self.total_results,
        });
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                message[name] = value;
            }
        };
        set("startIndex", self.start_index.map(Value::from));
        set("itemsPerPage", self.items_per_page.map(Value::from));
        set("nextCursor", self.next_cursor.map(Value::from));
        set("previousCursor", self.previous_cursor.map(Value::from));
        set("Resources", self.resources.map(Value::from));
        message
    }
}

/// What a server sent as ListResponse, as far as it is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListView<'a> {
    /// `schemas` lists the ListResponse message.
    pub has_schema: bool,
    /// `totalResults`, where it is a count.
    pub total_results: Option<u64>,
    /// `startIndex`, where it is a count.
    pub start_index: Option<u64>,
    /// `itemsPerPage`, where it is a count.
    pub items_per_page: Option<u64>,
    /// `nextCursor`.
    pub next_cursor: Option<&'a str>,
    /// `previousCursor`.
    pub previous_cursor: Option<&'a str>,
    /// `Resources` is present and an array.
    pub has_resources: bool,
    /// The results; empty where there are none.
    pub resources: &'a [Value],
    /// Names of members that are present with a value of the wrong type.
    pub wrong: Vec<&'static str>,
}

impl<'a> ListView<'a> {
    /// Reads a body; absent where it is no JSON object. Member names compare without case.
    pub fn read(body: &'a Value) -> Option<Self> {
        body.as_object()?;
        let mut wrong = Vec::new();
        let mut count = |name| {
            let value = assigned(body, name)?;
            let count = value.as_u64();
            if count.is_none() {
                wrong.push(name);
            }
            count
        };
        let total_results = count("totalResults");
        let start_index = count("startIndex");
        let items_per_page = count("itemsPerPage");
        let mut text = |name| {
            let value = assigned(body, name)?;
            let text = value.as_str();
            if text.is_none() {
                wrong.push(name);
            }
            text
        };
        let next_cursor = text("nextCursor");
        let previous_cursor = text("previousCursor");
        let resources = assigned(body, "Resources");
        let array = resources.and_then(Value::as_array);
        if resources.is_some() && array.is_none() {
            wrong.push("Resources");
        }
        Some(Self {
            has_schema: urn::listed(body, urn::LIST_RESPONSE),
            total_results,
            start_index,
            items_per_page,
            next_cursor,
            previous_cursor,
            has_resources: array.is_some(),
            resources: array.map_or(&[], Vec::as_slice),
            wrong,
        })
    }

    /// The `id` of each result that has one.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.resources
            .iter()
            .filter_map(|resource| member(resource, "id")?.as_str())
    }
}

fn assigned<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    member(body, name).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_reads_back() {
        let resources = vec![json!({"id": "1"}), json!({"id": "2"})];
        let message = ListResponse::page(7, 3, resources).into_json();
        let view = ListView::read(&message).unwrap();
        assert!(view.has_schema && view.has_resources && view.wrong.is_empty());
        assert_eq!(view.total_results, Some(7));
        assert_eq!(view.start_index, Some(3));
        assert_eq!(view.items_per_page, Some(2));
        assert_eq!(view.ids().collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn reads_what_servers_send() {
        let body =
            json!({"totalresults": "7", "startIndex": null, "resources": {}, "nextCursor": 1});
        let view = ListView::read(&body).unwrap();
        assert_eq!(view.wrong, ["totalResults", "nextCursor", "Resources"]);
        assert_eq!((view.total_results, view.start_index), (None, None));
        assert!(!view.has_resources && view.resources.is_empty());
        assert_eq!(ListView::read(&json!("x")), None);
    }
}
