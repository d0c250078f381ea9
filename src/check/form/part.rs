//! What of an answer has a form: the messages and resources in it.

use serde_json::Value;

use super::{Forms, TypeForm, Violation, message_violations};
use crate::check::{Context, subject};
use crate::exchange::Exchange;
use crate::scim::capabilities::ResourceType;
use crate::scim::resource::member;
use crate::scim::to_json_schema::{Message, View};
use crate::scim::urn;

/// A message or resource in an answer.
#[derive(Debug)]
pub struct Part<'a> {
    /// Pointer of it in the body.
    pub at: String,
    /// Itself.
    pub value: &'a Value,
    /// What it is.
    pub subject: Subject<'a>,
    /// Whether it stands in the answer to a bulk request, where other invariants don't look.
    pub in_bulk: bool,
}

/// What a part is.
#[derive(Debug)]
pub enum Subject<'a> {
    /// A message or discovery resource.
    Message(Message),
    /// A resource of a type, as the request wanted to see it.
    Resource(&'a TypeForm, View),
}

impl Part<'_> {
    /// Where it is not as its schema says, places in the body.
    pub fn violations(&self) -> Vec<Violation> {
        let mut violations = match &self.subject {
            Subject::Message(message) => message_violations(*message, self.value),
            Subject::Resource(form, _) => form.violations(self.value),
        };
        for violation in &mut violations {
            violation.deviation.at.insert_str(0, &self.at);
        }
        violations
    }
}

/// The parts of an answer; none of what is no JSON object, nor of what can't be told.
pub fn parts<'a>(exchange: &'a Exchange, forms: &'a Forms, context: &Context<'_>) -> Vec<Part<'a>> {
    let (Ok(response), Ok(body)) = (subject::response(exchange), subject::body(exchange)) else {
        return Vec::new();
    };
    let finder = Finder {
        exchange,
        forms,
        context,
    };
    if !body.is_object() || !exchange.request.url.starts_with(context.base_url) {
        return Vec::new();
    }
    match response.status {
        200..=299 => finder.success(body),
        400.. if urn::listed(body, urn::ERROR) => vec![whole(body, Message::Error)],
        _ => Vec::new(),
    }
}

fn whole(body: &Value, message: Message) -> Part<'_> {
    part(String::new(), body, Subject::Message(message))
}

fn part<'a>(at: String, value: &'a Value, subject: Subject<'a>) -> Part<'a> {
    Part {
        at,
        value,
        subject,
        in_bulk: false,
    }
}

struct Finder<'a, 'b> {
    exchange: &'a Exchange,
    forms: &'a Forms,
    context: &'b Context<'b>,
}

impl<'a> Finder<'a, '_> {
    fn success(&self, body: &'a Value) -> Vec<Part<'a>> {
        if urn::listed(body, urn::BULK_RESPONSE) {
            return self.bulk(body);
        }
        let is_list = subject::is_list(body);
        let mut parts = Vec::new();
        if is_list {
            parts.push(whole(body, Message::ListResponse));
        }
        if subject::is_discovery(self.exchange) {
            let message = match subject::endpoint(self.exchange)
                .to_ascii_lowercase()
                .as_str()
            {
                "serviceproviderconfig" => Message::ServiceProviderConfig,
                "resourcetypes" => Message::ResourceType,
                _ => Message::Schema,
            };
            let found = subject::resources(self.exchange).into_iter();
            parts.extend(found.map(|it| part(it.at, it.resource, Subject::Message(message))));
        } else if subject::is_resource_endpoint(self.exchange, self.context) {
            for found in subject::resources(self.exchange) {
                let Some(form) = self.form(found.resource, &self.exchange.request.path) else {
                    continue;
                };
                let subject = Subject::Resource(form, view(self.exchange, form));
                parts.push(part(found.at, found.resource, subject));
            }
        }
        parts
    }

    /// A bulk response, and the resources and errors in its results.
    fn bulk(&self, body: &'a Value) -> Vec<Part<'a>> {
        let mut parts = vec![whole(body, Message::BulkResponse)];
        let results = member(body, "Operations").and_then(Value::as_array);
        for (index, result) in results.into_iter().flatten().enumerate() {
            let Some(value) = member(result, "response").filter(|value| value.is_object()) else {
                continue;
            };
            let subject = if urn::listed(value, urn::ERROR) {
                Subject::Message(Message::Error)
            } else {
                match self.form(value, "") {
                    Some(form) => Subject::Resource(form, View::whole().written()),
                    None => continue,
                }
            };
            parts.push(Part {
                at: format!("/Operations/{index}/response"),
                value,
                subject,
                in_bulk: true,
            });
        }
        parts
    }

    /// The form of a resource: that of the endpoint, else of the type that it names, else of its schemas.
    fn form(&self, resource: &Value, path: &str) -> Option<&'a TypeForm> {
        let capabilities = self.context.capabilities;
        let of_schemas = |it: &&ResourceType| urn::listed(resource, &it.schema);
        let resource_type = capabilities
            .resource_type_at(path)
            .or_else(|| {
                let name = member(member(resource, "meta")?, "resourceType")?.as_str()?;
                capabilities.resource_type(name)
            })
            .or_else(|| capabilities.resource_types.iter().find(of_schemas))?;
        self.forms.get(&resource_type.name)
    }
}

/// What a request wanted to see.
fn view(exchange: &Exchange, form: &TypeForm) -> View {
    let attributes = asked(exchange, "attributes");
    let excluded = asked(exchange, "excludedAttributes");
    let known: Vec<&str> = form.set.urns().collect();
    let view = View::projected(attributes.as_deref(), excluded.as_deref(), &known);
    if ["POST", "PUT", "PATCH"].contains(&exchange.request.method.as_str())
        && !subject::is_search(exchange)
    {
        view.written()
    } else {
        view
    }
}

/// The names in a parameter, of the query or of a search.
fn asked(exchange: &Exchange, parameter: &str) -> Option<Vec<String>> {
    let split = |text: &str| {
        text.split(',')
            .map(|name| name.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let in_query = exchange.request.query.iter();
    let in_query = in_query.filter(|(name, _)| name.eq_ignore_ascii_case(parameter));
    let mut names: Option<Vec<String>> = None;
    for (_, value) in in_query {
        names.get_or_insert_default().extend(split(value));
    }
    if names.is_some() || !subject::is_search(exchange) {
        return names;
    }
    let body = exchange.request.body.as_ref()?.json.as_deref()?;
    match member(body, parameter)? {
        Value::Array(items) => {
            let items = items.iter().filter_map(Value::as_str);
            Some(items.map(String::from).collect())
        }
        Value::String(text) => Some(split(text)),
        _ => None,
    }
}
