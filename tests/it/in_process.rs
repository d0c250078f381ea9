//! Whole runs without a socket: the embedded suites against the provider in process.

mod inputs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scimitar::clock::Clock;
use scimitar::exchange::Exchange;
use scimitar::payload::Overlay;
use scimitar::probe::{self, Effort};
use scimitar::provider::fault::Fault;
use scimitar::provider::{
    Gateway, InProcess, Limits, OAuth, Provider, Settings, Token, trial_extension,
};
use scimitar::record::{Cleanup, Event, RunRecord};
use scimitar::redact::Vault;
use scimitar::requirement::Grading;
use scimitar::run::expectation::Expectations;
use scimitar::run::{Inputs, Plan, Shelf, Sink, run as conduct};
use scimitar::session::{BoxFuture, Call, Session};
use scimitar::suite::{Case, Suite};

use inputs::{LIBRARY, OTHERS, inputs, plan};

/// Takes nothing down: the record is what a test looks at.
struct Nowhere;

impl Sink for Nowhere {
    fn event(&self, _event: Event) {}

    fn exchange(&self, _exchange: &Exchange) {}
}

/// The pack that the RFCs have; the matrix of faults is made with it alone.
pub(crate) const RFC: &str = "rfc";

/// Runs the pack of the RFCs against a provider with these faults.
pub(crate) fn run(faults: Vec<Arc<dyn Fault>>, seed: u64, jobs: usize) -> RunRecord {
    play(limited(faults), seed, jobs, |inputs| inputs)
}

/// Runs the pack of the RFCs against a provider with these faults, and grades strictly what is ambiguous.
pub(crate) fn run_strictly(faults: Vec<Arc<dyn Fault>>) -> RunRecord {
    play(limited(faults), 1, 1, |inputs| Inputs {
        grading: Grading::Strict,
        ..inputs
    })
}

fn limited(faults: Vec<Arc<dyn Fault>>) -> Settings {
    Settings {
        faults,
        // Small enough that a request over them is soon made.
        limits: Limits {
            max_operations: 100,
            max_payload_size: 65_536,
            ..Limits::default()
        },
        ..Settings::default()
    }
}

/// Runs the pack of the RFCs against a provider with these settings, some failures being expected; the token and
/// the clock are set here.
pub(crate) fn run_against(
    settings: Settings,
    expectations: Expectations,
    seed: u64,
    jobs: usize,
) -> RunRecord {
    play(settings, seed, jobs, |inputs| Inputs {
        expectations: Arc::new(Mutex::new(expectations)),
        ..inputs
    })
}

/// Runs the scenarios of a folder; beside the record, the number of requests.
pub(crate) fn run_folder(settings: Settings, folder: &Path) -> (RunRecord, u64) {
    let (catalogue, _) = LIBRARY.clone();
    let mut suite = Suite::embedded().expect("the embedded suites are sound");
    let known: BTreeSet<String> = suite.headings().iter().map(|it| it.id.clone()).collect();
    suite.add(folder).expect("the folder holds a suite");
    let added = suite.headings().iter().filter(|it| !known.contains(&it.id));
    let plan = plan(&catalogue, &suite, added);
    let counter = Arc::new(Counter::default());
    let sink = Arc::clone(&counter) as Arc<dyn Sink>;
    let record = play(settings, 1, 1, |inputs| Inputs {
        plan,
        sink,
        ..inputs
    });
    (record, counter.0.load(Ordering::SeqCst))
}

/// All cases of the packs of identity providers.
pub(crate) fn identity_provider_cases() -> &'static [Case] {
    &OTHERS
}

/// Runs some cases of one pack, and no invariant, against a provider with these faults.
pub(crate) fn run_cases(pack: &str, cases: Vec<Case>, faults: Vec<Arc<dyn Fault>>) -> RunRecord {
    let settings = Settings {
        faults,
        ..Settings::default()
    };
    run_cases_against(pack, cases, settings, Overlay::default())
}

/// The same against a provider with these settings, with what its users need besides; one that throttles is obeyed.
pub(crate) fn run_cases_against(
    pack: &str,
    cases: Vec<Case>,
    settings: Settings,
    overlay: Overlay,
) -> RunRecord {
    let plan = Plan {
        cases,
        packs: vec![(pack.to_owned(), true)],
        ..Plan::default()
    };
    play(settings, 1, 1, |inputs| Inputs {
        plan,
        overlay,
        ..inputs
    })
}

/// Tries one probe on a provider with these faults.
pub(crate) fn run_probe(id: &str, faults: Vec<Arc<dyn Fault>>, seed: u64) -> RunRecord {
    let settings = Settings {
        faults,
        ..Settings::default()
    };
    run_probe_against(id, settings, seed)
}

/// Tries one probe on a provider with these settings.
pub(crate) fn run_probe_against(id: &str, settings: Settings, seed: u64) -> RunRecord {
    let plan = probing(id);
    play(settings, seed, 1, |inputs| Inputs { plan, ..inputs })
}

/// The same up to the first example that fails, without the search for the smallest one.
pub(crate) fn run_probe_briefly(id: &str, faults: &[Arc<dyn Fault>], seed: u64) -> RunRecord {
    let settings = Settings {
        faults: faults.to_vec(),
        ..Settings::default()
    };
    let plan = probing(id);
    play(settings, seed, 1, |inputs| Inputs {
        plan,
        effort: Effort {
            shrinks: 2,
            enough: 1,
            ..inputs.effort
        },
        ..inputs
    })
}

