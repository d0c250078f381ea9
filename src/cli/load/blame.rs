//! Whose fault it is that a load was not put on the target as planned.

use crate::load::threshold::crossed_as_sent;
use crate::record::load::LoadRecord;

/// Whether requests were held up that this machine could have sent, and what was sent crosses no threshold: whether the
/// whole load would have done so is open. A shard leaves that to be judged on all of them.
pub(super) fn is_open(record: &LoadRecord) -> bool {
    let thresholds = &record.thresholds;
    record.shard.is_none()
        && record.generator.held_up.is_some()
        && !crossed_as_sent(thresholds, &record.operations, &record.total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Tool;
    use crate::record::load::{Errors, Operation, Shard, Threshold};

    #[test]
    fn a_target_that_hangs_is_blamed_for_what_was_sent_alone() {
        let check = |held_up: bool, errors: u64, shard: Option<Shard>, open: bool| {
            let mut record = LoadRecord::new(Tool::default(), 1);
            record.generator.held_up = held_up.then(|| "168 were never sent".to_owned());
            record.shard = shard;
            record.total = Operation {
                count: 100,
                errors: Errors {
                    count: errors,
                    ..Errors::default()
                },
                ..Operation::default()
            };
            record.thresholds = ["error-rate<1%", "rps>=25"]
                .map(|text| Threshold {
                    text: text.to_owned(),
                    held: text.starts_with("error") && errors == 0,
                    ..Threshold::default()
                })
                .to_vec();
            assert_eq!(is_open(&record), open, "{held_up} {errors} {shard:?}");
        };
        check(true, 50, None, false);
        check(true, 0, None, true);
        check(false, 0, None, false);
        check(true, 0, Some(Shard { index: 0, of: 2 }), false);
    }
}
