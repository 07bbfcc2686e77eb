//! Draws two charts of the grid. One shows the reads per second by the share of writes. The other shows, by the
//! length of the list, the share of writes at which a lock becomes faster.
//!
//! The pages of the documentation show the charts, on phones too. So the panels stand below each other, and each line
//! has its name at its end. Marks tell the lines apart without colour.

use std::error::Error;
use std::fs;
use std::io;
use std::process::Command;
use std::thread;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::java;
use crate::median;
use crate::rows::{self, Row};
use crate::settings::Case;
use crate::subjects::{BY_LOAD, BY_READER, LEFT_RIGHT, LOCK, SWAP_BY_CACHE, SWAP_BY_LOAD};
use crate::workload::{Named, Payload, Read, Write};

pub const LENGTHS: [usize; 6] = [4, 16, 64, 512, 4_096, 32_768];
/// The shares of writes, in percent.
pub const SHARES: [f64; 10] = [0.0, 0.1, 1.0, 3.0, 10.0, 20.0, 30.0, 50.0, 75.0, 100.0];
/// The length of the lists in the chart of reads.
const LENGTH: usize = 64;

/// The width of a chart. A phone shows it at two thirds of that, where the smallest text is still readable.
const WIDTH: i32 = 540;
const MARGIN: i32 = 14;
/// The lines of a panel begin and end here. Left of them stand the labels of the axis, and right of them the names.
const LINES: (i32, i32) = (90, 374);
const NAMES: i32 = 398;

const GREY: RGBColor = RGBColor(90, 90, 90);
const GRID: RGBColor = RGBColor(222, 222, 222);

/// A subject that is drawn. It has the same colour and mark in every chart.
#[derive(Clone, Copy)]
struct Subject {
    /// The name in the rows.
    name: &'static str,
    /// The name in the charts.
    short: &'static str,
    colour: RGBColor,
    mark: Mark,
}

#[derive(Clone, Copy)]
enum Mark {
    Dot,
    Ring,
    Square,
    EmptySquare,
    Diamond,
    Triangle,
    Cross,
}

const fn subject(
    name: &'static str,
    short: &'static str,
    (red, green, blue): (u8, u8, u8),
    mark: Mark,
) -> Subject {
    Subject { name, short, colour: RGBColor(red, green, blue), mark }
}

const READER: Subject = subject(BY_READER, "list by reader", (0, 70, 150), Mark::Dot);
const LOAD: Subject = subject(BY_LOAD, "list by load", (60, 140, 220), Mark::Ring);
const CACHE: Subject = subject(SWAP_BY_CACHE, "ArcSwap by cache", (200, 40, 25), Mark::Square);
const SWAP: Subject = subject(SWAP_BY_LOAD, "ArcSwap by load", (225, 120, 85), Mark::EmptySquare);
const LEFT: Subject = subject(LEFT_RIGHT, "left-right", (130, 60, 160), Mark::Diamond);
const JAVA: Subject = subject(java::LIST, "Java's list", (0, 125, 70), Mark::Triangle);
const PARKING_LOT: Subject = subject(LOCK, "RwLock", (20, 20, 20), Mark::Cross);

/// The subjects of the chart of reads.
const READ: [Subject; 7] = [READER, LOAD, CACHE, SWAP, LEFT, JAVA, PARKING_LOT];
/// The subjects beside the lock. Reads by `load` are left out of their chart, because they change little there.
const BESIDE_LOCK: [Subject; 4] = [READER, CACHE, LEFT, JAVA];

type Outcome<T = ()> = Result<T, Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Point = (i32, i32);

/// A line of a panel: its points by the place on the axis below, and by the value on the axis at the left.
type Line = (Subject, Vec<(usize, f64)>);

/// What the panels of a chart have in common.
struct Sheet<'a> {
    file: &'a str,
    /// A sentence that says what the chart shows.
    title: &'a str,
    /// What the axes mean.
    note: &'a str,
    /// The labels of the axis below, at equal distances, and their unit.
    places: Vec<String>,
    unit: &'a str,
    /// The labels of the axis at the left. The first label is at the value `lowest`, and each other at one more.
    levels: Vec<String>,
    lowest: f64,
    /// The height of a panel without its heading and the labels below it.
    panel: i32,
}

