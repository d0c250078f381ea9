//! Load with bad input and bad targets: what is wrong is told, and nothing or little is sent.

use std::path::Path;

use crate::cli::{ended, scimitar};

/// Runs `scimitar load` in a folder: its exit code, and parts of what it has to say.
fn check(folder: &Path, arguments: &[&str], code: i32, parts: &[&str]) {
    let (got, out, err) = ended(scimitar(folder).arg("load").args(arguments));
    assert_eq!(got, code, "{arguments:?}: {out}{err}");
    for part in parts {
        assert!(err.contains(part), "{arguments:?}: {err}");
    }
}

#[test]
fn what_is_wrong_in_a_profile_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], parts: &[&str]| check(folder.path(), arguments, 2, parts);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let sound =
        "name: a\ntitle: T\nmodel: { open: { rate: 25 } }\nduration: 1s\nmix: [load.user.match]\n";
    write("a.yaml", &sound.replace("rate: 25", "rate: -3"));
    write(
        "b.yaml",
        &sound
            .replace("name: a", "name: b")
            .replace("load.user.match", "load.user.mach"),
    );
    write(
        "c.yaml",
        &sound
            .replace("name: a", "name: c")
            .replace("duration: 1s\n", ""),
    );
    write(
        "d.yaml",
        &sound
            .replace("name: a", "name: d")
            .replace("load.user.match", "okta.import.users"),
    );
    let rising = "{ breakpoint: { from: 100, by: 25, every: 1s, to: 25 } }";
    write(
        "e.yaml",
        &sound
            .replace("name: a", "name: e")
            .replace("{ rate: 25 }", rising),
    );
    check(
        &["none.yaml", "--embedded"],
        &["cannot read the load profile none.yaml"],
    );
    check(
        &["a.yaml", "--embedded"],
        &["`rate` is negative", "a.yaml:3:24", "^^"],
    );
    check(
        &["b.yaml", "--embedded"],
        &["did you mean `load.user.match`?", "b.yaml:5:7"],
    );
    check(&["c.yaml", "--embedded"], &["`duration` is missing"]);
    check(
        &["d.yaml", "--embedded"],
        &["it has `alone`", "suites/idp/okta/import/users.yaml"],
    );
    check(
        &["e.yaml", "--embedded"],
        &["`to` is less than `from`, which is 100", "e.yaml:3:", "^^"],
    );
}

#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], code: i32, parts: &[&str]| {
        check(folder.path(), arguments, code, parts);
    };
    let far = "https://idp.example/scim/v2";
    check(&["spik", "--embedded"], 2, &["did you mean `spike`?"]);
    check(
        &["spike", "--embedded", "--threshold", "wrong<1%"],
        2,
        &["`1%` is no bound of wrong", "write a number of answers"],
    );
    check(&["spike"], 2, &["no URL was given"]);
    check(
        &["spike", "--embedded", "--threshold", "p98<1s"],
        2,
        &["unknown metric `p98`", "^^^"],
    );
    check(
        &["spike", "--embedded", "--threshold", "user.mach p99<1s"],
        2,
        &["no operation of spike", "user.match"],
    );
    check(&["spike", "--embedded", "--rate", "-1"], 2, &["--rate"]);
    check(
        &["spike", "--embedded", "--rate", "1", "--users", "1"],
        2,
        &["cannot be used with"],
    );
    check(
        &["spike", "--embedded", "--duration", "0s"],
        2,
        &["--duration"],
    );
    check(
        &["spike", far],
        2,
        &["--i-own-this-target idp.example", "nothing was sent"],
    );
    check(
        &["spike", far, "--i-own-this-target", "other.example"],
        2,
        &["names other.example"],
    );
    check(
        &["spike", far, "--i-own-this-target", "idp.example"],
        2,
        &["asks for 100 requests a second", "--uncapped"],
    );
    check(
        &["spike", "http://127.0.0.1:9/scim"],
        69,
        &["can't be reached"],
    );
}

#[test]
fn a_target_that_is_none_is_not_put_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let stub = crate::cli::Stub::answering("500 Oops", "text/html", "<p>no</p>");
    let (code, _, err) = ended(scimitar(folder.path()).args(["load", "constant", &stub.base]));
    assert_eq!(code, 3, "{err}");
    assert!(stub.hits() < 20, "{}", stub.hits());
}

#[test]
fn a_ceiling_is_lifted_by_one_word_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = ended(scimitar(folder.path()).args([
        "load",
        "spike",
        "https://idp.example/scim/v2",
        "--i-own-this-target",
        "idp.example",
        "--max-rps",
        "5000",
    ]));
    assert_eq!(code, 2, "{out}{err}");
    for part in ["the ceiling is 25", "--max-rps 5000 alone does not lift it"] {
        assert!(err.contains(part), "{err}");
    }
}
