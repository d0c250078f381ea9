//! The loop: draw examples from a seed, try many at once, shrink what fails, fold what has the same cause.
//!
//! Knows nothing of SCIM. Everything drawn follows from the seed; which examples fail together never changes
//! what is drawn.

use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use proptest::collection::vec;
use proptest::strategy::{Just, Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::seed::Seed;

/// Failing examples that are shrunk from the start, each on its own.
const MAX_SHRUNK: usize = 12;

/// Parts of one failing example that are tried because they look like a smallest one.
const MAX_LIKE: usize = 4;

/// Examples that may break in a row before the loop gives up.
const MAX_BROKEN: usize = 10;

/// Something that can be made simpler, one step at a time.
pub trait Shrink: Sized {
    /// Simpler ones, the simplest first; none where it is as simple as can be. Each is smaller by some
    /// measure that has an end.
    fn smaller(&self) -> Vec<Self>;

    /// Parts of it that have the shape of a smallest example which fails: where one of them fails by the same cause,
    /// that explains this one, too. Nothing where shapes say nothing here: then causes are compared as they are.
    fn like(&self, _smallest: &Self) -> Option<Vec<Self>> {
        None
    }
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
    /// Failing examples after which no more are tried.
    pub enough: usize,
    /// Time for all of it. The last third of it is left to shrinking.
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
    /// How many further ones fail that nobody looked at: there was no time left, or no request. Told of the first
    /// alone.
    pub unexplained: u64,
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

impl<V, F> Explored<V, F> {
    /// Why it says nothing, where it does: the way broke, or the time was over before anything was tried.
    pub fn silence(&self) -> Option<String> {
        let untried = self.held == 0 && self.unjudged == 0;
        let untried = untried.then(|| {
            "the time of the probe was over before anything was tried: give it more by --probe-time".to_owned()
        });
        let why = self.broken.clone().or(untried);
        why.filter(|_| self.found.is_empty())
    }
}

/// Draws examples: the k-th one follows from the seed and k alone.
///
/// # Panics
/// Never: the strategies of scimitar reject nothing.
pub fn draw<S: Strategy>(strategy: &S, seed: Seed, cases: u32) -> Vec<S::Value> {
    (0..u64::from(cases))
        .filter_map(|k| one(strategy, &mut runner(seed, k)))
        .collect()
}

/// Draws examples, each the first of some candidates that suits, or the first of all where none does: what comes
/// after it is not drawn. The k-th one follows from the seed and k alone.
pub fn choose<S: Strategy>(
    strategy: &S,
    seed: Seed,
    cases: u32,
    candidates: usize,
    suits: impl Fn(&S::Value) -> bool,
) -> Vec<S::Value> {
    let chosen = (0..u64::from(cases)).filter_map(|k| {
        let mut runner = runner(seed, k);
        // The candidates are those of a list of so many, which draws its length before them.
        one(&vec(Just(()), candidates), &mut runner)?;
        let mut first = None;
        for _ in 0..candidates {
            let candidate = one(strategy, &mut runner)?;
            if suits(&candidate) {
                return Some(candidate);
            }
            first.get_or_insert(candidate);
        }
        first
    });
    chosen.collect()
}

fn runner(seed: Seed, k: u64) -> TestRunner {
    let mut bytes = [0_u8; 32];
    for (part, chunk) in bytes.chunks_exact_mut(8).enumerate() {
        let word = seed.nth(k).nth(part as u64).0;
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    // Each choice in a tree has a copy of it: what writes failures to files is not carried along.
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, rng)
}

fn one<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> Option<S::Value> {
    let tree = strategy.new_tree(runner).ok()?;
    Some(tree.current())
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
    let begun = Instant::now();
    let mut explored = Explored {
        held: 0,
        unjudged: 0,
        broken: None,
        found: Vec::new(),
    };
    let failed = try_all(examples, bounds, &judge, &mut explored).await;
    let mut budget = Budget {
        left: bounds.shrinks,
        end: begun + bounds.time,
    };
    let (mut shrunk, mut unexplained) = (0, 0);
    for (drawn, value, failure) in failed {
        let found = &mut explored.found;
        let explained = explaining(found, (&value, &failure), &mut budget, &judge, &cause).await;
        if let Some(one) = explained.and_then(|index| found.get_mut(index)) {
            one.times += 1;
            continue;
        }
        if !found.is_empty() && (shrunk >= MAX_SHRUNK || budget.is_spent()) {
            unexplained += 1;
            continue;
        }
        shrunk += 1;
        let (value, failure, steps) = shrink(value, failure, &mut budget, &judge).await;
        let same = found
            .iter_mut()
            .find(|one| cause(&one.value, &one.failure) == cause(&value, &failure));
        match same {
            Some(one) => one.times += 1,
            None => found.push(Counterexample {
                value,
                failure,
                drawn,
                steps,
                times: 1,
                unexplained: 0,
            }),
        }
    }
    if let Some(first) = explored.found.first_mut() {
        first.unexplained = unexplained;
    }
    explored
}

/// What may be spent after all examples were tried.
struct Budget {
    left: u32,
    end: Instant,
}

impl Budget {
    fn is_spent(&self) -> bool {
        self.left == 0 || Instant::now() >= self.end
    }
}

/// Which of the smallest examples explains another one that fails: it has a part of the same shape that fails by
/// the same cause.
async fn explaining<V, F, Fut, C>(
    found: &[Counterexample<V, F>],
    (value, failure): (&V, &F),
    budget: &mut Budget,
    judge: &impl Fn(V) -> Fut,
    cause: &impl Fn(&V, &F) -> C,
) -> Option<usize>
where
    V: Clone + Shrink,
    Fut: Future<Output = Trial<F>>,
    C: PartialEq,
{
    for (index, known) in found.iter().enumerate() {
        let wanted = cause(&known.value, &known.failure);
        let Some(parts) = value.like(&known.value) else {
            if wanted == cause(value, failure) {
                return Some(index);
            }
            continue;
        };
        for part in parts.into_iter().take(MAX_LIKE) {
            if budget.is_spent() {
                return None;
            }
            budget.left -= 1;
            match judge(part.clone()).await {
                Trial::Failed(failure) if cause(&part, &failure) == wanted => return Some(index),
                _ => {}
            }
        }
    }
    None
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
    let end = Instant::now() + bounds.time * 2 / 3;
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
        if failed.len() >= bounds.enough || broken >= MAX_BROKEN {
            break;
        }
    }
    failed
}

/// Walks to the smallest example that still fails, as far as the budget goes.
async fn shrink<V, F, Fut>(
    value: V,
    failure: F,
    budget: &mut Budget,
    judge: &impl Fn(V) -> Fut,
) -> (V, F, u32)
where
    V: Clone + Shrink,
    Fut: Future<Output = Trial<F>>,
{
    let (mut value, mut failure, mut steps) = (value, failure, 0);
    'smaller: loop {
        for candidate in value.smaller() {
            if budget.is_spent() {
                return (value, failure, steps);
            }
            budget.left -= 1;
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
            enough: 40,
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

    #[test]
    fn what_is_chosen_is_the_first_that_suits_of_a_list() {
        let strategy = vec(0_u8..200, 0..12);
        let suits = |one: &Vec<u8>| one.len() > 8;
        let chosen = choose(&strategy, Seed(3), 40, 4, suits);
        let lists = draw(&vec(vec(0_u8..200, 0..12), 4), Seed(3), 40);
        let first =
            |list: &Vec<Vec<u8>>| list.iter().find(|one| suits(one)).or(list.first()).cloned();
        assert_eq!(chosen, lists.iter().filter_map(first).collect::<Vec<_>>());
        assert!(chosen.iter().any(|one| !suits(one)));
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
        assert_eq!(result.silence().as_deref(), Some("reset"));
        assert!(result.found.is_empty() && result.held == 0);
    }

    /// Bytes; each of them alone is a part.
    #[derive(Clone, Debug, PartialEq)]
    struct Bag(Vec<u8>);

    impl Shrink for Bag {
        fn smaller(&self) -> Vec<Self> {
            self.0.smaller().into_iter().map(Self).collect()
        }

        fn like(&self, smallest: &Self) -> Option<Vec<Self>> {
            let parts = self.0.iter().filter(|one| smallest.0.contains(one));
            Some(parts.map(|one| Self(vec![*one])).collect())
        }
    }

    fn five_or_seven(bag: &Bag) -> Option<&'static str> {
        // What is not small says nothing of its cause.
        let long = bag.0.len() > 1;
        match (bag.0.contains(&5), bag.0.contains(&7)) {
            (false, false) => None,
            _ if long => Some("long"),
            (true, _) => Some("five"),
            _ => Some("seven"),
        }
    }

    async fn bags(examples: Vec<Bag>, shrinks: u32, time: Duration) -> Explored<Bag, &'static str> {
        let bounds = Bounds {
            jobs: 1,
            shrinks,
            enough: 40,
            time,
        };
        let judge = |bag: Bag| {
            let trial = five_or_seven(&bag).map_or(Trial::Held, Trial::Failed);
            async move { trial }
        };
        explore(examples, bounds, judge, |_, failure| *failure).await
    }

    #[tokio::test]
    async fn a_cause_is_found_behind_many_failures_of_another_one() {
        let mut examples = vec![Bag(vec![1, 5, 2, 3]); 30];
        examples.push(Bag(vec![1, 7, 2]));
        let result = bags(examples, 100, Duration::from_secs(60)).await;
        let found: Vec<_> = result
            .found
            .iter()
            .map(|one| (one.value.0.as_slice(), one.times, one.unexplained))
            .collect();
        assert_eq!(found, [(&[5][..], 30, 0), (&[7][..], 1, 0)]);
    }

    #[tokio::test]
    async fn what_nobody_looked_at_is_counted_and_given_no_cause() {
        let mut examples = vec![Bag(vec![5, 5]); 3];
        examples.extend(vec![Bag(vec![1, 7]); 4]);
        let result = bags(examples, 4, Duration::from_secs(60)).await;
        let [one] = result.found.as_slice() else {
            panic!("{:?}", result.found);
        };
        assert_eq!((one.failure, one.times, one.unexplained), ("five", 3, 4));
    }

    #[tokio::test]
    async fn time_ends_drawing_and_shrinking() {
        let examples = vec![Bag(vec![5, 1, 2, 3]); 10];
        let result = bags(examples, 1_000, Duration::ZERO).await;
        assert!(result.found.is_empty() && result.held == 0);
        assert!(result.silence().unwrap().contains("--probe-time"));
    }
}
