//! Mistakes of filters and of comparisons.

mod accents_ignored;
mod alternatives_join_emails;
mod alternatives_join_the_extension;
mod and_is_or;
mod and_looks_left;
mod astral_letters_alike;
mod attribute_names_match_by_case;
mod backslashes_read_twice;
mod below;
mod case_exact_ignored;
mod chain;
mod deep_groups_answer_500;
mod digits_compare_as_numbers;
mod dotted_conditions_meet;
mod double_not_is_not;
mod every_value_has_to_match;
mod filter_ignored;
mod filter_left_to_right;
mod fourth_alternative_dropped;
mod grouping_dropped;
mod groups_in_brackets_met_elsewhere;
mod inner_groups_dropped;
mod invalid_filter_ignored;
mod long_operands_cut;
mod missing_booleans_are_false;
mod negated_value_paths_need_a_value;
mod not_eq_is_ne;
mod not_gt_is_le;
mod not_ignored;
mod not_keeps_the_operator;
mod not_of_several_skips_missing;
mod not_reaches_the_first_only;
mod not_spans_the_rest;
mod not_takes_a_group_and_the_rest;
mod offset_minutes_ignored;
mod or_is_and;
mod or_selects_left;
mod orderings_look_at_eight_letters;
mod precedence_lost_after_not;
mod prefix_as_substring;
mod presence_always;
mod primary_value_only;
mod ranges_include_their_ends;
mod second_condition_on_a_name_dropped;
mod second_not_dropped;
mod shown_defaults_not_filtered;
mod strings_match_by_case;
mod suffix_as_substring;
mod text;
mod third_alternative_in_brackets_dropped;
mod third_condition_met_elsewhere;
mod third_equality_dropped;
mod trailing_spaces_ignored;
mod unicode_compared_raw;
mod value_path_across_values;
mod value_path_and_is_or;
mod value_path_drops_groups;
mod value_path_drops_not;
mod value_path_in_alternatives_is_presence;
mod value_path_is_presence;
mod value_path_negated_inside;
mod value_path_or_is_and;
mod value_path_takes_the_first_condition;
mod value_paths_share_a_value;

use super::registry::{Leaf, leaves};

/// The faults of this folder, by file name.
pub(super) const LEAVES: &[Leaf] = leaves! {
    accents_ignored,
    alternatives_join_emails,
    alternatives_join_the_extension,
    and_is_or,
    and_looks_left,
    astral_letters_alike,
    attribute_names_match_by_case,
    backslashes_read_twice,
    case_exact_ignored,
    deep_groups_answer_500,
    digits_compare_as_numbers,
    dotted_conditions_meet,
    double_not_is_not,
    every_value_has_to_match,
    filter_ignored,
    filter_left_to_right,
    fourth_alternative_dropped,
    grouping_dropped,
    groups_in_brackets_met_elsewhere,
    inner_groups_dropped,
    invalid_filter_ignored,
    long_operands_cut,
    missing_booleans_are_false,
    negated_value_paths_need_a_value,
    not_eq_is_ne,
    not_gt_is_le,
    not_ignored,
    not_keeps_the_operator,
    not_of_several_skips_missing,
    not_reaches_the_first_only,
    not_spans_the_rest,
    not_takes_a_group_and_the_rest,
    offset_minutes_ignored,
    or_is_and,
    or_selects_left,
    orderings_look_at_eight_letters,
    precedence_lost_after_not,
    prefix_as_substring,
    presence_always,
    primary_value_only,
    ranges_include_their_ends,
    second_condition_on_a_name_dropped,
    second_not_dropped,
    shown_defaults_not_filtered,
    strings_match_by_case,
    suffix_as_substring,
    third_alternative_in_brackets_dropped,
    third_condition_met_elsewhere,
    third_equality_dropped,
    trailing_spaces_ignored,
    unicode_compared_raw,
    value_path_across_values,
    value_path_and_is_or,
    value_path_drops_groups,
    value_path_drops_not,
    value_path_in_alternatives_is_presence,
    value_path_is_presence,
    value_path_negated_inside,
    value_path_or_is_and,
    value_path_takes_the_first_condition,
    value_paths_share_a_value,
};
