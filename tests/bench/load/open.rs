//! Open load: is the rate delivered, and are the times true when the server stalls?
//! The variable `HLOG` names a file for the log of histograms.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use scimitar::load::histogram::{Collector, Gauges, Log};
use scimitar::load::pacer::Pacer;
use scimitar::load::schedule::Schedule;

use super::ours::{User, endpoint, filter, runtime};

/// The server answers nothing for so long …
const STALL: Duration = Duration::from_millis(200);

/// … in each such time.
const EVERY: Duration = Duration::from_secs(2);

/// How long an answer takes otherwise.
const BASE: Duration = Duration::from_millis(4);

/// Sends at a rate: what was delivered, and what it cost.
pub(crate) fn rate(url: &str, rate: f64, connections: usize, length: Duration) {
    let (start, before) = (Instant::now(), super::cpu());
    let played = play(url, rate, connections, length, start);
    let delivered = played.in_time as f64 / length.as_secs_f64();
    println!(
        "{}",
        serde_json::json!({
            "asked": rate, "delivered": delivered, "off_percent": (delivered / rate - 1.0) * 100.0,
            "unsent": played.unsent, "errors": played.total.errors.count, "cpu_percent": (super::cpu() - before) / length.as_secs_f64() * 100.0,
            "pacing_p50": played.pacing.0, "pacing_p99": played.pacing.1, "lateness_p50": played.total.lateness.p50, "lateness_p99": played.total.lateness.p99,
            "p50": played.total.response.p50, "p99": played.total.response.p99,
        })
    );
}

/// Sends at a rate to a server that stalls, and holds what was measured against what is true.
pub(crate) fn stall(url: &str, rate: f64, connections: usize, length: Duration) {
    let quiet = quiet(url);
    let start = Instant::now() + Duration::from_millis(50);
    let clock = since_epoch() + Duration::from_millis(50);
    let played = play(url, rate, connections, length, start);
    let schedule = Schedule::constant(rate, length).unwrap();
    let mut truth: Vec<u128> = schedule
        .tickets(None)
        .map(|(_, at)| wait(clock + at, quiet).as_micros())
        .collect();
    truth.sort_unstable();
    let at = |share: f64| {
        let index = (truth.len() as f64 * share).ceil() - 1.0;
        truth.get(index as usize).copied().unwrap()
    };
    let row = |share: f64, measured: u64, service: u64| {
        let truth = at(share);
        let off = (measured as f64 / truth as f64 - 1.0) * 100.0;
        serde_json::json!({"truth": truth, "response": measured, "off_percent": off, "service": service})
    };
    let (response, service) = (&played.total.response, &played.total.service);
    println!(
        "{}",
        serde_json::json!({
            "asked": rate, "delivered": played.in_time as f64 / length.as_secs_f64(),
            "p50": row(0.5, response.p50, service.p50),
            "p90": row(0.9, response.p90, service.p90),
            "p95": row(0.95, response.p95, service.p95),
            "p99": row(0.99, response.p99, service.p99),
        })
    );
}

struct Played {
    total: scimitar::record::load::Operation,
    /// Requests that came to an end while the schedule ran; what came after it is late, not delivered.
    in_time: u64,
    unsent: u64,
    /// How late tickets were laid out: median and 99th percentile, microseconds.
    pacing: (u64, u64),
}

fn play(url: &str, rate: f64, connections: usize, length: Duration, start: Instant) -> Played {
    runtime().block_on(async {
        let endpoint = endpoint(url);
        let mut collector = Collector::new(start, Duration::ZERO, vec!["all".to_owned()]);
        if let Some(path) = std::env::var_os("HLOG") {
            let file = std::fs::File::create(path).unwrap();
            let log = Log::begin(Box::new(file), jiff::Timestamp::now()).unwrap();
            collector = collector.with_log(log);
        }
        let schedule = Schedule::constant(rate, length).unwrap();
        let pacer = Pacer::start(&schedule, None, start, 100_000).unwrap();
        let users = (0..connections).map(|_| {
            let mut user = User {
                connection: endpoint.connection(),
                recorder: collector.recorders().recorder(),
                start,
            };
            let (find, desk) = (filter(&endpoint), Arc::clone(pacer.desk()));
            tokio::spawn(async move {
                while let Some(ticket) = desk.take().await {
                    user.ask(0, Some(ticket.wanted), &find).await;
                }
            })
        });
        let users: Vec<_> = users.collect();
        while start.elapsed() < length {
            tokio::time::sleep(Duration::from_secs(1)).await;
            collector.collect(Instant::now(), Gauges::default());
        }
        for user in users {
            user.await.unwrap();
        }
        let kept = pacer.finish();
        let (figures, log) = collector.finish(Instant::now(), Gauges::default());
        log.unwrap();
        let pacing = |share| kept.pacing.value_at_quantile(share);
        let seconds = figures.series.iter();
        let in_time = seconds.filter(|row| Duration::from_secs(row.at) < length);
        Played {
            in_time: in_time.map(|row| row.count).sum(),
            total: figures.total,
            unsent: kept.unsent,
            pacing: (pacing(0.5), pacing(0.99)),
        }
    })
}

/// Time as every process on this machine counts it.
fn since_epoch() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap()
}

/// How long a request waits for its answer that comes then, since the epoch; so long where nothing stalls.
fn wait(came: Duration, otherwise: Duration) -> Duration {
    let phase = came.as_nanos() % EVERY.as_nanos();
    let phase = Duration::from_nanos(u64::try_from(phase).unwrap());
    STALL.saturating_sub(phase).max(otherwise)
}

/// What an answer takes where nothing stalls, wake-ups and the way there and back with it: the median that the
/// simplest client reads, which asks, waits and looks at the clock.
fn quiet(url: &str) -> Duration {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut times, mut came) = (Vec::new(), [0; 4096]);
    while times.len() < 201 {
        let begun = Instant::now();
        let stalls = wait(since_epoch(), BASE) > BASE;
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .unwrap();
        assert!(stream.read(&mut came).unwrap() > 0);
        if !stalls {
            times.push(begun.elapsed());
        }
    }
    times.sort_unstable();
    times[100]
}

/// Serves on loopback until it is ended: answers each request after the base time, or at the end of the stall that it
/// came in. A thread each, since the timers of a runtime count in whole milliseconds, of which the base time has few.
pub(crate) fn stalling(port: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    println!("listening on http://{}", listener.local_addr().unwrap());
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        stream.set_nodelay(true).unwrap();
        std::thread::spawn(move || {
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"totalResults\":0}";
            let mut came = [0; 4096];
            while stream.read(&mut came).is_ok_and(|read| read > 0) {
                std::thread::sleep(wait(since_epoch(), BASE));
                if stream.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        });
    }
}
