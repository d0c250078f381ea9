//! Small exchanges to judge in tests.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::Context;
use super::form::Forms;
use crate::exchange::{Body, Exchange, Failure, FailureKind, Header, Request, Response, Timing};
use crate::scim::capabilities::{Capabilities, ResourceType};
use crate::scim::schema::{Attribute, DataType, Mutability, Returned, Schema};
use crate::scim::urn;

pub(crate) const BASE: &str = "https://scim.example/v2";

/// Builds an exchange step by step.
pub(crate) struct Sample(Exchange);

impl Sample {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self(Exchange {
            n: 1,
            case: "case".to_owned(),
            step: "step".to_owned(),
            request: Request {
                method: method.to_owned(),
                url: format!("{BASE}{path}"),
                path: path.to_owned(),
                ..Request::default()
            },
            response: Some(Response {
                status: 200,
                version: "HTTP/1.1".to_owned(),
                ..Response::default()
            }),
            failure: None,
            timing: Timing::default(),
        })
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.0
            .request
            .query
            .push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn sent(mut self, body: &Value) -> Self {
        self.0.request.body = Some(json_body(body));
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.response().status = status;
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.response().headers.push(Header {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        self
    }

    /// A JSON body with the media type of SCIM, unless another was set before.
    pub(crate) fn body(mut self, body: &Value) -> Self {
        if self.response().header("content-type").is_none() {
            self = self.header("Content-Type", "application/scim+json");
        }
        self.response().body = json_body(body);
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.response().body = Body {
            length: text.len() as u64,
            text: text.to_owned(),
            ..Body::default()
        };
        self
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Response)) -> Self {
        change(self.response());
        self
    }

    pub(crate) fn failed(mut self, kind: FailureKind) -> Self {
        self.0.response = None;
        self.0.failure = Some(Failure {
            kind,
            detail: "it failed".to_owned(),
            status: None,
        });
        self
    }

    pub(crate) fn build(self) -> Exchange {
        self.0
    }

    fn response(&mut self) -> &mut Response {
        self.0.response.get_or_insert_default()
    }
}

fn json_body(value: &Value) -> Body {
    let text = value.to_string();
    Body {
        length: text.len() as u64,
        text,
        json: Some(Arc::new(value.clone())),
        ..Body::default()
    }
}

/// A user as a well-behaved service provider shows it.
pub(crate) fn user() -> Value {
    json!({
        "schemas": [urn::USER],
        "id": "2819",
        "userName": "bjensen",
        "active": true,
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "emails": [{"value": "b@example.com", "type": "work", "primary": true}],
        "meta": {
            "resourceType": "User",
            "created": "2026-01-01T00:00:00Z",
            "lastModified": "2026-01-01T00:00:00Z",
            "location": format!("{BASE}/Users/2819"),
            "version": "W/\"1\"",
        },
    })
}

/// A list of resources, complete.
pub(crate) fn list(resources: &[Value]) -> Value {
    json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

pub(crate) fn context(capabilities: &Capabilities) -> Context<'_> {
    static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::of(&self::capabilities()));
    Context {
        forms: Some(&FORMS),
        ..Context::new(capabilities, BASE)
    }
}

fn attribute(name: &str, data_type: DataType) -> Attribute {
    Attribute {
        name: name.to_owned(),
        data_type,
        multi_valued: false,
        required: false,
        case_exact: false,
        mutability: Mutability::default(),
        returned: Returned::default(),
        uniqueness: crate::scim::schema::Uniqueness::default(),
        canonical_values: Vec::new(),
        reference_types: Vec::new(),
        sub_attributes: Vec::new(),
        unclear: false,
    }
}

fn complex(name: &str, multi_valued: bool, sub_attributes: Vec<Attribute>) -> Attribute {
    Attribute {
        multi_valued,
        sub_attributes,
        ..attribute(name, DataType::Complex)
    }
}

/// Attributes of a User, one of each kind.
fn user_attributes() -> Vec<Attribute> {
    let value = |data_type| {
        vec![
            attribute("value", data_type),
            attribute("type", DataType::String),
            attribute("primary", DataType::Boolean),
        ]
    };
    let names = ["givenName", "familyName"];
    let names = names.map(|name| attribute(name, DataType::String));
    vec![
        Attribute {
            required: true,
            ..attribute("userName", DataType::String)
        },
        complex("name", false, names.to_vec()),
        attribute("displayName", DataType::String),
        attribute("active", DataType::Boolean),
        complex("emails", true, value(DataType::String)),
        complex("photos", true, value(DataType::Reference)),
        attribute("since", DataType::DateTime),
        attribute("age", DataType::Integer),
        Attribute {
            multi_valued: true,
            ..attribute("keys", DataType::Binary)
        },
        Attribute {
            mutability: Mutability::WriteOnly,
            returned: Returned::Never,
            ..attribute("password", DataType::String)
        },
        Attribute {
            mutability: Mutability::ReadOnly,
            ..attribute("rank", DataType::Integer)
        },
    ]
}

/// Capabilities with a User and its enterprise extension.
pub(crate) fn capabilities() -> Capabilities {
    Capabilities {
        etag: true,
        resource_types: vec![ResourceType {
            name: "User".to_owned(),
            endpoint: "/Users".to_owned(),
            schema: urn::USER.to_owned(),
            extensions: vec![(urn::ENTERPRISE_USER.to_owned(), false)],
        }],
        schemas: vec![
            Schema {
                id: urn::USER.to_owned(),
                name: "User".to_owned(),
                attributes: user_attributes(),
            },
            Schema {
                id: urn::ENTERPRISE_USER.to_owned(),
                name: "EnterpriseUser".to_owned(),
                attributes: vec![attribute("department", DataType::String)],
            },
        ],
        ..Capabilities::default()
    }
}
