//! All mutants of a file in one text, each behind a switch.

use std::collections::{BTreeMap, HashMap};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::Mutant;

/// A place in a file: line and column, both from 1, the column in characters.
pub type Place = (usize, usize);

/// What is written into a file at a place.
struct Insert {
    at: usize,
    /// Bytes that it takes the place of.
    skip: usize,
    /// At one place: first what closes, the innermost first, then what opens, the outermost first.
    rank: (bool, isize),
    text: String,
}

/// A file with its mutants written in, and where each stands.
pub struct Applied {
    pub text: String,
    /// Bytes of the text, and the mutants that an error there is of.
    pub ranges: Vec<(usize, usize, Vec<usize>)>,
    /// Mutants that cannot be switched, with the reason.
    pub left: Vec<(usize, &'static str)>,
}

struct Visitor<'a> {
    text: &'a str,
    lines: Vec<usize>,
    /// The mutants at each place.
    wanted: BTreeMap<Place, Vec<&'a Mutant>>,
    inserts: Vec<Insert>,
    /// Ranges of the source, and the mutants that stand on them.
    owners: Vec<(usize, usize, Vec<usize>)>,
    constant: usize,
    left: HashMap<usize, &'static str>,
}

/// Writes the mutants into a file.
pub fn apply(text: &str, mutants: &[&Mutant]) -> Applied {
    let mut lines = vec![0];
    lines.extend(text.match_indices('\n').map(|(i, _)| i + 1));
    let mut wanted = BTreeMap::<Place, Vec<&Mutant>>::new();
    let mut left = HashMap::new();
    for mutant in mutants {
        wanted.entry(mutant.start).or_default().push(mutant);
        left.insert(mutant.number, "not found");
    }
    let mut visitor =
        Visitor { text, lines, wanted, inserts: Vec::new(), owners: Vec::new(), constant: 0, left };
    visitor.visit_file(&syn::parse_file(text).expect("the crate parses"));
    let Visitor { mut inserts, owners, left, .. } = visitor;
    inserts.sort_by_key(|insert| (insert.at, insert.rank));
    let (mut out, mut from) = (String::new(), 0);
    // Where a byte of the source is in what is written: before what is inserted there, and after.
    let mut shifts = vec![(0, 0, 0)];
    for insert in &inserts {
        out += &text[from..insert.at];
        let before = out.len();
        out += &insert.text;
        from = insert.at + insert.skip;
        shifts.push((insert.at, before, out.len()));
    }
    out += &text[from..];
    let place = |at: usize, end: bool| {
        let mut best = at;
        for &(from, before, after) in &shifts {
            if from < at {
                best = after + (at - from);
            } else if from == at {
                best = if end { after } else { before };
                if !end {
                    break;
                }
            }
        }
        best
    };
    let ranges = owners.into_iter().map(|(a, b, m)| (place(a, false), place(b, true), m)).collect();
    Applied { text: out, ranges, left: left.into_iter().collect() }
}

impl<'a> Visitor<'a> {
    fn byte(&self, place: proc_macro2::LineColumn) -> usize {
        let start = self.lines[place.line - 1];
        let line = &self.text[start..];
        start + line.char_indices().nth(place.column).map_or(line.len(), |(i, _)| i)
    }

    fn range(&self, span: proc_macro2::Span) -> (usize, usize) {
        (self.byte(span.start()), self.byte(span.end()))
    }

