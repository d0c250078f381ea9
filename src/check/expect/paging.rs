//! `paging`: by which method a page was served (RFC 9865 §2.4, §4).

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, wrong};
use crate::check::place::brief_or_absent;
use crate::check::subject;
use crate::scim::capabilities::PagingMethod;
use crate::scim::list::ListView;
use crate::scim::resource::member;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "paging"
    }

    fn doc(&self) -> &'static str {
        "How a part of a longer list was paged: `index` (it states startIndex), `cursor` (it names nextCursor), \
         `default` (as the target's defaultPaginationMethod says; one of the two where it says nothing), \
         `published` (it names nextCursor only where the target advertises pagination.cursor)."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        match argument.as_str() {
            Some("index" | "cursor" | "default" | "published") => Ok(()),
            _ => Err(wrong(
                "",
                format!("{argument} is no method of paging"),
                "index, cursor, default or published",
            )),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let body = match subject::success_body(exchange) {
            Ok(body) => body,
            Err(judgement) => return judgement,
        };
        let list = ListView::read(body).unwrap_or_default();
        let pagination = context.capabilities.pagination.unwrap_or_default();
        if argument == "published" {
            return published(&list, pagination.cursor);
        }
        let whole = list
            .total_results
            .is_some_and(|total| total <= list.resources.len() as u64);
        if whole || list.resources.is_empty() {
            return Judgement::Inapplicable("the answer is no part of a longer list".to_owned());
        }
        match (argument.as_str(), pagination.default_method) {
            (Some("index"), _) | (Some("default"), Some(PagingMethod::Index)) => {
                by_index(body, &list)
            }
            (Some("cursor"), _) | (Some("default"), Some(PagingMethod::Cursor)) => {
                by_cursor(body, &list)
            }
            _ if by_cursor(body, &list) == Judgement::Held => Judgement::Held,
            _ => by_index(body, &list),
        }
    }
}

fn published(list: &ListView<'_>, advertised: bool) -> Judgement {
    match list.next_cursor {
        None => Judgement::Inapplicable("the answer names no nextCursor".to_owned()),
        Some(_) if advertised => Judgement::Held,
        Some(_) => Judgement::broken(
            "/nextCursor",
            "pagination.cursor in /ServiceProviderConfig",
            "nothing is advertised",
        ),
    }
}

fn by_index(body: &Value, list: &ListView<'_>) -> Judgement {
    if list.start_index.is_some() {
        return Judgement::Held;
    }
    let actual = brief_or_absent(member(body, "startIndex").filter(|it| !it.is_null()));
    Judgement::broken("/startIndex", "the index of the first resource", actual)
}

fn by_cursor(body: &Value, list: &ListView<'_>) -> Judgement {
    if list.next_cursor.is_some_and(|next| !next.is_empty()) {
        return Judgement::Held;
    }
    let actual = brief_or_absent(member(body, "nextCursor").filter(|it| !it.is_null()));
    Judgement::broken("/nextCursor", "the cursor of the next page", actual)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::scim::capabilities::Pagination;

    fn page(with: &Value) -> Sample {
        let mut list = sample::list(&[sample::user()]);
        list["totalResults"] = json!(2);
        for (name, value) in with.as_object().unwrap() {
            list[name] = value.clone();
        }
        Sample::get("/Users").body(&list)
    }

    #[test]
    fn a_part_of_a_list_shows_its_method() {
        let (index, cursor) = (
            json!({"startIndex": 1}),
            json!({"startIndex": null, "nextCursor": "x"}),
        );
        held("paging", &json!("index"), page(&index));
        held("paging", &json!("cursor"), page(&cursor));
        held("paging", &json!("default"), page(&index));
        held("paging", &json!("default"), page(&cursor));
        broken(
            "paging",
            &json!("index"),
            page(&cursor),
            "/startIndex",
            "absent",
        );
        broken(
            "paging",
            &json!("cursor"),
            page(&index),
            "/nextCursor",
            "absent",
        );
        let neither = json!({"startIndex": null});
        broken(
            "paging",
            &json!("default"),
            page(&neither),
            "/startIndex",
            "absent",
        );
        broken(
            "paging",
            &json!("published"),
            page(&cursor),
            "/nextCursor",
            "nothing is advertised",
        );
        inapplicable("paging", &json!("published"), page(&index));
        inapplicable("paging", &json!("index"), page(&json!({"totalResults": 1})));
        refused("paging", &json!("offset"), "");
    }

    #[test]
    fn the_default_is_what_the_target_says() {
        let mut capabilities = sample::capabilities();
        capabilities.pagination = Some(Pagination {
            cursor: true,
            index: true,
            default_method: Some(PagingMethod::Cursor),
            ..Pagination::default()
        });
        let context = sample::context(&capabilities);
        let judge = |with: Value| Leaf.judge(&json!("default"), &page(&with).build(), &context);
        assert_eq!(judge(json!({"nextCursor": "x"})), Judgement::Held);
        assert!(matches!(
            judge(json!({"startIndex": 1})),
            Judgement::Broken(_)
        ));
    }
}
