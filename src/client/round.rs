//! One round trip under the limits: from the send to the last byte of the body.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;
use tokio::time::timeout;
use url::Url;

use super::connect::{PROGRESS, Phase, Progress};
use super::decode::{DecodeError, Decoder};
use super::sender::{Answer, Client, Outgoing, Trouble, micros};
use super::wire::{self, Asked};
use super::{failure, record};
use crate::exchange::wire::repeated;
use crate::exchange::{FailureKind, Response};
use crate::scim::json;
use crate::session::Call;

/// A header field of an answer.
fn text_of(answer: &reqwest::Response, name: &str) -> Option<String> {
    answer.headers().get(name).map(wire::text)
}

impl Client {
    /// Sends once.
    pub(super) async fn once(
        &self,
        call: &Call,
        outgoing: &Outgoing,
        progress: &Arc<Progress>,
    ) -> Result<Answer, Trouble> {
        let begun = Instant::now();
        let whole = self.settings.limits.total;
        let patience = call.via.patience.filter(|patience| *patience < whole);
        let mut status = None;
        let exchange = self.answer(call, outgoing, progress, begun, &mut status);
        let ended = timeout(patience.unwrap_or(whole), exchange).await;
        ended.unwrap_or_else(|_| {
            if patience.is_some() {
                let detail = "broken off before it was answered".to_owned();
                return Err(Trouble(FailureKind::Interrupted, detail, status));
            }
            let detail = format!("no complete response within {whole:?}");
            Err(Trouble(FailureKind::TotalTimeout, detail, status))
        })
    }

    async fn answer(
        &self,
        call: &Call,
        outgoing: &Outgoing,
        progress: &Arc<Progress>,
        begun: Instant,
        status: &mut Option<u16>,
    ) -> Result<Answer, Trouble> {
        let mut builder = self
            .stack
            .request(call.method.clone(), outgoing.url.clone())
            .headers(outgoing.headers.clone());
        if let Some(body) = &outgoing.body {
            builder = builder.body(body.clone());
        }
        let sending = PROGRESS.scope(Arc::clone(progress), builder.send());
        let answer = match self.until_head(sending, progress, begun).await? {
            Ok(answer) => answer,
            Err(error) => return Err(self.explain(&error).await),
        };
        let headers_us = micros(begun.elapsed());
        *status = Some(answer.status().as_u16());
        let asked = Asked {
            url: &outgoing.url,
            gzip: outgoing.gzip,
        };
        call.via
            .learn(&self.vault, |name| text_of(&answer, name), None);
        let mut response = self.head(&asked, &answer);
        let retry = answer
            .headers()
            .get(http::header::RETRY_AFTER)
            .map(wire::text);
        let bytes = self.body(answer).await?;
        if !call.via.secrets.is_empty() {
            let (body, _) = json::read(&bytes);
            call.via.learn(&self.vault, |_| None, body.as_ref());
        }
        response.body = record::body(&self.vault, &bytes, self.settings.limits.evidence);
        Ok(Answer {
            response,
            retry_after: retry,
            headers_us,
        })
    }

    /// Waits for the response head: the limit counts from the moment that a connection stood.
    async fn until_head<T>(
        &self,
        sending: impl Future<Output = T>,
        progress: &Progress,
        begun: Instant,
    ) -> Result<T, Trouble> {
        let limit = self.settings.limits.headers;
        tokio::pin!(sending);
        let mut until = begun + limit;
        loop {
            tokio::select! {
                biased;
                done = &mut sending => return Ok(done),
                () = tokio::time::sleep_until(until.into()) => {}
            }
            let now = Instant::now();
            until = match progress.phase() {
                Phase::Connecting => now + limit,
                Phase::Connected(at) if at + limit > now => at + limit,
                Phase::Connected(_) | Phase::Reused => {
                    let detail = format!("no response head within {limit:?}");
                    return Err(Trouble(FailureKind::HeaderTimeout, detail, None));
                }
            };
        }
    }

    fn head(&self, asked: &Asked<'_>, answer: &reqwest::Response) -> Response {
        let version = format!("{:?}", answer.version());
        let mut wire = wire::defects(asked, answer.version(), answer.status(), answer.headers());
        for defect in &mut wire {
            defect.detail = self.vault.redact_url(&defect.detail);
        }
        let headers = record::headers(&self.vault, answer.headers());
        wire.extend(repeated(&headers));
        Response {
            status: answer.status().as_u16(),
            version: version
                .strip_suffix(".0")
                .filter(|short| *short == "HTTP/2")
                .unwrap_or(&version)
                .to_owned(),
            headers,
            wire,
            ..Response::default()
        }
    }

    /// Reads the body under the cap.
    async fn body(&self, mut answer: reqwest::Response) -> Result<Bytes, Trouble> {
        let limits = &self.settings.limits;
        let status = Some(answer.status().as_u16());
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(Bytes::new());
        }
        let undecodable = |error| match error {
            DecodeError::TooLarge => {
                let detail = format!("the body is over the cap of {} bytes", limits.body);
                Trouble(FailureKind::BodyTooLarge, detail, status)
            }
            DecodeError::Coding(why) => Trouble(FailureKind::ContentCoding, why, status),
        };
        let mut decoder = Decoder::new(wire::coding(answer.headers()), limits.body);
        loop {
            match timeout(limits.idle, answer.chunk()).await {
                Ok(Ok(Some(piece))) => decoder.push(&piece).map_err(undecodable)?,
                Ok(Ok(None)) => break,
                Ok(Err(error)) => {
                    let https = self.settings.target.is_https();
                    let (kind, detail) = failure::classify(&error, https);
                    return Err(Trouble(kind, detail, status));
                }
                Err(_) => {
                    let detail = format!("the body stopped for {:?}", limits.idle);
                    return Err(Trouble(FailureKind::IdleTimeout, detail, status));
                }
            }
        }
        decoder.finish().map(Bytes::from).map_err(undecodable)
    }

    /// What an error before the response head means.
    async fn explain(&self, error: &reqwest::Error) -> Trouble {
        let target = &self.settings.target;
        let limits = &self.settings.limits;
        let (kind, detail) = failure::classify(error, target.is_https());
        if kind != FailureKind::ConnectTimeout {
            return Trouble(kind, detail, None);
        }
        if target.is_https() && self.answers_tcp().await {
            let detail = format!("the TLS handshake did not end within {:?}", limits.tls);
            return Trouble(FailureKind::Tls, detail, None);
        }
        let detail = format!(
            "no connection to {} within {:?}",
            target.host(),
            limits.connect
        );
        Trouble(kind, detail, None)
    }

    /// Whether the port takes connections at all.
    async fn answers_tcp(&self) -> bool {
        let Ok(url) = Url::parse(self.settings.target.origin()) else {
            return false;
        };
        let Ok(addresses) = url.socket_addrs(|| None) else {
            return false;
        };
        let within = self.settings.limits.connect.min(Duration::from_secs(1));
        let connected = timeout(within, tokio::net::TcpStream::connect(addresses.as_slice())).await;
        matches!(connected, Ok(Ok(_)))
    }
}
