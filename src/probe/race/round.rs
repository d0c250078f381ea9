//! Rounds of a race: rivals sent together, what each was told, and the line that shows when.

use std::fmt::Write as _;
use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::Method;
use serde_json::Value;

use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::probe::{Arena, Effort, Report, Sighting};
use crate::scim::resource::member;
use crate::session::segment;

/// Rivals in a round.
pub(super) const RIVALS: usize = 4;

/// Examples of a law for which there is one round: a round takes that many requests.
const REQUESTS: u32 = 10;

/// Rounds that fail after which no more are run.
const ENOUGH: usize = 3;

/// Columns of a timeline.
const COLUMNS: u32 = 40;

/// One request of a race.
pub(super) struct Rival {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Value,
    /// What it does, for the timeline.
    pub(super) word: String,
}

/// What became of it.
pub(super) struct Ran {
    pub(super) exchange: Exchange,
    word: String,
    from: Duration,
    to: Duration,
}

impl Ran {
    /// Whether the target says that it was done.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.exchange.status(), Some(200..=299))
    }

    /// Whether nobody knows: no answer, or one that says nothing of what was done.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.exchange.status(), None | Some(202 | 408 | 429 | 500..))
    }
}

/// What a round came to.
pub(super) enum Verdict {
    /// What happened can be explained.
    Held,
    /// It can't.
    Failed(Wrong),
    /// Nothing can be said: requests were refused, or answers did not come.
    Unjudged,
    /// The set-up did not work: the exchange that shows it.
    SetUp(Exchange),
}

/// What no order of the rivals explains.
pub(super) struct Wrong {
    pub(super) requirement: &'static str,
    pub(super) at: &'static str,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) exchange: Exchange,
    pub(super) timeline: String,
}

/// Sends all rivals at once.
pub(super) async fn race(arena: &Arena, rivals: Vec<Rival>) -> Vec<Ran> {
    let start = Instant::now();
    let sent = rivals.into_iter().map(|rival| async move {
        let from = start.elapsed();
        let exchange = arena
            .send_with(
                "race",
                rival.method,
                &rival.path,
                rival.headers,
                &rival.body,
            )
            .await;
        Ran {
            exchange,
            word: rival.word,
            from,
            to: start.elapsed(),
        }
    });
    join_all(sent).await
}

/// The rivals one below the other, each with a bar from the request to the answer.
pub(super) fn timeline(ran: &[Ran]) -> String {
    let end = ran.iter().map(|one| one.to).max().unwrap_or_default();
    let column = |time: Duration| {
        let share = time.as_secs_f64() / end.as_secs_f64().max(1e-9);
        // Between 0 and COLUMNS.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share is between 0 and 1"
        )]
        let column = (share * f64::from(COLUMNS)) as usize;
        column
    };
    let mut text = String::new();
    for (number, one) in ran.iter().enumerate() {
        let (from, to) = (column(one.from), column(one.to).max(column(one.from) + 1));
        let bar = format!("{}{}", " ".repeat(from), "=".repeat(to - from));
        let status = one
            .exchange
            .status()
            .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let _ = writeln!(
            text,
            "{} |{bar:<41}| {status} {} ({:.1}-{:.1} ms)",
            number + 1,
            one.word,
            one.from.as_secs_f64() * 1e3,
            one.to.as_secs_f64() * 1e3,
        );
    }
    text
}

/// Rounds that are run where none fails.
fn wanted(effort: Effort) -> u32 {
    (effort.cases / REQUESTS).max(3)
}

/// Requests that may write: in each round one of set-up, the rivals, and as many to tidy up.
pub(super) fn writes(effort: Effort) -> usize {
    wanted(effort) as usize * (1 + 2 * RIVALS)
}

/// Runs rounds one after another until there were enough, and says what came of them. `held` is what the
/// probe vouches for where nothing was found.
pub(super) async fn rounds<'a, Fut>(
    arena: &'a Arena,
    held: &'static str,
    endpoint: &str,
    mut round: impl FnMut(Scope) -> Fut,
) -> Report
where
    Fut: Future<Output = (Scope, Verdict)> + 'a,
{
    let end = Instant::now() + arena.effort.time;
    let wanted = wanted(arena.effort);
    let mut scope = arena.scope.clone();
    let (mut run, mut judged) = (0_u32, 0_u32);
    let mut found: Vec<Wrong> = Vec::new();
    let mut trouble = None;
    while run < wanted && found.len() < ENOUGH && Instant::now() < end && !(arena.stopped)() {
        let (after, verdict) = round(scope).await;
        scope = after;
        run += 1;
        match verdict {
            Verdict::Held => judged += 1,
            Verdict::Failed(wrong) => {
                judged += 1;
                found.push(wrong);
            }
            Verdict::Unjudged => {}
            Verdict::SetUp(exchange) => {
                trouble = Some(exchange);
                break;
            }
        }
    }
    let mut report = Report::default();
    match (trouble, judged) {
        (Some(exchange), 0) => {
            return Report::broken(format!("set-up: {}", exchange.said()), Some(exchange));
        }
        (_, 0) => return Report::skip("the target refused or did not answer the rivals"),
        _ => {}
    }
    if found.is_empty() {
        let exchange = arena.get("last look", endpoint, &[("count", "1")]).await;
        report.sightings.push(Sighting {
            requirement: held,
            judgement: Judgement::Held,
            exchange,
            times: 1,
        });
    }
    let failed = found.len();
    for wrong in found {
        let hint = format!(
            "{failed} of {judged} rounds; {RIVALS} rivals, time to the right:\n{}",
            wrong.timeline
        );
        report.sightings.push(Sighting {
            requirement: wrong.requirement,
            judgement: Judgement::broken(wrong.at, wrong.expected, wrong.actual).with_hint(hint),
            exchange: wrong.exchange,
            times: 1,
        });
    }
    report
}

/// Creates a resource from a fixture; its path, id and body, or the exchange that shows why not.
pub(super) async fn create(
    arena: &Arena,
    fixture: &str,
    with: Option<Value>,
    scope: &mut Scope,
) -> Result<Made, Exchange> {
    let kind = fixture.split('/').next().unwrap_or_default();
    let kind = if kind == "group" { "Group" } else { "User" };
    let endpoint = arena.endpoint(kind);
    let change = Change {
        with: with.and_then(|with| Draft::parse(&with).ok()),
        without: Vec::new(),
    };
    let built = Fixture::find(fixture)
        .and_then(|fixture| build(fixture, &change, scope, arena.adaptation()).ok());
    let exchange = arena
        .send(
            "set-up",
            Method::POST,
            &endpoint,
            &built.unwrap_or_default(),
        )
        .await;
    let id = exchange
        .json()
        .filter(|_| matches!(exchange.status(), Some(200..=299)))
        .and_then(|body| member(body, "id")?.as_str())
        .map(str::to_owned);
    match id {
        Some(id) => Ok(Made {
            path: format!("{endpoint}/{}", segment(&id)),
            id,
            exchange,
        }),
        None => Err(exchange),
    }
}

/// A resource that was made for a round.
pub(super) struct Made {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) exchange: Exchange,
}
