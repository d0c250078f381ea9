//! Which part of a run over several machines this process is, and when it begins.

use std::collections::BTreeMap;

use clap::Args;
use jiff::{SignedDuration, Timestamp};

use crate::cli::exit::Failure;
use crate::record::load::Shard;
use crate::suite::load::{LoadProfile, Model, Shape};

/// Most shards that a run may have.
const MOST: u32 = 10_000;

/// How far ahead the start may lie.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How a load is spread over several machines.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Several machines")]
pub(super) struct ShardFlags {
    /// Which part of the load this process puts on the target, counted from 0, such as 2/4
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// How many parts there are, where JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID or AWS_BATCH_JOB_ARRAY_INDEX says which
    /// one this is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST)))]
    shards: Option<u32>,
    /// When the first request is due, on all machines: RFC 3339, or seconds since 1970; their clocks have to agree
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) start_at: Option<Timestamp>,
}

impl ShardFlags {
    /// What was asked for, by name of the option, and the start as well.
    pub(super) fn told(&self, mut told: BTreeMap<String, String>) -> BTreeMap<String, String> {
        if let Some(moment) = self.start_at {
            told.insert("start-at".to_owned(), format!("{moment:.3}"));
        }
        told
    }
}

/// `2/4`.
fn shard(text: &str) -> Result<Shard, String> {
    const SHAPE: &str = "write the part, from 0, and how many there are: 2/4";
    let (index, of) = text.split_once('/').ok_or(SHAPE)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| SHAPE.to_owned());
    let (index, of) = (number(index)?, number(of)?);
    if !(1..=MOST).contains(&of) {
        return Err(format!("there may be 1 to {MOST} parts"));
    }
    if index >= of {
        return Err(format!("parts count from 0: 0/{of} to {}/{of}", of - 1));
    }
    Ok(Shard { index, of })
}

/// `2026-11-22T18:00:00Z`, or seconds since 1970.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    const SHAPE: &str =
        "write a moment with its zone, such as 2026-11-22T18:00:00Z, or seconds since 1970";
    let numeric = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let moment = if numeric {
        let seconds: f64 = text.parse().map_err(|_| SHAPE.to_owned())?;
        SignedDuration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|since| Timestamp::from_duration(since).ok())
    } else {
        text.parse().ok()
    };
    moment.ok_or_else(|| SHAPE.to_owned())
}

/// The part that this process is, of a load that can be split.
///
/// # Errors
/// Where options and engine contradict themselves, or the load can't be split.
pub(super) fn of(
    flags: &ShardFlags,
    profile: &LoadProfile,
    embedded: bool,
) -> Result<Option<Shard>, Failure> {
    let env = |name: &str| std::env::var(name).ok();
    let shard = settled(flags, Timestamp::now(), &env)?;
    splits(profile, shard, embedded)?;
    Ok(shard)
}

/// The id of a run: what a shard creates bears its number, beside a part that no other run has.
pub(super) fn named(run: String, shard: Option<Shard>) -> String {
    match shard {
        None => run,
        Some(shard) => format!("{run}s{}", shard.index),
    }
}

