//! Spellings of JSON: whatever the spelling, a message means the same.

mod blame;
mod example;
mod law;
mod replay;
mod spell;

pub(super) use law::Law;
