//! `CowString` beside `String` and four crates' strings, group by group in one process.
#![allow(missing_docs, reason = "criterion's macros")]

use std::hint::black_box;
use std::time::Duration;

use compact_str::CompactString;
use cow_collections::CowString;
use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use ecow::EcoString;
use hipstr::HipStr;
use lean_string::LeanString;

/// What they have in common.
trait Text: Clone + Default + std::ops::Deref<Target = str> {
    const NAME: &'static str;
    /// A copy of a text.
    fn of(text: &str) -> Self;
    fn push_str(&mut self, text: &str);
    /// The bytes of a range, shared where the type can.
    fn part(&self, range: std::ops::Range<usize>) -> Self {
        Self::of(&self[range])
    }
}

impl Text for CowString {
    const NAME: &'static str = "CowString";
    fn of(text: &str) -> Self {
        Self::from(text)
    }
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }
    fn part(&self, range: std::ops::Range<usize>) -> Self {
        self.slice(range)
    }
}

impl Text for String {
    const NAME: &'static str = "String";
    fn of(text: &str) -> Self {
        Self::from(text)
    }
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Text for EcoString {
    const NAME: &'static str = "EcoString";
    fn of(text: &str) -> Self {
        Self::from(text)
    }
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Text for LeanString {
    const NAME: &'static str = "LeanString";
    fn of(text: &str) -> Self {
        Self::from(text)
    }
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Text for CompactString {
    const NAME: &'static str = "CompactString";
    fn of(text: &str) -> Self {
        Self::from(text)
    }
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Text for HipStr<'static> {
    const NAME: &'static str = "HipStr";
    fn of(text: &str) -> Self {
        Self::from(text).into_owned()
    }
    fn push_str(&mut self, text: &str) {
        self.push_str(text);
    }
    fn part(&self, range: std::ops::Range<usize>) -> Self {
        self.slice(range)
    }
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// A length from 1 to 64 for each of many texts, half of them inline, in an order that no branch
/// predictor learns.
fn mixed<S: Text>() -> Vec<S> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let text = "0123456789abcdef".repeat(4);
    let random = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let n = (state >> 40) as usize;
        let len = if n & 1 == 0 { 1 + (n >> 1) % 15 } else { 16 + (n >> 1) % 49 };
        S::of(&text[..len])
    };
    (0..65_536).map(random).collect()
}

fn deref_mixed<S: Text>(group: &mut Group<'_>) {
    let texts = mixed::<S>();
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function(S::NAME, |b| {
        b.iter(|| {
            // The length and the first byte: one look through the pointer for each text.
            black_box(&texts).iter().fold(0_usize, |sum, text| {
                let bytes = text.as_bytes();
                sum + bytes.len() + usize::from(bytes[0])
            })
        });
    });
}

fn len_mixed<S: Text>(group: &mut Group<'_>) {
    let texts = mixed::<S>();
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function(S::NAME, |b| {
        b.iter(|| black_box(&texts).iter().map(|text| text.len()).sum::<usize>());
    });
}

fn sum_mixed<S: Text>(group: &mut Group<'_>) {
    let texts = mixed::<S>();
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function(S::NAME, |b| {
        b.iter(|| {
            let sum = |text: &S| text.bytes().map(u64::from).sum::<u64>();
            black_box(&texts).iter().map(sum).sum::<u64>()
        });
    });
}

fn from_drop<S: Text>(group: &mut Group<'_>, len: usize) {
    let text = "x".repeat(len);
    group.bench_function(S::NAME, |b| b.iter(|| drop(black_box(S::of(black_box(&text))))));
}

fn push_1_byte<S: Text>(group: &mut Group<'_>) {
    group.bench_function(S::NAME, |b| {
        b.iter(|| {
            let mut text = S::default();
            for _ in 0..64 {
                text.push_str(black_box("x"));
            }
            text
        });
    });
}

fn clone_drop<S: Text>(group: &mut Group<'_>, len: usize) {
    let text = S::of(&"x".repeat(len));
    group.bench_function(S::NAME, |b| b.iter(|| drop(black_box(black_box(&text).clone()))));
}

fn slice<S: Text>(group: &mut Group<'_>) {
    let text = S::of(&"0123456789abcdef".repeat(256));
    group.bench_function(S::NAME, |b| {
        b.iter(|| drop(black_box(black_box(&text).part(black_box(1000..1064)))));
    });
}

fn snapshot_then_push<S: Text>(group: &mut Group<'_>, steps: usize) {
    group.throughput(Throughput::Elements(steps as u64));
    group.bench_function(S::NAME, |b| {
        b.iter_batched(
            || Vec::with_capacity(steps),
            |mut kept| {
                let mut text = S::default();
                for _ in 0..steps {
                    kept.push(text.clone());
                    text.push_str(black_box("xy"));
                }
                (kept, text)
            },
            BatchSize::LargeInput,
        );
    });
}

/// One group, in it every type.
macro_rules! compare {
    ($c:expr, $name:expr, $bench:ident $(, $argument:expr)*) => {{
        let mut group = $c.benchmark_group($name);
        $bench::<CowString>(&mut group $(, $argument)*);
        $bench::<String>(&mut group $(, $argument)*);
        $bench::<EcoString>(&mut group $(, $argument)*);
        $bench::<LeanString>(&mut group $(, $argument)*);
        $bench::<CompactString>(&mut group $(, $argument)*);
        $bench::<HipStr<'static>>(&mut group $(, $argument)*);
        group.finish();
    }};
}

fn string(c: &mut Criterion) {
    compare!(c, "string/deref_mixed/65536", deref_mixed);
    compare!(c, "string/len_mixed/65536", len_mixed);
    compare!(c, "string/sum_mixed/65536", sum_mixed);
    for len in [8, 15, 40, 100] {
        compare!(c, format!("string/from_drop/{len}"), from_drop, len);
    }
    compare!(c, "string/push_1B/64", push_1_byte);
    for len in [8, 40] {
        compare!(c, format!("string/clone_drop/{len}"), clone_drop, len);
    }
    compare!(c, "string/slice_64/4096", slice);
    for steps in [256, 4096] {
        compare!(c, format!("string/snapshot_push/{steps}"), snapshot_then_push, steps);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(30);
    targets = string
}
criterion_main!(benches);
