//! A server on raw TCP that misbehaves as it is told, for tests.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with the n-th connection, from 0. It reads requests itself.
type Act = dyn Fn(&mut Peer, usize) + Send + Sync;

/// A connection as the server sees it.
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Reads one request whole and notes it; none at the end of the stream.
    pub(crate) fn request(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        let mut one = [0];
        while !bytes.ends_with(b"\r\n\r\n") {
            match self.stream.read(&mut one) {
                Ok(1) => bytes.push(one[0]),
                _ => return None,
            }
        }
        let head = String::from_utf8_lossy(&bytes).into_owned();
        let length = head
            .to_ascii_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        let whole = head + &String::from_utf8_lossy(&body);
        self.requests.lock().unwrap().push(whole.clone());
        Some(whole)
    }

    /// Writes; false once the client is gone.
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream
            .write_all(bytes.as_ref())
            .and_then(|()| self.stream.flush())
            .is_ok()
    }

    /// Writes the same piece again and again until the client is gone.
    pub(crate) fn forever(&mut self, piece: &[u8], pause: Duration) {
        while self.write(piece) {
            std::thread::sleep(pause);
        }
    }

    /// Holds the connection open until the client closes it.
    pub(crate) fn hold(&mut self) {
        let mut sink = [0; 1024];
        while self.stream.read(&mut sink).is_ok_and(|read| read > 0) {}
    }
}

/// A listening server; its threads end with their connections.
pub(crate) struct BadServer {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl BadServer {
    /// Listens on loopback and acts.
    pub(crate) fn new(act: impl Fn(&mut Peer, usize) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let act: Arc<Act> = Arc::new(act);
        let (noted, counted) = (Arc::clone(&requests), Arc::clone(&connections));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                let _ = stream.set_write_timeout(Some(Duration::from_secs(20)));
                let n = {
                    let mut counted = counted.lock().unwrap();
                    *counted += 1;
                    *counted - 1
                };
                let (act, requests) = (Arc::clone(&act), Arc::clone(&noted));
                std::thread::spawn(move || act(&mut Peer { stream, requests }, n));
            }
        });
        Self {
            address,
            requests,
            connections,
        }
    }

    /// A server that reads a request, sends these bytes and closes.
    pub(crate) fn sending(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |peer, _| {
            if peer.request().is_some() {
                peer.write(&bytes);
            }
        })
    }

    /// A server that answers the n-th request with the n-th answer, all with the last.
    pub(crate) fn answering(answers: &[&str]) -> Self {
        let answers: Vec<String> = answers.iter().map(|text| (*text).to_owned()).collect();
        let next = Mutex::new(0);
        Self::new(move |peer, _| {
            while peer.request().is_some() {
                let mut at = next.lock().unwrap();
                let answer = answers.get(*at).or(answers.last()).unwrap();
                *at += 1;
                peer.write(answer);
            }
        })
    }

    /// The requests that were read so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many connections came in.
    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    /// A base URL on it.
    pub(crate) fn base(&self, scheme: &str) -> String {
        format!("{scheme}://{}/scim", self.address)
    }
}
