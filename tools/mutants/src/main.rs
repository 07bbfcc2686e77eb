//! `mutants LIST CRATE WORK [FEATURES]`: builds all mutants of `cargo mutants --list --json` into one copy of the
//! crate, each behind a switch, and runs for each the tests that reach it, the quickest first.

mod apply;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use apply::Place;

/// One of the list.
pub struct Mutant {
    /// From 1, by which it is switched on.
    number: usize,
    name: String,
    file: String,
    genre: String,
    start: Place,
    replacement: String,
}

fn read_list(file: &Path) -> Vec<Mutant> {
    let list: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let place =
        |v: &Value| (v["line"].as_u64().unwrap() as usize, v["column"].as_u64().unwrap() as usize);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let mutant = |(i, v): (usize, &Value)| Mutant {
        number: i + 1,
        name: text(&v["name"]),
        file: text(&v["file"]),
        genre: text(&v["genre"]),
        start: place(&v["span"]["start"]),
        replacement: text(&v["replacement"]),
    };
    list.as_array().unwrap().iter().enumerate().map(mutant).collect()
}

/// The crate's copy, and what is built from it.
struct Copy {
    krate: PathBuf,
    root: PathBuf,
    features: Vec<String>,
}

impl Copy {
    fn cargo(&self, what: &str) -> Command {
        let mut command = Command::new("cargo");
        command.arg(what).args(["--locked", "--message-format=json"]).args(&self.features);
        command.current_dir(&self.root);
        command.env("RUSTFLAGS", "-Awarnings");
        command.env("CARGO_PROFILE_TEST_DEBUG", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        // For `const_eval_select`, by which a `const fn` has a switch as well.
        command.env("RUSTC_BOOTSTRAP", "cow_collections");
        command.env("CARGO_PROFILE_TEST_OPT_LEVEL", setting("MUTANTS_OPT_LEVEL", 0.0).to_string());
        command.stderr(Stdio::inherit());
        command
    }

    /// Everything but the sources as it is in the crate now.
    fn refresh(&self) {
        for name in ["Cargo.lock", "README.md"] {
            write(&self.root.join(name), &fs::read_to_string(self.krate.join(name)).unwrap());
        }
        // Neither benches nor what else the manifest names and the copy lacks.
        let text = fs::read_to_string(self.krate.join("Cargo.toml")).unwrap();
        let text = text.split("\n[[").next().unwrap();
        let kept = text.lines().filter(|line| !line.starts_with("members = "));
        write(&self.root.join("Cargo.toml"), &kept.collect::<Vec<_>>().join("\n"));
        for folder in ["tests", "src"] {
            for file in files(&self.krate.join(folder), folder) {
                if folder == "tests" || !file.ends_with(".rs") {
                    write(
                        &self.root.join(&file),
                        &fs::read_to_string(self.krate.join(&file)).unwrap(),
                    );
                }
            }
        }
    }

    /// Writes the sources, with all mutants but those dropped.
    fn write(
        &self,
        mutants: &[Mutant],
        dropped: &BTreeMap<usize, String>,
    ) -> HashMap<String, apply::Applied> {
        let mut files = BTreeMap::<String, Vec<&Mutant>>::new();
        for file in self::files(&self.krate.join("src"), "src") {
            if file.ends_with(".rs") {
                files.insert(file, Vec::new());
            }
        }
        for mutant in mutants.iter().filter(|mutant| !dropped.contains_key(&mutant.number)) {
            files.get_mut(&mutant.file).unwrap().push(mutant);
        }
        let mut all = HashMap::new();
        for (file, mutants) in files {
            let text = fs::read_to_string(self.krate.join(&file)).unwrap();
            let mut applied = if mutants.is_empty() {
                apply::Applied { text, ranges: Vec::new(), left: Vec::new() }
            } else {
                apply::apply(&text, &mutants)
            };
            if file == "src/lib.rs" {
                let features = "#![feature(core_intrinsics, const_eval_select)]\n#![allow(internal_features)]\n";
                applied.text =
                    format!("{features}{}\nmod mutant;\nextern crate std as _;\n", applied.text);
            }
            write(&self.root.join(&file), &applied.text);
            all.insert(file, applied);
        }
        write(&self.root.join("src/mutant.rs"), include_str!("switch.rs"));
        all
    }

    /// The mutants that the compiler does not take, by its errors.
    fn errors(&self, all: &HashMap<String, apply::Applied>) -> BTreeMap<usize, String> {
        let output = self.cargo("check").arg("--lib").output().unwrap();
        let (mut found, mut other) = (BTreeMap::new(), 0);
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            let message = &value["message"];
            if value["reason"] != "compiler-message" || message["level"] != "error" {
                continue;
            }
            let text = message["message"].as_str().unwrap();
            let mut hit = false;
            for primary in [true, false] {
                for span in message["spans"].as_array().unwrap() {
                    if span["is_primary"] != primary || hit {
                        continue;
                    }
                    let (file, at) = (
                        span["file_name"].as_str().unwrap(),
                        span["byte_start"].as_u64().unwrap() as usize,
                    );
                    let Some(applied) = all.get(file) else { continue };
                    let innermost = applied
                        .ranges
                        .iter()
                        .filter(|(start, end, _)| *start <= at && at < *end)
                        .min_by_key(|(start, end, _)| end - start);
                    if let Some((start, end, mutants)) = innermost {
                        hit = true;
                        // Of a function's values, the one in whose piece the error is.
                        let piece = &applied.text[*start..*end];
                        let one = mutants.iter().copied().find(|number| {
                            let mark = format!("if crate::mutant::on({number}) {{ return ");
                            let Some(from) = piece.find(&mark) else { return false };
                            let len = piece[from..].find("; }").map_or(0, |i| i + 4);
                            (start + from..start + from + len).contains(&at)
                        });
                        for number in one.map_or(mutants.clone(), |number| vec![number]) {
                            found.insert(number, text.to_owned());
                        }
                    }
                }
            }
            if !hit && !text.starts_with("aborting due") && !text.contains("could not compile") {
                other += 1;
                eprintln!("nobody's: {}", message["rendered"].as_str().unwrap());
            }
        }
        assert!(output.status.success() || !found.is_empty(), "{other} errors are of no mutant");
        found
    }

