//! The files that everything is measured on: made here, the same every time.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::BenchError;
use crate::noise::noise;

/// One file.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) pages: usize,
}

/// How a file is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Pages of text, classic cross-references.
    Table,
    /// Pages of text, object streams and a cross-reference stream.
    ObjectStreams,
    /// Each page is one picture of 10.5 MB, not compressed further.
    Pictures,
}

/// Objects in one object stream, and kids of one node.
const GROUP: usize = 100;
/// A picture's width and height, pixels of three bytes.
const PICTURE: [usize; 2] = [2_048, 1_707];

const INPUTS: [(&str, Kind, usize); 6] = [
    ("1 page", Kind::Table, 1),
    ("100 pages", Kind::Table, 100),
    ("5,000 pages", Kind::Table, 5_000),
    ("5,000 pages, object streams", Kind::ObjectStreams, 5_000),
    ("50 MB", Kind::Pictures, 5),
    ("200 MB", Kind::Pictures, 19),
];

/// Makes the inputs in the folder.
pub(crate) fn make(folder: &Path) -> Result<Vec<Input>, BenchError> {
    INPUTS
        .iter()
        .enumerate()
        .map(|(index, &(name, kind, pages))| {
            let path = folder.join(format!("input-{index}.pdf"));
            let mut file =
                Writer { out: BufWriter::new(File::create(&path)?), at: 0, rows: Vec::new(), packed: Vec::new() };
            file.document(kind, pages)?;
            file.out.flush()?;
            // What is still on its way to the disk would be measured with whatever comes next.
            file.out.get_ref().sync_all()?;
            let bytes = fs::metadata(&path)?.len();
            Ok(Input { name, path, bytes, pages })
        })
        .collect()
}

struct Writer<W> {
    out: W,
    at: usize,
    /// By object number less one: type and two fields of a cross-reference stream.
    rows: Vec<[usize; 3]>,
    /// Number and text of objects that are to go into the next object stream.
    packed: Vec<(usize, String)>,
}

