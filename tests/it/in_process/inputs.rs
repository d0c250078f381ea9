//! What a run in process is given: the embedded catalogue and suites, and settings that leave nothing out.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use scimitar::check::{expect, invariant};
use scimitar::clock::Clock;
use scimitar::payload::{Marker, Overlay};
use scimitar::probe::Effort;
use scimitar::record::Tool;
use scimitar::record::event::RunStarted;
use scimitar::redact::Vault;
use scimitar::requirement::{Catalogue, Grading};
use scimitar::run::expectation::Expectations;
use scimitar::run::{Inputs, Plan, Stop};
use scimitar::session::Session;
use scimitar::suite::{Case, Heading, Suite, Vocabulary};

use super::{Nowhere, RFC};

/// The embedded catalogue and suites, read once for all runs.
pub(super) static LIBRARY: LazyLock<(Arc<Catalogue>, Plan)> = LazyLock::new(|| {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let suite = Suite::embedded().expect("the embedded suites are sound");
    let headings = suite.headings().iter().filter(|one| one.pack == RFC);
    let plan = plan(&catalogue, &suite, headings);
    (Arc::new(catalogue), plan)
});

pub(super) static OTHERS: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let suite = Suite::embedded().expect("the embedded suites are sound");
    let headings = suite.headings().iter().filter(|one| one.pack != RFC);
    plan(&LIBRARY.0, &suite, headings).cases
});

pub(super) fn inputs(session: Arc<dyn Session>, clock: Clock, seed: u64, jobs: usize) -> Inputs {
    let (catalogue, plan) = LIBRARY.clone();
    let started = RunStarted {
        part: false,
        tool: Tool {
            version: String::from("test"),
            suite_digest: String::new(),
        },
        seed,
        label: String::new(),
        started: clock.now().to_string(),
        grading: String::from("interop"),
        profile: String::from("full"),
        base_url: session.base_url().to_owned(),
        embedded: true,
        revoke_within_ms: 5_000,
    };
    Inputs {
        client: Arc::clone(&session),
        session,
        sink: Arc::new(Nowhere),
        started,
        plan,
        catalogue,
        grading: Grading::Interop,
        marker: Marker::new("0123abcd"),
        clock,
        vault: Arc::new(Vault::new()),
        overlay: Overlay::default(),
        settings: [
            "token",
            "second-token",
            "expired-token",
            "rotated-token",
            "revoked-token",
            "foreign-token",
            "refresh-token",
            "oauth",
            "oauth-read-scope",
            "gateway",
            "gateway-second-key",
            "version",
            "long-waits",
        ]
        .map(String::from)
        .into(),
        values: BTreeMap::new(),
        window: Duration::from_secs(2),
        revoke_within: Duration::from_secs(5),
        expectations: Arc::new(Mutex::new(Expectations::default())),
        jobs,
        effort: Effort {
            abreast: 1,
            cases: 300,
            rounds: 30,
            jobs,
            shrinks: 400,
            enough: 40,
            time: Duration::from_secs(60),
            race: Duration::from_secs(60),
        },
        shelf: None,
        fail_fast: false,
        read_only: false,
        accept_leftovers: true,
        max_time: Duration::from_secs(120),
        stop: Stop::default(),
        remarks: Vec::new(),
        mint: Arc::new(|_| {}),
    }
}

pub(super) fn plan<'h>(
    catalogue: &Catalogue,
    suite: &'h Suite,
    headings: impl IntoIterator<Item = &'h Heading>,
) -> Plan {
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue,
    };
    let scenarios = suite.load(headings, &vocabulary).unwrap_or_else(|wrong| {
        panic!(
            "{}",
            wrong
                .iter()
                .map(|one| one.render(false))
                .collect::<String>()
        )
    });
    Plan {
        cases: scenarios
            .iter()
            .flat_map(scimitar::suite::Scenario::cases)
            .collect(),
        invariants: invariant::all().to_vec(),
        probes: Vec::new(),
        packs: vec![(String::from(RFC), true)],
    }
}