/// Returns the lines under a chart: the machine, the versions, and the command.
pub fn caption() -> Vec<String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        processor.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let compiler = Command::new("rustc").arg("-V").output().map(|output| output.stdout);
    let compiler = String::from_utf8(compiler.unwrap_or_default()).unwrap_or_default();
    let lock = include_str!("../../Cargo.lock");
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
    for (_, payload) in Payload::ALL {
        for (_, write) in Write::ALL {
            for subject in shown(&rows, &READ[..6]) {
                let shares = overtakes(&rows, subject.name, *payload, *write);
                let share = |share: f64| format!("{share:.0}");
                let shares = shares.map(|(_, found)| found.map_or("never".into(), share));
                println!(
                    "{},{},{},{}",
                    subject.name,
                    payload.name(),
                    write.name(),
                    shares.join(",")
                );
            }
        }
    }
    Ok(())
}

/// Yields the payload and the write of each panel.
fn panels() -> impl Iterator<Item = (Payload, Write)> {
    [Write::Push, Write::Set]
        .into_iter()
        .flat_map(|write| Payload::ALL.iter().map(move |(_, payload)| (*payload, write)))
}

/// Returns the subjects that have rows.
fn shown(rows: &[Row], subjects: &[Subject]) -> Vec<Subject> {
    let has_rows = |subject: &&Subject| rows.iter().any(|row| row.subject == subject.name);
    subjects.iter().filter(has_rows).copied().collect()
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

/// Returns, for each length, the share of writes in percent at which the lock becomes faster, or `None` if it never
/// does.
///
/// Between two measured shares, the logarithm of the ratio is interpolated linearly. Before that, the median of a
/// ratio and its two neighbours replaces the ratio, so that one disturbed run does not count. Ratios that grow with
/// the share, as they should, stay the same.
fn overtakes(
    rows: &[Row],
    subject: &str,
    payload: Payload,
    write: Write,
) -> [(usize, Option<f64>); LENGTHS.len()] {
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
            return Some(0.0);
        }
        let pair = points.windows(2).find(|pair| pair[1].1 >= 0.0)?;
        let ((left, below), (right, above)) = (pair[0], pair[1]);
        Some(left + (right - left) * below / (below - above))
    };
    LENGTHS.map(|len| (len, of_length(len)))
}

fn reads(caption: &[String], rows: &[Row]) -> Outcome {
    // The last share is left out, because no thread reads there.
    let shares = &SHARES[..SHARES.len() - 1];
    let place = |share: f64| shares.iter().position(|known| *known == share);
    let lines = |payload, write| {
        let line = |subject: Subject| {
            let points = (series(rows, subject.name, payload, write).into_iter())
                .filter(|row| row.case.len == LENGTH)
                .filter_map(|row| Some((place(row.case.share)?, row.reads.max(1.0).log10())));
            (subject, points.collect())
        };
        shown(rows, &READ).into_iter().map(line).collect::<Vec<Line>>()
    };
    let drawn = panels().flat_map(|(payload, write)| lines(payload, write));
    let values: Vec<f64> = drawn.flat_map(|(_, points)| points).map(|(_, value)| value).collect();
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min).floor() as i32;
    let levels = lowest..=values.iter().copied().fold(0.0, f64::max).ceil() as i32;
    let sheet = Sheet {
        file: "reads",
        title: "While writes are rare, a list is read many times as often as under a lock",
        note: "Vertical: reads per second of both threads (M: million). Horizontal: the share of \
               writes among the operations. Lists of 64 elements. RwLock is parking_lot's.",
        places: shares.iter().map(f64::to_string).collect(),
        unit: "% writes",
        levels: levels.map(millions).collect(),
        lowest: f64::from(lowest),
        panel: 190,
    };
    draw_sheet(&sheet, caption, lines)
}

/// Writes a power of ten as millions.
fn millions(exponent: i32) -> String {
    match exponent {
        9.. => format!("{} M", with_commas(10_usize.pow(exponent as u32 - 6))),
        _ => format!("{} M", 10_f64.powi(exponent - 6)),
    }
}

