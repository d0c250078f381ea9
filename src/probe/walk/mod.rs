//! The schema walk: every attribute that a target advertises behaves by the characteristics that it advertises.

mod blame;
mod draw;
mod example;
mod fair;
mod ground;
mod keep;
mod kind;
mod law;
mod replay;
mod rule;
mod value;

pub(super) use fair::{Mismatch, same};
pub(super) use ground::Ground;
pub(super) use kind::Field;
pub(super) use law::Law;
pub(super) use replay::{given, look, whole};
pub(super) use value::{Drawer, simpler};
