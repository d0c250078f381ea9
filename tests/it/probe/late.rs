//! A target whose reads follow its changes a moment late does no wrong: the lag is told, and nothing else; what else is
//! wrong with it is found all the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use http::Method;
use jiff::{SignedDuration, Timestamp};
use scimitar::clock::Clock;
use scimitar::exchange::{Exchange, Response};
use scimitar::probe::all;
use scimitar::provider::fault::registry;
use scimitar::record::{CaseRecord, Outcome, RunRecord};
use scimitar::session::{BoxFuture, Call, Session};

use super::case;
use crate::fault::each;
use crate::in_process;

const LATE: &str = "changes-are-read-a-moment-late";

/// Everything that was found but the lag itself.
fn beside_the_lag(record: &RunRecord) -> Vec<&CaseRecord> {
    let lag = "preflight.consistency";
    assert!(record.cases.iter().any(|case| case.id == lag));
    let others = record.cases.iter().filter(|case| case.id != lag);
    others.filter(|case| !case.findings.is_empty()).collect()
}

#[test]
fn no_probe_blames_a_target_for_a_lag_that_is_known() {
    let probes: Vec<&str> = all().iter().map(|probe| probe.id()).collect();
    let blamed = each(&probes, |probe| {
        let record = in_process::run_probe(probe, registry::find(LATE).unwrap(), 1);
        let found = beside_the_lag(&record);
        (!found.is_empty()).then(|| format!("{found:?}"))
    });
    let blamed: Vec<String> = blamed.into_iter().flatten().collect();
    assert!(blamed.is_empty(), "{}", blamed.join("\n"));
}

#[test]
fn no_scenario_blames_a_target_for_a_lag_that_is_known() {
    let record = in_process::run(registry::find(LATE).unwrap(), 1, 1);
    let found = beside_the_lag(&record);
    assert!(found.is_empty(), "{found:?}");
    let lag = record
        .cases
        .iter()
        .find(|case| case.id == "preflight.consistency");
    let lag = lag.unwrap();
    assert_eq!(lag.outcome, Outcome::Note);
    let told: BTreeSet<&str> = lag
        .findings
        .iter()
        .map(|one| one.expected.as_str())
        .collect();
    let expected = ["a change is read at once", "a deletion is read at once"];
    assert_eq!(told, BTreeSet::from(expected));
}

#[test]
fn a_fault_of_a_target_that_lags_is_found() {
    for (probe, fault, requirement) in [
        (
            "probe.patch",
            "patch-not-atomic",
            "rfc7644-3.5.2-patch-is-atomic",
        ),
        (
            "probe.put",
            "put-appends-values",
            "rfc7644-3.5.1-put-replaces-values",
        ),
    ] {
        let mut faults = registry::find(LATE).unwrap();
        faults.extend(registry::find(fault).unwrap());
        let case = case(in_process::run_probe(probe, faults, 1), probe);
        let mut found = case.findings.iter();
        assert!(found.any(|one| one.requirement == requirement), "{case:?}");
    }
}

/// Reaches a provider one of whose three copies follows changes late, from the first request of a probe on.
struct Copies {
    inner: Arc<dyn Session>,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    begun: bool,
    reads: usize,
    /// What changed resources were shown as before, by path, and when they changed.
    before: HashMap<String, (Timestamp, Response)>,
}

impl State {
    /// What the copy shows of a resource, where it is asked and late.
    fn late(&mut self, path: &str, now: Timestamp) -> Option<Response> {
        let (at, before) = self.before.get(path)?;
        self.reads += 1;
        (self.begun && is_fresh(*at, now) && self.reads.is_multiple_of(3)).then(|| before.clone())
    }
}

/// Whether the copy has not seen yet what happened then.
fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) < SignedDuration::from_millis(300)
}

impl Session for Copies {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(async move {
            self.state.lock().unwrap().begun |= call.case.starts_with("probe.");
            let path = call.path.clone();
            if call.method == Method::GET {
                let mut exchange = self.inner.send(call).await;
                let late = self.state.lock().unwrap().late(&path, self.clock.now());
                if let (Some(200), Some(late)) = (exchange.status(), late) {
                    exchange.response = Some(late);
                }
                return exchange;
            }
            if ![Method::PATCH, Method::PUT].contains(&call.method) {
                return self.inner.send(call).await;
            }
            let look = Call {
                method: Method::GET,
                body: None,
                ..call.clone()
            };
            let before = self.inner.send(look).await.response;
            let exchange = self.inner.send(call).await;
            if let (Some(200 | 204), Some(before)) = (exchange.status(), before) {
                let now = self.clock.now();
                let mut state = self.state.lock().unwrap();
                let known = state.before.get(&path);
                if known.is_none_or(|(at, _)| !is_fresh(*at, now)) {
                    state.before.insert(path, (now, before));
                }
            }
            exchange
        })
    }

    fn base_url(&self) -> &str {
        self.inner.base_url()
    }
}

#[test]
fn no_probe_blames_a_target_for_a_lag_that_shows_now_and_then() {
    for probe in [
        "probe.patch",
        "probe.put",
        "probe.store",
        "probe.schema-walk",
    ] {
        let record = in_process::run_probe_through(probe, |inner, clock| {
            Arc::new(Copies {
                inner,
                clock,
                state: Mutex::default(),
            })
        });
        let found = beside_the_lag(&record);
        assert!(found.is_empty(), "{found:?}");
    }
}
