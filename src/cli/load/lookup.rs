//! Whether the users that a file names are there: looked up before a run draws from them.
//!
//! Changes nothing. What a target does not say is taken as the file has it.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt as _;

use super::existing::Found;
use crate::cli::console::say;
use crate::cli::exit::Failure;
use crate::exchange::Exchange;
use crate::scim::capabilities::Capabilities;
use crate::scim::resource::member;
use crate::session::{Call, Session, segment};

/// Users who are looked up; where a file has more, the first ones.
const MOST: usize = 1000;

/// Users who are looked up at the same time.
const JOBS: usize = 16;

/// Time for all of them.
const BUDGET: Duration = Duration::from_secs(10);

/// A user who is not as the file says.
struct Missing {
    id: String,
    why: &'static str,
}

impl Found {
    /// Leaves out users who are not there, and says so.
    ///
    /// # Errors
    /// Where none of them is there.
    pub(super) async fn looked_up(
        &mut self,
        session: &dyn Session,
        capabilities: &Capabilities,
    ) -> Result<(), Failure> {
        let known = capabilities.resource_type("User");
        let endpoint = known.map_or_else(|| "/Users".to_owned(), |it| it.endpoint.clone());
        let users: Vec<(String, String)> = (self.stock.users(MOST))
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .collect();
        let asked = users.len();
        let missing = Mutex::new(Vec::new());
        let (endpoint, all) = (endpoint.as_str(), &missing);
        let look =
            futures_util::stream::iter(users).for_each_concurrent(JOBS, |(id, name)| async move {
                let exchange = session.send(question(endpoint, &id)).await;
                let why = missed(&exchange, &name);
                if let (Some(why), Ok(mut all)) = (why, all.lock()) {
                    all.push(Missing { id, why });
                }
            });
        // Who is not looked up by then is drawn as the file has it.
        let _ = tokio::time::timeout(BUDGET, look).await;
        let missing = missing.into_inner().unwrap_or_default();
        self.leave_out(asked, &missing)
    }

    fn leave_out(&mut self, asked: usize, missing: &[Missing]) -> Result<(), Failure> {
        let Some(first) = missing.first() else {
            return Ok(());
        };
        let (source, many) = (&self.source, missing.len());
        let told = format!(
            "{source} names users who are not there: {many} of {asked} looked up, such as {}, who {}",
            first.id, first.why
        );
        let ids: HashSet<String> = missing.iter().map(|it| it.id.clone()).collect();
        self.stock.without_users(&ids);
        if self.stock.counts().0 == 0 {
            return Err(Failure::usage(format!("{told}\n  nothing was changed")));
        }
        let remark = format!("{told}; they are left out");
        say(&format!("note: {remark}"));
        self.remark = Some(remark);
        Ok(())
    }
}

/// What of an answer says that a user is not there as the file names it.
fn missed(exchange: &Exchange, name: &str) -> Option<&'static str> {
    let json = exchange.json();
    let is = json.and_then(|json| member(json, "userName")?.as_str());
    match (exchange.status(), is) {
        (Some(404 | 410), _) => Some("is not there"),
        (Some(200), Some(is)) if !is.eq_ignore_ascii_case(name) => {
            Some("is there under another userName")
        }
        _ => None,
    }
}

fn question(endpoint: &str, id: &str) -> Call {
    Call::read("load", "look up", &format!("{endpoint}/{}", segment(id)))
}