    /// The test binaries, by name.
    fn build(&self) -> Vec<(String, PathBuf)> {
        let mut command = self.cargo("test");
        command.arg("--no-run").args(
            std::env::var("MUTANTS_TESTS")
                .map_or(vec!["--lib".into(), "--tests".into()], |tests| {
                    tests.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
                }),
        );
        let output = command.output().unwrap();
        let mut binaries = Vec::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            if value["message"]["level"] == "error" {
                eprintln!("{}", value["message"]["rendered"].as_str().unwrap());
            }
            if let Some(file) = value["executable"].as_str() {
                let name = value["target"]["name"].as_str().unwrap();
                if name != "loom" {
                    binaries.push((name.to_owned(), file.into()));
                }
            }
        }
        assert!(output.status.success(), "the tests do not build");
        binaries
    }
}

/// A test: its binary, its name, its seconds of processor time, and how many mutants it reaches.
struct Test {
    binary: usize,
    name: String,
    seconds: f64,
    reaches: usize,
}

/// The processor time, in seconds, of all processes that were waited for.
fn processor_seconds() -> f64 {
    #[repr(C)]
    struct Usage([i64; 18]);
    unsafe extern "C" {
        fn getrusage(who: i32, usage: *mut Usage) -> i32;
    }
    let mut usage = Usage([0; 18]);
    // SAFETY: on Linux, that many words; -1 are the children.
    unsafe { getrusage(-1, &mut usage) };
    let [seconds, micros, more_seconds, more_micros, ..] = usage.0;
    (seconds + more_seconds) as f64 + (micros + more_micros) as f64 * 1e-6
}

enum End {
    Passed,
    Failed(String),
    Stopped,
}

