//! The journal: written as the run goes, read after a crash.

use super::*;

#[tokio::test]
async fn another_target_is_refused_and_no_time_leaves_all_behind() {
    let target = Target::new(Manner::default());
    let other = Head {
        base: "https://other.example".into(),
        ..head()
    };
    let error = cleanup(&*target, &Ledger::in_memory(other), &options())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("written for https://other.example"),
        "{error}"
    );
    let ledger = Ledger::in_memory(head());
    ledger.own("/Users", vec!["x".into()]);
    let hurried = Options {
        budget: Duration::ZERO,
        ..options()
    };
    let swept = cleanup(&*target, &ledger, &hurried).await.unwrap();
    assert!(swept.leftover[0].reason.contains("no time"), "{swept:?}");
    assert!(target.log().is_empty());
}

#[tokio::test]
async fn a_journal_survives_a_kill_and_ends_when_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = default_path(folder.path(), "run1");
    let target = Target::new(Manner {
        silent_post: true,
        ..Manner::default()
    });
    {
        let ledger = Arc::new(
            Ledger::create(
                &path,
                Head {
                    remote: true,
                    ..head()
                },
            )
            .unwrap(),
        );
        let guard = Guard::new(target.clone(), Arc::clone(&ledger), Policy::default());
        guard.send(call("POST", "/Users", &user(1))).await;
        assert!(matches!(Ledger::open(&path), Err(LedgerError::Locked(_))));
        assert!(matches!(
            Ledger::create(&path, head()),
            Err(LedgerError::Io { .. })
        ));
    }
    // The kill came in the middle of a line.
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(b"{\"kind\":\"created\",\"n\":1,\"i")
        .unwrap();
    assert_eq!(open_journals(folder.path()).unwrap(), vec![path.clone()]);
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.unresolved().len(), 1);
    let swept = sweep(&target, &ledger).await;
    assert_eq!(
        (swept.created, swept.deleted, swept.leftover),
        (1, 1, vec![])
    );
    assert_eq!(target.paths(), ["/Users/boss"]);
    assert!(ledger.close().unwrap());
    assert!(!path.exists());
    assert!(open_journals(folder.path()).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn a_journal_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = default_path(folder.path(), "run1");
    let _ledger = Ledger::create(&path, head()).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[test]
fn what_is_no_journal_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl");
    let check = |text: &str, part: &str| {
        std::fs::write(&path, text).unwrap();
        let message = Ledger::open(&path).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    };
    let open =
        r#"{"kind":"open","version":1,"run":"r","base":"https://x","started":"","remote":false}"#;
    check("", "does not begin as a journal");
    check("{\"kind\":\"complete\"}\n", "does not begin as a journal");
    check(
        &format!("{open}\nnonsense\n{{\"kind\":\"complete\"}}\n"),
        "line 2",
    );
    check(
        &open.replace(":1", ":9").replace('}', "}\n"),
        "has version 9",
    );
    std::fs::remove_file(&path).unwrap();
    let message = Ledger::open(&path).unwrap_err().to_string();
    assert!(message.contains("x.jsonl"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever byte a crash cuts at, what was whole is kept and writing can go on.
    #[test]
    fn a_journal_cut_anywhere_reads_as_its_whole_lines(cut in 0_usize..600) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ledger = Ledger::create(&path, head()).unwrap();
        let first = std::fs::read(&path).unwrap().len();
        let creates = [("/Users", "m1"), ("/Users", "m2"), ("/Groups", "m3")];
        runtime.block_on(ledger.intend(&creates)).unwrap();
        ledger.created(1, "a");
        ledger.failed(2, "409");
        ledger.deleted("/Users", "a");
        drop(ledger);
        let whole = std::fs::read(&path).unwrap();
        let cut = cut.clamp(first, whole.len());
        std::fs::write(&path, &whole[..cut]).unwrap();
        let lines = whole[..cut].split(|byte| *byte == b'\n').count() - 1;
        let ledger = Ledger::open(&path).unwrap();
        let made = [0, 0, 1, 2, 3, 2, 1, 1][lines];
        prop_assert_eq!(ledger.unresolved().len(), made, "{} lines", lines);
        runtime.block_on(ledger.intend(&[("/Users", "m4")])).unwrap();
        drop(ledger);
        prop_assert_eq!(Ledger::open(&path).unwrap().unresolved().len(), made + 1);
    }
}
