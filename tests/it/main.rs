//! The one integration binary: what holds for the crate as a whole, and the command as users run it.

mod catalogue;
mod cli;
mod differential;
mod fault;
mod golden;
mod in_process;
mod layers;
mod lock;
mod report;
mod secret;
mod source;
mod tidy;
