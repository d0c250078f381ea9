//! The loop: draw examples from a seed, try many at once, shrink what fails, fold what has the same cause.
//!
//! Knows nothing of SCIM. Everything drawn follows from the seed; which examples fail together never changes
//! what is drawn.

use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::seed::Seed;

/// Failing examples that are shrunk, each on its own; the others are folded into them.
const MAX_SHRUNK: usize = 8;

/// Failing examples after which no more are tried: they will not say more than these do.
const ENOUGH: usize = 40;

/// Examples that may break in a row before the loop gives up.
const MAX_BROKEN: usize = 10;

/// Something that can be made simpler, one step at a time.
pub trait Shrink: Sized {
    /// Simpler ones, the simplest first; none where it is as simple as can be. Each is smaller by some
    /// measure that has an end.
    fn smaller(&self) -> Vec<Self>;
}

/// What became of an example.
#[derive(Debug)]
pub enum Trial<F> {
    /// The law holds for it.
    Held,
    /// It does not.
    Failed(F),
    /// It says nothing: the target refused it as it may.
    Unjudged,
    /// The way to the target broke: why.
    Broken(String),
}

/// How long to try, and how hard.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Examples at the same time.
    pub jobs: usize,
    /// Steps of shrinking in all.
    pub shrinks: u32,
    /// No example begins after this time.
    pub time: Duration,
}

/// A smallest example that fails.
#[derive(Debug)]
pub struct Counterexample<V, F> {
    /// The smallest one.
    pub value: V,
    /// How it fails.
    pub failure: F,
    /// Number of the drawn example that it was shrunk from, from 0.
    pub drawn: usize,
    /// Steps from there to here.
    pub steps: u32,
    /// How many drawn examples fail by the same cause.
    pub times: u64,
}

/// What came of all examples.
#[derive(Debug)]
pub struct Explored<V, F> {
    /// Examples for which the law holds.
    pub held: u64,
    /// Examples that say nothing.
    pub unjudged: u64,
    /// Why the first example broke that did.
    pub broken: Option<String>,
    /// Smallest examples that fail, one a cause.
    pub found: Vec<Counterexample<V, F>>,
}

/// Draws examples: the k-th one follows from the seed and k alone.
///
/// # Panics
/// Never: the strategies of scimitar reject nothing.
pub fn draw<S: Strategy>(strategy: &S, seed: Seed, cases: u32) -> Vec<S::Value> {
    (0..u64::from(cases))
        .filter_map(|k| {
            let mut bytes = [0_u8; 32];
            for (part, chunk) in bytes.chunks_exact_mut(8).enumerate() {
                let word = seed.nth(k).nth(part as u64).0;
                chunk.copy_from_slice(&word.to_le_bytes());
            }
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
            let mut runner = TestRunner::new_with_rng(Config::default(), rng);
            strategy
                .new_tree(&mut runner)
                .ok()
                .map(|tree| tree.current())
        })
        .collect()
}

/// Tries all examples, several at once, then shrinks those that failed. `cause` says what makes two failures
/// one finding.
pub async fn explore<V, F, Fut, C>(
    examples: Vec<V>,
    bounds: Bounds,
    judge: impl Fn(V) -> Fut,
    cause: impl Fn(&V, &F) -> C,
) -> Explored<V, F>
where
    V: Clone + Shrink,
    Fut: Future<Output = Trial<F>>,
    C: PartialEq,
{
    let end = Instant::now() + bounds.time;
    let mut explored = Explored {
        held: 0,
        unjudged: 0,
        broken: None,
        found: Vec::new(),
    };
    let failed = try_all(examples, bounds, &judge, &mut explored).await;
    let mut left = bounds.shrinks;
    let mut shrunk = 0;
    for (drawn, value, failure) in failed {
        let known = explored
            .found
            .iter_mut()
            .find(|one| cause(&one.value, &one.failure) == cause(&value, &failure));
        if let Some(one) = known {
            one.times += 1;
            continue;
        }
        if shrunk >= MAX_SHRUNK || left == 0 || Instant::now() >= end + bounds.time {
            // Too many to look at each: the first cause stands for them.
            if let Some(first) = explored.found.first_mut() {
                first.times += 1;
            }
            continue;
        }
        shrunk += 1;
        let (value, failure, steps) = shrink(value, failure, &mut left, &judge).await;
        let same = explored
            .found
            .iter_mut()
            .find(|one| cause(&one.value, &one.failure) == cause(&value, &failure));
        match same {
            Some(one) => one.times += 1,
            None => explored.found.push(Counterexample {
                value,
                failure,
                drawn,
                steps,
                times: 1,
            }),
        }
    }
    explored
}

