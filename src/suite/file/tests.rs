//! The reader, held to the exact words and places that a writer sees.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use super::{Place, read};
use crate::check::expect;
use crate::payload::Payload;
use crate::requirement::Catalogue;
use crate::suite::{Action, Diagnostic, Paging, Scenario, StepAuth, Vocabulary, Wait};

/// Files with something wrong, each below what it is.
const MISTAKES: &str = include_str!("../../../fixtures/suite/mistake.txt");

/// A file with nothing wrong that uses the whole language.
const RIGHT: &str = r#"
id: a
title: A user can be changed and read
tags: [users]
needs: [rt.User, spc.patch, "attr:User:emails.type", setting:second-token]
matrix:
  work: { type: work, id: "{{uuid}}" }
  home: { type: home, id: 7, needs: [attr:emails] }
given:
  - { user: u1, fixture: user/full, with: { title: "{{type}} {{name}}" }, without: /nickName }
  - { group: g1, with: { members: [{ value: "{{u1.id}}" }] } }
steps:
  - patch: /Users/{{u1.id}}
    headers: { If-Match: "{{u1.etag}}" }
    body: {
      "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      "Operations": [{ "op": "replace", "path": "title", "value": "{{id}}" }]
    }
    capture: { tag: header.etag, token: { at: /token, part: "^(.{8})" }, hidden: { at: /hidden, secret: true } }
  - name: read
    get: /Users/{{u1.id}}
    query: [[attributes, title], [attributes, id], [count, 2]]
    auth: second
    wait: 1100ms
    until: 5s
    alone: true
    headers: { If-None-Match: "{{tag}}", X: "{{token}} {{hidden}}" }
    expect:
      - status: [200, 304]
        covers: [rfc7644-3.4.1-get-answers-200, rfc7644-3.14-if-none-match-answers-304]
        tolerate: [C11-ok, { id: C09-gone, when: { status: 404 } }]
  - walk: /Users
    cursor: 3
  - post: /Users
    raw: '{"userName": "{{run}}"'
    content_type: none
    unmarked: true
    auth: { header: Basic YTpi }
  - put: /Users/{{u1.id}}
    body: { from: u1.body, with: { active: false }, without: [/meta] }
"#;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

fn parse(text: &str) -> Result<Scenario, Vec<Diagnostic>> {
    let place = Place {
        file: "suites/rfc/a.yaml".to_owned(),
        pack: "rfc".to_owned(),
        id: "a".to_owned(),
    };
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &CATALOGUE,
    };
    read(&place, &Arc::from(text), &vocabulary)
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let mut told = String::new();
    for part in MISTAKES.split("=== ").skip(1) {
        let (what, text) = part.split_once('\n').unwrap();
        let found = parse(text).expect_err(what);
        assert!(!found.is_empty(), "{what}: nothing is said");
        let _ = writeln!(told, "## {what}\n");
        for found in found {
            let _ = writeln!(told, "{found}\n");
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_scenario_is_read_as_it_was_written() {
    let scenario = parse(RIGHT).unwrap_or_else(|found| panic!("{}", found[0]));
    assert_eq!(scenario.needs.len(), 4);
    assert_eq!(scenario.needs[2].to_string(), "attr:User:emails.type");
    let cases = Arc::new(scenario.clone()).cases();
    assert_eq!(cases[1].id, "a[home]");
    assert_eq!(cases[1].needs().count(), 5);
    assert_eq!(cases[0].needs().count(), 4);
    assert_eq!(scenario.given[0].fixture.name, "user/full");
    assert_eq!(scenario.given[0].change.without, ["/nickName"]);
    let [patch, read, walk, post, put] = scenario.steps.as_slice() else {
        panic!("{:?}", scenario.steps);
    };
    assert_eq!(patch.name, "step 1");
    assert_eq!(patch.line, 13);
    assert_eq!(patch.action, Action::Send(http::Method::PATCH));
    assert!(patch.capture[2].secret && !patch.capture[1].secret);
    let part = patch.capture[1].part.as_ref().expect("a part is read");
    assert_eq!(part.of("12345678-9"), Some("12345678"));
    assert_eq!(part.of("1234567"), None);
    assert!(patch.capture[0].part.is_none());
    let names: Vec<&str> = read.query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["attributes", "attributes", "count"]);
    assert!(matches!(read.wait, Some(Wait::Fixed(time)) if time.as_millis() == 1100));
    assert_eq!(read.until.map(|until| until.as_secs()), Some(5));
    assert_eq!(read.auth, StepAuth::Second);
    assert_eq!(read.expect[0].tolerate.len(), 2);
    assert_eq!(read.expect[0].tolerate[0].when[0].0.name(), "status");
    assert_eq!(walk.action, Action::Walk(Paging::Cursor(3)));
    assert!(post.alone && post.unmarked);
    assert!(matches!(post.body, Some(Payload::Raw(_))));
    assert!(matches!(put.body, Some(Payload::From { .. })));
}