    /// The mutants of a kind that begin where a span does; none in a constant.
    fn take(&mut self, span: proc_macro2::Span, genre: &str) -> Vec<&'a Mutant> {
        let place = (span.start().line, span.start().column + 1);
        let found: Vec<_> = self.wanted.get(&place).into_iter().flatten().copied().collect();
        let found: Vec<_> = found.into_iter().filter(|mutant| mutant.genre == genre).collect();
        for mutant in &found {
            self.left.insert(mutant.number, "in a constant");
        }
        if self.constant > 0 { Vec::new() } else { found }
    }

    fn open(&mut self, at: usize, size: usize, text: String) {
        self.inserts.push(Insert { at, skip: 0, rank: (true, -(size as isize)), text });
    }

    fn close(&mut self, at: usize, size: usize, text: String) {
        self.inserts.push(Insert { at, skip: 0, rank: (false, size as isize), text });
    }

    fn own(&mut self, start: usize, end: usize, mutants: &[&Mutant]) {
        for mutant in mutants {
            self.left.remove(&mutant.number);
        }
        self.owners.push((start, end, mutants.iter().map(|mutant| mutant.number).collect()));
    }

    fn body(&mut self, sig: &syn::Signature, block: &syn::Block) {
        if let Some(first) = block.stmts.first() {
            let found = self.take(first.span(), "FnValue");
            // An early return of another type than the one that `impl` stands for.
            let opaque = match &sig.output {
                syn::ReturnType::Type(_, of) => {
                    let (start, end) = self.range(of.span());
                    self.text[start..end].contains("impl ")
                }
                syn::ReturnType::Default => false,
            };
            if !found.is_empty() && !opaque {
                let at = self.byte(block.brace_token.span.open().end());
                for mutant in &found {
                    let text = format!(
                        "if crate::mutant::on({}) {{ return {}; }} ",
                        mutant.number, mutant.replacement
                    );
                    self.inserts.push(Insert {
                        at,
                        skip: 0,
                        rank: (true, isize::MIN + mutant.number as isize),
                        text,
                    });
                }
                self.own(at, at, &found);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.body(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.body(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.body(&item.sig, block);
            visit::visit_trait_item_fn(self, item);
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constant += 1;
        visit::visit_item_const(self, item);
        self.constant -= 1;
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.constant += 1;
        visit::visit_impl_item_const(self, item);
        self.constant -= 1;
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.constant += 1;
        visit::visit_item_static(self, item);
        self.constant -= 1;
    }

    fn visit_expr_binary(&mut self, expr: &'ast syn::ExprBinary) {
        let found = self.take(expr.op.span(), "BinaryOperator");
        if !found.is_empty() {
            let ((start, left_end), (right, end)) =
                (self.range(expr.left.span()), self.range(expr.right.span()));
            let (op, op_end) = self.range(expr.op.span());
            let (size, op_text) = (end - start, &self.text[op..op_end]);
            // `l` and `r` by value, or behind a reference if they are compared.
            let switch = |l: &str, r: &str| {
                let each: String = found
                    .iter()
                    .map(|m| {
                        format!(
                            "if crate::mutant::on({}) {{ {l} {} {r} }} else ",
                            m.number, m.replacement
                        )
                    })
                    .collect();
                format!("{each}{{ {l} {op_text} {r} }}")
            };
            let (head, middle, tail) = match op_text {
                "&&" | "||" => {
                    // One of two at most, for the same operands evaluated.
                    let equal = if op_text == "&&" { "!=" } else { "==" };
                    let number = found[0].number;
                    (
                        "(match (".to_owned(),
                        format!(") {{ __l => if __l {equal} crate::mutant::on({number}) {{ ("),
                        ") } else { __l } })".to_owned(),
                    )
                }
                "==" | "!=" | "<" | ">" | "<=" | ">=" => (
                    "(match (&(".to_owned(),
                    "), &(".to_owned(),
                    format!(")) {{ (__l, __r) => {} }})", switch("*__l", "*__r")),
                ),
                _ if op_text.ends_with('=') => {
                    let place = &self.text[start..left_end];
                    let tail = format!(") {{ __r => {} }}", switch(place, "__r"));
                    // The place is written in the tail alone.
                    self.inserts.push(Insert {
                        at: start,
                        skip: right - start,
                        rank: (true, isize::MAX),
                        text: "match (".to_owned(),
                    });
                    self.close(end, size, tail);
                    self.own(start, end, &found);
                    return visit::visit_expr(self, &expr.right);
                }
                _ => (
                    "(match ((".to_owned(),
                    "), (".to_owned(),
                    format!(")) {{ (__l, __r) => {} }})", switch("__l", "__r")),
                ),
            };
            self.open(start, size, head);
            self.inserts.push(Insert {
                at: left_end,
                skip: right - left_end,
                rank: (false, isize::MAX),
                text: middle,
            });
            self.close(end, size, tail);
            self.own(start, end, &found);
        }
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_unary(&mut self, expr: &'ast syn::ExprUnary) {
        let found = self.take(expr.op.span(), "UnaryOperator");
        if let [mutant] = found[..] {
            let (start, end) = self.range(expr.span());
            let (op, op_end) = self.range(expr.op.span());
            let op = &self.text[op..op_end];
            self.inserts.push(Insert {
                at: start,
                skip: self.byte(expr.expr.span().start()) - start,
                rank: (true, -((end - start) as isize)),
                text: "(match (".to_owned(),
            });
            let number = mutant.number;
            self.close(
                end,
                end - start,
                format!(
                    ") {{ __l => if crate::mutant::on({number}) {{ __l }} else {{ {op}__l }} }})"
                ),
            );
            self.own(start, end, &found);
        }
        visit::visit_expr_unary(self, expr);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let deleted = self.take(arm.span(), "MatchArm");
        if let [mutant] = deleted[..] {
            let (start, end) = self.range(arm.pat.span());
            self.close(end, end - start, format!(" if !crate::mutant::on({})", mutant.number));
            self.own(start, end, &deleted);
        }
        if let Some((_, guard)) = &arm.guard {
            let found = self.take(guard.span(), "MatchArmGuard");
            if let [yes, no] = found[..] {
                let (start, end) = self.range(guard.span());
                let (yes, no) = (yes.number, no.number);
                let on = "crate::mutant::on";
                self.open(start, end - start + 1, format!("(!{on}({no}) && ({on}({yes}) || ("));
                self.close(end, end - start + 1, ")))".to_owned());
                self.own(start, end, &found);
            }
        }
        visit::visit_arm(self, arm);
    }
}
