//! A realistic run record: one case of every outcome, an expected failure, a resource left behind, clients that are
//! ready, not ready and not assessed.

mod case;
mod exchange;
pub(super) mod load;
mod requirement;

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
        "requirements": requirement::requirements(), "cases": case::cases(), "exchanges": exchange::exchanges(),
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
