//! Laws of the evaluator: whatever the filter and the resource.

use proptest::prelude::*;
use serde_json::json;

use super::super::*;
use crate::scim::filter::{CompareOp, parse};

/// Another evaluator of single-valued, case-insensitive strings, written as a table.
fn table(op: CompareOp, value: &str, operand: &str) -> bool {
    let (a, b) = (value.to_ascii_lowercase(), operand.to_ascii_lowercase());
    match op {
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Co => b.is_empty() || a.as_bytes().windows(b.len()).any(|it| it == b.as_bytes()),
        CompareOp::Sw => a.len() >= b.len() && a[..b.len()] == b,
        CompareOp::Ew => a.len() >= b.len() && a[a.len() - b.len()..] == b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
    }
}

proptest! {
    #[test]
    fn evaluation_is_total(
        filter in crate::scim::filter::tests::any_filter(),
        resource in "[ -~é]{0,12}",
    ) {
        let users = SchemaSet::rfc_user();
        let user = json!({"userName": resource, "emails": [{"value": resource}]});
        matches(&filter, &user, &users);
    }

    #[test]
    fn negation_turns_the_answer(
        op in prop::sample::select(CompareOp::ALL.to_vec()),
        value in "[a-cA-C]{0,3}",
        operand in "[a-cA-C]{0,3}",
    ) {
        let users = SchemaSet::rfc_user();
        let user = json!({"userName": value});
        let verdict = |text: &str| matches(&parse(text).unwrap(), &user, &users);
        let plain = verdict(&format!("userName {op} \"{operand}\""));
        let negated = verdict(&format!("not (userName {op} \"{operand}\")"));
        let turned = match plain {
            Verdict::Yes => Verdict::No,
            Verdict::No => Verdict::Yes,
            other => other,
        };
        prop_assert_eq!(negated, turned);
    }

    #[test]
    fn agrees_with_a_table(
        op in prop::sample::select(CompareOp::ALL.to_vec()),
        value in "[a-cA-C1.-]{1,3}",
        operand in "[a-cA-C1.-]{1,3}",
    ) {
        let users = SchemaSet::rfc_user();
        let filter = parse(&format!("userName {op} \"{operand}\"")).unwrap();
        // Letters against digits or punctuation: everybody's collation is another.
        let mut differing = value.bytes().zip(operand.bytes()).filter(|(a, b)| !a.eq_ignore_ascii_case(b));
        let open = differing.next().is_some_and(|(a, b)| !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic());
        let expected = match table(op, &value, &operand) {
            _ if open && op.is_ordering() => Verdict::Either,
            true => Verdict::Yes,
            false => Verdict::No,
        };
        prop_assert_eq!(matches(&filter, &json!({"userName": value}), &users), expected);
    }
}
