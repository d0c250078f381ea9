//! The cases of the sample, and what they found.

use serde_json::{Value, json};

use super::BASE;

fn case(id: &str, kind: &str, pack: &str, title: &str, outcome: &str, ms: u64) -> Value {
    json!({ "id": id, "kind": kind, "pack": pack, "title": title, "outcome": outcome,
            "duration_ms": ms, "skip_reason": null, "findings": [] })
}

fn with(mut case: Value, key: &str, value: Value) -> Value {
    case[key] = value;
    case
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn cases() -> Value {
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
            wrong_status(
                "entra-id-no-match-answers-200-with-empty-list",
                "200",
                "404"
            )
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
            wrong_status("entra-id-duplicate-answers-409", "409", "500")
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

fn wrong_status(requirement: &str, expected: &str, actual: &str) -> Value {
    json!([
        { "requirement": requirement, "level": "must", "outcome": "fail", "tolerance": null,
          "check": "status", "at": "response.status", "expected": expected, "actual": actual, "count": 1, "exchanges": [], "hint": null }
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
          "hint": "An add operation must not replace the values that are there; time to the right:\nc1  |=====      | add A → 204\nc2  |   ======  | add B → 204\nc1  |         ==| look → B",
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
