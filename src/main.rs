//! The command `scimitar`: parses its arguments, dispatches, exits.

use std::process::ExitCode;

/// Documents are made and dropped by the thousand: with this allocator a run takes a sixth less processor time than with
/// that of glibc.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(scimitar::cli::main())
}