impl<W: Write> Writer<W> {
    fn document(&mut self, kind: Kind, pages: usize) -> Result<(), BenchError> {
        self.write(b"%PDF-1.7\n%\xe5\x8d\xb0\xe7\xab\xa0\n")?;
        let nodes = pages.div_ceil(GROUP);
        // 1 catalog, 2 root of the page tree, 3 font, then the nodes, then two or three objects a page.
        let (first_node, first_page) = (4, 4 + nodes);
        let each = if kind == Kind::Pictures { 3 } else { 2 };
        self.object(kind, 1, "<</Type /Catalog /Pages 2 0 R>>")?;
        let kids = references((0..nodes).map(|node| first_node + node));
        let a4 = "/MediaBox [0 0 595.303937007874 841.889763779528]";
        self.object(kind, 2, &format!("<</Type /Pages /Kids [{kids}] /Count {pages} {a4}>>"))?;
        self.object(kind, 3, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")?;
        for node in 0..nodes {
            let (start, end) = (node * GROUP, pages.min((node + 1) * GROUP));
            let kids = references((start..end).map(|page| first_page + page * each));
            let text = format!("<</Type /Pages /Parent 2 0 R /Kids [{kids}] /Count {}>>", end - start);
            self.object(kind, first_node + node, &text)?;
        }
        for page in 0..pages {
            let (number, node) = (first_page + page * each, first_node + page / GROUP);
            let resources = match kind {
                Kind::Pictures => format!("/XObject <</P {} 0 R>>", number + 2),
                _ => "/Font <</F 3 0 R>>".to_owned(),
            };
            let text = format!(
                "<</Type /Page /Parent {node} 0 R /Contents {} 0 R /Resources <<{resources}>> /CropBox [0 0 595 841]>>",
                number + 1
            );
            self.object(kind, number, &text)?;
            let content = match kind {
                Kind::Pictures => "q 595 0 0 496 0 100 cm /P Do Q".to_owned(),
                _ => page_text(page),
            };
            self.stream(number + 1, "", content.as_bytes())?;
            if kind == Kind::Pictures {
                let [width, height] = PICTURE;
                let entries = format!(
                    "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8"
                );
                self.stream(number + 2, &entries, &noise(width * height * 3, page as u64 + 1))?;
            }
        }
        self.finish(kind)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), BenchError> {
        self.at += bytes.len();
        Ok(self.out.write_all(bytes)?)
    }

    fn note(&mut self, number: usize, row: [usize; 3]) {
        self.rows.resize(self.rows.len().max(number), [0; 3]);
        self.rows[number - 1] = row;
    }

    fn object(&mut self, kind: Kind, number: usize, text: &str) -> Result<(), BenchError> {
        if kind == Kind::ObjectStreams {
            self.packed.push((number, text.to_owned()));
            return Ok(());
        }
        self.note(number, [1, self.at, 0]);
        self.write(format!("{number} 0 obj\n{text}\nendobj\n").as_bytes())
    }

    fn stream(&mut self, number: usize, entries: &str, data: &[u8]) -> Result<(), BenchError> {
        self.note(number, [1, self.at, 0]);
        self.write(format!("{number} 0 obj\n<<{entries} /Length {}>>\nstream\n", data.len()).as_bytes())?;
        self.write(data)?;
        self.write(b"\nendstream\nendobj\n")
    }

    fn finish(&mut self, kind: Kind) -> Result<(), BenchError> {
        for group in std::mem::take(&mut self.packed).chunks(GROUP) {
            let container = self.rows.len() + 1;
            let (mut index, mut data) = (String::new(), String::new());
            for (position, (number, text)) in group.iter().enumerate() {
                let _ = write!(index, "{number} {} ", data.len());
                let _ = writeln!(data, "{text}");
                self.note(*number, [2, container, position]);
            }
            let entries = format!("/Type /ObjStm /N {} /First {} /Filter /FlateDecode", group.len(), index.len());
            self.stream(container, &entries, &deflated((index + &data).as_bytes())?)?;
        }
        let (size, startxref) = (self.rows.len() + 1, self.at);
        let end = format!("startxref\n{startxref}\n%%EOF\n");
        let shared = "/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]";
        if kind == Kind::ObjectStreams {
            self.note(size, [1, startxref, 0]);
            let mut data = vec![0; 7];
            for [kind, second, third] in &self.rows {
                data.extend_from_slice(&(*kind as u64).to_be_bytes()[7..]);
                data.extend_from_slice(&(*second as u64).to_be_bytes()[4..]);
                data.extend_from_slice(&(*third as u64).to_be_bytes()[6..]);
            }
            let entries = format!("/Type /XRef /Size {} /W [1 4 2] {shared} /Filter /FlateDecode", size + 1);
            self.stream(size, &entries, &deflated(&data)?)?;
            return self.write(end.as_bytes());
        }
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for [_, offset, _] in &self.rows {
            let _ = writeln!(table, "{offset:010} 00000 n ");
        }
        let _ = write!(table, "trailer\n<</Size {size} {shared}>>\n{end}");
        self.write(table.as_bytes())
    }
}

fn references(numbers: impl Iterator<Item = usize>) -> String {
    numbers.fold(String::new(), |mut text, number| {
        let _ = write!(text, "{number} 0 R ");
        text
    })
}

/// About half a kilobyte of text.
fn page_text(page: usize) -> String {
    let mut text = "BT /F 11 Tf 14 TL 60 780 Td\n".to_owned();
    for line in 1..=8 {
        let _ = writeln!(text, "(Page {}, line {line}: the parties agree as follows and sign below.) '", page + 1);
    }
    text + "ET"
}

fn deflated(data: &[u8]) -> Result<Vec<u8>, BenchError> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::default());
    out.write_all(data)?;
    Ok(out.finish()?)
}
