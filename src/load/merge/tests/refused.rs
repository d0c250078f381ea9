//! What is no set of shards of one run.

use super::*;

#[test]
fn what_is_no_whole_set_of_shards_is_refused_by_name() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Vec<Part>), parts: &[&str]) {
        let mut shards = shards(4);
        change(&mut shards);
        let said = merged(shards).unwrap_err().to_string();
        for part in parts {
            assert!(said.contains(part), "{said}");
        }
    }
    check(Vec::clear, &["no shard is named"]);
    check(
        |it| {
            it.remove(2);
        },
        &[
            "of 4 shards 2 is missing",
            "0.json (0/4), 1.json (1/4), 3.json (3/4)",
        ],
    );
    check(|it| it.truncate(1), &["1, 2, 3 are missing"]);
    check(
        |it| it.push(part("again.json", it[1].record.clone())),
        &["1.json and again.json are both shard 1/4"],
    );
    check(
        |it| it[3].record.seed = 8,
        &["their seeds differ", "7 in 0.json", "8 in 3.json"],
    );
    check(
        |it| it[3].record.shard = Some(Shard { index: 3, of: 5 }),
        &["numbers of shards differ", "4 in 0.json", "5 in 3.json"],
    );
    check(
        |it| it[1].record.config = "other".to_owned(),
        &["configurations", "other in 1.json"],
    );
    check(
        |it| it[1].record.profile.name = "spike".to_owned(),
        &["profiles differ"],
    );
    check(
        |it| it[1].record.target.base_url = "https://other".to_owned(),
        &["targets differ"],
    );
    check(
        |it| it[1].record.tool.version = "9".to_owned(),
        &["versions of scimitar"],
    );
    check(
        |it| it[1].record.shard = None,
        &["1.json", "without --shard"],
    );
    check(
        |it| it[1].record.merged = vec![Merged::default()],
        &["1.json was merged already"],
    );
    check(
        |it| it[1].record.shard = Some(Shard { index: 4, of: 4 }),
        &["1.json", "shards count from 0"],
    );
}

#[test]
fn what_was_tampered_with_is_refused_by_its_place() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut LoadRecord), part: &str) {
        let mut parts = shards(2);
        change(&mut parts[1].record);
        let said = merged(parts).unwrap_err().to_string();
        assert!(said.contains("1.json") && said.contains(part), "{said}");
    }
    check(
        |it| it.started = "noon".to_owned(),
        "`started` is no moment",
    );
    check(
        |it| it.total.response.hdr = "?".to_owned(),
        "the histogram of `response` of the total: it is no base64",
    );
    check(
        |it| it.total.service.count = 3,
        "0 values where the record says 3",
    );
    check(
        |it| {
            it.series_hdr.pop();
        },
        "3 seconds and 2 histograms",
    );
    check(|it| it.series_hdr[0] = "AAAA".to_owned(), "second 0");
    check(
        |it| {
            let mut times = histogram();
            times.record_n(5, 9).unwrap();
            it.series_hdr[1] = crate::record::load::encoded(&times);
        },
        "9 values where the record says 0",
    );
    check(|it| it.generator.pacing.count = 1, "`generator.pacing`");
}

#[test]
fn a_shard_that_contradicts_itself_is_refused() {
    const MANY: u64 = 10_000_000_000_000_000_000;
    let samples: Vec<Sample> = (0..40)
        .map(|nth| good(nth % 2, 1_500_000 + u64::from(nth) * 10_000))
        .collect();
    let check = |change: fn(&mut LoadRecord), expected: &str| {
        let parts = (0..2).map(|index| {
            let mut record = record(&samples, 3, Some(Shard { index, of: 2 }));
            if index == 1 {
                change(&mut record);
            }
            part(&format!("{index}.json"), record)
        });
        let said = merged(parts.collect()).map(|sum| sum.total.count);
        match said {
            Ok(count) => assert_eq!((count, expected), (80, "")),
            Err(refusal) => {
                let said = refusal.to_string();
                assert!(said.starts_with("1.json can't be read"), "{said}");
                assert!(!expected.is_empty() && said.contains(expected), "{said}");
            }
        }
    };
    check(|_| (), "");
    check(
        |it| it.total.count = MANY,
        "histogram of `lateness` holds 40",
    );
    check(
        |it| it.operations[0].count = MANY,
        "10000000000000000000 for user.match",
    );
    check(
        |it| it.operations[0].errors.count = 41,
        "of errors there are 41",
    );
    check(
        |it| drop(it.operations.pop()),
        "40 requests, and 20 by operation",
    );
    check(|it| it.total.in_time = MANY, "that ended in time");
    check(|it| it.operations[0].in_time = 41, "that ended in time");
    check(|it| it.series[1].count = MANY, "second 1");
}
