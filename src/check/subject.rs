//! What of an exchange there is to judge: its response, its body, the resources in it.

use serde_json::Value;
use url::Url;

use super::place::clip;
use super::{Context, Judgement};
use crate::exchange::{Exchange, Failure, Response};
use crate::scim::resource::member;
use crate::scim::urn;

/// The complete response; otherwise the judgement that its absence means for an expectation.
///
/// Trouble that may be the path's leaves an expectation undecided. What the server provably sent
/// wrong on the wire is the finding of the invariant `wire`; there is nothing left to judge here.
pub fn response(exchange: &Exchange) -> Result<&Response, Judgement> {
    if let Some(response) = &exchange.response {
        return Ok(response);
    }
    Err(match &exchange.failure {
        Some(failure) if failure.kind.is_servers() => Judgement::Inapplicable(format!(
            "the response is unusable: {}",
            failure_text(failure)
        )),
        Some(failure) => Judgement::Undecided(failure_text(failure)),
        None => Judgement::Undecided("no response was recorded".to_owned()),
    })
}

/// A failure in brief.
pub(super) fn failure_text(failure: &Failure) -> String {
    clip(&failure.detail)
}

/// The response, if its status is a success; otherwise why there is nothing to judge.
pub fn success(exchange: &Exchange) -> Result<&Response, Judgement> {
    let response = response(exchange)?;
    if (200..300).contains(&response.status) {
        return Ok(response);
    }
    Err(Judgement::Inapplicable(format!(
        "the status is {}, no success",
        response.status
    )))
}

/// The JSON body of a successful response.
pub fn success_body(exchange: &Exchange) -> Result<&Value, Judgement> {
    success(exchange)?;
    body(exchange)
}

/// The JSON body of a response of any status; no body, or one that is no JSON, is a deviation.
pub fn body(exchange: &Exchange) -> Result<&Value, Judgement> {
    let response = response(exchange)?;
    if exchange.request.method == "HEAD" {
        return Err(Judgement::Inapplicable("HEAD has no body".to_owned()));
    }
    if let Some(json) = response.body.json.as_deref() {
        return Ok(json);
    }
    let actual = if response.body.length == 0 && response.body.text.is_empty() {
        "no body".to_owned()
    } else {
        clip(&response.body.text)
    };
    Err(Judgement::broken("response.body", "a JSON body", actual))
}

/// A resource in a response, with its pointer into the body.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Pointer of the resource: empty, or `/Resources/N`.
    pub at: String,
    /// The resource.
    pub resource: &'a Value,
}

/// The resources that a successful response carries: those of a list, or the body itself.
///
/// Messages that carry none (errors, bulk responses) and bodies that are no object give nothing.
pub fn resources(exchange: &Exchange) -> Vec<Found<'_>> {
    let Ok(body) = success_body(exchange) else {
        return Vec::new();
    };
    if is_list(body) {
        let items = member(body, "Resources").and_then(Value::as_array);
        return items
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(_, resource)| resource.is_object())
            .map(|(index, resource)| Found {
                at: format!("/Resources/{index}"),
                resource,
            })
            .collect();
    }
    if !body.is_object() || urn::listed(body, urn::ERROR) || urn::listed(body, urn::BULK_RESPONSE) {
        return Vec::new();
    }
    vec![Found {
        at: String::new(),
        resource: body,
    }]
}

/// Whether a body is a ListResponse, or is built like one.
pub fn is_list(body: &Value) -> bool {
    urn::listed(body, urn::LIST_RESPONSE)
        || (member(body, "Resources").is_some() && member(body, "totalResults").is_some())
}

/// Whether the request restricted the attributes that come back.
pub fn is_projected(exchange: &Exchange) -> bool {
    let named = |name: &str| {
        name.eq_ignore_ascii_case("attributes") || name.eq_ignore_ascii_case("excludedAttributes")
    };
    let in_query = exchange.request.query.iter().any(|(name, _)| named(name));
    let in_body = exchange
        .request
        .body
        .as_ref()
        .and_then(|body| body.json.as_deref());
    in_query
        || in_body
            .and_then(Value::as_object)
            .is_some_and(|body| is_search(exchange) && body.keys().any(|name| named(name)))
}

/// Whether the request is a query by POST.
pub fn is_search(exchange: &Exchange) -> bool {
    exchange.request.method == "POST" && exchange.request.path.ends_with("/.search")
}