/// Runs tests of one binary, with so many seconds of processor time.
fn run(
    binary: &Path,
    root: &Path,
    tests: &[&str],
    mutant: usize,
    reached: Option<&Path>,
    seconds: f64,
) -> End {
    let log = root.join("log");
    let mut command = Command::new("bash");
    let limit = seconds.ceil() as u64;
    command.args(["-c", &format!("ulimit -t {limit} -v 8000000 -c 0; exec \"$@\""), "run"]);
    command.arg(binary).args(["--exact", "--test-threads=1"]).args(tests);
    command.current_dir(root).env("COW_MUTANT", mutant.to_string()).env("RUST_BACKTRACE", "0");
    match reached {
        Some(file) => command.env("COW_REACHED", file),
        None => command.env_remove("COW_REACHED"),
    };
    let file = fs::File::create(&log).unwrap();
    command.stdout(file.try_clone().unwrap()).stderr(file).stdin(Stdio::null());
    let (begin, mut child) = (Instant::now(), command.spawn().unwrap());
    let wall = Duration::from_secs_f64(10.0 + seconds * 3.0);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > wall {
            child.kill().unwrap();
            child.wait().unwrap();
            return End::Stopped;
        }
        std::thread::sleep(Duration::from_millis(if begin.elapsed().as_millis() < 100 {
            1
        } else {
            10
        }));
    };
    if status.success() {
        return End::Passed;
    }
    use std::os::unix::process::ExitStatusExt;
    // SIGXCPU and SIGKILL are the limit.
    if matches!(status.signal(), Some(24 | 9)) {
        return End::Stopped;
    }
    let text = String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned();
    let first = text.lines().find_map(|line| {
        line.strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned)
    });
    let last = || {
        text.lines()
            .rev()
            .find_map(|line| line.strip_prefix("test ")?.split(" ... ").next().map(str::to_owned))
    };
    End::Failed(first.or_else(last).unwrap_or_default())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, list, krate, work, features @ ..] = &args[..] else {
        panic!("mutants LIST CRATE WORK [FEATURES]")
    };
    let mutants = read_list(Path::new(list));
    let work = PathBuf::from(work);
    let features = features
        .first()
        .map_or(vec![], |f| vec!["--no-default-features".into(), "--features".into(), f.clone()]);
    let copy = Copy { krate: krate.into(), root: work.join("crate"), features };
    fs::create_dir_all(&copy.root).unwrap();
    copy.refresh();

    // Which can be built.
    let known = read_lines(&work.join("dropped"));
    let by_name: HashMap<&str, usize> = mutants.iter().map(|m| (&m.name[..], m.number)).collect();
    let mut dropped = BTreeMap::new();
    for line in &known {
        if let Some((name, why)) = line.split_once('\t') {
            if let Some(&number) = by_name.get(name) {
                dropped.insert(number, why.to_owned());
            }
        }
    }
    loop {
        let all = copy.write(&mutants, &dropped);
        for applied in all.values() {
            for &(number, why) in &applied.left {
                dropped.insert(number, format!("left: {why}"));
            }
        }
        let errors = copy.errors(&all);
        eprintln!("{} of {} mutants do not compile", errors.len(), mutants.len());
        let last = errors.is_empty();
        dropped.extend(errors);
        let line = |(number, why): (&usize, &String)| {
            format!("{}\t{}\n", mutants[number - 1].name, why.replace('\n', " "))
        };
        write(&work.join("dropped"), &dropped.iter().map(line).collect::<String>());
        if last {
            break;
        }
    }

    // Which tests reach which.
    let binaries = copy.build();
    let (mut tests, mut reach) = (Vec::<Test>::new(), vec![Vec::<usize>::new(); mutants.len() + 1]);
    let file = work.join("reached");
    // What was seen of a binary holds until it is built again.
    let (cache, longest) = (work.join("reach"), setting("MUTANTS_LONGEST", 3.0));
    let seen: HashMap<String, (f64, Vec<usize>)> = read_lines(&cache)
        .iter()
        .map(|line| {
            let mut parts = line.split('\t');
            let (key, seconds) = (parts.next().unwrap(), parts.next().unwrap());
            (
                key.to_owned(),
                (seconds.parse().unwrap(), parts.map(|part| part.parse().unwrap()).collect()),
            )
        })
        .collect();
    let mut cached = String::new();
    for (binary, (binary_name, path)) in binaries.iter().enumerate() {
        let built = fs::metadata(path).unwrap().modified().unwrap();
        let built = built.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
        let output = Command::new(path)
            .args(["--list", "--format=terse"])
            .current_dir(&copy.root)
            .output()
            .unwrap();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let Some(name) = line.strip_suffix(": test") else { continue };
            let key = format!("{binary_name} {built} {name}");
            let (seconds, reached) = match seen.get(&key) {
                Some(seen) => seen.clone(),
                None => {
                    _ = fs::remove_file(&file);
                    let begin = processor_seconds();
                    match run(path, &copy.root, &[name], 0, Some(&file), longest) {
                        End::Passed => {}
                        _ => {
                            eprintln!(
                                "{binary_name} {name}: does not pass as it is, or takes too long; left out"
                            );
                            cached += &format!("{key}\t-1\n");
                            continue;
                        }
                    }
                    let reached: BTreeSet<usize> =
                        read_lines(&file).iter().map(|line| line.parse().unwrap()).collect();
                    (processor_seconds() - begin, reached.into_iter().collect())
                }
            };
            cached += &format!("{key}\t{seconds}");
            if seconds < 0.0 {
                cached += "\n";
                continue;
            }
            let reaches = reached.len();
            for number in reached {
                cached += &format!("\t{number}");
                reach[number].push(tests.len());
            }
            cached += "\n";
            tests.push(Test { binary, name: name.to_owned(), seconds, reaches });
        }
        eprintln!("{binary_name}: looked at, {} tests so far", tests.len());
    }
    write(&cache, &cached);

    // What becomes of each.
    let results = work.join("results");
    let done: BTreeSet<String> = read_lines(&results)
        .iter()
        .filter_map(|line| Some(line.split('\t').next()?.to_owned()))
        .collect();
    let mut out = fs::OpenOptions::new().create(true).append(true).open(&results).unwrap();
    let only = std::env::var_os("MUTANTS_ONLY").map(|file| names(Path::new(&file)));
    let wanted = |mutant: &&Mutant| {
        let name = without_place(&mutant.name);
        only.as_ref().is_none_or(|only| only.contains(&mutant.name) || only.contains(&name))
    };
    let mut order: Vec<&Mutant> =
        mutants.iter().filter(|mutant| !done.contains(&mutant.name)).filter(wanted).collect();
    let first = [
        "src/raw/refcount",
        "src/raw/handle",
        "src/raw/buffer",
        "src/vec/unique/moves",
        "src/vec/unique/gap",
        "src/raw/layout",
        "src/vec/unique/mod",
        "src/vec/unique/transfer",
        "src/list/cell",
        "src/string",
        "src/vec",
        "src/list/arr",
        "src/list/se",
        "src/list/ma",
        "src/list/up",
        "src/persistent",
        "src/persistent/node",
        "src/list",
    ];
    order.sort_by_key(|mutant| {
        first.iter().position(|name| mutant.file.starts_with(name)).unwrap_or(99)
    });
    for mutant in order {
        let number = mutant.number;
        let end = match dropped.get(&number) {
            Some(why) => format!("unbuilt\t{}", why.replace('\n', " ")),
            None if reach[number].is_empty() => "missed\tno test reaches it".to_owned(),
            None => judge(number, &reach[number], &tests, &binaries, &copy.root),
        };
        writeln!(out, "{}\t{end}", mutant.name).unwrap();
    }
    drop(out);
    let known = read_lines(&copy.krate.join("tools/mutants/survivors.txt"));
    std::process::exit(i32::from(!report(&read_lines(&results), &known)));
}

