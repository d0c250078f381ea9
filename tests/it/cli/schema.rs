//! `schema`: the files that it writes fit what the target answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};

use super::stub::Stub;
use super::{Served, TOKEN, ended, scimitar};

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// An exchange with a served provider: the JSON of the answer.
fn answer(served: &Served, method: &str, path: &str, body: &str) -> Value {
    let rest = served.base.strip_prefix("http://").unwrap();
    let (address, base) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} /{base}{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\
         Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Nothing of scimitar's own: a validator as anybody would use it.
#[track_caller]
fn fits(schema: &Value, document: &Value) {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .build(schema)
        .unwrap();
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{} {error}", error.instance_path().as_str()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{document}");
}

#[test]
fn the_files_fit_what_the_target_answers() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--users", "25"]);
    let mut command = scimitar(folder.path());
    command
        .args(["schema", &served.base, "--output", "made"])
        .env("SCIM_TOKEN", TOKEN);
    let (code, out, err) = ended(&mut command);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let made = folder.path().join("made");
    let of = |name: &str| read(&made.join(format!("{name}.schema.json")));
    assert_eq!(out.lines().count(), 11, "{out}");
    for line in out.lines() {
        let file = line.split("  ").next().unwrap();
        let schema = read(&folder.path().join(file));
        assert!(jsonschema::meta::is_valid(&schema), "{file}");
    }
    for (endpoint, name) in [("Users", "User"), ("Groups", "Group")] {
        let list = answer(&served, "GET", &format!("/{endpoint}?count=50"), "");
        fits(&of("message/ListResponse"), &list);
        let resources = list["Resources"].as_array().unwrap();
        assert!(!resources.is_empty());
        for resource in resources {
            fits(&of(name), resource);
        }
    }
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a"}},
        {"method": "DELETE", "path": "/Users/none"},
    ]});
    fits(&of("message/BulkRequest"), &body);
    fits(
        &of("message/BulkResponse"),
        &answer(&served, "POST", "/Bulk", &body.to_string()),
    );
    fits(
        &of("message/Error"),
        &answer(&served, "GET", "/Users/none", ""),
    );
    fits(
        &of("message/ServiceProviderConfig"),
        &answer(&served, "GET", "/ServiceProviderConfig", ""),
    );
    for (endpoint, name) in [("Schemas", "Schema"), ("ResourceTypes", "ResourceType")] {
        let list = answer(&served, "GET", &format!("/{endpoint}"), "");
        for resource in list["Resources"].as_array().unwrap() {
            fits(&of(&format!("message/{name}")), resource);
        }
    }
}

#[test]
fn they_refuse_what_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = scimitar(folder.path());
    let (code, _, err) = ended(command.args(["schema", "--embedded"]));
    assert_eq!((code, err.as_str()), (0, ""));
    let user = read(&folder.path().join("scimitar-schema/User.schema.json"));
    let urn = "urn:ietf:params:scim:schemas:core:2.0:User";
    for (document, fits) in [
        (json!({"schemas": [urn], "id": "1", "userName": "a"}), true),
        (
            json!({"schemas": [urn], "id": "1", "userName": "a", "title": null, "other": 1}),
            true,
        ),
        (json!({"schemas": [urn], "id": "1"}), false),
        (
            json!({"schemas": ["urn:x"], "id": "1", "userName": "a"}),
            false,
        ),
        (
            json!({"schemas": [urn], "id": "1", "userName": "a", "password": "p"}),
            false,
        ),
        (
            json!({"schemas": [urn], "id": "1", "userName": "a", "emails": {"value": "x"}}),
            false,
        ),
        (
            json!({"schemas": [urn], "id": "1", "userName": "a", "active": "true"}),
            false,
        ),
    ] {
        assert_eq!(jsonschema::is_valid(&user, &document), fits, "{document}");
    }
}

/// Runs `schema` with these arguments: its code, and that all these words are said.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str], code: i32, words: &[&str]) {
    let mut command = scimitar(folder);
    let (found, out, err) = ended(
        command
            .arg("schema")
            .args(arguments)
            .env("SCIM_TOKEN", TOKEN),
    );
    assert_eq!(found, code, "{arguments:?}\n{out}\n{err}");
    for word in words {
        assert!(
            err.contains(word),
            "{arguments:?} should say {word:?}:\n{err}"
        );
    }
    assert!(
        !format!("{out}{err}").contains(TOKEN) && !err.contains("panicked"),
        "{err}"
    );
}

#[test]
fn bad_input_is_named_and_has_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let stub = Stub::answering("200 OK", "text/html", "<html><title>Hi</title>");
    let denied = Stub::answering("401 Unauthorized", "application/scim+json", "{}");
    refused(folder, &[], 2, &["no URL was given", "--embedded"]);
    refused(folder, &[""], 2, &["the URL is empty"]);
    refused(folder, &["ftp://x"], 2, &["nothing was sent"]);
    refused(folder, &[&stub.base, "--embedded"], 2, &["leave one away"]);
    refused(
        folder,
        &["http://127.0.0.1:1/scim"],
        69,
        &["can't be reached"],
    );
    refused(folder, &[&stub.base], 3, &["a web page titled \"Hi\""]);
    refused(
        folder,
        &[&denied.base],
        3,
        &["The token was never accepted"],
    );
    let hits = stub.hits();
    std::fs::write(folder.join("file"), "x").unwrap();
    refused(
        folder,
        &[&stub.base, "--output", "file"],
        73,
        &["cannot write to the directory file", "nothing was sent"],
    );
    refused(
        folder,
        &[&stub.base, "--output", "file/below"],
        73,
        &["nothing was sent"],
    );
    assert_eq!(stub.hits(), hits);
}

#[test]
fn what_discovery_lacks_is_said_and_taken_from_the_rfc() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--fault", "discovery-missing"]);
    let mut command = scimitar(folder.path());
    let (code, out, err) = ended(
        command
            .args(["schema", &served.base])
            .env("SCIM_TOKEN", TOKEN),
    );
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("note: /Schemas is not served (status 404)"),
        "{err}"
    );
    assert!(out.contains("of the RFC"), "{out}");
    let user = read(&folder.path().join("scimitar-schema/User.schema.json"));
    assert_eq!(user["title"], "User");
}
