//! One user is created and removed before thousands are: a target that can't remove keeps them all.

use std::sync::Arc;

use http::Method;

use super::labour::{Break, Ground, Labour};
use super::single;
use super::sow::{Bed, Halted, Outcome};
use crate::load::wire::Request;
use crate::session::segment;

/// Its number: one that no plan has.
const NUMBER: u64 = 9_999_999_999;

/// Creates a user, removes it, and looks whether it is gone.
///
/// # Errors
/// Why nothing more should be created; nothing where somebody asked to stop.
pub(super) async fn run(ground: &Arc<Ground>, bed: &Bed) -> Result<(), Option<Halted>> {
    tried(ground, bed).await.map_err(|why| match why {
        Break::Stopped => None,
        Break::Halted(halted) => Some(halted),
    })
}

async fn tried(ground: &Arc<Ground>, bed: &Bed) -> Result<(), Break> {
    let labour = Labour::new(ground, 1);
    let endpoint = &bed.stencil.endpoint;
    let mut connection = ground.endpoint.connection();
    ground.ledger.sending(endpoint, NUMBER, NUMBER + 1).await?;
    let outcomes = single::create(&labour, &mut connection, bed, NUMBER, NUMBER + 1).await?;
    let made = match outcomes.into_iter().next() {
        Some(Outcome::Made(made)) => made,
        Some(Outcome::Refused(why) | Outcome::Taken(why)) => {
            return Err(Break::Halted(Halted::Refused(why)));
        }
        Some(Outcome::Lost { why, .. }) => return Err(Break::Halted(Halted::Lost(why))),
        Some(Outcome::Doubtful) | None => {
            let why = "a create was answered with success and without an id";
            return Err(Break::Halted(Halted::Refused(why.to_owned())));
        }
    };
    let id = made.id.clone();
    ground.ledger.made(endpoint, NUMBER, vec![Some(made)])?;
    let path = format!("{}{endpoint}/{}", ground.base_path, segment(&id));
    let kept = |why: String| Break::Halted(Halted::Kept(why));
    for (method, gone) in [(Method::DELETE, 200..=299), (Method::GET, 404..=410)] {
        let request = Request::new(method.clone(), path.clone());
        let request = request.map_err(|error| kept(error.to_string()))?;
        match labour.send(&mut connection, &request).await? {
            Ok(answer) if gone.contains(&answer.status) => {}
            Ok(answer) => {
                let status = answer.status;
                return Err(kept(format!("{method} was answered {status}")));
            }
            Err(trouble) => return Err(kept(trouble.to_string())),
        }
    }
    ground.ledger.removed(endpoint, &[id])?;
    Ok(())
}
