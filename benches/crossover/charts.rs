//! Draws two charts of the grid. One shows the reads per second by the share of writes. The other shows, by the
//! length of the list, the share of writes at which a lock becomes faster.

use std::error::Error;
use std::fs;
use std::io;
use std::process::Command;
use std::thread;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::java;
use crate::median;
use crate::rows::{self, Row};
use crate::settings::Case;
use crate::subjects::{
    BY_LOAD, BY_READER, LEFT_RIGHT, LOCK, STD_LOCK, SWAP_BY_CACHE, SWAP_BY_LOAD,
};
use crate::workload::{Named, Payload, Read, Write};

pub const LENGTHS: [usize; 6] = [4, 16, 64, 512, 4_096, 32_768];
/// The shares of writes, in percent.
pub const SHARES: [f64; 10] = [0.0, 0.1, 1.0, 3.0, 10.0, 20.0, 30.0, 50.0, 75.0, 100.0];
/// The length of the lists in the chart of reads.
const LENGTH: usize = 64;

const PANEL: (u32, u32) = (330, 250);
/// The height of a line of text.
const LINE: u32 = 18;

/// The subjects that are drawn. A subject has the same colour in every chart.
const SERIES: [(&str, RGBColor); 8] = [
    (BY_READER, RGBColor(0, 90, 181)),
    (BY_LOAD, RGBColor(90, 160, 230)),
    (SWAP_BY_CACHE, RGBColor(220, 50, 32)),
    (SWAP_BY_LOAD, RGBColor(240, 140, 110)),
    (LEFT_RIGHT, RGBColor(130, 60, 160)),
    (java::LIST, RGBColor(0, 140, 80)),
    (LOCK, RGBColor(30, 30, 30)),
    (STD_LOCK, RGBColor(140, 140, 140)),
];

type Outcome = Result<(), Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Returns the lines under a chart: the machine, the versions, and the command.
pub fn caption() -> Vec<String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        processor.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let compiler = Command::new("rustc").arg("-V").output().map(|output| output.stdout);
    let compiler = String::from_utf8(compiler.unwrap_or_default()).unwrap_or_default();
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    let version = |name: &str| {
        let package = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?.1;
        Some(format!("{name} {}", package.split_once('"')?.0))
    };
    let peers = ["cow-collections", "parking_lot", "arc-swap", "left-right", "concread"];
    let versions: Vec<_> = peers.into_iter().filter_map(version).collect();
    vec![
        format!("{}, {cores} cores; {}", model.unwrap_or("unknown processor"), compiler.trim()),
        versions.join(", ") + &java::version().map_or(String::new(), |java| format!("; {java}")),
        "cargo bench -p benches --bench crossover -- --charts".into(),
    ]
}

/// Draws all charts from the rows in the file, and prints the shares at which the lock becomes faster.
pub fn draw() -> io::Result<()> {
    let (caption, rows) = rows::read()?;
    let draw = || {
        reads(&caption, &rows)?;
        overtaken(&caption, &rows)
    };
    draw().map_err(|error| io::Error::other(error.to_string()))?;
    println!(
        "share of writes in percent at which {LOCK} is faster, 2 threads, reads of one element"
    );
    println!("subject,payload,write,{}", LENGTHS.map(|len| len.to_string()).join(","));
    let rivals = rivals(&rows);
    for (payload, write) in panels() {
        for (subject, _) in &rivals {
            let shares = overtakes(&rows, subject, payload, write);
            let shares: Vec<_> =
                shares.into_iter().map(|(_, share)| format!("{share:.0}")).collect();
            println!("{subject},{},{},{}", payload.name(), write.name(), shares.join(","));
        }
    }
    Ok(())
}

/// Yields the payload and the write of each panel.
fn panels() -> impl Iterator<Item = (Payload, Write)> {
    let of = |payload| Write::ALL.iter().map(move |(_, write)| (payload, *write));
    Payload::ALL.iter().flat_map(move |(_, payload)| of(*payload))
}

/// Returns the subjects that have rows.
fn shown(rows: &[Row]) -> Vec<(&'static str, RGBColor)> {
    SERIES.into_iter().filter(|(name, _)| rows.iter().any(|row| row.subject == *name)).collect()
}

/// Returns the subjects that have rows, without the locks.
fn rivals(rows: &[Row]) -> Vec<(&'static str, RGBColor)> {
    shown(rows).into_iter().filter(|(name, _)| ![LOCK, STD_LOCK].contains(name)).collect()
}

/// Returns the rows of a subject in one panel, for two threads that read one element.
fn series<'a>(rows: &'a [Row], subject: &str, payload: Payload, write: Write) -> Vec<&'a Row> {
    let wanted = |row: &&Row| {
        let Case { threads, read, .. } = row.case;
        (threads, read) == (2, Read::One)
            && (row.case.payload, row.case.write) == (payload, write)
            && row.subject == subject
    };
    rows.iter().filter(wanted).collect()
}

