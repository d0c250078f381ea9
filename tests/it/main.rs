//! The one integration binary: what holds for the crate as a whole, and the command as users run it.

#![expect(
    clippy::unwrap_used,
    clippy::format_collect,
    reason = "a test that cannot go on has failed, and need not be fast"
)]

mod big;
mod catalogue;
mod cli;
mod differential;
mod existing;
mod fault;
mod golden;
mod in_process;
mod kill;
mod layers;
mod like;
mod load;
mod load_report;
mod lock;
mod nonsense;
mod probe;
mod record;
mod reduced;
mod renewal;
mod report;
mod revocation;
mod secret;
mod seed;
mod shard;
mod sloppy;
mod source;
mod tidy;
mod vector;
mod wire;

/// That of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
