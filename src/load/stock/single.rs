//! One request a resource.

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;

use super::labour::{Break, Labour, never_sent};
use super::sow::{Bed, Outcome};
use crate::ledger::{Made, id_of_location};
use crate::load::wire::{Answer, Connection, Request, Trouble};

/// Resources of a block: so many are in doubt after a kill, for each worker.
pub(super) const BLOCK: u64 = 50;

/// Creates the resources with the numbers from `from` to before `to`, one after the other. Ends with
/// the first whose outcome is in doubt for want of a connection.
pub(super) async fn create(
    labour: &Labour,
    connection: &mut Connection,
    bed: &Bed,
    from: u64,
    to: u64,
) -> Result<Vec<Outcome>, Break> {
    let path = format!("{}{}", labour.ground.base_path, bed.stencil.endpoint);
    let mut outcomes = Vec::new();
    for number in from..to {
        let mut body = String::with_capacity(1 << 10);
        bed.write(number, &mut body);
        let request = Request::new(Method::POST, path.clone())
            .map(|request| request.body("application/scim+json", body))
            .map_err(|error| Break::from(std::io::Error::other(error)))?;
        match labour.send(connection, &request).await {
            Ok(Ok(answer)) => outcomes.push(read(&answer, bed, number)),
            Ok(Err(trouble)) => {
                outcomes.push(of_trouble(&trouble));
                break;
            }
            // What was made so far has to be told.
            Err(_) if !outcomes.is_empty() => break,
            Err(why) => return Err(why),
        }
    }
    Ok(outcomes)
}

/// What no answer means: nothing where the request never went out.
pub(super) fn of_trouble(trouble: &Trouble) -> Outcome {
    Outcome::Lost {
        why: trouble.to_string(),
        reached: !never_sent(trouble),
    }
}

fn read(answer: &Answer, bed: &Bed, number: u64) -> Outcome {
    #[derive(Deserialize)]
    struct Created<'a> {
        #[serde(borrow)]
        id: Cow<'a, str>,
    }
    match answer.status {
        200..=299 => {
            let id = serde_json::from_slice::<Created<'_>>(&answer.body)
                .map(|created| created.id.into_owned())
                .ok()
                .filter(|id| !id.is_empty())
                .or_else(|| id_of_location(answer.location()?, &bed.stencil.endpoint));
            let name = bed.stencil.name(number);
            id.map_or(Outcome::Doubtful, |id| Outcome::Made(Made { id, name }))
        }
        409 => Outcome::Taken(said(answer.status, &answer.body)),
        500..=599 => Outcome::Lost {
            why: said(answer.status, &answer.body),
            reached: true,
        },
        status => Outcome::Refused(said(status, &answer.body)),
    }
}

/// Status and detail of a refusal.
pub(super) fn said(status: u16, body: &[u8]) -> String {
    #[derive(Deserialize, Default)]
    struct Error {
        #[serde(rename = "scimType", default)]
        scim_type: Option<String>,
        #[serde(default)]
        detail: Option<String>,
    }
    let error: Error = serde_json::from_slice(body).unwrap_or_default();
    let mut text = format!("status {status}");
    for part in [error.scim_type, error.detail].into_iter().flatten() {
        text.push_str(": ");
        text.extend(part.chars().filter(|c| !c.is_control()).take(200));
    }
    text
}
