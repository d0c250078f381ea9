//! The request path over the general HTTP client, for targets that only a proxy reaches.
//!
//! Costs several times the processor time of a connection of one's own, and shares connections
//! among users; that is why it is asked for by name.

use std::error::Error;
use std::io;
use std::time::Instant;

use bytes::{Bytes, BytesMut};

use super::alarm::Alarm;
use super::cause::{Broken, Cause};
use super::channel::{Lost, Whole, within};
use super::head::Head;
use crate::client::Limits;

/// Sends a request and waits for its answer.
pub(super) async fn exchange(
    client: &reqwest::Client,
    request: http::Request<Bytes>,
    limits: &Limits,
    sent: Instant,
    alarm: &mut Alarm,
) -> Result<Whole, Lost> {
    let lost = |began| {
        move |broken| Lost {
            broken,
            written: true,
            began,
        }
    };
    let request = reqwest::Request::try_from(request).map_err(|error| Lost {
        broken: of_client(&error),
        written: false,
        began: false,
    })?;
    let by_headers = (limits.headers, Cause::HeaderTimeout);
    let answer = within(alarm, sent, by_headers, client.execute(request)).await;
    let mut answer = answer.map_err(lost(false))?.map_err(|error| Lost {
        written: !error.is_connect(),
        broken: of_client(&error),
        began: false,
    })?;
    let headers = Instant::now();
    let head = Head::map(answer.status().as_u16(), answer.headers().clone());
    let by_total = (limits.total, Cause::TotalTimeout);
    let body = within(alarm, sent, by_total, collect(&mut answer, limits.body)).await;
    Ok(Whole {
        head,
        body: body.map_err(lost(true))?.map_err(lost(true))?,
        headers,
        done: Instant::now(),
    })
}

async fn collect(answer: &mut reqwest::Response, cap: u64) -> Result<Bytes, Broken> {
    let mut body = BytesMut::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| of_client(&error))? {
        if (body.len() + piece.len()) as u64 > cap {
            let detail = format!("the body is over the cap of {cap} bytes");
            return Err(Broken::new(Cause::BodyTooLarge, detail));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// What an error of the general client means: what its innermost cause does.
fn of_client(error: &reqwest::Error) -> Broken {
    if error.is_timeout() && error.is_connect() {
        return Broken::new(Cause::ConnectTimeout, "no connection in time");
    }
    let mut source: Option<&(dyn Error + 'static)> = error.source();
    let mut deepest = error.to_string();
    while let Some(cause) = source {
        deepest = cause.to_string();
        if cause.is::<rustls::Error>() {
            return Broken::new(Cause::Tls, deepest);
        }
        if let Some(http) = cause.downcast_ref::<hyper::Error>() {
            return Broken::of_http(http);
        }
        source = match cause.downcast_ref::<io::Error>() {
            Some(io) => match io.get_ref() {
                Some(inner) => Some(inner),
                None => return Broken::of_io(io),
            },
            None => cause.source(),
        };
    }
    let cause = if error.is_connect() && deepest.contains("dns") {
        Cause::Dns
    } else {
        Cause::Other
    };
    Broken::new(cause, deepest)
}
