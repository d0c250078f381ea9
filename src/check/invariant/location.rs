//! Locations: the Location header of a create, Content-Location, `meta.location` (RFC 7643 §3.1, RFC 7644 §3.3).

use serde_json::Value;
use url::Url;

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::place::{brief_or_absent, clip};
use crate::check::subject::Found;
use crate::exchange::Response;
use crate::scim::resource::member;

/// The invariant.
pub(super) struct Leaf;

const CREATED: &str = "rfc7644-3.3-create-names-the-location";
const SAME: &str = "rfc7644-3.3-location-header-equals-meta-location";
const META: &str = "rfc7643-3.1-meta-location-leads-to-the-resource";
const CONTENT: &str = "rfc7643-3.1-location-equals-content-location";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "location"
    }

    fn title(&self) -> &'static str {
        "Every location names the resource that it stands for"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[CREATED, SAME, META, CONTENT]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let Ok(response) = subject::success(exchange) else {
            return Vec::new();
        };
        if !shows_resources(exchange, context) {
            return Vec::new();
        }
        let is_create = exchange.request.method == "POST" && response.status == 201;
        let resources = subject::resources(exchange);
        let single = resources.iter().find(|found| found.at.is_empty());
        let stated = single.and_then(|found| meta_location(found.resource));
        if is_create {
            judge_create(response, single, stated, context, &mut judged);
        }
        for found in &resources {
            judge_meta(found, exchange, context, &mut judged);
        }
        if let (Some(header), Some(stated)) = (response.header("content-location"), stated) {
            let same = same(header, stated, context);
            judged.judge(
                CONTENT,
                (!same).then(|| Judgement::broken("/meta/location", clip(header), clip(stated))),
            );
        }
        judged.into_vec()
    }
}

fn meta_location(resource: &Value) -> Option<&str> {
    member(member(resource, "meta")?, "location")?.as_str()
}

fn same(a: &str, b: &str, context: &Context<'_>) -> bool {
    match (subject::resolve(a, context), subject::resolve(b, context)) {
        (Some(a), Some(b)) => subject::same_url(&a, &b),
        _ => false,
    }
}

fn judge_create(
    response: &Response,
    single: Option<&Found<'_>>,
    stated: Option<&str>,
    context: &Context<'_>,
    judged: &mut Judged,
) {
    let at = "response.header.location";
    let header = response.header("location");
    let location = header.and_then(|header| subject::resolve(header, context));
    let id = single.and_then(|found| member(found.resource, "id")?.as_str());
    let deviation = match (header, &location, id) {
        (Some(header), Some(url), Some(id)) if subject::last_segment(url) != id => Some(
            Judgement::broken(at, clip(&format!("a URI that ends in {id}")), clip(header)),
        ),
        (Some(header), Some(_), _) if is_relative(header) => {
            Some(Judgement::broken(at, "an absolute URI", clip(header)).tolerated("A04"))
        }
        (Some(_), Some(_), _) => None,
        (header, _, _) => {
            let actual = header.map_or_else(|| "absent".to_owned(), clip);
            Some(Judgement::broken(at, "the URI of the new resource", actual))
        }
    };
    judged.judge(CREATED, deviation);
    if let (Some(header), Some(stated)) = (header, stated) {
        let same = same(header, stated, context);
        judged.judge(
            SAME,
            (!same).then(|| Judgement::broken(at, clip(stated), clip(header))),
        );
    }
}

/// `meta.location` is there, is a URI, ends in the id and stays on the target's origin.
fn judge_meta(found: &Found<'_>, exchange: &Exchange, context: &Context<'_>, judged: &mut Judged) {
    let at = format!("{}/meta/location", found.at);
    let meta = member(found.resource, "meta");
    let stated = meta
        .and_then(|meta| member(meta, "location"))
        .filter(|it| !it.is_null());
    if meta.is_none() || (stated.is_none() && subject::is_projected(exchange)) {
        return;
    }
    let text = stated.and_then(Value::as_str);
    let url = text.and_then(|text| subject::resolve(text, context));
    let (Some(text), Some(url)) = (text, url) else {
        let actual = brief_or_absent(stated);
        judged.add(
            META,
            Judgement::broken(at, "the URI of the resource", actual),
        );
        return;
    };
    let id = member(found.resource, "id").and_then(Value::as_str);
    let deviation = match id {
        Some(id) if subject::last_segment(&url) != id => Some(Judgement::broken(
            at,
            clip(&format!("a URI that ends in {id}")),
            clip(text),
        )),
        _ if is_elsewhere(&url, context) => Some(
            Judgement::broken(at, format!("a URI below {}", context.base_url), clip(text))
                .tolerated("F29"),
        ),
        _ if is_relative(text) => {
            Some(Judgement::broken(at, "an absolute URI", clip(text)).tolerated("A04"))
        }
        _ => None,
    };
    judged.judge(META, deviation);
}

fn is_relative(reference: &str) -> bool {
    Url::parse(reference).is_err()
}

fn is_elsewhere(url: &Url, context: &Context<'_>) -> bool {
    Url::parse(context.base_url).is_ok_and(|base| base.origin() != url.origin())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, BASE, Sample};

    fn located(location: Value) -> Value {
        let mut user = sample::user();
        user["meta"]["location"] = location;
        user
    }

    fn create(header: &str, user: &Value) -> Sample {
        Sample::new("POST", "/Users")
            .status(201)
            .header("Location", header)
            .body(user)
    }

    #[test]
    fn a_create_names_the_location() {
        let url = format!("{BASE}/Users/2819");
        held("location", create(&url, &sample::user()));
        let none = Sample::new("POST", "/Users")
            .status(201)
            .body(&sample::user());
        broken("location", none, &[(CREATED, "response.header.location")]);
        broken(
            "location",
            create("/v2/Users/2819", &sample::user()),
            &[(CREATED, "A04")],
        );
        let other = format!("{BASE}/Users/1");
        broken(
            "location",
            create(&other, &sample::user()),
            &[
                (CREATED, "response.header.location"),
                (SAME, "response.header.location"),
            ],
        );
        held(
            "location",
            Sample::new("POST", "/Users")
                .status(201)
                .header("Location", &url),
        );
    }

    #[test]
    fn meta_location_leads_to_the_resource() {
        let read = |location| Sample::get("/Users").body(&sample::list(&[located(location)]));
        let at = "/Resources/0/meta/location";
        held("location", read(json!("https://scim.example/Users/2819")));
        broken("location", read(json!("Users/2819")), &[(META, "A04")]);
        broken(
            "location",
            read(json!("https://other.example/v2/Users/2819")),
            &[(META, "F29")],
        );
        for wrong in [
            json!(null),
            json!(7),
            json!("https://scim.example/v2/Users"),
        ] {
            broken("location", read(wrong), &[(META, at)]);
        }
        let content = Sample::get("/Users/2819")
            .header("Content-Location", "/v2/Users/7")
            .body(&sample::user());
        broken("location", content, &[(CONTENT, "/meta/location")]);
        silent(
            "location",
            Sample::get("/Users/1")
                .query("attributes", "meta.created")
                .body(&json!({"id": "1", "meta": {}})),
        );
    }
}
