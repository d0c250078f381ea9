//! What goes on beside an attack: signals are watched for, and a token is kept fresh.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::cli::signal;
use crate::client::Client;
use crate::load::attack::{Halt, Stop};
use crate::load::wire::Endpoint;
use crate::redact::Vault;
use crate::run::outcome::Reason;

/// How often it is looked whether a token has been renewed.
const RENEWAL: Duration = Duration::from_secs(5);

/// Watches for signals: the first stops the attack in order and is kept.
pub(super) fn watched(advice: String, stop: Stop) -> (JoinHandle<()>, Arc<OnceLock<Reason>>) {
    let signalled = Arc::new(OnceLock::new());
    let kept = Arc::clone(&signalled);
    let watch = signal::watch_with(advice, move |reason| {
        // There is one first signal.
        let _ = kept.set(reason);
        stop.ask(Halt::Asked, "the run was interrupted");
    });
    (watch, signalled)
}

/// Keeps the token of a token endpoint fresh for the users.
pub(super) fn renewed(
    endpoint: Arc<Endpoint>,
    client: Arc<Client>,
    vault: Arc<Vault>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut held = client.token().await;
        while held.is_some() {
            tokio::time::sleep(RENEWAL).await;
            let now = client.token().await;
            if let Some(label) = now.as_ref().filter(|_| now != held) {
                // What the endpoint does not take shows in its answers.
                let _ = endpoint.authorize(&vault.reveal(label));
            }
            held = now.or(held);
        }
    })
}
