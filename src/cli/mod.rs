//! The command line: one file a subcommand.

mod caret;
mod config;
pub mod exit;
mod option;
mod value;
