//! From what an attack gave to its record, and to the exit code.

use std::collections::BTreeMap;

use super::blame;
use crate::cli::exit::Exit;
use crate::load::attack::{Finished, Halt, Trouble};
use crate::load::threshold;
use crate::record::load::{
    LoadProfile as Named, LoadRecord, LoadTarget, Model as Who, Shard, Threshold,
};
use crate::record::{Cleanup, Leftover, RunOutcome, Tool};
use crate::run::outcome::{Reason, Traffic};
use crate::suite::load::{LoadProfile, Metric, Model};

/// What a record is made of.
pub(super) struct Told<'a> {
    pub(super) finished: &'a Finished,
    pub(super) profile: &'a LoadProfile,
    pub(super) digest: &'a str,
    /// Id of the run.
    pub(super) run: &'a str,
    pub(super) shard: Option<Shard>,
    /// Digest over all that decides which load is put on a target.
    pub(super) config: String,
    pub(super) suite_digest: String,
    pub(super) seed: u64,
    pub(super) label: String,
    pub(super) base_url: &'a str,
    pub(super) embedded: bool,
    pub(super) http: String,
    pub(super) remarks: &'a [String],
    pub(super) settings: BTreeMap<String, String>,
    pub(super) signalled: Option<Reason>,
    /// Trouble with the end of the journal.
    pub(super) journal: Option<String>,
}

/// The record of a run.
pub(super) fn record(told: &Told<'_>) -> LoadRecord {
    let finished = told.finished;
    let tool = Tool {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite_digest: told.suite_digest.clone(),
    };
    let seconds = finished.measured.as_secs_f64();
    // A shard sees a part of the load: what must hold is judged once, on all of them.
    let wanted = &told.profile.thresholds;
    let (now, later) = match told.shard {
        None => (wanted.as_slice(), &[][..]),
        Some(_) => (&[][..], wanted.as_slice()),
    };
    let thresholds = threshold::judge(now, &finished.figures, seconds);
    let cleanup = cleanup(told);
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let record = LoadRecord {
        run: told.run.to_owned(),
        config: told.config.clone(),
        shard: told.shard,
        unjudged: later.iter().map(|one| one.text.clone()).collect(),
        label: told.label.clone(),
        started: finished.started.clone(),
        duration_ms: millis(finished.measured),
        warm_up_ms: millis(finished.warm_up),
        target: target(told),
        profile: Named {
            name: told.profile.name.clone(),
            digest: told.digest.to_owned(),
            model: match told.profile.model {
                Model::Closed { .. } => Who::Closed,
                Model::Open(_) => Who::Open,
            },
            description: told.profile.title.clone(),
        },
        settings: told.settings.clone(),
        operations: (finished.figures.operations.iter())
            .filter(|one| one.count + one.in_time > 0)
            .cloned()
            .collect(),
        total: finished.figures.total.clone(),
        series: finished.figures.series.clone(),
        series_hdr: finished.figures.series_hdr.clone(),
        generator: finished.generator.clone(),
        correctness: finished.correctness.clone(),
        thresholds,
        cost: finished.cost.clone(),
        breakpoint: finished.breakpoint.clone(),
        stopped: finished.stopped.as_ref().map(|(_, why)| why.clone()),
        cleanup,
        ..LoadRecord::new(tool, told.seed)
    };
    LoadRecord {
        outcome: outcome(told, &record),
        ..record
    }
}

fn target(told: &Told<'_>) -> LoadTarget {
    let finished = told.finished;
    let log = finished.log_trouble.iter();
    let log = log.map(|why| format!("the log of histograms is not whole: {why}"));
    LoadTarget {
        base_url: told.base_url.to_owned(),
        embedded: told.embedded,
        http: told.http.clone(),
        remarks: (told.remarks.iter().chain(&finished.remarks).cloned())
            .chain(log)
            .collect(),
    }
}

