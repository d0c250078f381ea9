//! Mistakes of filters and of comparisons.

mod and_is_or;
mod and_looks_left;
mod attribute_names_match_by_case;
mod case_exact_ignored;
mod dotted_conditions_meet;
mod double_not_is_not;
mod every_value_has_to_match;
mod filter_ignored;
mod filter_left_to_right;
mod grouping_dropped;
mod invalid_filter_ignored;
mod not_ignored;
mod not_keeps_the_operator;
mod not_reaches_the_first_only;
mod not_spans_the_rest;
mod or_is_and;
mod or_selects_left;
mod prefix_as_substring;
mod presence_always;
mod primary_value_only;
mod shown_defaults_not_filtered;
mod strings_match_by_case;
mod suffix_as_substring;
mod text;
mod unicode_compared_raw;
mod value_path_across_values;
mod value_path_and_is_or;
mod value_path_drops_groups;
mod value_path_drops_not;
mod value_path_is_presence;
mod value_path_negated_inside;
mod value_path_or_is_and;
mod value_path_takes_the_first_condition;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    and_is_or,
    and_looks_left,
    attribute_names_match_by_case,
    case_exact_ignored,
    dotted_conditions_meet,
    double_not_is_not,
    every_value_has_to_match,
    filter_ignored,
    filter_left_to_right,
    grouping_dropped,
    invalid_filter_ignored,
    not_ignored,
    not_keeps_the_operator,
    not_reaches_the_first_only,
    not_spans_the_rest,
    or_is_and,
    or_selects_left,
    prefix_as_substring,
    presence_always,
    primary_value_only,
    shown_defaults_not_filtered,
    strings_match_by_case,
    suffix_as_substring,
    unicode_compared_raw,
    value_path_across_values,
    value_path_and_is_or,
    value_path_drops_groups,
    value_path_drops_not,
    value_path_is_presence,
    value_path_negated_inside,
    value_path_or_is_and,
    value_path_takes_the_first_condition,
};
