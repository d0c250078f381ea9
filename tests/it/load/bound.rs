//! Load stays under its ceiling, and what a killed run has left is found again.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::cli::{Served, TOKEN, ended, scimitar};

/// A target that answers searches by `eq` with 429 and everything else as the provider behind it, and
/// keeps when requests came.
struct Target {
    base: String,
    came: Arc<Mutex<Vec<Instant>>>,
}

impl Target {
    fn before(served: &Served) -> Self {
        let behind = served.base.split('/').nth(2).unwrap().to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}/v2", listener.local_addr().unwrap());
        let came = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&came);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behind, kept) = (behind.clone(), Arc::clone(&kept));
                std::thread::spawn(move || serve(stream, &behind, &kept));
            }
        });
        Self { base, came }
    }

    /// Requests in any one second at most, and the seconds from the first to the last.
    fn most(&self) -> (usize, f64) {
        let came = self.came.lock().unwrap();
        let second = Duration::from_secs(1);
        let within = |from: Instant| {
            let all = came.iter();
            all.filter(|at| **at >= from && **at < from + second)
                .count()
        };
        let most = came.iter().map(|from| within(*from)).max();
        let ends = came.first().zip(came.last());
        let whole = ends.map_or(Duration::ZERO, |(first, last)| *last - *first);
        (most.unwrap_or(0), whole.as_secs_f64())
    }
}

/// Answers one request.
fn serve(mut stream: TcpStream, behind: &str, came: &Mutex<Vec<Instant>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let lower = line.trim().to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if lower.is_empty() {
            break;
        }
        if !lower.starts_with("connection: ") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let is_search = head.starts_with("GET ") && head.contains("%20eq%20");
    if is_search {
        came.lock().unwrap().push(Instant::now());
        let refusal = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let _ = stream.write_all(refusal.as_bytes());
        return;
    }
    let mut server = TcpStream::connect(behind).unwrap();
    server
        .write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())
        .unwrap();
    server.write_all(&body).unwrap();
    let _ = std::io::copy(&mut server, &mut stream);
}

#[test]
fn what_is_sent_again_stays_under_the_ceiling() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let target = Target::before(&served);
    let profile = "name: p\ntitle: T\nmodel: { open: { rate: 5 } }\npool: { users: 3 }\nthrottled: obey\nduration: 3s\nmix: [load.user.match]\n";
    std::fs::write(folder.path().join("p.yaml"), profile).unwrap();
    let mut command = scimitar(folder.path());
    let command = command.args(["load", "p.yaml", &target.base, "--quiet"]);
    let command = command.args(["--max-rps", "5"]).env("SCIM_TOKEN", TOKEN);
    let (code, out, err) = ended(command);
    assert_ne!(code, 2, "{out}{err}");
    let (most, whole) = target.most();
    let all = target.came.lock().unwrap().len();
    assert!(all >= 10, "{all}");
    // A second's worth may come ahead of its turn.
    let allowed = 5.0 * (whole + 2.0);
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let sent = all as f64;
    assert!(
        sent <= allowed && most <= 15,
        "{most} of {all} in {whole} s"
    );
}

#[test]
fn what_a_killed_run_has_left_is_found_over_all_pages() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &["--users", "7"]);
    let all = || (served.total("/Users"), served.total("/Groups"));
    let before = all();
    let mut child = scimitar(folder.path())
        .args(["load", "entra-initial-cycle", &served.base])
        .args(["--duration", "60s", "--warm-up", "0s", "--quiet"])
        .env("SCIM_TOKEN", TOKEN)
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while served.total("/Users") < 500 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(served.total("/Users") >= 500);
    let cleanup = || {
        ended(
            scimitar(folder.path())
                .arg("cleanup")
                .env("SCIM_TOKEN", TOKEN),
        )
    };
    let (mut code, mut out, mut err) = cleanup();
    // A slow machine may need its time twice.
    for _ in 0..3 {
        if code == 7 && out.contains("no time left") {
            (code, out, err) = cleanup();
        }
    }
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(all(), before, "{out}{err}");
}
