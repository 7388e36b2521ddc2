//! Another reader's words on other people's files, looked for here. Slow, and needs poppler:
//! `cargo test -p eseal-document --lib -- --ignored --nocapture words_of_another_reader`. `ESEAL_PDFS` may name another folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::pdf::Pdf;
use crate::pdf::content::Interpreter;
use crate::pdf::content::matrix::Rect;
use crate::pdf::content::text::{PageText, comparable};
use crate::pdf::place::keyword::search::Searchable;
use crate::pdf::place::keyword::{Lines, seen_box};
use crate::pdf::place::page::walk::{Order, Walk};

/// How far the edges may be apart, points.
const TOLERANCE: f64 = 2.0;

/// A word and its box: points from the page's top-left corner as seen.
struct Word {
    text: String,
    bounds: [f64; 4],
}

struct Seen {
    words: Vec<Word>,
}

fn pdftotext(file: &Path) -> Option<Vec<Seen>> {
    let mut command = Command::new("timeout");
    command.args(["60", "pdftotext", "-bbox", "-cropbox", "-enc", "UTF-8"]);
    let output = command.arg(file).arg("-").output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut pages = Vec::new();
    for line in text.lines() {
        let number = |name: &str| {
            let (_, rest) = line.split_once(&format!("{name}=\""))?;
            rest.split_once('"')?.0.parse::<f64>().ok()
        };
        if line.contains("<page ") {
            pages.push(Seen { words: Vec::new() });
        } else if line.contains("<word ") {
            let bounds = [number("xMin")?, number("yMin")?, number("xMax")?, number("yMax")?];
            let inner = line.split_once('>')?.1.split_once("</word>")?.0;
            let text = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
            pages.last_mut()?.words.push(Word { text: text.replace("&amp;", "&"), bounds });
        }
    }
    Some(pages)
}

fn is_at(found: &[f64; 4], word: &[f64; 4]) -> bool {
    let middle = |[_, top, _, bottom]: &[f64; 4]| f64::midpoint(*top, *bottom);
    (found[0] - word[0]).abs() <= TOLERANCE
        && (found[2] - word[2]).abs() <= TOLERANCE
        && (middle(found) - middle(word)).abs() <= TOLERANCE
}

#[derive(Default)]
struct Tally {
    words: usize,
    found: usize,
    elsewhere: usize,
}

fn compare(file: &Path, pages: &[Seen], misses: &mut Vec<String>) -> Result<Tally, String> {
    let source = fs::File::open(file).map_err(|error| error.to_string())?;
    let pdf = Pdf::open(source).map_err(|error| error.code().to_owned())?;
    let mut tally = Tally::default();
    let mut walk = Walk::new(pdf.reader(), Order::Forward).map_err(|error| error.code().to_owned())?;
    let mut interpreter = Interpreter::new(pdf.reader());
    for seen in pages {
        let Some((_, page)) = walk.next().map_err(|error| error.code().to_owned())? else { break };
        let [left, bottom, right, top] = page.geometry.visible();
        let mut text = PageText::new(Rect { left, bottom, right, top });
        interpreter.page(&page, &mut text).map_err(|error| error.code().to_owned())?;
        let searchable = Searchable::new(&text);
        let [one, other] = [0.0, 1.0].map(|x| page.geometry.to_seen_mm([x, 0.0]));
        let per_mm = 1.0 / (one[0] - other[0]).hypot(one[1] - other[1]);
        for word in &seen.words {
            let keyword: Vec<char> = comparable(&word.text).collect();
            if keyword.is_empty() || word.text.contains('\u{fffd}') {
                continue;
            }
            tally.words += 1;
            let found = searchable.find(&keyword, Lines::Within);
            let boxes: Vec<_> =
                found.iter().map(|rect| seen_box(&page.geometry, rect).map(|side| side * per_mm)).collect();
            if boxes.iter().any(|found| is_at(found, &word.bounds)) {
                tally.found += 1;
            } else {
                tally.elsewhere += usize::from(!boxes.is_empty());
                misses.push(format!("{} {:.1?} {:.1?}", word.text, word.bounds, boxes.first()));
            }
        }
    }
    Ok(tally)
}

#[test]
#[ignore = "runs another program over a whole corpus"]
fn words_of_another_reader_are_found_where_it_sees_them() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pdf/files");
    let folder = std::env::var_os("ESEAL_PDFS").map_or(corpus, PathBuf::from);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    files.sort();
    let mut all = Tally::default();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Some(pages) = pdftotext(&file) else { continue };
        let mut misses = Vec::new();
        match compare(&file, &pages, &mut misses) {
            Err(code) => println!("{name}: {code}"),
            Ok(tally) => {
                all.words += tally.words;
                all.found += tally.found;
                all.elsewhere += tally.elsewhere;
                if tally.found < tally.words {
                    println!("{name}: {} of {}, {} elsewhere", tally.found, tally.words, tally.elsewhere);
                    misses.iter().take(4).for_each(|miss| println!("    {miss}"));
                }
            }
        }
    }
    println!("{} of {} words found, {} more elsewhere", all.found, all.words, all.elsewhere);
    assert!(all.found * 100 >= all.words * 95);
}
