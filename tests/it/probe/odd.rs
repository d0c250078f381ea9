//! Probes against targets that are good for nothing: one clear line each, few requests, no blame without cause.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use scimitar::exchange::{Exchange, Failure, FailureKind};
use scimitar::record::{CaseRecord, Outcome};
use scimitar::scim::urn;
use scimitar::session::{BoxFuture, Call, Session};

use serde_json::Value;

use super::tried;
use crate::in_process;

/// What is odd about a target.
#[derive(Clone, Copy)]
enum Odd {
    /// Answers each filter with this status.
    Filters(u16),
    /// Refuses each filter in which one of these stands.
    Words(&'static [&'static str]),
    /// Answers each PATCH with this status.
    Patches(u16),
    /// Answers each request with this number, and each of its multiples, with 503.
    Busy(usize),
    /// Takes users for active of whom nothing is said.
    Active,
    /// Says of each change that it is accepted, as if it came later.
    Accepts,
    /// Is not there any more after as many requests of the probe.
    Gone(usize),
}

struct Through {
    inner: Arc<dyn Session>,
    odd: Odd,
    sent: Arc<AtomicUsize>,
}

impl Session for Through {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(async move {
            let of_probe = call.case.starts_with("probe.");
            let sent = self.sent.fetch_add(usize::from(of_probe), Ordering::SeqCst);
            let projected = call
                .query
                .iter()
                .any(|(name, _)| name.ends_with("ttributes"));
            let filters = of_probe && call.query.iter().any(|(name, _)| name == "filter");
            let filter = call.query.iter().find(|(name, _)| name == "filter");
            let filter = filter.map(|(_, filter)| filter.to_lowercase());
            let filter = filter.filter(|_| of_probe).unwrap_or_default();
            let patches = of_probe && call.method == Method::PATCH;
            let changes = of_probe
                && [Method::PATCH, Method::PUT, Method::DELETE].contains(&call.method)
                && call.step != "tidy";
            if let (Odd::Patches(status), true) = (self.odd, patches) {
                // What is refused is not done: the user is looked at instead.
                let mut exchange = self
                    .inner
                    .send(Call {
                        method: Method::GET,
                        body: None,
                        ..call
                    })
                    .await;
                let response = exchange.response.as_mut().unwrap();
                response.status = status;
                response.body.json = None;
                return exchange;
            }
            if let Odd::Busy(each) = self.odd
                && of_probe
                && sent % each == each - 1
            {
                // What is refused is not done.
                let looked = Call {
                    method: Method::GET,
                    body: None,
                    ..call
                };
                let mut exchange = self.inner.send(looked).await;
                let response = exchange.response.as_mut().unwrap();
                response.status = 503;
                response.body.json = Some(Arc::new(serde_json::json!({"status": "503"})));
                return exchange;
            }
            let mut exchange = self.inner.send(call).await;
            match self.odd {
                Odd::Filters(status) if filters => {
                    let response = exchange.response.as_mut().unwrap();
                    response.status = status;
                    response.body.json = None;
                }
                Odd::Accepts if changes => {
                    let response = exchange.response.as_mut().unwrap();
                    if matches!(response.status, 200 | 204) {
                        response.status = 202;
                        response.body.json = None;
                    }
                }
                Odd::Words(words) if words.iter().any(|word| filter.contains(word)) => {
                    let response = exchange.response.as_mut().unwrap();
                    response.status = 400;
                    response.body.json = None;
                }
                Odd::Active if !projected => {
                    let body = &mut exchange.response.as_mut().unwrap().body;
                    if let Some(mut value) = body.json.as_deref().cloned() {
                        activate(&mut value);
                        body.json = Some(Arc::new(value));
                    }
                }
                Odd::Gone(after) if of_probe && sent >= after => {
                    exchange.response = None;
                    exchange.failure = Some(Failure {
                        kind: FailureKind::Refused,
                        detail: String::from("connection refused"),
                        status: None,
                    });
                }
                _ => {}
            }
            exchange
        })
    }

    fn base_url(&self) -> &str {
        self.inner.base_url()
    }
}

/// Makes users active of whom nothing is said, in a list, too.
fn activate(value: &mut Value) {
    if let Some(all) = value.get_mut("Resources").and_then(Value::as_array_mut) {
        all.iter_mut().for_each(activate);
    }
    let is_user = value["schemas"]
        .as_array()
        .is_some_and(|all| all.iter().any(|urn| urn.as_str() == Some(urn::USER)));
    if is_user && value.get("active").is_none() {
        value["active"] = Value::Bool(true);
    }
}

