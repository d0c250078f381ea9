//! Load over what is there already, with credentials in turn, and through proxies.

mod relay;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use relay::Relay;
use serde_json::Value;

use crate::cli::{Served, TOKEN, ended, scimitar};

/// What a server answers to a GET.
fn get(served: &Served, path: &str) -> Value {
    let rest = served.base.strip_prefix("http://").unwrap();
    let (address, base) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /{base}{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Runs a profile for a moment: exit code, standard error, record.
fn load(
    folder: &Path,
    base: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (i32, String, Value) {
    let moment = ["--duration", "900ms", "--warm-up", "0s", "--users", "3"];
    let mut command = scimitar(folder);
    for name in ["no_proxy", "all_proxy", "http_proxy", "https_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let (code, out, err) = ended(
        command
            .args(["load", "read-mostly", base, "--output", "out"])
            .args(moment)
            .args(["--threshold", "error-rate<=0%"])
            .args(arguments)
            .env("SCIM_TOKEN", TOKEN)
            .envs(variables.iter().copied()),
    );
    let record = std::fs::read_to_string(folder.join("out/load.json")).unwrap_or_default();
    for (_, secret) in variables.iter().filter(|(name, _)| name.ends_with("TOKEN")) {
        assert!(!out.contains(secret) && !err.contains(secret) && !record.contains(secret));
    }
    let record = serde_json::from_str(&record).unwrap_or_default();
    (code, format!("{out}{err}"), record)
}

/// Whether every threshold held; whether this machine kept up says nothing.
fn held(code: i32, said: &str, record: &Value) {
    assert!(code == 0 || code == 3, "{code}: {said}");
    let held = record["thresholds"].as_array().unwrap();
    assert!(held.iter().all(|one| one["held"] == true), "{said}");
    assert!(record["total"]["count"].as_u64().unwrap() > 10, "{said}");
}

/// Names of the operations of a run.
fn operations(record: &Value) -> BTreeSet<String> {
    let all = record["operations"].as_array().unwrap();
    all.iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn users_of_a_file_are_read_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--users", "40"]);
    let before = get(&served, "/Users?count=200")["Resources"].clone();
    let mut csv = "userName,id,department\n".to_owned();
    for user in before.as_array().unwrap() {
        let text = |name: &str| user[name].as_str().unwrap();
        writeln!(csv, "{},{},x", text("userName"), text("id")).unwrap();
    }
    let write = |text: &str| std::fs::write(folder.path().join("users.csv"), text).unwrap();
    write(&csv);
    let groups = served.total("/Groups");
    let from = ["--users-from", "users.csv"];
    let (code, said, record) = load(folder.path(), &served.base, &from, &[]);
    held(code, &said, &record);
    let read = ["user.match", "user.read"].map(str::to_owned);
    assert_eq!(operations(&record), BTreeSet::from(read), "{said}");
    assert!(
        said.contains("load.user.change is left out: it changes what users.csv tells of; --change-existing allows it"),
        "{said}"
    );
    assert!(
        said.contains("it needs a Group that users.csv does not tell of"),
        "{said}"
    );
    assert_eq!(record["cleanup"]["created"], 0);
    assert_eq!(record["settings"]["users-from"], "users.csv");
    assert_eq!(get(&served, "/Users?count=200")["Resources"], before);

    let change = [&from[..], &["--change-existing"]].concat();
    let (code, said, record) = load(folder.path(), &served.base, &change, &[]);
    held(code, &said, &record);
    assert!(operations(&record).contains("user.change"), "{said}");
    assert_eq!(served.total("/Users"), 40);
    assert_eq!(served.total("/Groups"), groups);
    assert_ne!(get(&served, "/Users?count=200")["Resources"], before);

    let wrong = |arguments: &[&str], code: i32, parts: &[&str]| {
        let (got, out, err) = ended(
            scimitar(folder.path())
                .arg("load")
                .args(arguments)
                .env("SCIM_TOKEN", TOKEN),
        );
        assert_eq!(got, code, "{arguments:?}: {out}{err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {err}");
        }
    };
    let base = served.base.as_str();
    let with = |profile| ["load", profile, base, "--users-from", "users.csv"];
    wrong(
        &with("off-boarding")[1..],
        4,
        &["it removes what users.csv tells of"],
    );
    wrong(
        &with("group-big-patch")[1..],
        2,
        &["creates groups", "use --manifest"],
    );
    let embedded = ["spike", "--embedded", "--users-from", "users.csv"];
    wrong(&embedded, 2, &["--users-from is for a target at a URL"]);
    write("id,userName\n1,ada\n2\n");
    let bad = [
        "users.csv:3:",
        "1 cells where the first line has 2",
        "nothing was sent",
    ];
    wrong(&with("read-mostly")[1..], 2, &bad);
    wrong(
        &["read-mostly", base, "--users-from", "none.csv"],
        2,
        &["cannot read the users none.csv"],
    );
}

#[test]
fn users_who_are_not_there_are_no_fault_of_the_target() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--users", "5"]);
    let users = get(&served, "/Users?count=200")["Resources"].clone();
    let mut csv = "id,userName\nnobody-1,nobody@example.com\n".to_owned();
    for user in users.as_array().unwrap() {
        let text = |name: &str| user[name].as_str().unwrap();
        writeln!(csv, "{},{}", text("id"), text("userName")).unwrap();
    }
    std::fs::write(folder.path().join("users.csv"), &csv).unwrap();
    let from = ["--users-from", "users.csv", "--threshold", "stale-reads<1"];
    let (code, said, record) = load(folder.path(), &served.base, &from, &[]);
    held(code, &said, &record);
    let told = "users.csv names users who are not there: 1 of 6 looked up, such as nobody-1, who is not there";
    assert!(said.contains(told), "{said}");
    let remark = record["target"]["remarks"][0].as_str().unwrap();
    assert!(remark.starts_with(told), "{remark}");
    for kind in ["lost_write", "stale_read", "wrong_status"] {
        assert_eq!(record["correctness"][kind], 0, "{kind}: {said}");
    }
    assert_eq!(record["correctness"]["not_there"], Value::Null);
    std::fs::write(folder.path().join("users.csv"), "id,userName\nx,y\n").unwrap();
    let (code, said, _) = load(folder.path(), &served.base, &from, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("1 of 1 looked up"), "{said}");
}

#[test]
fn pools_draw_from_a_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let run = |arguments: &[&str]| {
        let (code, out, err) = ended(
            scimitar(folder.path())
                .args(arguments)
                .env("SCIM_TOKEN", TOKEN),
        );
        assert_eq!(code, 0, "{out}{err}");
    };
    let plan = ["--users", "60", "--groups", "4", "--members", "6"];
    run(&[
        &["load", "seed", &served.base, "--manifest", "m"],
        &plan[..],
    ]
    .concat());
    let (code, said, record) = load(folder.path(), &served.base, &["--manifest", "m"], &[]);
    held(code, &said, &record);
    let expected = ["group.match", "group.read", "user.match", "user.read"];
    let names = operations(&record);
    assert!(expected.iter().all(|name| names.contains(*name)), "{said}");
    assert_eq!(record["cleanup"]["created"], 0, "{said}");
    assert_eq!((served.total("/Users"), served.total("/Groups")), (60, 4));
    let other = Served::start(folder.path(), &[]);
    let (code, said, _) = load(folder.path(), &other.base, &["--manifest", "m"], &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("it was written for"), "{said}");
    run(&["cleanup", "--manifest", "m"]);
    assert_eq!(served.total("/Users") + served.total("/Groups"), 0);
}