/// Tries examples until all are tried, enough failed or the way broke; gives those that failed, in their order.
async fn try_all<V, F, Fut>(
    examples: Vec<V>,
    bounds: Bounds,
    judge: &impl Fn(V) -> Fut,
    explored: &mut Explored<V, F>,
) -> Vec<(usize, V, F)>
where
    V: Clone,
    Fut: Future<Output = Trial<F>>,
{
    let end = Instant::now() + bounds.time;
    let mut failed = Vec::new();
    let mut broken = 0;
    let trials = stream::iter(examples.into_iter().enumerate())
        .take_while(|_| std::future::ready(Instant::now() < end))
        .map(|(index, value)| {
            let trial = judge(value.clone());
            async move { (index, value, trial.await) }
        })
        .buffered(bounds.jobs.max(1));
    let mut trials = std::pin::pin!(trials);
    while let Some((index, value, trial)) = trials.next().await {
        match trial {
            Trial::Held => explored.held += 1,
            Trial::Unjudged => explored.unjudged += 1,
            Trial::Failed(failure) => failed.push((index, value, failure)),
            Trial::Broken(why) => {
                explored.broken.get_or_insert(why);
                broken += 1;
            }
        }
        if failed.len() >= ENOUGH || broken >= MAX_BROKEN {
            break;
        }
    }
    failed
}

/// Walks to the smallest example that still fails; `left` are the steps that may be spent.
async fn shrink<V, F, Fut>(
    value: V,
    failure: F,
    left: &mut u32,
    judge: &impl Fn(V) -> Fut,
) -> (V, F, u32)
where
    V: Clone + Shrink,
    Fut: Future<Output = Trial<F>>,
{
    let (mut value, mut failure, mut steps) = (value, failure, 0);
    'smaller: loop {
        for candidate in value.smaller() {
            if *left == 0 {
                return (value, failure, steps);
            }
            *left -= 1;
            if let Trial::Failed(next) = judge(candidate.clone()).await {
                (value, failure) = (candidate, next);
                steps += 1;
                continue 'smaller;
            }
        }
        return (value, failure, steps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;

    impl Shrink for Vec<u8> {
        fn smaller(&self) -> Vec<Self> {
            (0..self.len())
                .map(|at| {
                    let mut fewer = self.clone();
                    fewer.remove(at);
                    fewer
                })
                .collect()
        }
    }

    fn bounds() -> Bounds {
        Bounds {
            jobs: 4,
            shrinks: 500,
            time: Duration::from_secs(60),
        }
    }

    async fn explored(
        law: impl Fn(&[u8]) -> Option<&'static str>,
    ) -> Explored<Vec<u8>, &'static str> {
        let examples = draw(&vec(0_u8..6, 0..12), Seed(7), 200);
        let judge = |value: Vec<u8>| {
            let trial = law(&value).map_or(Trial::Held, Trial::Failed);
            async move { trial }
        };
        explore(examples, bounds(), judge, |_, failure| *failure).await
    }

    #[test]
    fn what_is_drawn_follows_from_seed_and_number_alone() {
        let strategy = vec(0_u8..200, 0..12);
        let many = draw(&strategy, Seed(3), 20);
        assert_eq!(draw(&strategy, Seed(3), 5), many[..5]);
        assert_ne!(draw(&strategy, Seed(4), 5), many[..5]);
    }

    #[tokio::test]
    async fn each_cause_is_found_once_and_smallest() {
        let result = explored(|value| {
            let mut twice = value.iter().filter(|one| **one == 5).skip(1);
            if twice.next().is_some() {
                Some("two fives")
            } else if value.contains(&0) && value.contains(&1) {
                Some("a nought and a one")
            } else {
                None
            }
        })
        .await;
        let mut found: Vec<_> = result
            .found
            .iter()
            .map(|one| {
                let mut value = one.value.clone();
                value.sort_unstable();
                (one.failure, value)
            })
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                ("a nought and a one", vec![0, 1]),
                ("two fives", vec![5, 5])
            ]
        );
        let times: u64 = result.found.iter().map(|one| one.times).sum();
        assert!(times >= 2 && result.held > 0, "{times} {}", result.held);
    }

    #[tokio::test]
    async fn a_way_that_breaks_ends_the_loop_and_blames_nobody() {
        let examples = vec![Vec::new(); 100];
        let judge = |_: Vec<u8>| async { Trial::<()>::Broken("reset".to_owned()) };
        let result = explore(examples, bounds(), judge, |_, ()| ()).await;
        assert_eq!(result.broken.as_deref(), Some("reset"));
        assert!(result.found.is_empty() && result.held == 0);
    }
}
