//! What keeps load away from targets that are not the user's, and within bounds where they are.

use clap::Args;

use crate::cli::exit::Failure;
use crate::suite::load::{LoadProfile, Model, Shape};

/// Requests a second at most against another machine.
const CEILING: u32 = 25;

/// Leave that the user gives.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Safety")]
pub(super) struct SafetyFlags {
    /// Host of the URL, again: says that you may put load on it; needed for every target that is not on this machine
    #[arg(long, value_name = "HOST")]
    i_own_this_target: Option<String>,
    /// More than 25 requests a second against a target that is not on this machine; --max-rps alone only lowers them
    #[arg(long)]
    uncapped: bool,
}

impl SafetyFlags {
    /// The options that say the same again, for another process.
    pub(super) fn again(&self) -> Vec<String> {
        let host = self.i_own_this_target.iter();
        let host = host.flat_map(|host| ["--i-own-this-target".to_owned(), host.clone()]);
        let uncapped = self.uncapped.then(|| "--uncapped".to_owned());
        host.chain(uncapped).collect()
    }
}

/// The ceiling on the rate of requests; none where there is none.
///
/// # Errors
/// Where the user has not given leave, or the profile asks for more than the ceiling.
pub(super) fn ceiling(
    flags: &SafetyFlags,
    near: bool,
    host: Option<&str>,
    profile: &LoadProfile,
    max_rps: Option<u32>,
) -> Result<Option<u32>, Failure> {
    let ceiling = leave(flags, near, host.unwrap_or_default(), max_rps)?;
    if let (Some(ceiling), Model::Open(arrival)) = (ceiling, &profile.model) {
        let peak = peak(&arrival.shape);
        if peak > f64::from(ceiling) {
            let leave = match max_rps {
                Some(given) if given > ceiling => {
                    format!("allow it with --uncapped: --max-rps {given} alone does not lift it")
                }
                Some(_) if near || flags.uncapped || peak <= f64::from(CEILING) => {
                    "raise --max-rps".to_owned()
                }
                Some(_) => "raise --max-rps and allow it with --uncapped".to_owned(),
                None => "allow it with --uncapped".to_owned(),
            };
            return Err(Failure::usage(format!(
                "the profile {} asks for {peak} requests a second, and the ceiling is {ceiling}\n  lower it with --rate, or {leave}\n  nothing was sent",
                profile.name
            )));
        }
    }
    Ok(ceiling)
}

/// Whether a target may be worked on at all, and how many requests a second at most.
///
/// # Errors
/// Where the user has not given leave.
pub(super) fn leave(
    flags: &SafetyFlags,
    near: bool,
    host: &str,
    max_rps: Option<u32>,
) -> Result<Option<u32>, Failure> {
    match flags.i_own_this_target.as_deref() {
        _ if near => {}
        Some(named) if named.eq_ignore_ascii_case(host) => {}
        Some(named) => {
            return Err(Failure::usage(format!(
                "--i-own-this-target names {named}, and the URL names {host}\n  load goes only where both agree; nothing was sent"
            )));
        }
        None => {
            return Err(Failure::usage(format!(
                "{host} is not this machine: load can take a service down\n  if it is yours, say so: --i-own-this-target {host}\n  nothing was sent"
            )));
        }
    }
    let most = (!near && !flags.uncapped).then_some(CEILING);
    Ok(max_rps.into_iter().chain(most).min())
}

/// What to say where the user asks for more requests a second than the ceiling allows.
pub(super) fn unheeded(max_rps: Option<u32>, ceiling: Option<u32>) -> Option<String> {
    let (given, ceiling) = max_rps.zip(ceiling)?;
    (given > ceiling).then(|| {
        format!("--max-rps {given} alone does not lift the ceiling of {ceiling} requests a second on a target that is not on this machine; --uncapped does")
    })
}

/// The highest rate of a shape.
fn peak(shape: &Shape) -> f64 {
    match shape {
        Shape::Constant(rate) => *rate,
        Shape::Steps(steps) => steps.iter().map(|step| step.rate).fold(0.0, f64::max),
        Shape::Spike { base, peak, .. } => base.max(*peak),
        Shape::Ramp { from, to } | Shape::Breakpoint { from, to, .. } => from.max(*to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(near: bool, uncapped: bool, max_rps: Option<u32>, expected: Option<u32>) {
        let flags = SafetyFlags {
            i_own_this_target: Some("idp.example".to_owned()),
            uncapped,
        };
        let got = leave(&flags, near, "idp.example", max_rps).unwrap();
        assert_eq!(got, expected, "{near} {uncapped} {max_rps:?}");
        let unheeded = unheeded(max_rps, got);
        assert_eq!(unheeded.is_some(), max_rps > got, "{unheeded:?}");
    }

    #[test]
    fn the_ceiling_is_lowered_by_a_number_and_lifted_by_consent_alone() {
        check(false, false, None, Some(25));
        check(false, false, Some(5), Some(5));
        check(false, false, Some(5000), Some(25));
        check(false, true, Some(5000), Some(5000));
        check(false, true, None, None);
        check(true, false, None, None);
        check(true, false, Some(5000), Some(5000));
    }
}
