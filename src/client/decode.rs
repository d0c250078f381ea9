//! Content coding under a cap: a body is decoded as it comes, and never grows beyond the cap.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// What stands in `Content-Encoding`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// None.
    Identity,
    /// gzip.
    Gzip,
    /// One that can't be decoded, with the reason.
    Unusable(String),
}

impl Coding {
    /// Reads the values of all `Content-Encoding` fields.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let codings: Vec<String> = values
            .flat_map(|value| value.split(','))
            .map(|coding| coding.trim().to_ascii_lowercase())
            .filter(|coding| !coding.is_empty() && coding != "identity")
            .collect();
        match codings.as_slice() {
            [] => Self::Identity,
            [one] if one == "gzip" || one == "x-gzip" => Self::Gzip,
            [one] => Self::Unusable(format!("the content coding '{one}' was not asked for")),
            many => Self::Unusable(format!(
                "{} content codings are stacked: {}",
                many.len(),
                many.join(", ")
            )),
        }
    }
}

/// Why a body can't be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum DecodeError {
    /// Over the cap, on the wire or decoded.
    TooLarge,
    /// The coding is broken, or none that was asked for.
    Coding(String),
}

/// Decodes a body piece by piece.
pub(super) struct Decoder {
    coding: Form,
    received: u64,
    cap: u64,
}

enum Form {
    Identity(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
    Unusable(String),
}

impl Decoder {
    pub(super) fn new(coding: Coding, cap: u64) -> Self {
        let capped = Capped {
            bytes: Vec::new(),
            cap,
        };
        Self {
            coding: match coding {
                Coding::Identity => Form::Identity(capped),
                Coding::Gzip => Form::Gzip(Box::new(MultiGzDecoder::new(capped))),
                Coding::Unusable(why) => Form::Unusable(why),
            },
            received: 0,
            cap,
        }
    }

    /// Takes a piece as it came.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), DecodeError> {
        if piece.is_empty() {
            return Ok(());
        }
        self.received += piece.len() as u64;
        if self.received > self.cap {
            return Err(DecodeError::TooLarge);
        }
        match &mut self.coding {
            Form::Identity(capped) => capped.write_all(piece).map_err(|error| told(&error)),
            Form::Gzip(decoder) => decoder.write_all(piece).map_err(|error| told(&error)),
            Form::Unusable(why) => Err(DecodeError::Coding(why.clone())),
        }
    }

    /// The whole body. An empty one has no coding to break.
    pub(super) fn finish(self) -> Result<Vec<u8>, DecodeError> {
        match self.coding {
            _ if self.received == 0 => Ok(Vec::new()),
            Form::Identity(capped) => Ok(capped.bytes),
            Form::Gzip(mut decoder) => {
                decoder.try_finish().map_err(|error| told(&error))?;
                Ok(std::mem::take(&mut decoder.get_mut().bytes))
            }
            Form::Unusable(why) => Err(DecodeError::Coding(why)),
        }
    }
}

fn told(error: &io::Error) -> DecodeError {
    if error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<OverCap>())
        .is_some()
    {
        return DecodeError::TooLarge;
    }
    DecodeError::Coding(format!(
        "the body is labelled gzip and does not decode: {error}"
    ))
}

#[derive(Debug, thiserror::Error)]
#[error("over the cap")]
struct OverCap;

/// Collects bytes up to a cap.
struct Capped {
    bytes: Vec<u8>,
    cap: u64,
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + piece.len()) as u64 > self.cap {
            return Err(io::Error::other(OverCap));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn check(coding: &str, wire: &[u8], cap: u64, expected: Result<&[u8], &str>) {
        let mut decoder = Decoder::new(Coding::of([coding].into_iter()), cap);
        let pushed = wire.chunks(7).try_for_each(|piece| decoder.push(piece));
        let got = pushed.and_then(|()| decoder.finish());
        match (got, expected) {
            (Ok(body), Ok(expected)) => assert_eq!(body, expected),
            (Err(DecodeError::TooLarge), Err("cap")) => {}
            (Err(DecodeError::Coding(why)), Err(part)) => assert!(why.contains(part), "{why}"),
            (got, expected) => panic!("{coding}: {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn a_body_is_decoded_under_a_cap_or_refused() {
        let hello = gzip(b"hello");
        let twice = [hello.clone(), gzip(b" you")].concat();
        let junk = [hello.clone(), b"junk junk junk".to_vec()].concat();
        let mut bad_sum = hello.clone();
        let at = bad_sum.len() - 6;
        bad_sum[at] ^= 0xff;
        let bomb = gzip(&vec![0; 1 << 20]);
        assert!(bomb.len() < 2000);
        check("", b"hello", 5, Ok(b"hello"));
        check("", b"hello!", 5, Err("cap"));
        check("GZIP", &hello, 50, Ok(b"hello"));
        check("identity, gzip", &hello, 50, Ok(b"hello"));
        check("gzip", &twice, 50, Ok(b"hello you"));
        check("gzip", b"", 50, Ok(b""));
        check("br", b"", 50, Ok(b""));
        check("br", b"x", 50, Err("'br' was not asked for"));
        check(
            "gzip, gzip",
            &hello,
            50,
            Err("2 content codings are stacked"),
        );
        check("gzip", b"{\"plain\":\"text\"}", 50, Err("does not decode"));
        check(
            "gzip",
            &hello[..hello.len() - 9],
            50,
            Err("does not decode"),
        );
        check("gzip", &junk, 90, Err("does not decode"));
        check("gzip", &bad_sum, 50, Err("does not decode"));
        check("gzip", &bomb, 10_000, Err("cap"));
    }
}