fn probing(id: &str) -> Plan {
    Plan {
        probes: vec![probe::find(id).expect("a probe of this name")],
        packs: vec![(String::from(RFC), true)],
        ..Plan::default()
    }
}

/// The same; what the probe finds is handed on as scenarios.
pub(crate) fn run_probe_onto(
    id: &str,
    faults: Vec<Arc<dyn Fault>>,
    seed: u64,
    shelf: Arc<dyn Shelf>,
) -> RunRecord {
    let settings = Settings {
        faults,
        ..Settings::default()
    };
    let plan = Plan {
        probes: vec![probe::find(id).expect("a probe of this name")],
        packs: vec![(String::from(RFC), true)],
        ..Plan::default()
    };
    play(settings, seed, 1, |inputs| Inputs {
        plan,
        shelf: Some(shelf),
        ..inputs
    })
}

/// Tries one probe on a faultless provider that is reached through another session.
pub(crate) fn run_probe_through(
    id: &str,
    through: impl FnOnce(Arc<dyn Session>, Clock) -> Arc<dyn Session>,
) -> RunRecord {
    let plan = Plan {
        probes: vec![probe::find(id).expect("a probe of this name")],
        packs: vec![(String::from(RFC), true)],
        ..Plan::default()
    };
    play(Settings::default(), 1, 1, |inputs| Inputs {
        plan,
        session: through(Arc::clone(&inputs.session), inputs.clock.clone()),
        ..inputs
    })
}

/// Counts exchanges.
#[derive(Default)]
struct Counter(AtomicU64);

impl Sink for Counter {
    fn event(&self, _event: Event) {}

    fn exchange(&self, _exchange: &Exchange) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn play(
    settings: Settings,
    seed: u64,
    jobs: usize,
    change: impl FnOnce(Inputs) -> Inputs,
) -> RunRecord {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let clock = Clock::virtual_now();
        let provider = Provider::new(Settings {
            token: Some(Token::new("in-process")),
            devices: true,
            asynchronous: true,
            second_token: Some(Token::new("in-process-reader")),
            expired_token: Some(Token::new("in-process-yesterday")),
            rotated_token: Some(Token::new("in-process-before")),
            revoked_token: Some(Token::new("in-process-revoked")),
            foreign_token: Some(Token::new("in-process-elsewhere")),
            oauth: Some(OAuth {
                client_id: String::from("in-process-client"),
                client_secret: Token::new(CLIENT_SECRET),
                lifetime: Duration::from_secs(300),
                refresh_token: Some(Token::new("in-process-refresh")),
            }),
            gateway: Some(Gateway {
                first: Token::new("in-process-first-key"),
                second: Token::new("in-process-second-key"),
            }),
            me: Some(String::from("administrator@example.com")),
            me_exists: true,
            clock: clock.clone(),
            extensions: vec![trial_extension()],
            ..settings
        });
        let vault = Arc::new(Vault::new());
        let session: Arc<dyn Session> = Arc::new(Patient {
            provider: provider.session_with(Arc::clone(&vault)),
            clock: clock.clone(),
        });
        let sweep =
            Box::new(|_| -> BoxFuture<'static, Cleanup> { Box::pin(async { Cleanup::default() }) });
        let inputs = change(Inputs {
            values: values(&vault),
            vault,
            ..inputs(session, clock, seed, jobs)
        });
        conduct(inputs, sweep).await.record
    })
}

const CLIENT_SECRET: &str = "in-process-secret";

/// What templates see of the settings.
fn values(vault: &Vault) -> BTreeMap<String, String> {
    let basic = STANDARD.encode(format!("in-process-client:{CLIENT_SECRET}"));
    let secrets = [
        ("client-secret", CLIENT_SECRET),
        ("client-basic", basic.as_str()),
        ("expired-token", "in-process-yesterday"),
        ("rotated-token", "in-process-before"),
        ("revoked-token", "in-process-revoked"),
        ("foreign-token", "in-process-elsewhere"),
        ("refresh-token", "in-process-refresh"),
    ];
    let labels = secrets.map(|(name, secret)| (name.to_owned(), vault.learn(name, secret)));
    let plain = [
        ("client-id", "in-process-client"),
        ("scope", ""),
        ("read-scope", "scim.read"),
    ];
    let plain = plain.map(|(name, value)| (name.to_owned(), value.to_owned()));
    labels.into_iter().chain(plain).collect()
}

/// Reaches a provider as the client does: says what it is, and waits where it is told to.
struct Patient {
    provider: InProcess,
    clock: Clock,
}

impl Session for Patient {
    fn send(&self, mut call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(async move {
            let names = |name: &str| name.eq_ignore_ascii_case("user-agent");
            if !call.headers.iter().any(|(name, _)| names(name)) {
                call.headers
                    .push(("User-Agent".to_owned(), "scimitar".to_owned()));
            }
            for _ in 0..20 {
                let exchange = self.provider.send(call.clone()).await;
                let response = exchange.response.as_ref();
                let throttled = response.filter(|response| response.status == 429);
                let asked = throttled.and_then(|response| response.header("retry-after"));
                match asked.and_then(|seconds| seconds.parse().ok()) {
                    Some(seconds) => self.clock.sleep(Duration::from_secs(seconds)).await,
                    None => return exchange,
                }
            }
            self.provider.send(call).await
        })
    }

    fn base_url(&self) -> &str {
        self.provider.base_url()
    }
}
