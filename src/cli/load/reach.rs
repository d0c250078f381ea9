//! The first word with a target: a token, and what it says of itself.

use crate::cli::console::say;
use crate::cli::exit::{Exit, Failure};
use crate::client::Client;
use crate::run::preflight;
use crate::session::discovery::{Discovery, discover};

/// What a target offers, or the exit code of a run that can't be because the target can't be used. Says why, and what
/// is odd about it.
///
/// # Errors
/// Where no token is to be had.
pub(super) async fn reached(client: &Client, base: &str) -> Result<Result<Discovery, u8>, Failure> {
    client.sign_in().await.map_err(|why| {
        Failure::new(
            Exit::Invalid,
            format!("cannot get a token: {why}\n  nothing was sent to the target"),
        )
    })?;
    let found = discover(client).await;
    if let Some(trouble) = &found.trouble {
        let refusal = preflight::refusal(base, trouble, found.exchanges.first());
        say(&format!("scimitar: {}", refusal.message));
        return Ok(Err(refusal.reason.code()));
    }
    for remark in &found.remarks {
        say(&format!("note: {remark}"));
    }
    Ok(Ok(found))
}