fn overtaken(caption: &[String], rows: &[Row]) -> Outcome {
    let sheet = Sheet {
        file: "overtaken",
        title: "The more a write copies, the fewer writes until a lock is faster",
        note: "Vertical: the share of writes from which parking_lot's RwLock<Vec> is faster; \
               never: it is slower even if all operations write. Horizontal: the length of the \
               list. Two threads read or write one element at a time.",
        places: LENGTHS.map(with_commas).to_vec(),
        unit: "elements",
        levels: ["< 0.1 %", "0.1 %", "1 %", "10 %", "100 %", "never"].map(String::from).to_vec(),
        lowest: -2.0,
        panel: 150,
    };
    draw_sheet(&sheet, caption, |payload, write| {
        // The levels beside those of 0.1 % and 100 %.
        let level = |share: Option<f64>| match share {
            None => 3.0,
            Some(share) if share < 0.1 => -2.0,
            Some(share) => share.log10(),
        };
        let line = |subject: Subject| {
            let shares = overtakes(rows, subject.name, payload, write);
            (subject, shares.iter().map(|(_, share)| level(*share)).enumerate().collect())
        };
        shown(rows, &BESIDE_LOCK).into_iter().map(line).collect()
    })
}

/// Draws the panels below each other, with the title and the note above them, and the caption at the end.
fn draw_sheet(
    sheet: &Sheet<'_>,
    caption: &[String],
    lines: impl Fn(Payload, Write) -> Vec<Line>,
) -> Outcome {
    let mut texts = Vec::new();
    let mut top = MARGIN;
    let mut add = |text: &str, width, size, style, colour| {
        for line in wrap(text, width) {
            top += size + size / 4;
            texts.push((line, (MARGIN, top - size / 2), size, style, colour));
        }
        top += 6;
        top
    };
    add(sheet.title, 40, 20, FontStyle::Bold, BLACK);
    let head = add(sheet.note, 57, 15, FontStyle::Normal, GREY) + MARGIN;
    let each = sheet.panel + 74;
    top = head + each * panels().count() as i32;
    for line in caption {
        for (text, colour) in wrap(line, 72).into_iter().zip(std::iter::repeat(GREY)) {
            top += 17;
            texts.push((text, (MARGIN, top - 8), 12, FontStyle::Normal, colour));
        }
    }

    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH as u32, (top + MARGIN) as u32))
            .into_drawing_area();
        root.fill(&WHITE)?;
        for (text, at, size, style, colour) in texts {
            draw_text(&root, &text, at, size, style, &colour, HPos::Left)?;
        }
        for (place, (payload, write)) in (0..).zip(panels()) {
            let top = head + each * place;
            let heading = heading(payload, write);
            let at = (MARGIN, top + 16);
            draw_text(&root, &heading, at, 16, FontStyle::Bold, &BLACK, HPos::Left)?;
            draw_panel(&root, sheet, top + 40, &lines(payload, write))?;
        }
        root.present()?;
    }
    // The chart fits the page that shows it, and has a name for those who hear it. What all elements have is said once.
    let svg = svg.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    let open = format!(
        "<svg role=\"img\" aria-label=\"{}\" style=\"max-width:100%;height:auto\" \
         font-family=\"sans-serif\" ",
        sheet.title
    );
    let path = format!("{}/../src/docs/{}.svg", env!("CARGO_MANIFEST_DIR"), sheet.file);
    fs::write(path, svg.replacen("<svg ", &open, 1))?;
    Ok(())
}

