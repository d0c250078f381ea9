//! The filter language of RFC 7644 §3.4.2.2: syntax tree, parser, printer.
//!
//! Evaluates nothing: the oracle and the provider each have an evaluator of their own.

pub mod ast;
mod node;
mod number;
pub mod parse;
pub mod print;

#[cfg(test)]
pub(crate) mod tests;

pub use ast::{AttributePath, CompareOp, Comparison, Filter, Literal, ValueFilter};
pub use parse::{FilterError, Spacing, parse, parse_with};
pub use print::{NotSpelling, print};
