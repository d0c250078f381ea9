//! The parts of the load benchmark that are Rust: a server with one answer and one that stalls, this crate's request
//! path, plain goose, and tests of rate, stall and memory. `bench.py` beside it plays them.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a program for people who measure: it prints figures, and ends where anything is amiss"
)]

mod canned;
mod open;
mod ours;
mod plain;

use std::time::Duration;

/// What to play: `canned PORT` · `stalling PORT` · `get|mixed URL CONNECTIONS SECONDS` ·
/// `goose URL CONNECTIONS SECONDS` · `rate URL RATE CONNECTIONS SECONDS` ·
/// `stall URL RATE CONNECTIONS SECONDS` · `memory URL CONNECTIONS REQUESTS` · `flat CONNECTIONS REQUESTS`, which fails
/// where memory grows by more than a tenth.
fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["canned", port] => canned::serve(port.parse().unwrap()),
        ["get", url, connections, seconds] => {
            ours::closed(url, ours::Mix::Get, number(connections), span(seconds));
        }
        ["mixed", url, connections, seconds] => {
            ours::closed(url, ours::Mix::Mixed, number(connections), span(seconds));
        }
        ["goose", url, connections, seconds] => {
            plain::goose(url, number(connections), span(seconds));
        }
        ["rate", url, rate, connections, seconds] => {
            open::rate(
                url,
                rate.parse().unwrap(),
                number(connections),
                span(seconds),
            );
        }
        ["stalling", port] => open::stalling(port.parse().unwrap()),
        ["stall", url, rate, connections, seconds] => {
            open::stall(
                url,
                rate.parse().unwrap(),
                number(connections),
                span(seconds),
            );
        }
        ["memory", url, connections, requests] => {
            ours::memory(url, number(connections), requests.parse().unwrap());
        }
        ["flat", connections, requests] => {
            ours::flat(number(connections), requests.parse().unwrap());
        }
        // Test runners call benchmarks without a word.
        [] => println!("nothing to play; see bench.py"),
        other => panic!("{other:?} is nothing to play"),
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap()
}

fn span(text: &str) -> Duration {
    Duration::from_secs_f64(text.parse().unwrap())
}

/// Processor time of this process in seconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, after) = stat.rsplit_once(')').unwrap();
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks
        .map(|field| field.parse::<f64>().unwrap())
        .sum::<f64>()
        / 100.0
}

/// Resident memory of this process in kilobytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}
