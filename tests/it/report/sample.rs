//! A realistic run record: one case of every outcome, an expected failure, a resource left behind, clients that are
//! ready, not ready and not assessed.

use scimitar::record::RunRecord;
use serde_json::{Value, json};

const BASE: &str = "https://scim.example.test/v2";

/// The record that the golden reports in `reports/sample/` show.
pub(crate) fn record() -> RunRecord {
    serde_json::from_value(json!({
        "format": "scimitar.run", "version": 1,
        "tool": { "version": "0.1.0", "suite_digest": "5f3c9a17d2e08b64" },
        "seed": 42, "label": "staging, nightly", "started": "2026-11-20T08:30:00Z",
        "duration_ms": 18_449, "grading": "interop", "profile": "full",
        "target": target(),
        "summary": { "pass": 8, "fail": 6, "warn": 2, "note": 1, "skip": 4, "error": 1 },
        "verdicts": verdicts(),
        "outcome": { "exit_code": 1, "reasons": ["check-failed", "case-inconclusive", "cleanup-incomplete"] },
        "revocation": { "within_ms": 5_000, "rows": [
            { "change": "disable", "place": "by-filter", "n": 5, "p50_us": 620_000, "p95_us": 10_020_000, "max_us": 10_020_000, "late": 1, "unseen": 0 },
            { "change": "disable", "place": "by-id", "n": 5, "p50_us": 4_120, "p95_us": 31_700, "max_us": 31_700, "late": 0, "unseen": 0 },
            { "change": "remove-member", "place": "in-user-groups", "n": 5, "p50_us": 8_400, "p95_us": 15_010_000, "max_us": 15_010_000, "late": 2, "unseen": 2 }
        ] },
        "requirements": requirements(), "cases": cases(), "exchanges": exchanges(),
        "cleanup": { "created": 14, "deleted": 13, "leftover": [
            { "resource": "/Users/2819c223-7f76-453a-919d-413861904646", "reason": "DELETE answered 500" }
        ] }
    }))
    .expect("the sample is a run record")
}

fn verdicts() -> Value {
    json!([
        { "pack": "rfc", "verdict": "fail", "gate": true, "should_failed": 1,
          "must": { "judged": 9, "failed": 4, "skipped": 3, "never": 2 } },
        { "pack": "entra-id", "verdict": "fail", "gate": false, "should_failed": 1,
          "must": { "judged": 4, "failed": 2, "skipped": 1, "never": 0 },
          "readiness": {
              "client": "Microsoft Entra ID", "state": "not-ready",
              "reasons": [
                  { "requirement": "entra-id-no-match-answers-200-with-empty-list", "level": "must", "outcome": "fail",
                    "statement": "A filter that matches nothing is answered with 200 and an empty list.",
                    "then": "puts the job into quarantine", "case": "entra-id.match.none" },
                  { "requirement": "entra-id-duplicate-answers-409", "level": "must", "outcome": "fail",
                    "statement": "A second user of the same userName is refused with 409.",
                    "then": "keeps the user in escrow and tries again after 6, 12 and 24 hours",
                    "case": "entra-id.create.duplicate" },
                  { "requirement": "entra-id-manager-is-checked", "level": "should", "outcome": "warn",
                    "statement": "A manager that is not there is refused.", "case": "entra-id.manager" }
              ],
              "more": 2,
              "skipped": [{ "why": "needs a second credential (`second-token-env`)", "requirements": 1 }]
          } },
        { "pack": "jumpcloud", "verdict": "pass", "gate": false, "should_failed": 0,
          "must": { "judged": 6, "failed": 0, "skipped": 2, "never": 0 },
          "readiness": {
              "client": "JumpCloud", "state": "ready", "users_only": true,
              "skipped": [{ "why": "the target has no resource type Group", "requirements": 2 }]
          } },
        { "pack": "okta", "verdict": "inconclusive", "gate": false, "should_failed": 0,
          "must": { "judged": 0, "failed": 0, "skipped": 1, "never": 4 },
          "readiness": {
              "client": "Okta", "state": "not-assessed",
              "skipped": [{ "why": "it writes, and the run is read-only", "requirements": 1 }]
          } },
    ])
}

