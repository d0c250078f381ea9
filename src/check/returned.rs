//! Whether the target's schemas say that a value need not be where it is looked for (RFC 7643 §7, `returned`).
//!
//! Never judges; says why there is nothing to judge.

use serde_json::Value;

use super::equality::unassigned;
use super::{Context, matcher, place, subject};
use crate::exchange::Exchange;
use crate::scim::resource::member;
use crate::scim::schema::Returned;

/// Why a place that does not fit its matcher breaks no promise: the attribute is missing and returned on request only,
/// or it is there under a projection and always returned.
pub(super) fn explains(
    pointer: &str,
    matcher: &Value,
    body: &Value,
    exchange: &Exchange,
    context: &Context<'_>,
) -> Option<String> {
    let places = place::select(body, pointer);
    let fits = |place: &place::Place<'_>| matcher::fits(matcher, place.value).is_ok();
    if places.iter().all(fits) {
        return None;
    }
    let path = attribute(pointer)?;
    let kind = context
        .capabilities
        .resource_type_at(&exchange.request.path)?;
    let returned = |path: &str| {
        let attribute = context.capabilities.attribute(&kind.name, path)?;
        Some(attribute.returned)
    };
    let top = path.rsplit_once('.').map_or(path.as_str(), |(top, _)| top);
    let missing = places.iter().all(|place| unassigned(place.value));
    let wanted = !matcher::allows_absence(matcher);
    if missing && wanted {
        let on_request = [top, path.as_str()]
            .into_iter()
            .find(|path| returned(path) == Some(Returned::Request))?;
        return (!asks_for(exchange, top))
            .then(|| format!("the target returns {on_request} on request only"));
    }
    let always =
        !wanted && subject::is_projected(exchange) && returned(&path) == Some(Returned::Always);
    always.then(|| format!("the target always returns {path}"))
}

/// The attribute that a pointer leads to, as a path: `emails.type` of `/Resources/0/emails/*/type`.
fn attribute(pointer: &str) -> Option<String> {
    let segments = pointer.split('/').skip(1);
    let segments = segments.map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    let is_index = |segment: &String| segment == "*" || segment.parse::<usize>().is_ok();
    let mut names = segments.filter(|segment| !is_index(segment));
    let mut first = names.next()?;
    if first.eq_ignore_ascii_case("Resources") {
        first = names.next()?;
    }
    if first.to_ascii_lowercase().starts_with("urn:") {
        first = format!("{first}:{}", names.next()?);
    }
    Some(match names.next() {
        None => first,
        Some(sub) => format!("{first}.{sub}"),
    })
}

/// Whether the request names the attribute, or a part of it, among those that it wants.
fn asks_for(exchange: &Exchange, name: &str) -> bool {
    let wanted = |text: &str| {
        text.split(',').any(|one| {
            one.trim()
                .to_ascii_lowercase()
                .contains(&name.to_ascii_lowercase())
        })
    };
    let request = &exchange.request;
    let in_query = request
        .query
        .iter()
        .any(|(key, value)| key.eq_ignore_ascii_case("attributes") && wanted(value));
    let message = request.body.as_ref().and_then(|body| body.json.as_deref());
    let in_search = message
        .filter(|_| subject::is_search(exchange))
        .and_then(|message| member(message, "attributes"))
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().filter_map(Value::as_str).any(wanted));
    in_query || in_search
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::scim::capabilities::Capabilities;

    fn capabilities() -> Capabilities {
        let mut capabilities = Capabilities::rfc();
        let attributes = capabilities
            .schemas
            .iter_mut()
            .flat_map(|schema| &mut schema.attributes);
        for attribute in attributes {
            match attribute.name.as_str() {
                "emails" | "department" => attribute.returned = Returned::Request,
                "displayName" => attribute.returned = Returned::Always,
                _ => {}
            }
        }
        capabilities
    }

    #[test]
    fn the_schema_explains_what_is_missing_or_too_much() {
        let capabilities = capabilities();
        let check = |sample: Sample, pointer: &str, matcher: Value, expected: bool| {
            let exchange = sample.build();
            let body = subject::success_body(&exchange).unwrap().clone();
            let context = sample::context(&capabilities);
            let why = explains(pointer, &matcher, &body, &exchange, &context);
            assert_eq!(why.is_some(), expected, "{pointer} {matcher} {why:?}");
        };
        let bare = json!({"id": "1", "displayName": "Babs", "nickName": "B"});
        let read = || Sample::get("/Users/1").body(&bare);
        let named = |names: &str| {
            Sample::get("/Users/1")
                .query("attributes", names)
                .body(&bare)
        };
        let list = || Sample::get("/Users").body(&sample::list(std::slice::from_ref(&bare)));
        let set = || json!({"set": [{"value": "a@x"}]});
        check(read(), "/emails", set(), true);
        check(list(), "/Resources/*/emails", set(), true);
        check(list(), "/Resources/0/emails", json!("present"), true);
        check(read(), "/emails/0/value", json!("a@x"), true);
        let department = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department";
        check(read(), department, json!("Sales"), true);
        check(read(), "/title", json!("Clerk"), false);
        check(read(), "/displayName", json!("Bob"), false);
        check(named("emails"), "/emails", set(), false);
        check(named("userName,EMAILS.value"), "/emails", set(), false);
        check(named("userName"), "/emails", set(), true);
        check(named("userName"), "/displayName", json!("absent"), true);
        check(read(), "/displayName", json!("absent"), false);
        check(named("userName"), "/nickName", json!("absent"), false);
    }
}
