//! Image layers: 100 containers start from one image, and each stores only what it writes.
//!
//! `cargo run --release --example layers -- FOLDER`
//!
//! - An image is a vector of files, sorted by name. The base image has the files of FOLDER (by default src). An
//!   application is a layer on the base image, and a container is a clone that is then written to.
//! - A layer is the difference between two images, as `diff` finds it. A container is stored as its layer only.
//!   Applying the layer to the application's image restores the container.
//! - The program compares start time, memory and disk space with those of full copies.
//!
//! Exit status: 1 if a check fails, 2 if the folder cannot be used.

mod common;

use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs};

use common::counting::live;
use common::{Outcome, Scratch, argument, ensure, exit, read_tree, refused, timed, wrong};
use cow_collections::{CowString, CowVec, PersistentVector};

const CONTAINERS: usize = 100;

/// Files, sorted by name.
#[derive(Clone, Default, PartialEq)]
struct Image {
    files: PersistentVector<(CowString, CowVec<u8>)>,
}

impl Image {
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.files.binary_search_by(|file| file.0.as_str().cmp(name))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) {
        match self.find(name) {
            Ok(at) => self.files[at].1 = bytes.into(),
            Err(at) => self.files.insert(at, (name.into(), bytes.into())),
        }
    }

    /// Returns the layer that turns this image into `new`: the removed files by name, and the changed files.
    fn layer(&self, new: &Self) -> Vec<u8> {
        let mut layer = Vec::new();
        // A hunk may also have unchanged files between two changes, so each file is compared.
        for hunk in self.files.diff(&new.files) {
            for (name, _) in hunk.old.map(|at| &self.files[at]) {
                if new.find(name).is_err() {
                    layer.extend(format!("- {name}\0").bytes());
                }
            }
            for file in hunk.new.map(|at| &new.files[at]) {
                if self.find(&file.0).map(|at| &self.files[at]) != Ok(file) {
                    layer.extend(format!("{} {}\0", file.1.len(), file.0).bytes());
                    layer.extend(&file.1);
                }
            }
        }
        layer
    }

    /// Returns the image with a layer applied, or `None` if the layer is damaged.
    fn with(&self, mut layer: &[u8]) -> Option<Self> {
        let mut image = self.clone();
        while !layer.is_empty() {
            let end = layer.iter().position(|byte| *byte == 0)?;
            let (what, name) = std::str::from_utf8(&layer[..end]).ok()?.split_once(' ')?;
            layer = &layer[end + 1..];
            if what == "-" {
                image.files.remove(image.find(name).ok()?);
            } else {
                let (bytes, rest) = layer.split_at_checked(what.parse().ok()?)?;
                image.write(name, bytes);
                layer = rest;
            }
        }
        Some(image)
    }
}

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Outcome {
    let folder = argument("a folder", "src")?;
    let files = read_tree(&folder)?;
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    if bytes < 1 << 19 {
        return Err(refused(format!("{folder:?}: expected half a megabyte or more")));
    }
    println!("{folder:?}: {} files, {bytes} bytes", files.len());
    let before = live();
    let write = |copy: &mut Vec<_>, name: &str, text: &[u8]| copy.push((name.into(), text.into()));
    let (copies, copy_time) = start(|| files.clone(), write);
    let copy_memory = live() - before;
    let copy_disk: usize = copies.iter().flatten().map(|(_, bytes)| bytes.len()).sum();
    drop(copies);

    let before = live();
    let mut base = Image::default();
    files.iter().for_each(|(name, bytes)| base.write(name, bytes));
    let mut app = base.clone();
    app.write("bin/app", &[0x90; 10_000]);
    app.files.remove(0);
    let (containers, time) = start(|| app.clone(), Image::write);
    let memory = live() - before;
    let name = |file: &(CowString, CowVec<u8>)| (file.0.to_string(), file.1.to_vec());
    ensure(base.files.iter().map(name).eq(files), "a container changed its image")?;
    // Each layer is stored in a file. The layers together must restore the containers.
    let disk = Scratch::new(&env::temp_dir(), "layers")?;
    let mut stored = 0;
    let mut store_and_load = |number: usize, below: &Image, image: &Image| -> Outcome<Image> {
        let path = disk.0.join(number.to_string());
        fs::write(&path, below.layer(image))?;
        let layer = fs::read(path)?;
        stored += layer.len();
        below.with(&layer).ok_or_else(|| wrong("a layer is damaged"))
    };
    let base = store_and_load(CONTAINERS, &Image::default(), &base)?;
    let app = store_and_load(CONTAINERS + 1, &base, &app)?;
    for (number, container) in containers.iter().enumerate() {
        let right = store_and_load(number, &app, container)? == *container;
        ensure(right, format!("the layers do not restore container {number}"))?;
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
    let (memory, disk) = (percent(memory, copy_memory), percent(stored, copy_disk));
    let faster = copy_time.as_nanos() / time.as_nanos().max(1);
    println!("a full copy starts in {copy_time:.1?}, a clone in {time:.1?}: {faster} x faster");
    println!("{CONTAINERS} containers take {memory:.2} % of the memory of full copies,");
    println!("which is {copy_memory} bytes, and {disk:.2} % of their disk space");
    ensure(faster >= 40, "a container does not start 40 x faster than a full copy")?;
    ensure(memory < 5.0 && disk < 5.0, "containers take 5 % of full copies, or more")
}

/// Starts the containers, and writes two files in each. Returns them and the median start time.
fn start<C>(image: impl Fn() -> C, write: impl Fn(&mut C, &str, &[u8])) -> (Vec<C>, Duration) {
    let start = |number| {
        let mut container = image();
        write(&mut container, "etc/hostname", format!("container-{number}\n").as_bytes());
        write(&mut container, "run/pid", format!("{number}\n").as_bytes());
        container
    };
    let all = (0..CONTAINERS).map(|number| timed(|| start(number)));
    let (containers, mut times): (Vec<C>, Vec<Duration>) = all.unzip();
    times.sort();
    (containers, times[CONTAINERS / 2])
}
