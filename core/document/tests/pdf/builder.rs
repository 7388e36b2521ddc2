//! Small PDFs, made as a test needs them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

/// How the cross-references are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Xref {
    Table,
    /// Rows of 19 bytes, as some writers make them.
    ShortRows,
    Stream,
    /// A stream, and the objects that may be in an object stream are in one.
    ObjectStream,
    /// A table, with an object stream that only `/XRefStm` leads to.
    Hybrid,
}

pub(crate) const KINDS: [Xref; 5] = [Xref::Table, Xref::ShortRows, Xref::Stream, Xref::ObjectStream, Xref::Hybrid];

/// A file being put together: objects by number; 1 is the catalog.
#[derive(Debug, Clone)]
pub(crate) struct Builder {
    objects: BTreeMap<u32, Vec<u8>>,
    xref: Xref,
    before_header: Vec<u8>,
    trailer: String,
}

impl Builder {
    pub(crate) fn new(xref: Xref) -> Self {
        Self {
            objects: BTreeMap::new(),
            xref,
            before_header: Vec::new(),
            trailer: "/ID [<00112233445566778899aabbccddeeff> (second)]".to_owned(),
        }
    }

    /// One page of A4 with a line of text and a black bar.
    pub(crate) fn simple(xref: Xref) -> Self {
        Self::new(xref)
            .object(1, "<</Type /Catalog /Pages 2 0 R>>")
            .object(2, "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595.303937007874 841.889763779528]>>")
            .object(3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>")
            .stream(4, "", b"BT /F 24 Tf 100 700 Td (Contract) Tj ET 100 690 200 2 re f")
            .object(5, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")
    }

    pub(crate) fn object(mut self, number: u32, text: &str) -> Self {
        self.objects.insert(number, text.as_bytes().to_vec());
        self
    }

    pub(crate) fn stream(mut self, number: u32, entries: &str, data: &[u8]) -> Self {
        let mut object = format!("<<{entries} /Length {}>>\nstream\n", data.len()).into_bytes();
        object.extend_from_slice(data);
        object.extend_from_slice(b"\nendstream");
        self.objects.insert(number, object);
        self
    }

    pub(crate) fn before_header(mut self, bytes: &[u8]) -> Self {
        self.before_header = bytes.to_vec();
        self
    }

    pub(crate) fn trailer(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.trailer);
        self
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n%\xe5\x8d\xb0\xe7\xab\xa0\n".to_vec();
        let is_packable = |object: &[u8]| !object.ends_with(b"endstream");
        let packs = matches!(self.xref, Xref::ObjectStream | Xref::Hybrid);
        let packed: Vec<u32> =
            self.objects.iter().filter(|(_, object)| packs && is_packable(object)).map(|(number, _)| *number).collect();
        // A hybrid file keeps what every reader needs outside.
        let packed: Vec<u32> = packed.into_iter().filter(|number| self.xref != Xref::Hybrid || *number > 4).collect();
        let mut rows: BTreeMap<u32, [u64; 3]> = BTreeMap::new();
        for (number, object) in self.objects.iter().filter(|(number, _)| !packed.contains(number)) {
            rows.insert(*number, [1, file.len() as u64, 0]);
            write_object(&mut file, *number, object);
        }
        let mut next = self.objects.keys().max().unwrap() + 1;
        if !packed.is_empty() {
            let container = next;
            next += 1;
            for (index, number) in packed.iter().enumerate() {
                rows.insert(*number, [2, u64::from(container), index as u64]);
            }
            rows.insert(container, [1, file.len() as u64, 0]);
            let object = self.object_stream(&packed);
            write_object(&mut file, container, &object);
        }
        let startxref = match self.xref {
            Xref::Table | Xref::ShortRows => self.table(&mut file, &rows, next, ""),
            Xref::Stream | Xref::ObjectStream => self.xref_stream(&mut file, &rows, next),
            Xref::Hybrid => {
                let hidden = self.xref_stream(&mut file, &rows, next);
                rows.retain(|_, row| row[0] == 1);
                self.table(&mut file, &rows, next + 1, &format!("/XRefStm {hidden} "))
            }
        };
        file.extend_from_slice(format!("startxref\n{startxref}\n%%EOF\n").as_bytes());
        [self.before_header.as_slice(), &file].concat()
    }

    fn object_stream(&self, packed: &[u32]) -> Vec<u8> {
        let (mut index, mut data) = (String::new(), Vec::new());
        for number in packed {
            write!(index, "{number} {} ", data.len()).unwrap();
            data.extend_from_slice(&self.objects[number]);
            data.push(b'\n');
        }
        let data = deflate(&[index.as_bytes(), &data].concat());
        let mut object = format!(
            "<</Type /ObjStm /N {} /First {} /Filter /FlateDecode /Length {}>>\nstream\n",
            packed.len(),
            index.len(),
            data.len()
        )
        .into_bytes();
        object.extend_from_slice(&data);
        object.extend_from_slice(b"\nendstream");
        object
    }

    fn table(&self, file: &mut Vec<u8>, rows: &BTreeMap<u32, [u64; 3]>, size: u32, extra: &str) -> usize {
        let start = file.len();
        let end = if self.xref == Xref::ShortRows { "\n" } else { " \n" };
        file.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f{end}").as_bytes());
        for number in 1..size {
            let row = match rows.get(&number) {
                Some([_, offset, _]) => format!("{offset:010} 00000 n{end}"),
                None => format!("0000000000 65535 f{end}"),
            };
            file.extend_from_slice(row.as_bytes());
        }
        let trailer = format!("trailer\n<</Size {size} /Root 1 0 R {extra}{}>>\n", self.trailer);
        file.extend_from_slice(trailer.as_bytes());
        start
    }

    /// With the PNG "up" predictor, as most writers do it.
    fn xref_stream(&self, file: &mut Vec<u8>, rows: &BTreeMap<u32, [u64; 3]>, own: u32) -> usize {
        let start = file.len();
        let mut above = [0_u8; 7];
        let mut data = Vec::new();
        for number in 0..=own {
            let row = if number == own { [1, start as u64, 0] } else { rows.get(&number).copied().unwrap_or([0; 3]) };
            let mut bytes = [0_u8; 7];
            bytes[0] = u8::try_from(row[0]).unwrap();
            bytes[1..5].copy_from_slice(&u32::try_from(row[1]).unwrap().to_be_bytes());
            bytes[5..].copy_from_slice(&u16::try_from(row[2]).unwrap().to_be_bytes());
            data.push(2);
            data.extend(bytes.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
            above = bytes;
        }
        let data = deflate(&data);
        let mut object = format!(
            "<</Type /XRef /Size {} /W [1 4 2] /Root 1 0 R {} /Filter /FlateDecode \
             /DecodeParms <</Predictor 12 /Columns 7>> /Length {}>>\nstream\n",
            own + 1,
            self.trailer,
            data.len()
        )
        .into_bytes();
        object.extend_from_slice(&data);
        object.extend_from_slice(b"\nendstream");
        write_object(file, own, &object);
        start
    }
}

fn write_object(file: &mut Vec<u8>, number: u32, object: &[u8]) {
    file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    file.extend_from_slice(object);
    file.extend_from_slice(b"\nendobj\n");
}

pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::ZlibEncoder::new(data, flate2::Compression::default()).read_to_end(&mut out).unwrap();
    out
}

/// Appends a revision with a table: objects as given, and what the trailer says besides `/Size`, `/Root`, `/Prev`.
pub(crate) fn append(file: &[u8], objects: &[(u32, &str)], trailer: &str) -> Vec<u8> {
    let previous = last_startxref(file);
    let mut out = file.to_vec();
    let mut rows = Vec::new();
    for (number, object) in objects {
        rows.push((*number, out.len()));
        write_object(&mut out, *number, object.as_bytes());
    }
    let start = out.len();
    out.extend_from_slice(b"xref\n");
    for (number, offset) in rows {
        out.extend_from_slice(format!("{number} 1\n{offset:010} 00000 n \n").as_bytes());
    }
    let size = objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0).max(100);
    let text = format!("trailer\n<</Size {size} /Root 1 0 R /Prev {previous} {trailer}>>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(text.as_bytes());
    out
}

pub(crate) fn last_startxref(file: &[u8]) -> usize {
    let at = file.windows(9).rposition(|window| window == b"startxref").unwrap();
    let text = std::str::from_utf8(&file[at + 9..]).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

/// Where a text last stands.
pub(crate) fn rfind(file: &[u8], text: &str) -> usize {
    file.windows(text.len()).rposition(|window| window == text.as_bytes()).unwrap_or_else(|| panic!("no {text}"))
}
