//! What holds of the parsers for any bytes. A target panics where a law is broken; what it returns tells two ways of
//! reading apart, so that a loop without coverage can keep what is new.
//!
//! Sends nothing, reads no file, and knows of no fuzzer.

mod filter;
mod json;
mod path;
mod suite;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

pub use filter::filter;
pub use json::json;
pub use path::path;
pub use suite::suite;

/// One target: its name, what it does with bytes, and words that mutations put in.
#[derive(Clone, Copy)]
pub struct Target {
    /// Name, also of its folder in `corpus`.
    pub name: &'static str,
    /// Panics where a law is broken; gives a mark of how the bytes were read.
    pub run: fn(&[u8]) -> u64,
    /// Words of its language.
    pub words: &'static [&'static str],
    /// Longest input that mutation makes.
    pub longest: usize,
}

/// All targets.
pub const TARGETS: [Target; 4] = [
    Target {
        name: "filter",
        run: filter,
        words: filter::WORDS,
        longest: 2_000,
    },
    Target {
        name: "path",
        run: path,
        words: path::WORDS,
        longest: 1_000,
    },
    Target {
        name: "json",
        run: json,
        words: json::WORDS,
        longest: 4_000,
    },
    Target {
        name: "suite",
        run: suite,
        words: suite::WORDS,
        longest: 6_000,
    },
];

/// A mark of what a target saw.
fn mark(seen: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    seen.hash(&mut hasher);
    hasher.finish()
}

/// A message without what it quotes: two that differ in that alone are the same way of failing.
fn skeleton(message: &str) -> String {
    let mut quoted = false;
    let keep = |c: &char| {
        match c {
            '“' | '”' | '`' => quoted = *c == '“' || (*c == '`' && !quoted),
            _ => {}
        }
        !quoted && !c.is_ascii_digit()
    };
    message.chars().filter(keep).collect()
}
