//! The requirements of the sample.

use serde_json::{Value, json};

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn requirements() -> Value {
    let row = |id: &str,
               pack: &str,
               level: &str,
               section: &str,
               statement: &str,
               outcome: &str,
               cases: &[&str]| {
        let number = if id.starts_with("rfc7643") {
            "7643"
        } else {
            "7644"
        };
        if pack == "entra-id" {
            return json!({
                "id": id, "pack": pack, "level": level, "document": "Microsoft Entra ID", "section": section,
                "link": "https://learn.microsoft.com/entra/scim", "statement": statement, "outcome": outcome, "cases": cases,
                "then": "puts the job into quarantine"
            });
        }
        json!({
            "id": id, "pack": pack, "level": level, "document": format!("RFC {number}"), "section": section,
            "link": format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}"),
            "statement": statement, "outcome": outcome, "cases": cases
        })
    };
    json!([
        row(
            "entra-id-no-match-answers-200-with-empty-list",
            "entra-id",
            "must",
            "match",
            "A filter that matches nothing is answered with 200 and an empty list.",
            "fail",
            &["entra-id.match.none"]
        ),
        row(
            "rfc7644-3.6-delete-answers-204",
            "rfc",
            "must",
            "3.6",
            "A successful DELETE is answered with 204.",
            "fail",
            &["users.delete"]
        ),
        row(
            "rfc7644-3.6-deleted-answers-404",
            "rfc",
            "must",
            "3.6",
            "After a DELETE every operation on the resource is answered with 404.",
            "fail",
            &["users.delete"]
        ),
        row(
            "rfc7644-3.5.2.1-add-to-multi-valued-appends",
            "rfc",
            "must",
            "3.5.2.1",
            "An add operation on a multi-valued attribute appends the new values and keeps those that are there.",
            "fail",
            &["groups.add-member"]
        ),
        row(
            "rfc7643-2.4-one-primary-at-most",
            "rfc",
            "must",
            "2.4",
            "The value true for primary appears once at most in a multi-valued attribute.",
            "fail",
            &["users.single-primary"]
        ),
        row(
            "rfc7643-3.1-meta-location",
            "rfc",
            "must",
            "3.1",
            "meta.location is the URI of the resource and equals its Content-Location.",
            "fail",
            &["meta-location"]
        ),
        row(
            "rfc7644-3.4.2.4-count-zero",
            "rfc",
            "must",
            "3.4.2.4",
            "A count of 0 returns no resources but totalResults.",
            "error",
            &["list.count-zero"]
        ),
        row(
            "rfc7644-3.12-error-scim-type",
            "rfc",
            "should",
            "3.12",
            "An error of status 400 carries a scimType that names its kind.",
            "warn",
            &["users.error-detail"]
        ),
        row(
            "rfc7644-3.14-etag-in-meta-version",
            "rfc",
            "may",
            "3.14",
            "The ETag of a response equals meta.version.",
            "note",
            &["users.etag-echo"]
        ),
        row(
            "rfc7644-3.1-media-type",
            "rfc",
            "must",
            "3.1",
            "Responses carry the media type application/scim+json.",
            "pass",
            &["media-type"]
        ),
        row(
            "rfc7644-3.3-create-answers-201",
            "rfc",
            "must",
            "3.3",
            "A created resource is answered with 201.",
            "pass",
            &["users.create", "groups.create"]
        ),
        row(
            "rfc7644-3.7-bulk-executes",
            "rfc",
            "must",
            "3.7",
            "A bulk request executes its operations.",
            "skip",
            &["bulk.create-users", "bulk.circular"]
        ),
    ])
}
