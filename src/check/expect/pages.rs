//! `pages`: the pages of a walk, one by one and together.

use std::collections::HashSet;

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, wrong};
use crate::check::place::{brief_or_absent, clip};
use crate::check::{matcher, subject};
use crate::scim::resource::member;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "pages"
    }

    fn doc(&self) -> &'static str {
        "The pages that a `walk` went through: `{ at_least: 2, at_most: 5, size_at_most: 2, no_duplicates: true, same_total: true }`. \
         `size_at_most` bounds the resources of each page, `no_duplicates` forbids that an id stands on two places, \
         `same_total` that totalResults changes from page to page."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_keys(
            argument,
            &[
                "at_least",
                "at_most",
                "size_at_most",
                "no_duplicates",
                "same_total",
            ],
        )?;
        for (key, value) in argument.as_object().into_iter().flatten() {
            let good = match key.as_str() {
                "no_duplicates" | "same_total" => value.is_boolean(),
                _ => value.is_u64() || matcher::has_template(value),
            };
            if !good {
                return Err(wrong(
                    &format!("/{key}"),
                    format!("{value} does not fit"),
                    "",
                ));
            }
        }
        Ok(())
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        if let Err(judgement) = subject::success_body(exchange) {
            return judgement;
        }
        if context.pages.is_empty() {
            return Judgement::Inapplicable("no pages were walked".to_owned());
        }
        let pages: Vec<&Value> = context.pages.iter().filter_map(Exchange::json).collect();
        argument
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, wanted)| judge_key(key, wanted, &pages))
            .find(|judged| *judged != Judgement::Held)
            .unwrap_or(Judgement::Held)
    }
}

fn judge_key(key: &str, wanted: &Value, pages: &[&Value]) -> Judgement {
    let bound = wanted
        .as_u64()
        .map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
    match key {
        "at_least" if pages.len() < bound => number_of_pages("at least", wanted, pages.len()),
        "at_most" if pages.len() > bound => number_of_pages("at most", wanted, pages.len()),
        "size_at_most" => match pages.iter().position(|page| resources(page).len() > bound) {
            Some(page) => Judgement::broken(
                "/Resources",
                format!("at most {bound} resources on a page"),
                format!("{} on page {}", resources(pages[page]).len(), page + 1),
            ),
            None => Judgement::Held,
        },
        "no_duplicates" if wanted == &Value::Bool(true) => duplicates(pages),
        "same_total" if wanted == &Value::Bool(true) => totals(pages),
        _ => Judgement::Held,
    }
}

fn number_of_pages(bound: &str, wanted: &Value, actual: usize) -> Judgement {
    Judgement::broken(
        "",
        format!("{bound} {wanted} pages"),
        format!("{actual} pages"),
    )
}

fn resources(page: &Value) -> &[Value] {
    member(page, "Resources")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn duplicates(pages: &[&Value]) -> Judgement {
    let mut seen = HashSet::new();
    for (number, page) in pages.iter().enumerate() {
        for (index, resource) in resources(page).iter().enumerate() {
            let Some(id) = member(resource, "id").and_then(Value::as_str) else {
                continue;
            };
            if !seen.insert(id) {
                return Judgement::broken(
                    format!("/Resources/{index}/id"),
                    "each resource on one page only",
                    clip(&format!("{id} again on page {}", number + 1)),
                );
            }
        }
    }
    Judgement::Held
}

fn totals(pages: &[&Value]) -> Judgement {
    let total = |page: &Value| member(page, "totalResults").cloned();
    let first = pages.first().and_then(|page| total(page));
    for (number, page) in pages.iter().enumerate() {
        let other = total(page);
        if other != first {
            return Judgement::broken(
                "/totalResults",
                brief_or_absent(first.as_ref()),
                format!("{} on page {}", brief_or_absent(other.as_ref()), number + 1),
            );
        }
    }
    Judgement::Held
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{inapplicable, refused};
    use super::*;
    use crate::check::sample::{self, Sample};

    #[track_caller]
    fn check(argument: &Value, pages: &[&[&str]], totals: &[u64], expected: Option<&str>) {
        Leaf.lint(argument).unwrap();
        let pages: Vec<Exchange> = pages
            .iter()
            .zip(totals)
            .map(|(ids, total)| {
                let resources: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
                let mut page = sample::list(&resources);
                page["totalResults"] = json!(total);
                Sample::get("/Users").body(&page).build()
            })
            .collect();
        let capabilities = sample::capabilities();
        let context = Context {
            pages: &pages,
            ..sample::context(&capabilities)
        };
        let actual = match Leaf.judge(argument, &pages[0], &context) {
            Judgement::Held => None,
            Judgement::Broken(deviation) => Some(deviation.actual),
            other => panic!("{other:?}"),
        };
        assert_eq!(actual.as_deref(), expected, "{argument}");
    }

    #[test]
    fn a_walk_is_judged_page_by_page() {
        let whole: &[&[&str]] = &[&["1", "2"], &["3"]];
        let all = json!({"at_least": 2, "at_most": 2, "size_at_most": 2, "no_duplicates": true, "same_total": true});
        check(&all, whole, &[3, 3], None);
        check(&json!({"at_least": 3}), whole, &[3, 3], Some("2 pages"));
        check(&json!({"at_most": 1}), whole, &[3, 3], Some("2 pages"));
        check(
            &json!({"size_at_most": 1}),
            whole,
            &[3, 3],
            Some("2 on page 1"),
        );
        check(
            &json!({"no_duplicates": true}),
            &[&["1"], &["1"]],
            &[2, 2],
            Some("1 again on page 2"),
        );
        check(
            &json!({"same_total": true}),
            whole,
            &[3, 4],
            Some("4 on page 2"),
        );
    }

    #[test]
    fn without_a_walk_nothing_is_judged() {
        let sample = Sample::get("/Users").body(&sample::list(&[]));
        inapplicable("pages", &json!({"at_least": 1}), sample);
        refused("pages", &json!({"at_least": true}), "/at_least");
        refused("pages", &json!({"no_duplicate": true}), "/no_duplicate");
    }
}
