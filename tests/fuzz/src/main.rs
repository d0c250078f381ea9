//! The targets without a fuzzer: bytes are mutated from a seed, and what is read in a new way is mutated further.
//!
//! `loop [TARGET]…` tries each target (all by default) for `FUZZ_SECONDS` (30) from `FUZZ_SEED` (1), two at once.
//! `loop TARGET FILE…` tries these files alone; `loop TARGET --seeds DIR` writes what a fuzzer may begin with.
//! What breaks a law is made small, kept in `target/fuzz` and printed; then the exit code is 1.

mod corpus;
mod mutate;
mod watch;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mutate::Dice;
use scimitar_fuzz::{TARGETS, Target};
use watch::{Broken, Watch};

/// As much as a main thread has: without optimisation the longest chain that is read takes more than two megabytes.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let targets: Vec<Target> = TARGETS
        .into_iter()
        .filter(|it| words.iter().any(|word| word == it.name))
        .collect();
    let rest: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !TARGETS.iter().any(|it| it.name == *word))
        .collect();
    watch::quiet();
    match (targets.as_slice(), rest.as_slice()) {
        ([], []) => all(&TARGETS),
        (some, []) => all(some),
        ([one], ["--seeds", folder]) => seeds(one, Path::new(folder)),
        ([one], files) => replay(one, files),
        _ => {
            eprintln!("usage: loop [TARGET]… | loop TARGET FILE… | loop TARGET --seeds DIR");
            ExitCode::from(2)
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Tries targets, two at once.
fn all(targets: &[Target]) -> ExitCode {
    let (seconds, seed) = (number("FUZZ_SECONDS", 30), number("FUZZ_SEED", 1));
    println!("fuzz: {seconds} s each, FUZZ_SEED={seed}");
    let mut sound = true;
    for pair in targets.chunks(2) {
        let ended: Vec<bool> = std::thread::scope(|scope| {
            let begun: Vec<_> = pair
                .iter()
                .map(|target| {
                    let work = move || attempt(target, Duration::from_secs(seconds), seed);
                    let thread = std::thread::Builder::new().stack_size(STACK);
                    thread
                        .spawn_scoped(scope, work)
                        .expect("a thread can be had")
                })
                .collect();
            begun
                .into_iter()
                .map(|it| it.join().unwrap_or(false))
                .collect()
        });
        sound &= ended.into_iter().all(|it| it);
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs one target until its time is over or a law is broken; whether none was.
fn attempt(target: &Target, time: Duration, seed: u64) -> bool {
    let begun = Instant::now();
    let mut known = corpus::seeds(target);
    let first = known.len();
    let mut watch = Watch::new(target);
    let mut dice = Dice::new(seed);
    let mut tried = 0_u64;
    for input in known.clone() {
        tried += 1;
        if let Err(broken) = watch.run(&input) {
            return failed(target, &mut watch, &input, &broken);
        }
    }
    while begun.elapsed() < time {
        tried += 1;
        let input = mutate::next(&mut dice, &known, target);
        match watch.run(&input) {
            Err(broken) => return failed(target, &mut watch, &input, &broken),
            Ok(true) if known.len() < corpus::MOST => known.push(input.clone()),
            Ok(true) => {
                let at = first.min(known.len() - 1)
                    + dice.below(known.len().saturating_sub(first).max(1));
                known[at.min(corpus::MOST - 1)].clone_from(&input);
            }
            Ok(false) => {}
        }
        if tried.is_multiple_of(500)
            && let Err(broken) = watch.growth(&input)
        {
            return failed(target, &mut watch, &input, &broken);
        }
    }
    println!(
        "fuzz: {}: {tried} executions, {first} seeds, {} ways of reading, longest {:.1} ms, no law broken",
        target.name,
        watch.ways(),
        watch.longest().as_secs_f64() * 1e3,
    );
    true
}

fn failed(target: &Target, watch: &mut Watch, input: &[u8], broken: &Broken) -> bool {
    let small = mutate::shrink(input, |part| watch.breaks(part, broken));
    let kept = corpus::keep(target, &small);
    println!(
        "fuzz: {}: {broken}\nfuzz: {}: {} (kept in {kept})",
        target.name,
        target.name,
        small.escape_ascii()
    );
    false
}

fn replay(target: &Target, files: &[&str]) -> ExitCode {
    let mut sound = true;
    let mut watch = Watch::new(target);
    for file in files {
        match std::fs::read(file) {
            Err(error) => {
                eprintln!("fuzz: cannot read {file}: {error}");
                return ExitCode::from(2);
            }
            Ok(input) => match watch.run(&input).and_then(|_| watch.growth(&input)) {
                Ok(()) => println!("fuzz: {file}: no law broken"),
                Err(broken) => {
                    println!("fuzz: {file}: {broken}");
                    sound = false;
                }
            },
        }
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn seeds(target: &Target, folder: &Path) -> ExitCode {
    let write = || -> std::io::Result<usize> {
        std::fs::create_dir_all(folder)?;
        let all = corpus::seeds(target);
        for (n, seed) in all.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{n:04}")), seed)?;
        }
        Ok(all.len())
    };
    match write() {
        Ok(count) => {
            println!("fuzz: {}: {count} seeds", target.name);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("fuzz: cannot write seeds: {error}");
            ExitCode::from(2)
        }
    }
}
