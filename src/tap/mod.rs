//! The recording proxy: a real client's conversation with a target, as a scenario that replays it.
//!
//! [`Proxy`] passes requests on and answers back, byte for byte, and keeps both in memory.
//! [`compose`] makes a scenario file of them, in which
//!
//! - what the target gave (ids, entity tags, cursors, dates) is captured and named where it comes back;
//! - a resource that was there before the recording is set up; an id that the target did not know
//!   is one that nobody knows;
//! - unique names carry the marker of the run, mail addresses the domain of the run;
//! - whatever may be somebody's is invented: of the same shape, and the same wherever it recurs;
//! - a password is generated, a credential is that of the replay.
//!
//! A secret that stands anywhere else is a reason to write nothing at all. Nothing here is judged,
//! and nothing is ever sent that the client did not send.

mod compose;
mod expect;
mod filter;
mod identity;
mod invent;
mod known;
mod leaf;
mod name;
mod proxy;
mod query;
mod rewrite;
mod role;
mod secret;
mod sift;
mod step;

pub use compose::{ComposeError, Composed, Options, compose};
pub use proxy::{Answer, Bounds, Proxy, Recording, Told, Turn};
pub use secret::Refusal;