/// The part that this process is: as the options say, else as the engine says that started it.
///
/// # Errors
/// Where they contradict themselves, or leave out how many parts there are.
pub(super) fn settled(
    flags: &ShardFlags,
    now: Timestamp,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Shard>, Failure> {
    let wrong = |why: String| Failure::usage(format!("{why}\n  nothing was sent"));
    if let Some(start) = flags.start_at {
        due(start, now).map_err(wrong)?;
    }
    if let Some(shard) = flags.shard {
        return match flags.shards {
            Some(other) if other != shard.of => Err(wrong(format!(
                "--shard {shard} and --shards {other} disagree on how many parts there are"
            ))),
            _ => Ok(Some(shard)),
        };
    }
    told(flags.shards, env).map_err(wrong)
}

fn due(start: Timestamp, now: Timestamp) -> Result<(), String> {
    let ahead = start.duration_since(now);
    if ahead.is_negative() {
        let ago = -ahead.as_secs_f64();
        return Err(format!(
            "--start-at {start:.3} was {ago:.1} s ago: it is too late to begin with the others"
        ));
    }
    if ahead > AHEAD {
        return Err(format!(
            "--start-at {start:.0} lies more than a week ahead; numbers are seconds since 1970"
        ));
    }
    Ok(())
}

/// What one engine says.
struct Told {
    variable: &'static str,
    index: u32,
    /// How many parts there are, and who says so.
    of: Option<(&'static str, u32)>,
}

fn told(
    shards: Option<u32>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Shard>, String> {
    let engines = [
        plain(env, "JOB_COMPLETION_INDEX", None)?,
        slurm(env)?,
        plain(
            env,
            "AWS_BATCH_JOB_ARRAY_INDEX",
            Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        )?,
    ];
    let mut found: Option<(Told, Shard)> = None;
    for told in engines.into_iter().flatten() {
        let shard = counted(&told, shards)?;
        match &found {
            Some((other, known)) if *known != shard => {
                return Err(format!(
                    "{} says that this is part {known}, and {} says {shard}\n  say which one it is: --shard I/N",
                    other.variable, told.variable
                ));
            }
            Some(_) => {}
            None => found = Some((told, shard)),
        }
    }
    match (found, shards) {
        (Some((_, shard)), _) => Ok(Some(shard)),
        (None, None | Some(1)) => Ok(shards.map(|of| Shard { index: 0, of })),
        (None, Some(of)) => Err(format!(
            "--shards {of} says how many parts there are, and nothing says which one this is\n  \
             say so: --shard 0/{of}, or start it where JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID or \
             AWS_BATCH_JOB_ARRAY_INDEX is set"
        )),
    }
}

/// The part, once it is known how many there are.
fn counted(told: &Told, shards: Option<u32>) -> Result<Shard, String> {
    let (variable, index) = (told.variable, told.index);
    let of = match (shards, told.of) {
        (Some(asked), Some((name, of))) if asked != of => {
            return Err(format!(
                "--shards {asked} and {name}={of} disagree on how many parts there are"
            ));
        }
        (Some(of), _) | (None, Some((_, of))) => of,
        (None, None) => {
            return Err(format!(
                "{variable}={index} says which part this is, and nothing says how many there are\n  \
                 say so: --shards N, or --shard 0/1 for the whole load"
            ));
        }
    };
    if !(1..=MOST).contains(&of) {
        return Err(format!(
            "there may be 1 to {MOST} parts, and {of} are named"
        ));
    }
    if index >= of {
        return Err(format!(
            "{variable} says that this is part {index}, and there are {of}, counted from 0"
        ));
    }
    Ok(Shard { index, of })
}

fn plain(
    env: &dyn Fn(&str) -> Option<String>,
    variable: &'static str,
    count: Option<&'static str>,
) -> Result<Option<Told>, String> {
    let Some(index) = number(env, variable)? else {
        return Ok(None);
    };
    let of = match count {
        Some(name) => number(env, name)?.map(|of| (name, of)),
        None => None,
    };
    Ok(Some(Told {
        variable,
        index,
        of,
    }))
}

/// Slurm numbers the tasks of an array as the user likes: from any number, by any step.
fn slurm(env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Told>, String> {
    const VARIABLE: &str = "SLURM_ARRAY_TASK_ID";
    const COUNT: &str = "SLURM_ARRAY_TASK_COUNT";
    let Some(id) = number(env, VARIABLE)? else {
        return Ok(None);
    };
    let first = number(env, "SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
    let step = number(env, "SLURM_ARRAY_TASK_STEP")?.unwrap_or(1).max(1);
    let count = number(env, COUNT)?;
    let last = number(env, "SLURM_ARRAY_TASK_MAX")?;
    let even =
        |last: u32, count: u32| last.checked_sub(first).map(|it| it / step + 1) == Some(count);
    let gaps = matches!((last, count), (Some(last), Some(count)) if !even(last, count));
    let index = id.checked_sub(first).filter(|it| it % step == 0 && !gaps);
    let index = index.ok_or_else(|| {
        format!("{VARIABLE}={id} is of an array with gaps; number its tasks evenly: --array=0-3")
    })?;
    Ok(Some(Told {
        variable: VARIABLE,
        index: index / step,
        of: count.map(|of| (COUNT, of)),
    }))
}

/// The number in a variable; an empty one counts as none.
fn number(env: &dyn Fn(&str) -> Option<String>, name: &str) -> Result<Option<u32>, String> {
    let Some(text) = env(name).filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let read = text.trim().parse();
    read.map(Some)
        .map_err(|_| format!("cannot read {name}={text}: it is no number from 0 on"))
}

/// Refuses what can't be split into so many parts.
///
/// # Errors
/// Where the profile can't, or the target is of this process alone.
pub(super) fn splits(
    profile: &LoadProfile,
    shard: Option<Shard>,
    embedded: bool,
) -> Result<(), Failure> {
    let Some(shard) = shard.filter(|shard| shard.of > 1) else {
        return Ok(());
    };
    let refuse = |why: String| Err(Failure::usage(format!("{why}\n  nothing was sent")));
    if embedded {
        return refuse(format!(
            "--embedded starts a provider for this process alone, and this is part {shard} of a load\n  give all parts one URL"
        ));
    }
    let name = &profile.name;
    let (number, what, option) = match &profile.model {
        Model::Open(arrival) if matches!(arrival.shape, Shape::Breakpoint { .. }) => {
            return refuse(format!(
                "the profile {name} raises its rate until a threshold breaks, which no part can see alone\n  run it on one machine, or take rates that are fixed, as `step` does"
            ));
        }
        Model::Open(_) => (profile.connections, "connections", "--connections"),
        Model::Closed { users, .. } => (*users, "users", "--users"),
    };
    if number < shard.of as usize {
        return refuse(format!(
            "the profile {name} has {number} {what}, and there are {} parts: some would have none\n  take more with {option}, or fewer parts",
            shard.of
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(arguments: &[&str]) -> Result<ShardFlags, String> {
        #[derive(clap::Parser)]
        struct Only {
            #[command(flatten)]
            flags: ShardFlags,
        }
        let all = ["x"].iter().chain(arguments);
        let parsed = <Only as clap::Parser>::try_parse_from(all);
        parsed.map(|it| it.flags).map_err(|it| it.to_string())
    }

    #[track_caller]
    fn check(arguments: &[&str], env: &[(&str, &str)], expected: Result<Option<(u32, u32)>, &str>) {
        let lookup = |name: &str| {
            let found = env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let now = Timestamp::from_second(1_000_000).unwrap();
        let got = flags(arguments)
            .and_then(|it| settled(&it, now, &lookup).map_err(|failure| failure.message));
        match (got, expected) {
            (Ok(got), Ok(expected)) => {
                assert_eq!(
                    got.map(|it| (it.index, it.of)),
                    expected,
                    "{arguments:?} {env:?}"
                );
            }
            (Err(said), Err(part)) => assert!(said.contains(part), "{said}"),
            (got, expected) => panic!("{got:?} where {expected:?} is due: {arguments:?} {env:?}"),
        }
    }

    #[test]
    fn options_say_which_part_this_is() {
        check(&[], &[], Ok(None));
        check(&["--shard", "0/1"], &[], Ok(Some((0, 1))));
        check(&["--shard", "3/4"], &[], Ok(Some((3, 4))));
        check(&["--shard", "3/4", "--shards", "4"], &[], Ok(Some((3, 4))));
        check(&["--shards", "1"], &[], Ok(Some((0, 1))));
        check(&["--shard", "3/4", "--shards", "5"], &[], Err("disagree"));
        check(&["--shard", "4/4"], &[], Err("0/4 to 3/4"));
        for wrong in ["4", "a/b", "0/0", "0/10001", "1/2/3", ""] {
            check(&["--shard", wrong], &[], Err("--shard"));
        }
        check(&["--shards", "0"], &[], Err("--shards"));
        check(
            &["--shards", "4"],
            &[],
            Err("nothing says which one this is"),
        );
    }

    #[test]
    fn engines_say_which_part_this_is() {
        let kubernetes = [("JOB_COMPLETION_INDEX", "2")];
        check(&["--shards", "4"], &kubernetes, Ok(Some((2, 4))));
        check(&["--shard", "1/3"], &kubernetes, Ok(Some((1, 3))));
        check(&[], &kubernetes, Err("nothing says how many there are"));
        check(
            &["--shards", "2"],
            &kubernetes,
            Err("part 2, and there are 2"),
        );
        check(&[], &[("JOB_COMPLETION_INDEX", "")], Ok(None));
        check(
            &["--shards", "4"],
            &[("JOB_COMPLETION_INDEX", "x")],
            Err("JOB_COMPLETION_INDEX=x"),
        );
        let batch = [
            ("AWS_BATCH_JOB_ARRAY_INDEX", "0"),
            ("AWS_BATCH_JOB_ARRAY_SIZE", "3"),
        ];
        check(&[], &batch, Ok(Some((0, 3))));
        check(
            &["--shards", "4"],
            &batch,
            Err("AWS_BATCH_JOB_ARRAY_SIZE=3 disagree"),
        );
        check(&["--shards", "3"], &batch[..1], Ok(Some((0, 3))));
        let both = [
            ("JOB_COMPLETION_INDEX", "2"),
            ("AWS_BATCH_JOB_ARRAY_INDEX", "0"),
        ];
        check(&["--shards", "4"], &both, Err("say which one it is"));
        check(&["--shard", "3/4"], &both, Ok(Some((3, 4))));
    }

    #[test]
    fn tasks_of_an_array_are_numbered_as_the_user_likes() {
        let array = |id, first, last, step, count| {
            [
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", first),
                ("SLURM_ARRAY_TASK_MAX", last),
                ("SLURM_ARRAY_TASK_STEP", step),
                ("SLURM_ARRAY_TASK_COUNT", count),
            ]
        };
        check(&[], &array("0", "0", "3", "1", "4"), Ok(Some((0, 4))));
        check(&[], &array("4", "1", "4", "1", "4"), Ok(Some((3, 4))));
        check(&[], &array("14", "10", "16", "2", "4"), Ok(Some((2, 4))));
        check(&[], &array("5", "0", "5", "1", "3"), Err("with gaps"));
        check(&[], &array("0", "0", "5", "1", "3"), Err("with gaps"));
        check(
            &["--shards", "5"],
            &array("0", "0", "3", "1", "4"),
            Err("SLURM_ARRAY_TASK_COUNT=4"),
        );
        check(
            &["--shards", "5"],
            &[("SLURM_ARRAY_TASK_ID", "4")],
            Ok(Some((4, 5))),
        );
    }

    #[test]
    fn a_start_lies_ahead_and_not_too_far() {
        check(&["--start-at", "1000001"], &[], Ok(None));
        check(&["--start-at", "1000001.5"], &[], Ok(None));
        check(&["--start-at", "1970-01-12T14:46:40Z"], &[], Ok(None));
        check(&["--start-at", "1970-01-12T15:46:41+01:00"], &[], Ok(None));
        check(&["--start-at", "999998"], &[], Err("was 2.0 s ago"));
        check(
            &["--start-at", "1000001000"],
            &[],
            Err("more than a week ahead"),
        );
        for wrong in ["soon", "2026-11-22", "2026-11-22T10:00:00", "1.2.3", ""] {
            check(&["--start-at", wrong], &[], Err("--start-at"));
        }
    }
}
