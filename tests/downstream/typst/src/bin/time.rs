//! Parses the text, and prints the milliseconds of the parse and of the drop, each the least of several rounds.

use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 3;

fn main() {
    let text = parse::text();
    let (mut parse, mut drops) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let root = black_box(typst_syntax::parse(black_box(&text)));
        parse = parse.min(begin.elapsed().as_secs_f64() * 1e3);
        let begin = Instant::now();
        drop(root);
        drops = drops.min(begin.elapsed().as_secs_f64() * 1e3);
    }
    println!("{parse:.2} {drops:.2}");
}