/// Prints what became of all, by folder, and the survivors that are not known; whether there are none.
fn report(results: &[String], known: &[String]) -> bool {
    // A line for each, as several may have one name.
    let mut left = HashMap::<&str, usize>::new();
    for line in known {
        *left.entry(line.split('\t').next().unwrap_or_default()).or_default() += 1;
    }
    let mut folders = BTreeMap::<String, [usize; 5]>::new();
    let mut unknown = 0;
    for line in results {
        let (name, end) = line.split_once('\t').expect("a mutant and its end");
        let mut parts = name.split('/').take(3);
        let folder = [parts.next(), parts.next()].map(Option::unwrap_or_default).join("/");
        let missed = end.starts_with("missed");
        let listed = missed
            && left.get_mut(&without_place(name)[..]).is_some_and(|left| {
                let any = *left > 0;
                *left = left.saturating_sub(1);
                any
            });
        let column = match end.split('\t').next().unwrap() {
            "caught" => 0,
            "timeout" => 1,
            "missed" if listed => 2,
            "missed" => {
                unknown += 1;
                println!("{name}: {end}");
                3
            }
            _ => 4,
        };
        for folder in [folder, "all".to_owned()] {
            folders.entry(folder).or_default()[column] += 1;
        }
    }
    println!(
        "| folder | mutants | unviable | caught | out of time | missed, listed | missed | score |\n|---|---|---|---|---|---|---|---|"
    );
    for (folder, [caught, late, listed, missed, unbuilt]) in &folders {
        let (good, judged) = (caught + late, caught + late + listed + missed);
        let score = 100.0 * good as f64 / judged.max(1) as f64;
        let all = judged + unbuilt;
        println!(
            "| {folder} | {all} | {unbuilt} | {caught} | {late} | {listed} | {missed} | {score:.1} % |"
        );
    }
    unknown == 0
}