/// What a probe says of an odd target, and how many requests it took.
fn against(probe: &str, odd: Odd) -> (CaseRecord, usize) {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let record = in_process::run_probe_through(probe, |inner, _| {
        Arc::new(Through {
            inner,
            odd,
            sent: count,
        })
    });
    let case = record.cases.into_iter().find(|case| case.id == probe);
    (case.unwrap(), sent.load(Ordering::SeqCst))
}

const PROBES: [&str; 3] = [
    "probe.filter",
    "probe.filter-algebra",
    "probe.filter-refusals",
];

#[test]
fn a_target_that_refuses_filters_is_not_blamed_for_it() {
    for probe in PROBES {
        for status in [400, 403, 501] {
            let (case, sent) = against(probe, Odd::Filters(status));
            assert_eq!(case.outcome, Outcome::Skip, "{probe} {status}: {case:?}");
            let why = case.skip_reason.unwrap();
            assert!(why.contains("refuses"), "{why}");
            assert!(sent < 40, "{probe} {status}: {sent} requests");
        }
    }
}

#[test]
fn what_a_target_refuses_of_filters_is_told_and_not_blamed() {
    let odd = Odd::Words(&[" gt ", "not (", "meta.", "["]);
    let (case, _) = against("probe.filter", odd);
    assert_eq!(case.outcome, Outcome::Pass, "{case:?}");
    let told = case.told.unwrap();
    let (takes, refuses) = told.split_once("; refuses ").unwrap();
    assert!(takes.contains(" ge, ") && !takes.contains(" gt,"), "{told}");
    assert!(refuses.starts_with("gt, not, value paths, meta."), "{told}");
}

#[test]
fn a_target_that_breaks_down_at_filters_is_a_single_finding() {
    for probe in PROBES {
        let (case, sent) = against(probe, Odd::Filters(500));
        if probe == "probe.filter" {
            assert_eq!(case.outcome, Outcome::Fail, "{case:?}");
            assert!(case.findings.len() == 1 && case.findings[0].actual.contains("500"));
        } else {
            assert_eq!(case.outcome, Outcome::Skip, "{case:?}");
            assert!(case.skip_reason.unwrap().contains("500"));
        }
        assert!(sent < 40, "{probe}: {sent} requests");
    }
}

#[test]
fn a_target_that_goes_away_halfway_is_blamed_for_nothing() {
    let probes = PROBES.into_iter().chain(["probe.patch"]);
    for (probe, after) in probes.flat_map(|probe| [(probe, 3), (probe, 150)]) {
        let (case, sent) = against(probe, Odd::Gone(after));
        assert!(case.findings.is_empty(), "{probe} {after}: {case:?}");
        assert_eq!(case.outcome, Outcome::Error, "{probe} {after}: {case:?}");
        assert!(sent < after + 60, "{probe} {after}: {sent} requests");
    }
}

#[test]
fn a_target_without_patch_is_not_blamed_for_it() {
    // What a bulk request does in itself is not refused on its way.
    let apart = ["probe.bulk", "probe.race-bulk"];
    let probes = scimitar::probe::all().iter().map(|probe| probe.id());
    for probe in probes.filter(|id| !apart.contains(id)) {
        for status in [405, 501] {
            let (case, _) = against(probe, Odd::Patches(status));
            assert!(case.findings.is_empty(), "{probe} {status}: {case:?}");
        }
    }
}

#[test]
fn a_target_that_only_accepts_changes_is_not_blamed_for_what_it_does_not_say() {
    for probe in ["probe.patch", "probe.put", "probe.store"] {
        let (case, _) = against(probe, Odd::Accepts);
        assert!(case.findings.is_empty(), "{probe}: {case:?}");
    }
}

#[test]
fn a_target_with_a_default_is_not_blamed_for_it() {
    for probe in [
        "probe.patch",
        "probe.put",
        "probe.store",
        "probe.schema-walk",
        "probe.codec",
    ] {
        let (case, _) = against(probe, Odd::Active);
        assert!(case.findings.is_empty(), "{probe}: {case:?}");
    }
}

#[test]
fn a_target_that_is_busy_now_and_then_is_blamed_for_nothing() {
    for probe in scimitar::probe::all().iter().map(|probe| probe.id()) {
        let (case, _) = against(probe, Odd::Busy(25));
        assert!(case.findings.is_empty(), "{probe}: {case:?}");
    }
}

#[test]
fn a_target_that_returns_everything_is_told_in_few_findings() {
    let case = tried("probe.filter", Some("filter-ignored"), 1);
    assert_eq!(case.outcome, Outcome::Fail);
    assert!(case.findings.len() <= 12, "{}", case.findings.len());
}
