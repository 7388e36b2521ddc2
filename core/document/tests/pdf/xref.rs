//! Cross-references of files that are large, long or odd.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write as _};

use eseal_document::ReadAt;
use eseal_document::pdf::{OpenOptions, PageIndex, Pdf};
use eseal_document::report::Verdict;

use crate::builder::{Builder, Xref, deflate, last_startxref};
use crate::party::{Party, somewhere};
use crate::peers::{Tool, tool};

/// What stands somewhere in a file that is otherwise zeros.
struct Sparse {
    size: u64,
    at: u64,
    bytes: Vec<u8>,
}

impl ReadAt for Sparse {
    fn size(&self) -> std::io::Result<u64> {
        Ok(self.size)
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        if offset + buf.len() as u64 > self.size {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        for (index, byte) in buf.iter_mut().enumerate() {
            let position = offset + index as u64;
            *byte = match position {
                0..8 => b"%PDF-1.7"[usize::try_from(position).unwrap()],
                _ => position
                    .checked_sub(self.at)
                    .and_then(|at| self.bytes.get(usize::try_from(at).ok()?))
                    .copied()
                    .unwrap_or(0),
            };
        }
        Ok(())
    }
}

/// The objects of a simple file, and their cross-reference, from byte `at` on.
fn far_away(at: u64, kind: Xref) -> Vec<u8> {
    let mut bytes = b"\n".to_vec();
    let mut offsets = Vec::new();
    let objects = [
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400]>>",
        "<</Type /Page /Parent 2 0 R>>",
    ];
    for (index, object) in objects.iter().enumerate() {
        offsets.push(at + bytes.len() as u64);
        write!(bytes, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let start = at + bytes.len() as u64;
    if kind == Xref::Table {
        bytes.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
        for offset in &offsets {
            writeln!(bytes, "{offset:010} 00000 n ").unwrap();
        }
        bytes.extend_from_slice(b"trailer\n<</Size 4 /Root 1 0 R>>\n");
    } else {
        offsets.push(start);
        let mut data = vec![0_u8; 9];
        for offset in &offsets {
            data.push(1);
            data.extend_from_slice(&offset.to_be_bytes());
        }
        let head = format!("4 0 obj\n<</Type /XRef /Size 5 /W [1 8 0] /Root 1 0 R /Length {}>>\nstream\n", data.len());
        bytes.extend_from_slice(&[head.as_bytes(), &data, b"\nendstream\nendobj\n"].concat());
    }
    write!(bytes, "startxref\n{start}\n%%EOF\n").unwrap();
    bytes
}

#[test]
fn objects_beyond_four_gibibytes_are_found() {
    for (at, kind) in [(5_u64 << 30, Xref::Table), (5 << 30, Xref::Stream), (1 << 52, Xref::Stream)] {
        let bytes = far_away(at, kind);
        let source = Sparse { size: at + bytes.len() as u64, at, bytes };
        let pdf = Pdf::open(&source).unwrap();
        assert_eq!(pdf.page_count().unwrap(), 1);
        let [width, _] = pdf.page_size_mm(PageIndex::new(1)).unwrap();
        assert!((width - 300.0 * 25.4 / 72.0).abs() < 1e-9);
    }
}

/// What a table cannot hold goes into a stream: the same file is sealed below and above ten digits.
#[test]
#[ignore = "hashes fifteen gigabytes"]
fn files_of_many_gigabytes_are_sealed() {
    let party = Party::new("Test", 1);
    let folder = tempfile::tempdir().unwrap();
    for (at, kind, expects_stream) in
        [(5_u64 << 30, Xref::Table, false), (9_999_999_800, Xref::Table, true), (5 << 30, Xref::Stream, true)]
    {
        let path = folder.path().join("large.pdf");
        let mut file = File::create(&path).unwrap();
        file.write_all(b"%PDF-1.7").unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&far_away(at, kind)).unwrap();
        drop(file);
        let prepared = Pdf::open(File::open(&path).unwrap()).unwrap().prepare(&party.request(somewhere())).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        let revision = prepared.complete(&signature).unwrap().revision().to_vec();
        let text = String::from_utf8_lossy(&revision).into_owned();
        assert_eq!(text.contains("/Type /XRef"), expects_stream, "{at}");
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(&revision).unwrap();
        let report = eseal_document::verify(File::open(&path).unwrap(), &party.anchors(), crate::party::NOW).unwrap();
        assert_eq!(report.verdict, Verdict::Valid);
        if let Some(qpdf) = tool(Tool::Qpdf, &["--check"], &path) {
            assert_eq!(qpdf.status, 0, "{}", qpdf.text);
        }
    }
}

#[test]
fn a_hundred_thousand_objects_are_no_problem() {
    for kind in [Xref::Table, Xref::Stream] {
        let mut builder = Builder::simple(kind);
        for number in 10..100_000 {
            builder = builder.object(number, "<</X 1>>");
        }
        let file = builder.build();
        let party = Party::new("Test", 1);
        let sealed = party.seal(&file).unwrap();
        assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
        // The same without its cross-references.
        let start = last_startxref(&file);
        let damaged = &file[..start];
        let sealed = party.seal(damaged).unwrap();
        assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
    }
}

#[test]
fn object_streams_that_unpack_to_too_much_together_are_refused() {
    let packed = deflate(&vec![b' '; 60 << 20]);
    let mut file = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n".to_vec();
    for number in 10..40 {
        let head = format!(
            "{number} 0 obj\n<</Type /ObjStm /N 0 /First 0 /Filter /FlateDecode /Length {}>>\nstream\n",
            packed.len()
        );
        file.extend_from_slice(&[head.as_bytes(), &packed, b"\nendstream\nendobj\n"].concat());
    }
    file.extend_from_slice(b"trailer\n<</Root 1 0 R>>\n");
    assert_eq!(Party::new("Test", 1).seal(&file).unwrap_err().code(), "pdf.limit-exceeded");
}

#[test]
fn subsections_and_rows_may_be_odd() {
    let file = Builder::simple(Xref::Table).build();
    let text = String::from_utf8_lossy(&file).into_owned();
    let start = text.rfind("xref\n0 6").unwrap();
    let party = Party::new("Test", 1);
    let rows: Vec<&str> = text[start..].lines().skip(2).take(6).collect();
    for style in 0..4 {
        let mut table = String::new();
        match style {
            // Each row a subsection.
            0 => {
                table.push_str("xref\n");
                for (number, row) in rows.iter().enumerate() {
                    writeln!(table, "{number} 1\n{row}").unwrap();
                }
            }
            // All on one line.
            1 => writeln!(table, "xref 0 6 {}", rows.join(" ")).unwrap(),
            // Blank lines and returns.
            2 => write!(table, "xref\r\r0 6\r\n{}\r", rows.join("\r\r\n")).unwrap(),
            // A comment, and numbers without leading zeros.
            _ => {
                table.push_str("xref % here\n0 6\n");
                for row in &rows {
                    let row = row.trim_start_matches('0');
                    writeln!(table, "{}{row}", if row.starts_with(' ') { "0" } else { "" }).unwrap();
                }
            }
        }
        let changed = format!("{table}trailer\n<</Size 6 /Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
        let changed = [&file[..start], changed.as_bytes()].concat();
        let sealed = party.seal(&changed).unwrap_or_else(|error| panic!("{style}: {}", error.code()));
        assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid, "{style}");
    }
}

#[test]
fn a_length_that_is_wrong_does_not_matter() {
    let party = Party::new("Test", 1);
    for kind in [Xref::ObjectStream, Xref::Hybrid] {
        let file = Builder::simple(kind).build();
        let text = String::from_utf8_lossy(&file).into_owned();
        let container = text.find("/Type /ObjStm").unwrap();
        let at = container + text[container..].find("/Length ").unwrap() + 8;
        for wrong in [b"1", b"9"] {
            let mut changed = file.clone();
            changed[at] = wrong[0];
            let options = OpenOptions::new();
            let sealed = party.seal_with(&changed, &options, somewhere());
            assert!(sealed.is_ok(), "{kind:?}: {:?}", sealed.map_err(|error| error.code()));
        }
    }
}