fn target() -> Value {
    json!({
        "base_url": BASE, "embedded": false,
        "capabilities": {
            "patch": true, "bulk": null, "filter": 200, "change_password": false, "sort": true, "etag": true,
            "resource_types": [
                { "name": "User", "endpoint": "/Users", "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
                  "extensions": [["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", false]] },
                { "name": "Group", "endpoint": "/Groups", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group",
                  "extensions": [] }
            ],
            "schemas": [], "authentication_schemes": ["oauthbearertoken"]
        },
        "lag_ms": { "by_id": 0, "by_filter": 120, "by_list": 340 },
        "remarks": ["the certificate was not verified (--insecure)"]
    })
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn requirements() -> Value {
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

fn case(id: &str, kind: &str, pack: &str, title: &str, outcome: &str, ms: u64) -> Value {
    json!({ "id": id, "kind": kind, "pack": pack, "title": title, "outcome": outcome,
            "duration_ms": ms, "skip_reason": null, "findings": [] })
}

fn with(mut case: Value, key: &str, value: Value) -> Value {
    case[key] = value;
    case
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Value {
    let pass = |id, kind, pack, title, ms| case(id, kind, pack, title, "pass", ms);
    let skip = |id, pack, title, reason: &str| {
        with(
            case(id, "scenario", pack, title, "skip", 0),
            "skip_reason",
            reason.into(),
        )
    };
    json!([
        pass(
            "setup.discovery",
            "setup",
            "rfc",
            "ServiceProviderConfig, ResourceTypes and Schemas can be read",
            61
        ),
        pass(
            "users.create",
            "scenario",
            "rfc",
            "A created user is answered with 201 and can be read back",
            44
        ),
        pass(
            "groups.create",
            "scenario",
            "rfc",
            "A created group is answered with 201 and can be read back",
            39
        ),
        with(
            case(
                "users.delete",
                "scenario",
                "rfc",
                "A deleted user answers 204 once and 404 afterwards",
                "fail",
                83
            ),
            "findings",
            delete_findings()
        ),
        with(
            case(
                "groups.add-member",
                "scenario",
                "rfc",
                "Adding a member keeps the members that are there",
                "fail",
                122
            ),
            "findings",
            member_findings()
        ),
        with(
            case(
                "users.etag-echo",
                "scenario",
                "rfc",
                "The ETag of a user equals its meta.version",
                "note",
                25
            ),
            "findings",
            json!([
                { "requirement": "rfc7644-3.14-etag-in-meta-version", "level": "may", "outcome": "note", "tolerance": "A17", "check": "etag",
                  "at": "response.header.etag", "expected": "W/\"3\" as in meta.version", "actual": "no ETag", "count": 2,
                  "exchanges": [], "hint": null }
            ])
        ),
        with(
            case(
                "users.error-detail",
                "scenario",
                "rfc",
                "A rejected filter names its kind of error",
                "warn",
                18
            ),
            "findings",
            error_findings()
        ),
        with(
            case(
                "list.count-zero",
                "scenario",
                "rfc",
                "A count of 0 answers the total and no resources",
                "error",
                10_004
            ),
            "error",
            "no response head within 10 s on step \"count zero\"".into()
        ),
        with(
            with(
                case(
                    "users.single-primary",
                    "scenario",
                    "rfc",
                    "At most one e-mail address is primary",
                    "fail",
                    51
                ),
                "expected",
                "ticket SCIM-214, fixed in the next release".into()
            ),
            "findings",
            json!([
                { "requirement": "rfc7643-2.4-one-primary-at-most", "level": "must", "outcome": "fail", "tolerance": null, "check": "body",
                  "at": "/emails/*/primary", "expected": "true once at most", "actual": "true 2 times", "count": 1, "exchanges": [],
                  "hint": null, "expected_failure": "ticket SCIM-214, fixed in the next release" }
            ])
        ),
        skip(
            "bulk.create-users",
            "rfc",
            "A bulk request creates all its users",
            "the target does not advertise bulk"
        ),
        skip(
            "bulk.circular",
            "rfc",
            "Circular references in a bulk request resolve",
            "the target does not advertise bulk"
        ),
        skip(
            "auth.second-client",
            "rfc",
            "A second client sees what the first one created",
            "needs a second credential (`second-token-env`)"
        ),
        pass(
            "media-type",
            "invariant",
            "rfc",
            "Every response with a body is application/scim+json",
            0
        ),
        with(
            case(
                "meta-location",
                "invariant",
                "rfc",
                "meta.location is the absolute URI of each resource",
                "fail",
                0
            ),
            "findings",
            location_findings()
        ),
        pass(
            "filter-law",
            "probe",
            "rfc",
            "A filter and its negation split every list in two",
            2_310
        ),
        pass(
            "entra-id.create",
            "scenario",
            "entra-id",
            "A user as Microsoft Entra ID sends it is created",
            47
        ),
        pass(
            "entra-id.disable[legacy]",
            "scenario",
            "entra-id",
            "A disabled user is inactive, with the boolean as a string",
            52
        ),
        with(
            case(
                "entra-id.manager",
                "scenario",
                "entra-id",
                "A manager that is not there is refused",
                "warn",
                33
            ),
            "findings",
            json!([
                { "requirement": "entra-id-manager-is-checked", "level": "should", "outcome": "warn", "tolerance": null, "check": "status",
                  "at": "response.status", "expected": "400", "actual": "201", "count": 1, "exchanges": [], "hint": null }
            ])
        ),
        with(
            case(
                "entra-id.match.none",
                "scenario",
                "entra-id",
                "A filter that matches nobody answers an empty list",
                "fail",
                12
            ),
            "findings",
            json!([
                { "requirement": "entra-id-no-match-answers-200-with-empty-list", "level": "must", "outcome": "fail", "tolerance": null,
                  "check": "status", "at": "response.status", "expected": "200", "actual": "404", "count": 1, "exchanges": [], "hint": null }
            ])
        ),
        with(
            case(
                "entra-id.create.duplicate",
                "scenario",
                "entra-id",
                "A second user of the same userName is refused",
                "fail",
                41
            ),
            "findings",
            json!([
                { "requirement": "entra-id-duplicate-answers-409", "level": "must", "outcome": "fail", "tolerance": null,
                  "check": "status", "at": "response.status", "expected": "409", "actual": "500", "count": 1, "exchanges": [], "hint": null }
            ])
        ),
        pass(
            "jumpcloud.connect",
            "scenario",
            "jumpcloud",
            "A test user is created and deleted",
            38
        ),
        skip(
            "okta.import",
            "okta",
            "An import pages through all users",
            "it writes: run it without --read-only"
        ),
    ])
}

fn delete_findings() -> Value {
    json!([
        { "requirement": "rfc7644-3.6-delete-answers-204", "level": "must", "outcome": "fail", "tolerance": null, "check": "status",
          "at": "response.status", "expected": "204", "actual": "200", "count": 1, "exchanges": [17],
          "hint": "Answer a successful DELETE with 204 and no body.",
          "curl": format!("curl -X DELETE '{BASE}/Users/2819c223-7f76-453a-919d-413861904646' -H \"Authorization: Bearer $SCIM_TOKEN\"") },
        { "requirement": "rfc7644-3.6-deleted-answers-404", "level": "must", "outcome": "fail", "tolerance": null, "check": "error",
          "at": "response.status", "expected": "404", "actual": "200", "count": 3, "exchanges": [18],
          "hint": "The user is marked inactive instead of deleted; a deleted resource must not be found.",
          "curl": format!("curl '{BASE}/Users/2819c223-7f76-453a-919d-413861904646' -H \"Authorization: Bearer $SCIM_TOKEN\"") }
    ])
}

fn member_findings() -> Value {
    json!([
        { "requirement": "rfc7644-3.5.2.1-add-to-multi-valued-appends", "level": "must", "outcome": "fail", "tolerance": null, "check": "body",
          "at": "/members", "expected": "2 members: {id}, {id}", "actual": "1 member: {id}", "count": 1, "exchanges": [23],
          "hint": "An add operation must not replace the values that are there.",
          "curl": format!("curl -X PATCH '{BASE}/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a' \\\n  -H \"Authorization: Bearer $SCIM_TOKEN\" \\\n  -H 'Content-Type: application/scim+json' --data-binary @- <<'EOF'\n{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{{\"op\":\"add\",\"path\":\"members\",\"value\":[{{\"value\":\"2819c223\"}}]}}]}}\nEOF") }
    ])
}

fn error_findings() -> Value {
    json!([
        { "requirement": "rfc7644-3.12-error-scim-type", "level": "should", "outcome": "warn", "tolerance": null, "check": "error",
          "at": "/scimType", "expected": "invalidFilter", "actual": "absent", "count": 4, "exchanges": [31],
          "hint": "Clients tell errors apart by scimType.",
          "curl": format!("curl '{BASE}/Users?filter=userName%20eq' -H \"Authorization: Bearer $SCIM_TOKEN\"") }
    ])
}

fn location_findings() -> Value {
    json!([
        { "requirement": "rfc7643-3.1-meta-location", "level": "must", "outcome": "fail", "tolerance": null, "check": "meta-location",
          "at": "/Resources/*/meta/location", "expected": "an absolute URI", "actual": "/v2/Users/{id}", "count": 38, "exchanges": [18, 40],
          "hint": null, "curl": format!("curl '{BASE}/Users' -H \"Authorization: Bearer $SCIM_TOKEN\"") }
    ])
}

fn exchange(
    n: u64,
    case: &str,
    step: &str,
    request: (&str, &str, Option<Value>),
    response: (u16, Option<Value>),
) -> Value {
    let (method, path, sent) = request;
    let (status, received) = response;
    let body = |value: Value| {
        let text = value.to_string();
        json!({ "length": text.len(), "text": text })
    };
    let mut request = json!({
        "method": method, "url": format!("{BASE}{path}"), "path": path,
        "headers": [
            { "name": "Accept", "value": "application/scim+json" },
            { "name": "Authorization", "value": "Bearer ‹secret:token›" },
            { "name": "User-Agent", "value": "scimitar/0.1.0" }
        ]
    });
    if let Some(sent) = sent {
        request["body"] = body(sent);
    }
    json!({
        "n": n, "case": case, "step": step, "request": request,
        "response": {
            "status": status, "version": "HTTP/2",
            "headers": [
                { "name": "content-type", "value": "application/scim+json" },
                { "name": "date", "value": "Fri, 20 Nov 2026 08:30:07 GMT" }
            ],
            "body": received.map_or_else(|| json!({ "length": 0, "text": "" }), body)
        },
        "timing": { "started_us": 7_021_000 + n * 1_000, "headers_us": 23_100, "total_us": 24_350 }
    })
}

fn exchanges() -> Value {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223-7f76-453a-919d-413861904646",
        "userName": "scimitar-7f3a91c2-u1@example.test", "active": false,
        "emails": [{ "value": "u1@example.test", "type": "work", "primary": true }],
        "meta": { "resourceType": "User", "location": "/v2/Users/2819c223-7f76-453a-919d-413861904646" }
    });
    let path = "/Users/2819c223-7f76-453a-919d-413861904646";
    json!([
        exchange(
            17,
            "users.delete",
            "delete",
            ("DELETE", path, None),
            (200, Some(user.clone()))
        ),
        exchange(
            18,
            "users.delete",
            "read again",
            ("GET", path, None),
            (200, Some(user.clone()))
        ),
        exchange(
            23,
            "groups.add-member",
            "add",
            (
                "PATCH",
                "/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a",
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [{ "op": "add", "path": "members", "value": [{ "value": "2819c223" }] }]
                }))
            ),
            (
                200,
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "e9e30dba-f08f-4109-8486-d5c6a331660a",
                    "displayName": "scimitar-7f3a91c2-g1", "members": [{ "value": "2819c223", "type": "User" }]
                }))
            )
        ),
        exchange(
            31,
            "users.error-detail",
            "filter",
            ("GET", "/Users?filter=userName%20eq", None),
            (
                400,
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400",
                    "detail": "unexpected end of input"
                }))
            )
        ),
        exchange(
            40,
            "",
            "list",
            ("GET", "/Users", None),
            (
                200,
                Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "Resources": [user]
                }))
            )
        ),
    ])
}