/// The first segment of the path, decoded (`Users`); empty for the base.
pub fn endpoint(exchange: &Exchange) -> &str {
    let path = exchange.request.path.trim_start_matches('/');
    path.split(['/', '?']).next().unwrap_or_default()
}

/// Whether the request is for a discovery endpoint (RFC 7644 §4).
pub fn is_discovery(exchange: &Exchange) -> bool {
    ["ServiceProviderConfig", "ResourceTypes", "Schemas"]
        .iter()
        .any(|name| endpoint(exchange).eq_ignore_ascii_case(name))
}

/// Whether the request is for an endpoint of resources: one of the advertised types, the root, `/Me`.
pub fn is_resource_endpoint(exchange: &Exchange, context: &Context<'_>) -> bool {
    let endpoint = endpoint(exchange);
    endpoint.eq_ignore_ascii_case("Me")
        || endpoint == ".search"
        || (endpoint.is_empty() && exchange.request.method == "GET")
        || context
            .capabilities
            .resource_types
            .iter()
            .any(|it| it.endpoint.trim_matches('/').eq_ignore_ascii_case(endpoint))
}

/// A reference as an absolute URL, resolved against the base.
pub fn resolve(reference: &str, context: &Context<'_>) -> Option<Url> {
    let base = Url::parse(&format!("{}/", context.base_url)).ok()?;
    base.join(reference).ok()
}

/// Whether two URLs name the same resource: an API version segment (`/v2`) and the case of
/// percent-encoding do not count (RFC 7643 §2.4).
pub fn same_url(a: &Url, b: &Url) -> bool {
    a.origin() == b.origin() && segments(a) == segments(b)
}

fn segments(url: &Url) -> Vec<String> {
    url.path()
        .split('/')
        .filter(|segment| !segment.is_empty() && !is_version(segment))
        .map(|segment| {
            percent_encoding::percent_decode_str(segment)
                .decode_utf8_lossy()
                .into_owned()
        })
        .collect()
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix(['v', 'V']).is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The last segment of a URL's path, decoded.
pub fn last_segment(url: &Url) -> String {
    let last = url.path().trim_end_matches('/').rsplit('/').next();
    percent_encoding::percent_decode_str(last.unwrap_or_default())
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::sample::{self, Sample};

    #[test]
    fn urls_compare_without_their_version_segment() {
        let capabilities = sample::capabilities();
        let context = sample::context(&capabilities);
        for (a, b, expected) in [
            ("Users/1", "https://scim.example/v2/Users/1", true),
            (
                "https://scim.example/Users/1",
                "https://scim.example/v2/Users/1",
                true,
            ),
            (
                "https://scim.example/v2/Users/a%40b",
                "https://scim.example/v2/Users/a@b",
                true,
            ),
            (
                "https://other.example/v2/Users/1",
                "https://scim.example/v2/Users/1",
                false,
            ),
            (
                "https://scim.example/v2/Users/2",
                "https://scim.example/v2/Users/1",
                false,
            ),
        ] {
            let (a, b) = (resolve(a, &context).unwrap(), resolve(b, &context).unwrap());
            assert_eq!(same_url(&a, &b), expected, "{a} {b}");
        }
    }

    #[test]
    fn resources_are_found_in_lists_and_alone() {
        let list = json!({"totalResults": 2, "Resources": [{"id": "1"}, {"id": "2"}, 3]});
        for (body, status, expected) in [
            (json!({"id": "1"}), 200, vec![""]),
            (list.clone(), 200, vec!["/Resources/0", "/Resources/1"]),
            (list, 400, vec![]),
            (json!({"schemas": [urn::ERROR]}), 200, vec![]),
            (json!([1]), 200, vec![]),
        ] {
            let exchange = Sample::get("/Users").status(status).body(&body).build();
            let places: Vec<String> = resources(&exchange).into_iter().map(|it| it.at).collect();
            assert_eq!(places, expected, "{body}");
        }
    }

    #[test]
    fn a_projection_is_seen_in_query_and_search() {
        assert!(is_projected(
            &Sample::get("/Users")
                .query("excludedattributes", "x")
                .build()
        ));
        assert!(!is_projected(
            &Sample::get("/Users").query("filter", "x").build()
        ));
        let search = Sample::new("POST", "/Users/.search").sent(&json!({"attributes": ["id"]}));
        assert!(is_projected(&search.build()));
        let create = Sample::new("POST", "/Users").sent(&json!({"attributes": ["id"]}));
        assert!(!is_projected(&create.build()));
    }
}
