//! A load profile: what it sends, how often, and what must hold.

use std::fmt::Write as _;
use std::time::Duration;

use super::{fields, paragraph};
use crate::cli::choice::Library;
use crate::cli::exit::Failure;
use crate::suite::load::{Given, LoadProfile, Model, Shape, Throttled};

/// The page of a load profile.
///
/// # Errors
/// Where there is none of this name, or it can't be used.
pub(super) fn explained(name: &str, library: &Library) -> Result<String, Failure> {
    let file = library.suite.load_file(name);
    let file = file.map_err(|error| Failure::usage(error.to_string()))?;
    let one = library.load_profile(file)?;
    let mut text = format!("{}: a load profile\n  {}\n", one.name, one.title);
    let said = one.description.as_deref().unwrap_or_default();
    paragraph(&mut text, "what it is made after", said);
    text.push('\n');
    fields(
        &mut text,
        &[
            ("model", model(&one)),
            ("time", time(&one)),
            ("pool", pool(&one)),
            ("cost", cost(&one)),
            ("waits", waits(&one)),
        ],
    );
    let order = if one.in_order { "in turn" } else { "by weight" };
    let _ = writeln!(text, "\nscenarios, {order}");
    for share in &one.mix {
        let given = match share.given {
            Given::Pool => "",
            Given::Own => ", with resources of each user's own",
            Given::Each => ", with resources made each time",
        };
        let weight = if one.in_order {
            String::new()
        } else {
            format!("{:>6}  ", share.weight)
        };
        let _ = writeln!(text, "  {weight}{}{given}", share.case);
    }
    if !one.thresholds.is_empty() {
        let _ = writeln!(text, "\nthresholds");
    }
    for threshold in &one.thresholds {
        let _ = writeln!(text, "  {threshold}");
    }
    let _ = writeln!(text, "\nrun it: scimitar load {} URL", one.name);
    Ok(text)
}

fn model(one: &LoadProfile) -> String {
    match &one.model {
        Model::Closed { users, ramp, think } => {
            let mut text = format!("closed: {users} users");
            if !ramp.is_zero() {
                let _ = write!(text, ", all there after {}", shown(*ramp));
            }
            if !think.is_zero() {
                let _ = write!(text, ", {} between two scenarios", shown(*think));
            }
            text
        }
        Model::Open(arrival) => {
            let random = if arrival.poisson {
                ", at random (Poisson)"
            } else {
                ""
            };
            format!(
                "open: {} requests a second{random}, over at most {} connections",
                shape(&arrival.shape),
                one.connections
            )
        }
    }
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Constant(rate) => rate.to_string(),
        Shape::Ramp { from, to } => format!("from {from} to {to}"),
        Shape::Steps(steps) => steps
            .iter()
            .map(|step| format!("{} for {}", step.rate, shown(step.lasts)))
            .collect::<Vec<_>>()
            .join(", "),
        Shape::Spike {
            base,
            peak,
            at,
            lasts,
        } => format!("{base}, after {} for {} {peak}", shown(*at), shown(*lasts)),
        Shape::Breakpoint {
            from,
            by,
            every,
            to,
        } => format!(
            "from {from} every {} by {by} more, up to {to}",
            shown(*every)
        ),
    }
}

fn time(one: &LoadProfile) -> String {
    if one.warm_up.is_zero() {
        return shown(one.duration);
    }
    format!(
        "{} after {} of warm-up",
        shown(one.duration),
        shown(one.warm_up)
    )
}

fn pool(one: &LoadProfile) -> String {
    let pool = one.pool;
    match (pool.users, pool.groups) {
        (0, 0) => String::new(),
        (users, 0) => format!("{users} users"),
        (users, groups) => format!("{users} users, {groups} groups of {} members", pool.members),
    }
}

fn cost(one: &LoadProfile) -> String {
    let Some(cost) = &one.cost else {
        return String::new();
    };
    let list = |sizes: &[usize]| {
        let texts: Vec<String> = sizes.iter().map(ToString::to_string).collect();
        texts.join(", ")
    };
    format!(
        "groups of {} members by batches of {}",
        list(&cost.members),
        list(&cost.batches)
    )
}

fn waits(one: &LoadProfile) -> String {
    match one.throttled {
        Throttled::Count => String::new(),
        Throttled::Obey => "where Retry-After asks for it".to_owned(),
    }
}

/// A length of time in the largest unit that is whole.
fn shown(time: Duration) -> String {
    let millis = time.as_millis();
    for (unit, length) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)] {
        if millis >= length && millis.is_multiple_of(length) {
            return format!("{}{unit}", millis / length);
        }
    }
    format!("{millis}ms")
}
