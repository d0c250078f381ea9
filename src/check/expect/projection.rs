//! `projection`: which attributes a resource shows (RFC 7644 §3.9, §3.10).

use serde_json::Value;

use super::{
    ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, lint_texts, texts, wrong,
};
use crate::check::equality::unassigned;
use crate::check::place::{brief, clip, escape};
use crate::check::subject::{self, Found};
use crate::check::typing;
use crate::scim::filter::AttributePath;
use crate::scim::path::{self, Path};
use crate::scim::resource::get;
use crate::scim::schema::{Returned, SchemaSet};
use crate::scim::urn;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "projection"
    }

    fn doc(&self) -> &'static str {
        "The resource, or each of a list, shows only these attributes, and none of those: \
         `{ only: [userName, name.givenName], without: [emails] }`. id, schemas and what the schema returns always may stand beside. \
         meta beside (A02), siblings of a sub-attribute (D29) and an excluded sub-attribute (D37) are tolerated deviations."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_keys(argument, &["only", "without"])?;
        if argument.as_object().is_some_and(serde_json::Map::is_empty) {
            return Err(wrong("", "it names neither only nor without", ""));
        }
        for (key, names) in argument.as_object().into_iter().flatten() {
            lint_texts(names, &format!("/{key}"))?;
            for name in texts(names) {
                if attribute(name).is_none() && !name.contains("{{") {
                    return Err(wrong(
                        &format!("/{key}"),
                        format!("{name:?} is no attribute"),
                        "",
                    ));
                }
            }
        }
        Ok(())
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        if let Err(judgement) = subject::success_body(exchange) {
            return judgement;
        }
        let resources = subject::resources(exchange);
        if resources.is_empty() {
            return Judgement::Inapplicable("the answer holds no resource".to_owned());
        }
        let paths = |key: &str| -> Option<Vec<AttributePath>> {
            let names = argument.get(key)?;
            Some(texts(names).into_iter().filter_map(attribute).collect())
        };
        let (only, without) = (paths("only"), paths("without").unwrap_or_default());
        let mut milder = Judgement::Held;
        for found in &resources {
            let set = typing::schema_set(found.resource, context.capabilities)
                .or_else(|| set_at(exchange, context));
            let judged = judge_without(&without, found)
                .or_else(|| judge_only(only.as_deref()?, found, set.as_ref()));
            match judged {
                Some(broken @ Judgement::Broken(_)) => return broken,
                Some(tolerated) if milder == Judgement::Held => milder = tolerated,
                _ => {}
            }
        }
        milder
    }
}

fn attribute(name: &str) -> Option<AttributePath> {
    match path::parse_known::<&str>(name, &[]) {
        Ok(Path::Attribute(path)) => Some(path),
        _ => None,
    }
}

fn set_at(exchange: &Exchange, context: &Context<'_>) -> Option<SchemaSet> {
    let resource_type = context
        .capabilities
        .resource_type_at(&exchange.request.path)?;
    context.capabilities.schema_set(&resource_type.name)
}

fn judge_without(excluded: &[AttributePath], found: &Found<'_>) -> Option<Judgement> {
    excluded.iter().find_map(|path| {
        let value = get(found.resource, path).into_iter().next()?;
        let at = format!("{}/{}", found.at, pointer(path));
        let judgement = Judgement::broken(at, "nothing", brief(value));
        Some(if path.sub.is_some() {
            judgement.tolerated("D37")
        } else {
            judgement
        })
    })
}

/// The path as a pointer, the container of an extension included where it has one.
fn pointer(path: &AttributePath) -> String {
    let container = path
        .urn
        .as_ref()
        .filter(|urn| urn.contains(":extension:"))
        .map(|urn| format!("{}/", escape(urn)));
    let sub = path.sub.as_ref().map(|sub| format!("/{sub}"));
    format!(
        "{}{}{}",
        container.unwrap_or_default(),
        path.name,
        sub.unwrap_or_default()
    )
}

fn judge_only(
    only: &[AttributePath],
    found: &Found<'_>,
    set: Option<&SchemaSet>,
) -> Option<Judgement> {
    let mut milder = None;
    for (name, value) in found.resource.as_object().into_iter().flatten() {
        if unassigned(Some(value)) {
            continue;
        }
        let judged = if urn::is_urn(name) {
            judge_container(only, found, name, value, set)
        } else {
            judge_member(only, found, name, value, set)
        };
        match judged {
            Some(broken @ Judgement::Broken(_)) => return Some(broken),
            Some(tolerated) => milder = milder.or(Some(tolerated)),
            None => {}
        }
    }
    milder
}