#[test]
fn credentials_take_turns_and_every_request_has_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--users", "5"]);
    let relay = Relay::before(&served);
    let base = format!("http://{}/v2", relay.address);
    let tokens = [("A_TOKEN", "canary-of-a-1"), ("B_TOKEN", "canary-of-b-2")];
    let turns = ["--tokens-env", "A_TOKEN", "--tokens-env", "B_TOKEN"];
    let (code, said, record) = load(folder.path(), &base, &turns, &tokens);
    held(code, &said, &record);
    assert_eq!(record["settings"]["credentials"], "2");
    let seen = relay.fields("authorization");
    let of = |token: &str| seen.iter().filter(|one| one.ends_with(token)).count();
    let (a, b) = (of("canary-of-a-1"), of("canary-of-b-2"));
    assert_eq!(a + b, seen.len());
    // What goes beside the load, such as the pool, is sent with the first.
    assert!(b > 10 && a > b / 2, "{a} {b}");
    let names = relay.fields("x-request-id");
    assert_eq!(names.len(), relay.lines().len());
    let once: BTreeSet<&String> = names.iter().collect();
    assert_eq!(once.len(), names.len());
    let run = names[0].split('-').next().unwrap();
    assert!(names.iter().all(|name| name.starts_with(run)), "{names:?}");

    std::fs::write(
        folder.path().join("scimitar.toml"),
        "[load]\ntokens-env = ['A_TOKEN', 'C_TOKEN']\n",
    )
    .unwrap();
    let (code, said, _) = load(folder.path(), &base, &[], &tokens);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("the environment variable C_TOKEN is not set"),
        "{said}"
    );
}

