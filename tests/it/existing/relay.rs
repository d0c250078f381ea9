//! What stands between client and target.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::cli::{Served, TOKEN};

/// A server between client and target: it answers as a forward proxy and as the target itself, puts
/// the right token in the place of any other, and keeps what it was asked.
pub(super) struct Relay {
    pub(super) address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    pub(super) fn before(served: &Served) -> Self {
        let target = served.base.split('/').nth(2).unwrap().to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (target, kept) = (target.clone(), Arc::clone(&kept));
                std::thread::spawn(move || pass(stream, &target, &kept));
            }
        });
        Self { address, heads }
    }

    /// The request lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        heads
            .iter()
            .map(|head| head.lines().next().unwrap().to_owned())
            .collect()
    }

    /// The values of a header field, request by request.
    pub(super) fn fields(&self, name: &str) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let of = |head: &String| {
            head.lines().find_map(|line| {
                let (key, value) = line.split_once(": ")?;
                key.eq_ignore_ascii_case(name).then(|| value.to_owned())
            })
        };
        heads.iter().filter_map(of).collect()
    }
}

/// Passes one request on, and its answer back.
fn pass(mut client: TcpStream, target: &str, kept: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0_u8; 1];
    while !head.ends_with(b"\r\n\r\n") {
        match client.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    kept.lock().unwrap().push(head.clone());
    let mut server = TcpStream::connect(target).unwrap();
    if head.starts_with("CONNECT ") {
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        });
        let _ = std::io::copy(&mut server, &mut client);
        return;
    }
    let mut length = 0;
    let mut out = String::new();
    for (at, line) in head.trim_end().lines().enumerate() {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if at == 0 {
            let (method, rest) = line.split_once(' ').unwrap();
            // As a proxy is asked, with the whole URL, or as a server is.
            let path = rest.strip_prefix("http://").map_or(rest, |url| {
                url.find('/').and_then(|at| url.get(at..)).unwrap()
            });
            write!(out, "{method} {path}\r\nConnection: close\r\n").unwrap();
        } else if lower.starts_with("authorization: ") {
            write!(out, "Authorization: Bearer {TOKEN}\r\n").unwrap();
        } else if !lower.starts_with("connection:") {
            write!(out, "{line}\r\n").unwrap();
        }
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body).unwrap();
    server.write_all(format!("{out}\r\n").as_bytes()).unwrap();
    server.write_all(&body).unwrap();
    let _ = std::io::copy(&mut server, &mut client);
}
