//! The embedded provider and the oracle held to each other: each evaluates filters and applies
//! writes on its own, so where they disagree one of them is wrong.
//!
//! The cases are the same in every run. `DIFFERENTIAL_SEED` and `DIFFERENTIAL_CASES` choose others.

mod filter;
mod peer;
mod population;
mod text;
mod value;
mod write;

use bytes::Bytes;
use http::Method;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};
use scimitar::clock::Clock;
use scimitar::exchange::Exchange;
use scimitar::provider::fault::registry;
use scimitar::provider::{InProcess, Provider, Settings};
use scimitar::scim::schema::SchemaSet;
use scimitar::session::discovery::discover;
use scimitar::session::{Auth, Call, Content, Intent, Session, Via};
use serde_json::Value;

/// A provider of its own, what it says of its schemas, and a way to call it.
struct Bench {
    runtime: tokio::runtime::Runtime,
    session: InProcess,
    clock: Clock,
    users: SchemaSet,
    groups: SchemaSet,
    /// How hard a failing case is made small: not at all where a failure is what is wanted.
    shrinks: u32,
}

impl Bench {
    fn new() -> Self {
        Self::with(&[])
    }

    /// A provider with faults, by their names.
    fn with(faults: &[&str]) -> Self {
        let fault = |name: &&str| registry::find(name).expect("a fault has this name");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime starts");
        let clock = Clock::virtual_now();
        let session = Provider::new(Settings {
            clock: clock.clone(),
            faults: faults.iter().flat_map(fault).collect(),
            ..Settings::default()
        })
        .session();
        let found = runtime.block_on(discover(&session));
        let schemas = |name| found.capabilities.schema_set(name);
        Self {
            users: schemas("User").expect("there are users"),
            groups: schemas("Group").expect("there are groups"),
            runtime,
            session,
            clock,
            shrinks: if faults.is_empty() { 2_000 } else { 0 },
        }
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let owned = |(name, value): &(&str, &str)| (String::from(*name), String::from(*value));
        let call = Call {
            case: String::new(),
            step: String::new(),
            method,
            path: String::from(path),
            query: query.iter().map(owned).collect(),
            headers: Vec::new(),
            body: body.map(|body| Content {
                media_type: String::from("application/scim+json"),
                bytes: Bytes::from(body.to_string()),
            }),
            auth: Auth::Main,
            via: Via::default(),
            intent: Intent::Read,
        };
        Answer(self.runtime.block_on(self.session.send(call)))
    }

    fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, &[], None);
        assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
        answer.body()
    }

    /// Creates a resource and gives its path.
    fn create(&self, endpoint: &str, body: &Value) -> Result<String, Box<Answer>> {
        let answer = self.send(Method::POST, endpoint, &[], Some(body));
        match answer.body()["id"].as_str() {
            Some(id) if answer.status() == 201 => Ok(format!("{endpoint}/{id}")),
            _ => Err(Box::new(answer)),
        }
    }

    /// Lets the clock of the provider go on, so that a changed time is seen.
    fn wait(&self) {
        self.runtime
            .block_on(self.clock.sleep(std::time::Duration::from_secs(1)));
    }
}

/// The answer to one call.
#[derive(Debug)]
struct Answer(Exchange);

impl Answer {
    fn status(&self) -> u16 {
        self.0.status().unwrap_or(0)
    }

    fn body(&self) -> Value {
        self.0.json().cloned().unwrap_or_default()
    }

    fn keyword(&self) -> Option<String> {
        self.body()["scimType"].as_str().map(String::from)
    }
}

/// Runs a property over generated cases.
///
/// # Errors
/// The seed and the smallest case that fails.
fn run<S: Strategy>(
    (cases, shrinks): (u32, u32),
    strategy: &S,
    property: impl Fn(S::Value) -> TestCaseResult,
) -> Result<(), String> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
    let seed = number("DIFFERENTIAL_SEED").unwrap_or(1);
    let config = Config {
        cases: number("DIFFERENTIAL_CASES").unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: shrinks,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let outcome = TestRunner::new_with_rng(config, rng).run(strategy, property);
    outcome.map_err(|error| match error {
        TestError::Fail(reason, case) => {
            format!("seed {seed}: {reason}\nsmallest case: {case:#?}")
        }
        TestError::Abort(reason) => format!("seed {seed}: {reason}"),
    })
}