/// Draws the axes and lines of a panel, whose highest level is at `top`.
fn draw_panel(root: &Area<'_>, sheet: &Sheet<'_>, top: i32, lines: &[Line]) -> Outcome {
    let (first, last) = LINES;
    let x = |place: usize| first + (last - first) * place as i32 / (sheet.places.len() as i32 - 1);
    let steps = (sheet.levels.len() - 1) as f64;
    let bottom = top + sheet.panel;
    let y = |value: f64| {
        bottom - (f64::from(sheet.panel) * (value - sheet.lowest) / steps).round() as i32
    };

    for (level, label) in sheet.levels.iter().enumerate() {
        let y = y(sheet.lowest + level as f64);
        root.draw(&PathElement::new([(first, y), (last, y)], GRID))?;
        draw_text(root, label, (first - 12, y), 14, FontStyle::Normal, &BLACK, HPos::Right)?;
    }
    let below = bottom + 20;
    for (place, label) in sheet.places.iter().enumerate() {
        draw_text(root, label, (x(place), below), 14, FontStyle::Normal, &BLACK, HPos::Center)?;
    }
    draw_text(root, sheet.unit, (NAMES + 4, below), 14, FontStyle::Normal, &BLACK, HPos::Left)?;

    let mut ends = Vec::new();
    for (subject, points) in lines.iter().rev() {
        let points: Vec<Point> =
            points.iter().map(|(place, value)| (x(*place), y(*value))).collect();
        root.draw(&PathElement::new(points.clone(), subject.colour.stroke_width(2)))?;
        for point in &points {
            draw_mark(root, *point, subject)?;
        }
        ends.extend(points.last().map(|end| (*end, subject)));
    }
    ends.sort_by_key(|((_, y), _)| *y);
    let names = spread(&ends.iter().map(|((_, y), _)| *y).collect::<Vec<_>>(), top, bottom);
    for (((x, y), subject), name) in ends.into_iter().zip(names) {
        let way = [(x + 6, y), (NAMES - 12, name)];
        root.draw(&PathElement::new(way, subject.colour.mix(0.6)))?;
        draw_mark(root, (NAMES - 6, name), subject)?;
        let at = (NAMES + 4, name);
        draw_text(root, subject.short, at, 14, FontStyle::Normal, &subject.colour, HPos::Left)?;
    }
    Ok(())
}

/// Moves sorted heights apart until there is a line of text between each two, between `top` and `bottom`.
fn spread(heights: &[i32], top: i32, bottom: i32) -> Vec<i32> {
    const APART: i32 = 18;
    let mut heights = heights.to_vec();
    let mut least = top;
    for height in &mut heights {
        *height = least.max(*height);
        least = *height + APART;
    }
    let mut most = bottom;
    for height in heights.iter_mut().rev() {
        *height = most.min(*height);
        most = *height - APART;
    }
    heights
}

fn draw_mark(root: &Area<'_>, (x, y): Point, subject: &Subject) -> Outcome {
    let colour = subject.colour;
    let (filled, empty) = (colour.filled(), WHITE.filled());
    let line = colour.stroke_width(2);
    let square = [(x - 4, y - 4), (x + 4, y + 4)];
    match subject.mark {
        Mark::Dot => root.draw(&Circle::new((x, y), 4, filled))?,
        Mark::Ring => {
            root.draw(&Circle::new((x, y), 4, empty))?;
            root.draw(&Circle::new((x, y), 4, line))?;
        }
        Mark::Square => root.draw(&Rectangle::new(square, filled))?,
        Mark::EmptySquare => {
            root.draw(&Rectangle::new(square, empty))?;
            root.draw(&Rectangle::new(square, line))?;
        }
        Mark::Diamond => {
            let corners = [(x - 5, y), (x, y - 5), (x + 5, y), (x, y + 5)];
            root.draw(&Polygon::new(corners, filled))?;
        }
        Mark::Triangle => {
            let corners = [(x - 5, y + 4), (x, y - 6), (x + 5, y + 4)];
            root.draw(&Polygon::new(corners, filled))?;
        }
        Mark::Cross => {
            root.draw(&PathElement::new([(x - 4, y - 4), (x + 4, y + 4)], line))?;
            root.draw(&PathElement::new([(x - 4, y + 4), (x + 4, y - 4)], line))?;
        }
    }
    Ok(())
}

/// Draws a text whose middle is at this height.
fn draw_text(
    root: &Area<'_>,
    text: &str,
    at: Point,
    size: i32,
    style: FontStyle,
    colour: &RGBColor,
    side: HPos,
) -> Outcome {
    // The library takes another measure of a font than SVG does.
    let font = ("sans-serif", f64::from(size) * 1.24).into_font().style(style);
    let style = font.color(colour).pos(Pos::new(side, VPos::Center));
    root.draw(&Text::new(text, at, style))?;
    Ok(())
}

/// Returns the heading of a panel, such as "A write pushes a u64".
fn heading(payload: Payload, write: Write) -> String {
    let payload = match payload {
        Payload::U64 => "u64",
        Payload::Arc => "Arc<str>",
        Payload::String => "String",
    };
    let write = match write {
        Write::Push => "pushes one",
        Write::Set => "sets one",
        Write::Replace => "removes one and pushes one",
    };
    format!("A write {write} {payload}")
}

/// Breaks a text into lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.len() + 1 + word.len() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.into());
        }
    }
    lines
}

/// Writes a number with a comma before each three digits.
fn with_commas(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}
