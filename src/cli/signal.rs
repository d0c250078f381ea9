//! Signals: the first stops the run in order, the second ends the process at once.

use crate::run::Stop;
use crate::run::outcome::Reason;

/// Watches for SIGINT and SIGTERM until the run ends. `advice` is said when the process is ended at once.
pub(super) fn watch(stop: Stop, advice: String) -> tokio::task::JoinHandle<()> {
    watch_with(advice, move |first| {
        stop.ask(Some(first), "the run was interrupted");
    })
}

/// As [`watch`], where something else is to be asked to stop.
pub(super) fn watch_with(
    advice: String,
    ask: impl FnOnce(Reason) + Send + 'static,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let first = next().await;
        super::console::say(
            "stopping: no new requests, then clean-up and reports; once more ends at once",
        );
        ask(first);
        let second = next().await;
        super::console::say(&advice);
        abort(second);
    })
}

#[expect(
    clippy::exit,
    reason = "the user asked twice: nothing may be waited for"
)]
fn abort(reason: Reason) {
    std::process::exit(i32::from(reason.code()));
}

/// The next signal to stop.
#[cfg(unix)]
pub(super) async fn next() -> Reason {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [
        (SignalKind::interrupt(), Reason::Interrupted),
        (SignalKind::terminate(), Reason::Terminated),
        (SignalKind::hangup(), Reason::Terminated),
    ];
    let mut waiting = futures_util::stream::FuturesUnordered::new();
    for (kind, reason) in kinds {
        if let Ok(mut stream) = signal(kind) {
            waiting.push(async move {
                stream.recv().await;
                reason
            });
        }
    }
    match futures_util::StreamExt::next(&mut waiting).await {
        Some(reason) => reason,
        None => std::future::pending().await,
    }
}

/// The next signal to stop.
#[cfg(not(unix))]
pub(super) async fn next() -> Reason {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Reason::Interrupted,
        Err(_) => std::future::pending().await,
    }
}
