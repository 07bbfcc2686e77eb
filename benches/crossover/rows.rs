//! Writes figures as lines of CSV, and reads them.

use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::str::FromStr;

use crate::settings::Case;
use crate::workload::{Named, Payload, Read, Write};

pub const HEADER: &str = "subject,write,read,share,threads,readers,writers,len,payload,reads_s,writes_s,ns,\
                          of_lock,p50,p99,p99.9,write_bytes,peak_bytes";

/// The figures of the last run with `--charts`. They are in the target folder, because only `--draw` needs them.
pub const FILE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/crossover.csv");

/// The 50th, 99th and 99.9th percentile of the times of reads, in nanoseconds.
#[derive(Clone, Copy)]
pub struct Latency(pub [u64; 3]);

/// The figures of one subject in one case. A figure that was not measured is `None`.
pub struct Row {
    pub subject: String,
    pub case: Case,
    /// Reads per second.
    pub reads: f64,
    pub writes: f64,
    /// The time of one operation of one thread.
    pub ns: f64,
    pub of_lock: Option<f64>,
    pub latency: Option<Latency>,
    pub write_bytes: Option<f64>,
    pub peak_bytes: Option<i64>,
}

/// Writes the fields of a row that follow the subject's name.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, readers, writers, len, payload, write, read, share } = *self;
        let threads = if self.apart() { 0 } else { threads };
        let (write, read, payload) = (write.name(), read.name(), payload.name());
        write!(f, "{write},{read},{share},{threads},{readers},{writers},{len},{payload}")
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{},{},{:.0},{:.0},{:.2},",
            self.subject, self.case, self.reads, self.writes, self.ns,
        )?;
        let mut optional = |value: Option<String>| write!(f, "{},", value.unwrap_or_default());
        optional(self.of_lock.map(|ratio| format!("{ratio:.3}")))?;
        for place in 0..3 {
            optional(self.latency.map(|Latency(percentiles)| percentiles[place].to_string()))?;
        }
        optional(self.write_bytes.map(|bytes| format!("{bytes:.0}")))?;
        self.peak_bytes.map_or(Ok(()), |bytes| write!(f, "{bytes}"))
    }
}

impl Row {
    /// Parses a line that `Display` wrote.
    pub fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(',');
        let mut next = || fields.next();
        let subject = next()?.to_string();
        let (write, read) = (Write::find(next()?)?, Read::find(next()?)?);
        let share = next()?.parse().ok()?;
        let mut count = || next()?.parse().ok();
        let (threads, readers, writers, len) = (count()?, count()?, count()?, count()?);
        let payload = Payload::find(next()?)?;
        let mut figure = || next()?.parse().ok();
        let [reads, writes, ns] = [figure()?, figure()?, figure()?];
        let of_lock = optional(next()?)?;
        let [p50, p99, p999] = [optional(next()?)?, optional(next()?)?, optional(next()?)?];
        let latency = p50.zip(p99).zip(p999).map(|((p50, p99), p999)| Latency([p50, p99, p999]));
        Some(Self {
            subject,
            case: Case { threads, readers, writers, len, payload, write, read, share },
            reads,
            writes,
            ns,
            of_lock,
            latency,
            write_bytes: optional(next()?)?,
            peak_bytes: optional(next()?)?,
        })
    }
}

/// Parses a field that may be empty. Returns `None` if the field is invalid.
fn optional<V: FromStr>(field: &str) -> Option<Option<V>> {
    if field.is_empty() { Some(None) } else { field.parse().ok().map(Some) }
}

/// Writes the file that charts are drawn from: the lines of the caption, and the rows.
pub fn write(caption: &[String], rows: &[Row]) -> io::Result<()> {
    let mut text = String::new();
    for line in caption {
        writeln!(text, "# {line}").expect("a write to a string succeeds");
    }
    writeln!(text, "{HEADER}").expect("a write to a string succeeds");
    for row in rows {
        writeln!(text, "{row}").expect("a write to a string succeeds");
    }
    fs::write(FILE, text)
}

/// Reads the caption and the rows from that file.
pub fn read() -> io::Result<(Vec<String>, Vec<Row>)> {
    let text = fs::read_to_string(FILE)?;
    let caption =
        text.lines().filter_map(|line| line.strip_prefix("# ")).map(String::from).collect();
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let bad = |line| io::Error::other(format!("{FILE}: not a row: {line}"));
    let rows = lines.map(|line| Row::parse(line).ok_or_else(|| bad(line)));
    Ok((caption, rows.collect::<io::Result<_>>()?))
}