fn judge_member(
    only: &[AttributePath],
    found: &Found<'_>,
    name: &str,
    value: &Value,
    set: Option<&SchemaSet>,
) -> Option<Judgement> {
    let at = format!("{}/{}", found.at, escape(name));
    let is_core = |path: &&AttributePath| {
        path.name.eq_ignore_ascii_case(name)
            && path
                .urn
                .as_ref()
                .is_none_or(|urn| !urn.contains(":extension:"))
    };
    let asked: Vec<&AttributePath> = only.iter().filter(is_core).collect();
    let definition = set.and_then(|set| set.attribute(name));
    let always = definition.is_some_and(|it| it.returned == Returned::Always);
    if always || ["id", "schemas"].contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    if asked.is_empty() {
        let has_always = definition.is_some_and(|it| {
            it.sub_attributes
                .iter()
                .any(|sub| sub.returned == Returned::Always)
        });
        if has_always {
            return None;
        }
        let judgement = Judgement::broken(at, expected(only), brief(value));
        let is_meta = name.eq_ignore_ascii_case("meta");
        return Some(if is_meta {
            judgement.tolerated("A02")
        } else {
            judgement
        });
    }
    if asked.iter().any(|path| path.sub.is_none()) {
        return None;
    }
    let is_asked = |sub: &str| {
        asked.iter().any(|path| {
            path.sub
                .as_ref()
                .is_some_and(|name| name.eq_ignore_ascii_case(sub))
        }) || definition
            .and_then(|it| it.sub(sub))
            .is_some_and(|it| it.returned == Returned::Always)
    };
    let items = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    let sibling = items
        .iter()
        .filter_map(Value::as_object)
        .flatten()
        .find(|(sub, inner)| !unassigned(Some(inner)) && !is_asked(sub))?;
    let judgement = Judgement::broken(
        format!("{at}/{}", escape(sibling.0)),
        expected(only),
        brief(sibling.1),
    );
    Some(judgement.tolerated("D29"))
}

fn judge_container(
    only: &[AttributePath],
    found: &Found<'_>,
    name: &str,
    value: &Value,
    set: Option<&SchemaSet>,
) -> Option<Judgement> {
    let schema = set.and_then(|set| set.extension(name));
    let is_whole =
        |path: &AttributePath| path.as_urn().is_some_and(|whole| urn::same(&whole, name));
    if only.iter().any(is_whole) {
        return None;
    }
    let is_asked = |attribute: &str| {
        only.iter().any(|path| {
            path.urn.as_ref().is_some_and(|urn| urn::same(urn, name))
                && path.name.eq_ignore_ascii_case(attribute)
        }) || schema
            .and_then(|schema| schema.attribute(attribute))
            .is_some_and(|it| it.returned == Returned::Always)
    };
    let (attribute, inner) = value
        .as_object()?
        .iter()
        .find(|(attribute, inner)| !unassigned(Some(inner)) && !is_asked(attribute))?;
    let at = format!("{}/{}/{}", found.at, escape(name), escape(attribute));
    Some(Judgement::broken(at, expected(only), brief(inner)))
}

fn expected(only: &[AttributePath]) -> String {
    let names: Vec<String> = only.iter().map(pointer).collect();
    clip(&format!("only {}", names.join(", ").replace('/', ".")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused, tolerated};
    use super::*;
    use crate::check::sample::Sample;

    fn shown(resource: &Value) -> Sample {
        Sample::get("/Users/1").body(resource)
    }

    #[test]
    fn only_what_was_asked_for_is_shown() {
        let only = json!({"only": ["userName", "name.givenName"]});
        let good = json!({"schemas": [urn::USER], "id": "1", "username": "b", "name": {"givenName": "B"}, "emails": []});
        held("projection", &only, shown(&good));
        held(
            "projection",
            &json!({"only": [format!("{}:userName", urn::USER)]}),
            shown(&json!({"id": "1", "userName": "b"})),
        );
        broken(
            "projection",
            &only,
            shown(&json!({"id": "1", "active": true})),
            "/active",
            "true",
        );
        tolerated(
            "projection",
            &only,
            shown(&json!({"id": "1", "meta": {"resourceType": "User"}})),
            "A02",
        );
        tolerated(
            "projection",
            &only,
            shown(&json!({"id": "1", "name": {"givenName": "B", "familyName": "J"}})),
            "D29",
        );
        let worse = json!({"id": "1", "meta": {"resourceType": "User"}, "active": true});
        broken("projection", &only, shown(&worse), "/active", "true");
    }

    #[test]
    fn extensions_are_asked_for_whole_or_by_attribute() {
        let enterprise = urn::ENTERPRISE_USER;
        let resource = json!({"id": "1", enterprise: {"department": "d"}});
        held(
            "projection",
            &json!({"only": [enterprise]}),
            shown(&resource),
        );
        held(
            "projection",
            &json!({"only": [format!("{enterprise}:department")]}),
            shown(&resource),
        );
        let at = format!("/{enterprise}/department");
        broken(
            "projection",
            &json!({"only": ["userName"]}),
            shown(&resource),
            &at,
            "\"d\"",
        );
        broken(
            "projection",
            &json!({"without": [format!("{enterprise}:department")]}),
            shown(&resource),
            &at,
            "\"d\"",
        );
    }

    #[test]
    fn what_was_excluded_is_not_shown() {
        let list = crate::check::sample::list(&[
            json!({"id": "1"}),
            json!({"id": "2", "emails": [{"value": "x"}]}),
        ]);
        let users = || Sample::get("/Users").body(&list);
        held("projection", &json!({"without": ["name"]}), users());
        broken(
            "projection",
            &json!({"without": ["emails"]}),
            users(),
            "/Resources/1/emails",
            "{\"value\":\"x\"}",
        );
        tolerated(
            "projection",
            &json!({"without": ["emails.value"]}),
            users(),
            "D37",
        );
        inapplicable(
            "projection",
            &json!({"without": ["emails"]}),
            Sample::get("/Users").body(&crate::check::sample::list(&[])),
        );
        refused("projection", &json!({}), "");
        refused("projection", &json!({"only": []}), "/only");
        refused("projection", &json!({"only": ["a b"]}), "/only");
        refused("projection", &json!({"onli": ["a"]}), "/onli");
    }
}
