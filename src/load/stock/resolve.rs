//! Finds out what became of resources whose creation nobody saw the end of: by their names.

use std::borrow::Cow;
use std::collections::HashMap;

use http::Method;
use serde::Deserialize;

use super::labour::{Break, Labour};
use super::sow::Halted;
use super::stencil::Stencil;
use crate::ledger::Made;
use crate::load::wire::{Connection, Request};
use crate::session::segment;

/// Resources asked for on a page.
const PAGE: u64 = 100;

/// Pages at most: a list that never ends is given up.
const PAGES: u64 = 100_000;

/// The part of a list that matters here.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(rename = "totalResults")]
    total: u64,
    #[serde(rename = "Resources", borrow, default)]
    resources: Option<Vec<Entry<'a>>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(rename = "userName", borrow, default)]
    user_name: Option<Cow<'a, str>>,
    #[serde(rename = "displayName", borrow, default)]
    display_name: Option<Cow<'a, str>>,
}

impl Entry<'_> {
    fn name(&self, stencil: &Stencil) -> Option<&str> {
        let name = match stencil.naming {
            "userName" => &self.user_name,
            _ => &self.display_name,
        };
        name.as_deref()
    }
}

/// Which of some numbers are there, and as what. Every hit is checked by its name here, whatever the
/// target claims.
pub(super) async fn resolve(
    labour: &Labour,
    connection: &mut Connection,
    stencil: &Stencil,
    numbers: &[u64],
) -> Result<HashMap<u64, Made>, Break> {
    let mut names: HashMap<String, u64> = numbers
        .iter()
        .map(|number| (stencil.name(*number).to_lowercase(), *number))
        .collect();
    let mut found = HashMap::new();
    if labour.ground.filters {
        for number in numbers {
            let name = stencil.name(*number);
            if let Some(id) = by_filter(labour, connection, stencil, &name).await? {
                found.insert(*number, Made { id, name });
            }
        }
        return Ok(found);
    }
    let mut start = 1;
    for _ in 0..PAGES {
        let query = format!("startIndex={start}&count={PAGE}");
        let body = read(labour, connection, stencil, &query).await?;
        let page = parsed(&body)?;
        let resources = page.resources.unwrap_or_default();
        for one in &resources {
            let name = one.name(stencil).unwrap_or_default();
            if let Some(number) = names.remove(&name.to_lowercase()) {
                let (id, name) = (one.id.to_string(), name.to_owned());
                found.insert(number, Made { id, name });
            }
        }
        start += resources.len() as u64;
        if resources.is_empty() || start > page.total || names.is_empty() {
            break;
        }
    }
    Ok(found)
}

async fn by_filter(
    labour: &Labour,
    connection: &mut Connection,
    stencil: &Stencil,
    name: &str,
) -> Result<Option<String>, Break> {
    let filter = format!("{} eq {}", stencil.naming, serde_json::Value::from(name));
    let query = format!("filter={}", segment(&filter));
    let body = read(labour, connection, stencil, &query).await?;
    let resources = parsed(&body)?.resources.unwrap_or_default();
    let same = |one: &&Entry<'_>| {
        one.name(stencil)
            .is_some_and(|it| it.eq_ignore_ascii_case(name))
    };
    Ok(resources.iter().find(same).map(|one| one.id.to_string()))
}

/// Reads a list; a target that can't be read tells nothing of what it holds.
async fn read(
    labour: &Labour,
    connection: &mut Connection,
    stencil: &Stencil,
    query: &str,
) -> Result<bytes::Bytes, Break> {
    let path = format!("{}{}?{query}", labour.ground.base_path, stencil.endpoint);
    let request = Request::new(Method::GET, path).map_err(|error| lost(&error.to_string()))?;
    match labour.send(connection, &request).await? {
        Ok(answer) if answer.status == 200 => Ok(answer.body),
        Ok(answer) => Err(lost(&format!("the list was answered {}", answer.status))),
        Err(trouble) => Err(lost(&trouble.to_string())),
    }
}

fn parsed(body: &[u8]) -> Result<Page<'_>, Break> {
    serde_json::from_slice(body).map_err(|error| lost(&format!("the list can't be read: {error}")))
}

fn lost(why: &str) -> Break {
    Break::Halted(Halted::Lost(format!(
        "it can't be found out what became of requests without an answer: {why}"
    )))
}