#[test]
fn the_general_client_goes_through_the_proxies_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let relay = Relay::before(&served);
    let proxy = format!("http://{}", relay.address);
    let variables = [("HTTP_PROXY", proxy.as_str()), ("http_proxy", &proxy)];
    // A name that the proxy alone knows.
    let port = served.base.split([':', '/']).nth(4).unwrap();
    let base = format!("http://scim.test:{port}/v2");
    let mut reqwest = vec!["--client", "reqwest", "--allow-plaintext-token"];
    reqwest.extend(ELSEWHERE);
    let (code, said, record) = load(folder.path(), &base, &reqwest, &variables);
    held(code, &said, &record);
    assert_eq!(record["settings"]["client"], "reqwest");
    let lines = relay.lines();
    let through = format!("GET {base}/Users");
    assert!(
        lines.iter().any(|line| line.starts_with(&through)),
        "{lines:?}"
    );
    let requests = record["total"]["count"].as_u64().unwrap();
    assert!(lines.len() as u64 > requests, "{} {requests}", lines.len());
    assert_eq!(served.total("/Users"), 0);
}

/// Says that a target by the name `scim.test` may be put under load.
const ELSEWHERE: [&str; 5] = [
    "--i-own-this-target",
    "scim.test",
    "--uncapped",
    "--max-rps",
    "1000",
];

#[test]
fn what_is_meant_for_this_machine_goes_through_no_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let relay = Relay::before(&served);
    let proxy = format!("http://{}", relay.address);
    let variables = [
        ("HTTP_PROXY", proxy.as_str()),
        ("http_proxy", &proxy),
        ("ALL_PROXY", &proxy),
        ("all_proxy", &proxy),
    ];
    let named = served.base.replace("127.0.0.1", "localhost");
    for base in [&served.base, &named] {
        for arguments in [&[][..], &["--client", "reqwest"]] {
            let (code, said, record) = load(folder.path(), base, arguments, &variables);
            held(code, &said, &record);
        }
    }
    let manifest = ["--manifest", "seeded.ndjson"];
    let seed = ["load", "seed", &served.base, "--users", "3"];
    let seed = [&seed[..], &["--client", "reqwest"], &manifest].concat();
    let cleanup = [&["cleanup"][..], &manifest].concat();
    let test = [
        "test",
        &served.base,
        "--only",
        "entra-id.delete.twice",
        "--quiet",
    ];
    let commands: [&[&str]; 4] = [&seed, &cleanup, &test, &["schema", &served.base]];
    for arguments in commands {
        let mut command = scimitar(folder.path());
        for name in ["no_proxy", "NO_PROXY"] {
            command.env_remove(name);
        }
        let command = command.args(arguments).env("SCIM_TOKEN", TOKEN);
        let (code, _, err) = ended(command.envs(variables));
        assert!(code <= 1 || code == 3, "{arguments:?}: {code}: {err}");
    }
    assert_eq!(relay.lines(), Vec::<String>::new());
}

#[test]
fn a_target_over_tls_is_reached_through_a_tunnel() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["scim.test".to_owned()]).unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("cert.pem", made.cert.pem());
    write("key.pem", made.signing_key.serialize_pem());
    let tls = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let served = Served::start(folder.path(), &tls);
    let relay = Relay::before(&served);
    let port = served.base.split([':', '/']).nth(4).unwrap();
    let base = format!("https://scim.test:{port}/v2");
    let proxy = format!("http://{}", relay.address);
    let variables = [("HTTPS_PROXY", proxy.as_str())];
    let mut arguments = vec!["--client", "reqwest", "--cacert", "cert.pem"];
    arguments.extend(ELSEWHERE);
    let (code, said, record) = load(folder.path(), &base, &arguments, &variables);
    held(code, &said, &record);
    let lines = relay.lines();
    assert!(!lines.is_empty(), "{said}");
    let tunnel = format!("CONNECT scim.test:{port} ");
    assert!(
        lines.iter().all(|line| line.starts_with(&tunnel)),
        "{lines:?}"
    );
}
