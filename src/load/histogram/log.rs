//! A log of histograms that other tools read (HdrHistogram's interval log, encoding V2).

use std::io::{self, Write};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};
use jiff::Timestamp;

/// Writes response times in microseconds, a line for each second and operation; the lines of an
/// operation are tagged with its name, those without a tag are all operations together.
pub struct Log {
    writer: Box<dyn Write + Send>,
    serializer: V2DeflateSerializer,
    bytes: Vec<u8>,
}

impl Log {
    /// Begins a log of a run that started then.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn begin(mut writer: Box<dyn Write + Send>, start: Timestamp) -> io::Result<Self> {
        let seconds = start.as_microsecond() / 1000;
        let (whole, part) = (seconds / 1000, seconds % 1000);
        writeln!(writer, "#[Histogram log format version 1.3]")?;
        writeln!(writer, "#[Response times in microseconds, by scimitar]")?;
        writeln!(
            writer,
            "#[StartTime: {whole}.{part:03} (seconds since epoch), {start}]"
        )?;
        writeln!(
            writer,
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\""
        )?;
        writer.flush()?;
        Ok(Self {
            writer,
            serializer: V2DeflateSerializer::new(),
            bytes: Vec::new(),
        })
    }

    /// Writes a second: all operations together, then those that are known by name.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn write<'a>(
        &mut self,
        at: u64,
        length: Duration,
        whole: &Histogram<u64>,
        operations: impl Iterator<Item = (&'a str, &'a Histogram<u64>)>,
    ) -> io::Result<()> {
        self.line("", at, length, whole)?;
        for (name, histogram) in operations {
            let tag: String = name.chars().map(tag_char).collect();
            self.line(&format!("Tag={tag},"), at, length, histogram)?;
        }
        // A run that is killed leaves all seconds that were complete.
        self.writer.flush()
    }

    fn line(
        &mut self,
        tag: &str,
        at: u64,
        length: Duration,
        histogram: &Histogram<u64>,
    ) -> io::Result<()> {
        if histogram.is_empty() {
            return Ok(());
        }
        self.bytes.clear();
        self.serializer
            .serialize(histogram, &mut self.bytes)
            .map_err(|error| io::Error::other(error.to_string()))?;
        writeln!(
            self.writer,
            "{tag}{at}.000,{:.3},{}.000,{}",
            length.as_secs_f64(),
            histogram.max(),
            STANDARD.encode(&self.bytes)
        )
    }

    /// Ends the log.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A tag holds no comma and no space.
fn tag_char(c: char) -> char {
    if c == ',' || c.is_whitespace() || c.is_control() {
        '_'
    } else {
        c
    }
}

#[cfg(test)]
impl Log {
    /// Writes elsewhere from now on.
    pub(super) fn redirect(&mut self, writer: Box<dyn Write + Send>) {
        self.writer = writer;
    }
}
