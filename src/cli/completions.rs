//! `scimitar completions`: completion scripts for shells.

use clap::{Args as ClapArgs, CommandFactory as _};
use clap_complete::Shell;

use super::exit::{Exit, Failure};
use super::output;

/// Prints a completion script for a shell
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// Where standard output can't be written.
pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut super::Cli::command(),
        "scimitar",
        &mut script,
    );
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok.into())
}
