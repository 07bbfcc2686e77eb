//! Parses a long Typst text.

use measure::{Parts, alloc};
use typst_syntax::SyntaxNode;

/// The length of the text in bytes, at least.
const LENGTH: usize = 2_000_000;

/// One section. Each `%` becomes a number.
const SECTION: &str = r#"
= Results of series % <series-%>

#let step = %
#let total(values, scale: 1.0) = {
  let sum = 0
  for value in values {
    if value > step { sum += value * scale } else { continue }
  }
  return (sum: sum, mean: sum / calc.max(values.len(), 1))
}

The _second_ series of measurements was taken after the instrument had been *calibrated* once more, as @series-%
describes. Its values differ from the first ones by less than % percent, and most of that stems from the "drift" of the
sensor --- see the #link("https://example.org/data/%")[published data] and the notes in `notes-%.txt`.
None of it changes what was found for the pressure $p$ at the wall, where $p_0 = %$ holds.

== Model and notation

We write $x_(i,%)$ for the value of the $i$-th sample, and let $macron(x) = 1/n sum_(i=1)^n x_(i,%)$ be its mean.
Then the variance is

$ sigma^2 = 1/(n - 1) sum_(i=1)^n (x_i - macron(x))^2
  = integral_0^oo (t - mu)^2 f(t) dif t + cal(O)(n^(-%)) $

and by the inequality of Cauchy and Schwarz $abs(angle.l u, v angle.r) <= norm(u) dot norm(v)$ for all $u, v in RR^%$.

- The first term grows with $n$, and *dominates* for long series.
- The second one is bounded by #step, which is small:
  + for odd numbers it vanishes;
  + for even ones it is $mat(1, 2; 3, %) vec(a, b)$.
/ Drift: the slow change of the zero point.

#figure(
  table(
    columns: (auto, 1fr, 2cm + %pt),
    [*Run*], [Value], [Error],
    ..range(%).map(i => [#i: #total((i, 2 * i)).mean]),
  ),
  caption: [Means of run %, in units of $mu"m"$],
) <table-%>

```rust
fn mean(values: &[f64]) -> f64 { values.iter().sum::<f64>() / % as f64 }
```

// The numbers of the appendix are rounded.
#if total((1, 2, %)).sum > 3 [The sum is *large*.] else [It is small, \ as \u{2014} expected.]
"#;

/// Makes a text that typst-syntax parses without an error.
fn text() -> String {
    let mut text = String::with_capacity(LENGTH + 2 * SECTION.len());
    let mut number = 1_u32;
    while text.len() < LENGTH {
        for (i, part) in SECTION.split('%').enumerate() {
            if i > 0 {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text += &(number >> 20).to_string();
            }
            text += part;
        }
    }
    text
}

fn nodes(root: &SyntaxNode) -> usize {
    1 + root.children().map(nodes).sum::<usize>()
}

/// Parses the text, and returns the number of nodes of the tree.
pub fn job(parts: &mut Parts) -> usize {
    let (text, before) = (text(), alloc::live());
    let root = parts.run("parse of 2 MB", || typst_syntax::parse(&text));
    parts.count("bytes of the tree", (alloc::live() - before).unsigned_abs());
    assert_eq!(root.len(), text.len());
    assert!(root.errors_and_warnings().0.is_empty(), "the text has an error");
    let nodes = nodes(&root);
    parts.run("drop of the tree", || drop(root));
    nodes
}
