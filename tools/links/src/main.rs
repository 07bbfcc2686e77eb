//! Checks the links and pictures of the documentation that `cargo doc` wrote, and those of a file in Markdown.
//!
//! ```text
//! links DOC [README]
//! ```
//!
//! Each `href` and `src` in a page of the folder DOC must lead to a file in it. If it names a place, the page must have
//! an element with that `id`. In README, a link to another file must lead to one beside it, and a link to the published
//! documentation of the crate to a page in DOC. Other links with a scheme are not checked, because nothing is fetched.
//! Prints each broken link and ends with status 1, or prints how many links were checked.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// The published documentation, whose pages DOC has.
const PUBLISHED: &str = "https://docs.rs/cow-collections/latest/";

/// The `id`s of a page, and the values of `href` and `src`.
#[derive(Default)]
struct Page {
    places: HashSet<String>,
    links: Vec<String>,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (doc, readme) = match &arguments[..] {
        [doc] => (doc, None),
        [doc, readme] => (doc, Some(readme)),
        _ => {
            eprintln!("usage: links DOC [README]");
            return Ok(ExitCode::from(2));
        }
    };
    let mut pages = HashMap::new();
    read_pages(doc, &mut pages)?;

    let mut checked = 0;
    let mut broken = Vec::new();
    let mut check = |page: &Path, link: &str, target: &str| {
        checked += 1;
        if let Some(why) = fault(&pages, page, target) {
            broken.push(format!("{}: {link}: {why}", page.display()));
        }
    };
    // The pages beside the folders are rustdoc's own.
    for (path, page) in pages.iter().filter(|(path, _)| path.parent() != Some(&**doc)) {
        page.links.iter().filter(|link| !has_scheme(link)).for_each(|link| check(path, link, link));
    }
    if let Some(readme) = readme {
        for link in markdown_links(&fs::read_to_string(readme)?) {
            match link.strip_prefix(PUBLISHED) {
                Some(target) => check(readme, &link, &doc.join(target).to_string_lossy()),
                None if !has_scheme(&link) => check(readme, &link, &link),
                None => {}
            }
        }
    }
    broken.sort();
    broken.iter().for_each(|line| println!("{line}"));
    println!("{checked} links, {} broken", broken.len());
    Ok(ExitCode::from(u8::from(!broken.is_empty() || checked == 0)))
}

/// Returns what is wrong with a link on a page.
fn fault(pages: &HashMap<PathBuf, Page>, page: &Path, link: &str) -> Option<&'static str> {
    let (path, place) = link.split_once('#').unwrap_or((link, ""));
    let path = decode(path.split('?').next().unwrap_or_default());
    let mut target = match &*path {
        "" => page.to_path_buf(),
        path => normal(&page.parent().unwrap_or(page).join(path)),
    };
    if target.is_dir() && pages.contains_key(&target.join("index.html")) {
        target.push("index.html");
    }
    if !target.exists() {
        return Some("no such file");
    }
    let places = &pages.get(&target)?.places;
    // As a browser does, looks for the place as it is written, then for what it encodes. A link to lines of a source
    // file names the first and the last.
    let is_line =
        |line: &str| line.bytes().all(|byte| byte.is_ascii_digit()) && places.contains(line);
    let found = place.is_empty()
        || places.contains(place)
        || places.contains(&decode(place))
        || place.split_once('-').is_some_and(|(first, last)| is_line(first) && is_line(last));
    (!found).then_some("no such place in the page")
}

fn read_pages(folder: &Path, pages: &mut HashMap<PathBuf, Page>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_pages(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let page = parse(&fs::read_to_string(&path)?);
            pages.insert(path, page);
        }
    }
    Ok(())
}

fn parse(html: &str) -> Page {
    let mut page = Page::default();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let skipped = [("!--", "-->"), ("script", "</script>"), ("style", "</style>")];
        let skipped = skipped.iter().find(|(start, _)| rest.starts_with(start));
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) && skipped.is_none() {
            continue;
        }
        let name = rest.find([' ', '\n', '>', '/']).unwrap_or(rest.len());
        rest = attributes(&rest[name..], &mut page);
        if let Some((_, end)) = skipped {
            rest = rest.split_once(end).map_or("", |(_, after)| after);
        }
    }
    page
}

/// Adds the attributes of a tag to the page. Returns what follows the tag.
fn attributes<'a>(mut rest: &'a str, page: &mut Page) -> &'a str {
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\t', '\r', '/']);
        let Some(end) = rest.find(['=', ' ', '\n', '>', '/']) else { return "" };
        let name = &rest[..end];
        rest = &rest[end..];
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        let Some(after) = rest.strip_prefix('=') else { continue };
        let value;
        (value, rest) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((after, "")),
            _ => after.split_at(after.find([' ', '\n', '>']).unwrap_or(after.len())),
        };
        match name {
            "href" | "src" | "xlink:href" => page.links.push(unescape(value)),
            "id" => _ = page.places.insert(unescape(value)),
            _ => {}
        }
    }
}

/// Returns the targets of `[..](target)` and `[..]: target`.
fn markdown_links(text: &str) -> Vec<String> {
    let inline = text.split("](").skip(1).map(|after| after.split([')', ' ']).next());
    let defined = text
        .lines()
        .filter(|line| line.starts_with('['))
        .map(|line| Some(line.split_once("]: ")?.1));
    inline.chain(defined).flatten().map(String::from).collect()
}

/// Tells whether a link begins with a scheme, such as `https:`, or with the name of a host.
fn has_scheme(link: &str) -> bool {
    let end = link.find(|c: char| !c.is_ascii_alphanumeric());
    link.starts_with("//") || end.is_some_and(|end| end > 0 && link[end..].starts_with(':'))
}

fn unescape(value: &str) -> String {
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    names.iter().fold(value.to_string(), |value, (name, plain)| value.replace(name, plain))
}

/// Replaces each `%` and two digits by the byte that they stand for.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        let encoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let encoded = encoded.filter(|_| *first == b'%');
        bytes.push(encoded.unwrap_or(*first));
        rest = if encoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Resolves `.` and `..` by their names, as a browser does.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = normal.pop(),
            part => normal.push(part),
        }
    }
    normal
}
