//! This crate's request path, every answer checked and recorded as a load run does.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use scimitar::client::{Http, Settings, Target};
use scimitar::load::histogram::{Collector, Ending, Gauges, Recorder, Sample};
use scimitar::load::wire::{Answer, Connection, Endpoint, Request};
use scimitar::record::load::Operation;
use scimitar::redact::Vault;

const JSON: &str = "application/scim+json";

/// What users do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mix {
    /// `GET ?filter=userName eq`.
    Get,
    /// POST, GET, filter, PATCH, DELETE.
    Mixed,
}

/// What an answer is looked at for.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    id: Option<String>,
    total_results: Option<u64>,
}

pub(crate) fn endpoint(url: &str) -> Arc<Endpoint> {
    let vault = Vault::new();
    let mut settings = Settings::new(Target::parse(url, true).unwrap());
    let token = std::env::var("SCIM_TOKEN").unwrap_or_else(|_| "bench-token".to_owned());
    settings.token = Some(vault.learn("token", &token));
    settings.run_id.push_str("bench");
    settings.http = Http::One;
    Arc::new(Endpoint::new(&settings, &vault).unwrap())
}

pub(crate) fn filter(endpoint: &Endpoint) -> Request {
    let base = endpoint.target().path();
    let target = format!("{base}/Users?filter=userName%20eq%20%22bjensen%22");
    Request::new(Method::GET, target).unwrap()
}

/// One thread, as a client that is pinned to one processor has.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// One request, recorded.
pub(crate) struct User {
    pub(crate) connection: Connection,
    pub(crate) recorder: Recorder,
    pub(crate) start: Instant,
}

impl User {
    /// Sends a request and looks at its answer.
    pub(crate) async fn ask(
        &mut self,
        operation: u16,
        wanted: Option<Instant>,
        request: &Request,
    ) -> Option<Answer> {
        match self.connection.send(request).await {
            Ok(answer) => {
                let sample = Sample::answered(operation, self.start, wanted, request, &answer);
                let seen: Option<Seen> = serde_json::from_slice(&answer.body).ok();
                let good = match seen {
                    Some(seen) => seen.total_results.is_some() || seen.id.is_some(),
                    None => answer.status == 204,
                };
                let ending = match answer.status {
                    200..=299 if good => Ending::Good,
                    200..=299 => Ending::Body,
                    _ => Ending::Status(None),
                };
                self.recorder.record(sample.ended(ending));
                Some(answer)
            }
            Err(trouble) => {
                let failed = Sample::failed(operation, self.start, wanted, request, &trouble);
                self.recorder.record(failed);
                None
            }
        }
    }

    async fn mixed(&mut self, base: &str, n: u64) {
        let post = Request::new(Method::POST, format!("{base}/Users")).unwrap();
        let body = format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bench-{n}","name":{{"familyName":"Jensen","givenName":"Barbara"}},"emails":[{{"value":"b{n}@example.com","type":"work"}}],"active":true}}"#
        );
        let Some(created) = self.ask(0, None, &post.body(JSON, body)).await else {
            return;
        };
        let seen: Option<Seen> = serde_json::from_slice(&created.body).ok();
        let Some(id) = seen.and_then(|seen| seen.id) else {
            return;
        };
        let one = format!("{base}/Users/{id}");
        let get = Request::new(Method::GET, one.clone()).unwrap();
        self.ask(0, None, &get).await;
        let find = format!("{base}/Users?filter=userName%20eq%20%22bench-{n}%22");
        self.ask(0, None, &Request::new(Method::GET, find).unwrap())
            .await;
        let patch = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}"#;
        let change = Request::new(Method::PATCH, one.clone()).unwrap();
        self.ask(0, None, &change.body(JSON, patch)).await;
        self.ask(0, None, &Request::new(Method::DELETE, one).unwrap())
            .await;
    }
}

