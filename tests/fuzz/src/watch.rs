//! Runs a target on one input and says which law was broken: one of its own, or that of time.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use scimitar_fuzz::Target;

use crate::corpus;

/// Longest that one input may take, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(1);

/// Sizes at which the growth of time is measured, and how much more than proportional it may be.
const SIZES: (usize, usize) = (4 << 10, 64 << 10);
const SLACK: u32 = 6;

thread_local! {
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what a panic says for the report instead of printing it.
pub fn quiet() {
    std::panic::set_hook(Box::new(|info| SAID.set(info.to_string())));
}

/// A law that was broken.
pub enum Broken {
    /// One of the target's own: what it said.
    Law(String),
    /// It took so long.
    Slow(Duration),
    /// Time for the small and the large size.
    Growth(Duration, Duration),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Law(said) => write!(f, "{said}"),
            Self::Slow(time) => write!(f, "one input took {time:?}"),
            Self::Growth(small, large) => {
                write!(
                    f,
                    "time is not linear: {small:?} for {} bytes, {large:?} for {}",
                    SIZES.0, SIZES.1
                )
            }
        }
    }
}

/// A target and what was seen of it.
pub struct Watch {
    target: Target,
    seen: HashSet<u64>,
    current: Option<File>,
    longest: Duration,
}

impl Watch {
    pub fn new(target: &Target) -> Self {
        Self {
            target: *target,
            seen: HashSet::new(),
            current: File::create(corpus::current(target)).ok(),
            longest: Duration::ZERO,
        }
    }

    /// Ways of reading that were seen.
    pub fn ways(&self) -> usize {
        self.seen.len()
    }

    /// The longest that an input took.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// Tries an input; whether it was read in a new way.
    pub fn run(&mut self, input: &[u8]) -> Result<bool, Broken> {
        self.note(input);
        let mut took = Duration::MAX;
        let mut mark = 0;
        // A busy machine may delay any run: the shortest of some counts.
        for _ in 0..4 {
            let begun = Instant::now();
            mark = self.attempt(input)?;
            took = took.min(begun.elapsed());
            if took < PATIENCE {
                break;
            }
        }
        self.longest = self.longest.max(took);
        if took >= PATIENCE {
            return Err(Broken::Slow(took));
        }
        Ok(self.seen.insert(mark))
    }

    /// Compares the time of an input repeated to two sizes.
    pub fn growth(&mut self, input: &[u8]) -> Result<(), Broken> {
        if input.is_empty() {
            return Ok(());
        }
        let (small, large) = (self.time(input, SIZES.0)?, self.time(input, SIZES.1)?);
        let times = u32::try_from(SIZES.1 / SIZES.0).unwrap_or(u32::MAX);
        if large > small * times * SLACK + Duration::from_millis(50) {
            return Err(Broken::Growth(small, large));
        }
        Ok(())
    }

    /// Whether an input breaks a law of the same kind.
    pub fn breaks(&mut self, input: &[u8], broken: &Broken) -> bool {
        match (self.run(input), broken) {
            (Err(Broken::Law(_)), Broken::Law(_)) | (Err(Broken::Slow(_)), Broken::Slow(_)) => true,
            (_, Broken::Growth(..)) => matches!(self.growth(input), Err(Broken::Growth(..))),
            _ => false,
        }
    }

    fn time(&self, input: &[u8], size: usize) -> Result<Duration, Broken> {
        let long = input.repeat(size.div_ceil(input.len()));
        let mut least = Duration::MAX;
        for _ in 0..3 {
            let begun = Instant::now();
            self.attempt(&long)?;
            least = least.min(begun.elapsed());
        }
        Ok(least)
    }

    fn attempt(&self, input: &[u8]) -> Result<u64, Broken> {
        let run = self.target.run;
        catch_unwind(AssertUnwindSafe(|| run(input))).map_err(|_| Broken::Law(SAID.take()))
    }

    /// Keeps the input on disk: what overflows the stack leaves no other trace.
    fn note(&mut self, input: &[u8]) {
        if let Some(file) = &mut self.current {
            let length = input.len() as u64;
            let written = file
                .rewind()
                .and_then(|()| file.write_all(input))
                .and_then(|()| file.set_len(length));
            if written.is_err() {
                self.current = None;
            }
        }
    }
}