/// Returns, for each length, the share of writes at which the lock becomes faster, or 100 if it never does.
///
/// Between two measured shares, the logarithm of the ratio is interpolated linearly. Before that, the median of a
/// ratio and its two neighbours replaces the ratio, so that one disturbed run does not count. Ratios that grow with
/// the share, as they should, stay the same.
fn overtakes(rows: &[Row], subject: &str, payload: Payload, write: Write) -> Vec<(f64, f64)> {
    let ours = series(rows, subject, payload, write);
    let locks = series(rows, LOCK, payload, write);
    let of_length = |len: usize| {
        let seen: Vec<_> = (ours.iter().zip(&locks))
            .filter(|(row, _)| row.case.len == len)
            .map(|(ours, lock)| (ours.case.share, (ours.ns / lock.ns).ln()))
            .collect();
        let mut points = seen.clone();
        for (point, near) in points.iter_mut().skip(1).zip(seen.windows(3)) {
            point.1 = median(near.iter().map(|(_, ratio)| *ratio).collect());
        }
        if points.first().is_some_and(|(_, ratio)| *ratio >= 0.0) {
            return 0.0;
        }
        let crossing = points.windows(2).find(|pair| pair[1].1 >= 0.0);
        crossing.map_or(100.0, |pair| {
            let ((left, below), (right, above)) = (pair[0], pair[1]);
            left + (right - left) * below / (below - above)
        })
    };
    LENGTHS.map(|len| (len as f64, of_length(len))).to_vec()
}

/// Draws a file of nine panels, with a title above them, and the legend and the caption below.
fn sheet(
    file: &str,
    title: &str,
    caption: &[String],
    shown: &[(&str, RGBColor)],
    panel: impl Fn(&Area<'_>, Payload, Write) -> Outcome,
) -> Outcome {
    let (columns, lines) = (Write::ALL.len() as u32, caption.len() as u32 + 3);
    let height = PANEL.1 * Payload::ALL.len() as u32;
    let path = format!("{}/charts/{file}.svg", env!("CARGO_MANIFEST_DIR"));
    let root = SVGBackend::new(&path, (PANEL.0 * columns, height + LINE * (lines + 2)))
        .into_drawing_area();
    root.fill(&WHITE)?;
    let root = root.titled(title, ("sans-serif", 20))?;
    let (top, bottom) = root.split_vertically(height);
    for (area, (payload, write)) in
        top.split_evenly((Payload::ALL.len(), columns as usize)).iter().zip(panels())
    {
        panel(area, payload, write)?;
    }
    // The legend has four subjects per line.
    for (place, (name, colour)) in (0..).zip(shown) {
        let (x, y) = (20 + place % 4 * 240, place / 4 * LINE as i32 + 6);
        bottom.draw(&Rectangle::new([(x, y), (x + 20, y + 4)], colour.filled()))?;
        bottom.draw(&Text::new(*name, (x + 26, y - 5), ("sans-serif", 13)))?;
    }
    for (line, text) in (2..).zip(caption) {
        bottom.draw(&Text::new(text.clone(), (20, line * LINE as i32 + 6), ("sans-serif", 12)))?;
    }
    root.present()?;
    Ok(())
}

/// Returns the title of a panel, such as "String, push".
fn name_of(payload: Payload, write: Write) -> String {
    let payload = match payload {
        Payload::U64 => "u64",
        Payload::Arc => "Arc<str>",
        Payload::String => "String",
    };
    format!("{payload}, {}", write.name())
}

fn reads(caption: &[String], rows: &[Row]) -> Outcome {
    let title = format!("Reads a second of two threads, by the share of writes; {LENGTH} elements");
    let shown = shown(rows);
    sheet("reads", &title, caption, &shown, |area, payload, write| {
        // The shares are at equal distances, because most of the interesting ones are below one percent. The
        // last share is left out, because no thread reads there.
        let places = SHARES.len() - 1;
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .caption(name_of(payload, write), ("sans-serif", 15))
            .x_label_area_size(30)
            .y_label_area_size(44)
            .build_cartesian_2d(0.0..places as f64 - 1.0, (1e5..2e9).log_scale())?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_labels(places)
            .x_label_formatter(&|place| format!("{}", SHARES[(place.round() as usize).min(places)]))
            .y_label_formatter(&|reads| format!("{reads:.0e}"))
            .x_desc("writes, %")
            .draw()?;
        for (subject, colour) in &shown {
            let place = |share| SHARES.iter().position(|known| *known == share);
            let points = (series(rows, subject, payload, write).into_iter())
                .filter(|row| row.case.len == LENGTH && row.case.share < 100.0)
                .filter_map(|row| Some((place(row.case.share)? as f64, row.reads)));
            chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
        }
        Ok(())
    })
}

fn overtaken(caption: &[String], rows: &[Row]) -> Outcome {
    let title = format!("Share of writes at which {LOCK} is faster, by length; two threads");
    let rivals = rivals(rows);
    sheet("overtaken", &title, caption, &rivals, |area, payload, write| {
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .caption(name_of(payload, write), ("sans-serif", 15))
            .x_label_area_size(30)
            .y_label_area_size(34)
            .build_cartesian_2d((4.0..32_768.0).log_scale().base(2.0), 0.0..100.0)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_label_formatter(&|len| format!("{len:.0}"))
            .y_label_formatter(&|share| format!("{share:.0} %"))
            .x_desc("elements")
            .draw()?;
        for (subject, colour) in &rivals {
            let points = overtakes(rows, subject, payload, write);
            chart.draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?;
            let dots = points.into_iter().map(|point| Circle::new(point, 3, colour.filled()));
            chart.draw_series(dots)?;
        }
        Ok(())
    })
}