/// Users that send the next request once they have the answer to the last.
pub(crate) fn closed(url: &str, mix: Mix, connections: usize, length: Duration) {
    runtime().block_on(async {
        let endpoint = endpoint(url);
        let (start, before) = (Instant::now(), super::cpu());
        let mut collector = Collector::new(start, Duration::ZERO, vec!["all".to_owned()]);
        let names = Arc::new(AtomicU64::new(0));
        let users = (0..connections).map(|_| {
            let mut user = User {
                connection: endpoint.connection(),
                recorder: collector.recorders().recorder(),
                start,
            };
            let (find, names) = (filter(&endpoint), Arc::clone(&names));
            let base = endpoint.target().path().to_owned();
            tokio::spawn(async move {
                while start.elapsed() < length {
                    if mix == Mix::Get {
                        user.ask(0, None, &find).await;
                    } else {
                        let n = names.fetch_add(1, Ordering::Relaxed);
                        user.mixed(&base, n).await;
                    }
                }
            })
        });
        let users: Vec<_> = users.collect();
        while start.elapsed() < length {
            tokio::time::sleep(Duration::from_secs(1).min(length)).await;
            collector.collect(Instant::now(), Gauges::default());
        }
        for user in users {
            user.await.unwrap();
        }
        let end = Instant::now();
        let (figures, log) = collector.finish(end, Gauges::default());
        log.unwrap();
        print(&figures.total, end - start, super::cpu() - before);
    });
}

/// The figures in a line of JSON.
pub(crate) fn print(total: &Operation, ran: Duration, cpu: f64) {
    println!(
        "{}",
        serde_json::json!({
            "requests": total.count,
            "errors": total.errors.count,
            "seconds": ran.as_secs_f64(),
            "cpu": cpu,
            "p50": total.response.p50,
            "p95": total.response.p95,
            "p99": total.response.p99,
            "service_p50": total.service.p50,
            "lateness_p99": total.lateness.p99,
        })
    );
}

/// Whether memory stays as it is, however many requests there are: against a server in a process of its own.
///
/// # Panics
/// Where it is a tenth more or less after the last request than after the first hundred thousand.
pub(crate) fn flat(connections: usize, requests: u64) {
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["canned", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = server.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    let url = line.split_whitespace().last().unwrap();
    let marks = memory(url, connections, requests);
    server.kill().unwrap();
    server.wait().unwrap();
    let (first, last) = (marks[0], marks[marks.len() - 1]);
    assert!(
        first.abs_diff(last) * 10 <= first,
        "{first} kB became {last} kB"
    );
}

/// Resident memory in kilobytes after a hundred thousand requests, twice as many each further time, and all of them.
pub(crate) fn memory(url: &str, connections: usize, requests: u64) -> Vec<u64> {
    let mut marks = Vec::new();
    runtime().block_on(async {
        let endpoint = endpoint(url);
        let start = Instant::now();
        let mut collector = Collector::new(start, Duration::ZERO, vec!["all".to_owned()]);
        let left = Arc::new(AtomicU64::new(0));
        for _ in 0..connections {
            let mut user = User {
                connection: endpoint.connection(),
                recorder: collector.recorders().recorder(),
                start,
            };
            let (find, left) = (filter(&endpoint), Arc::clone(&left));
            tokio::spawn(async move {
                while left.fetch_add(1, Ordering::Relaxed) < requests {
                    user.ask(0, None, &find).await;
                }
            });
        }
        let mut mark = 100_000.min(requests);
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            collector.collect(Instant::now(), Gauges::default());
            let count = collector.total(Instant::now()).count;
            if count >= mark {
                let resident = super::resident();
                println!(
                    "{}",
                    serde_json::json!({"requests": count, "resident_kb": resident})
                );
                marks.push(resident);
                mark = if count >= requests {
                    return;
                } else {
                    (count * 2).min(requests)
                };
            }
        }
    });
    marks
}