/// A mutant's name without its line and column, which change.
fn without_place(name: &str) -> String {
    let (file, rest) = name.split_once(':').unwrap_or((name, ""));
    let what = rest.split_once(": ").map_or(rest, |(_, what)| what);
    format!("{file}: {what}")
}

/// Runs the tests that reach a mutant: first those that take no time.
fn judge(
    number: usize,
    reach: &[usize],
    tests: &[Test],
    binaries: &[(String, PathBuf)],
    root: &Path,
) -> String {
    let mut order: Vec<&Test> = reach.iter().map(|&i| &tests[i]).collect();
    // First those that look at little else, then the quickest, for so many seconds.
    order.sort_by(|a, b| (a.reaches as f64 * a.seconds).total_cmp(&(b.reaches as f64 * b.seconds)));
    let (all, first) = (order.len(), order.len().min(6));
    order[first..].sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let mut left = setting("MUTANTS_SECONDS", 10.0);
    let fit = order
        .iter()
        .take_while(|test| {
            left -= test.seconds;
            left > 0.0
        })
        .count();
    order.truncate(fit.max(first));
    let (quick, slow) = order.split_at(first);
    for group in [quick, slow] {
        let mut by_binary = BTreeMap::<usize, Vec<&Test>>::new();
        for test in group {
            by_binary.entry(test.binary).or_default().push(test);
        }
        let mut groups: Vec<_> = by_binary
            .into_iter()
            .map(|(b, t)| (t.iter().map(|t| t.seconds).sum::<f64>(), b, t))
            .collect();
        groups.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (seconds, binary, group) in groups {
            let names: Vec<&str> = group.iter().map(|test| &test.name[..]).collect();
            let (name, path) = &binaries[binary];
            match run(path, root, &names, number, None, 4.0 + 3.0 * seconds) {
                End::Passed => {}
                End::Failed(test) => return format!("caught\t{name} {test}"),
                End::Stopped => return format!("timeout\t{name}"),
            }
        }
    }
    format!("missed\t{} of {all} tests that reach it", order.len())
}

/// A number that is in the environment.
fn setting(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The mutants that a file names, with their place or without, a line each; what follows a tab is not read.
fn names(file: &Path) -> BTreeSet<String> {
    let lines = read_lines(file);
    assert!(!lines.is_empty(), "no names in {}", file.display());
    lines.iter().filter_map(|line| Some(line.split('\t').next()?.to_owned())).collect()
}

/// The files of a folder that are not another package's, nor of a test that asks for other packages.
fn files(folder: &Path, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{name}/{}", entry.file_name().to_str().unwrap());
        if !entry.path().is_dir() {
            all.push(name);
        } else if !matches!(&name[..], "tests/consumer" | "tests/ecosystem") {
            all.extend(files(&entry.path(), &name));
        }
    }
    all
}

/// Writes a file, unless it is the same: what is built from it stays.
fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn read_lines(file: &Path) -> Vec<String> {
    fs::read_to_string(file).map_or(Vec::new(), |text| text.lines().map(str::to_owned).collect())
}
