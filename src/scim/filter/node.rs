//! What the two kinds of trees have in common, so that one parser builds both.

use super::ast::{AttributePath, Comparison, Filter, ValueFilter};

/// A tree that the grammar can build: a filter, or the filter in brackets.
pub(in crate::scim) trait Node: Sized {
    fn or(a: Self, b: Self) -> Self;
    fn and(a: Self, b: Self) -> Self;
    fn not(a: Self) -> Self;
    fn present(path: AttributePath) -> Self;
    fn compare(path: AttributePath, comparison: Comparison) -> Self;
    /// `path[filter]`; absent where the grammar has none.
    fn value_path(path: AttributePath, filter: ValueFilter) -> Option<Self>;
}

impl Node for Filter {
    fn or(a: Self, b: Self) -> Self {
        Self::Or(Box::new(a), Box::new(b))
    }
    fn and(a: Self, b: Self) -> Self {
        Self::And(Box::new(a), Box::new(b))
    }
    fn not(a: Self) -> Self {
        Self::Not(Box::new(a))
    }
    fn present(path: AttributePath) -> Self {
        Self::Present(path)
    }
    fn compare(path: AttributePath, comparison: Comparison) -> Self {
        Self::Compare(path, comparison)
    }
    fn value_path(path: AttributePath, filter: ValueFilter) -> Option<Self> {
        Some(Self::ValuePath(path, Box::new(filter)))
    }
}

impl Node for ValueFilter {
    fn or(a: Self, b: Self) -> Self {
        Self::Or(Box::new(a), Box::new(b))
    }
    fn and(a: Self, b: Self) -> Self {
        Self::And(Box::new(a), Box::new(b))
    }
    fn not(a: Self) -> Self {
        Self::Not(Box::new(a))
    }
    fn present(path: AttributePath) -> Self {
        Self::Present(path)
    }
    fn compare(path: AttributePath, comparison: Comparison) -> Self {
        Self::Compare(path, comparison)
    }
    fn value_path(_: AttributePath, _: ValueFilter) -> Option<Self> {
        None
    }
}