fn cleanup(told: &Told<'_>) -> Cleanup {
    let swept = &told.finished.swept;
    let mut cleanup = Cleanup {
        created: swept.created,
        deleted: swept.deleted,
        leftover: (swept.leftover.iter())
            .map(|one| Leftover {
                resource: one.resource.clone(),
                reason: one.reason.clone(),
            })
            .collect(),
    };
    cleanup
        .leftover
        .extend(told.journal.iter().map(|why| Leftover {
            resource: "unknown".to_owned(),
            reason: format!("the journal can't be written: {why}"),
        }));
    cleanup
}

/// All reasons that apply, the most important first, and the exit code of that one.
fn outcome(told: &Told<'_>, record: &LoadRecord) -> RunOutcome {
    let finished = told.finished;
    let (thresholds, cleanup) = (&record.thresholds, &record.cleanup);
    let (answered, refused) = finished.answered;
    let traffic = Traffic { answered, refused };
    let halt = finished.stopped.as_ref().map(|(halt, _)| *halt);
    let interrupted = told.signalled.is_some();
    let crossed = !interrupted && crossed(told, thresholds);
    let breaking = halt == Some(Halt::Broken);
    let failed = halt == Some(Halt::Errors);
    // The warm-up counts as well: whoever answers is there.
    let lost = failed && answered == 0;
    let empty = finished.figures.total.count == 0;
    let met = [
        (told.signalled, interrupted),
        (
            Some(Reason::AuthNeverAccepted),
            traffic.auth_never_accepted(),
        ),
        (Some(Reason::TargetLost), lost || halt == Some(Halt::Setup)),
        (
            Some(Reason::GeneratorLimited),
            finished.generator.limited.is_some()
                || halt == Some(Halt::Late)
                || (!breaking && blame::is_open(record)),
        ),
        (
            Some(Reason::NothingJudged),
            !interrupted && ((empty && (!failed || lost)) || (!failed && found_nothing(finished))),
        ),
        (
            Some(Reason::StockNotThere),
            crossed && finished.correctness.not_there > 0,
        ),
        (Some(Reason::ThresholdCrossed), crossed || (failed && !lost)),
        (Some(Reason::OutputFailed), finished.log_trouble.is_some()),
        (
            Some(Reason::CleanupIncomplete),
            !cleanup.leftover.is_empty(),
        ),
    ];
    let mut reasons: Vec<Reason> = met
        .into_iter()
        .filter_map(|(reason, is)| reason.filter(|_| is))
        .collect();
    reasons.sort();
    RunOutcome {
        exit_code: reasons.first().map_or(0, |reason| reason.code()),
        reasons: reasons.iter().map(|it| it.word().to_owned()).collect(),
    }
}

/// Whether a threshold was crossed. A rising rate is there to break one: only one that broke at once says that none is
/// held; what is answered wrongly is so at every rate.
fn crossed(told: &Told<'_>, thresholds: &[Threshold]) -> bool {
    let halt = told.finished.stopped.as_ref().map(|(halt, _)| *halt);
    let found = told.finished.breakpoint.as_ref();
    let searched =
        halt == Some(Halt::Broken) && found.is_some_and(|it| it.last_good_rate.is_some());
    let wanted = told.profile.thresholds.iter().zip(thresholds);
    wanted
        .filter(|(one, _)| !searched || matches!(one.metric, Metric::Wrong(_)))
        .any(|(_, it)| !it.held)
}

/// Whether a rate rose, and nothing was held or broken at any.
fn found_nothing(finished: &Finished) -> bool {
    let found = finished.breakpoint.as_ref();
    found.is_some_and(|it| it.last_good_rate.is_none() && it.broken_at_rate.is_none())
}

/// The exit code of a run that could not begin.
pub(super) fn exit_of(trouble: &Trouble) -> Exit {
    match trouble {
        Trouble::Journal(_) | Trouble::Log(_) => Exit::CannotWrite,
        Trouble::Schedule(_) => Exit::Usage,
        Trouble::Driver(_) => Exit::Bug,
    }
}
