//! The command `scimitar`: parses its arguments, dispatches, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(scimitar::cli::main())
}
