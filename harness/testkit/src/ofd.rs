//! OFD packages made by hand: zip files written byte by byte, so that each byte of them can be wrong.

use std::io::Write as _;

use flate2::Crc;
use flate2::write::{DeflateDecoder, DeflateEncoder};

/// A zip file as it is written, entry by entry.
#[derive(Debug, Clone, Default)]
pub struct Zip {
    /// In the order of the directory.
    pub entries: Vec<Item>,
    /// What stands before the archive.
    pub before: Vec<u8>,
    /// What stands behind it.
    pub comment: Vec<u8>,
}

/// An entry.
#[derive(Debug, Clone)]
pub struct Item {
    /// As written.
    pub name: Vec<u8>,
    /// Unpacked.
    pub bytes: Vec<u8>,
    /// 8: deflated; what it is else stands as it is.
    pub method: u16,
    /// As written; bit 3 puts the lengths behind the data.
    pub flags: u16,
    /// The name before the data, where it is another.
    pub local_name: Option<Vec<u8>>,
    /// The length that is stated, where it is not the truth.
    pub size: Option<u32>,
    /// The checksum that is stated, where it is not the truth.
    pub crc: Option<u32>,
    /// The place that is stated, where it is not the truth.
    pub start: Option<u32>,
    /// With lengths of 64 bits in the directory.
    pub wide: bool,
}

impl Item {
    /// A deflated file.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            bytes: bytes.to_vec(),
            method: 8,
            flags: 1 << 11,
            local_name: None,
            size: None,
            crc: None,
            start: None,
            wide: false,
        }
    }
}

impl Zip {
    /// Some files.
    #[must_use]
    pub fn of(entries: &[(&str, &[u8])]) -> Self {
        Self { entries: entries.iter().map(|(name, bytes)| Item::new(name, bytes)).collect(), ..Self::default() }
    }

    /// The file of that name, which is there.
    pub fn item(&mut self, name: &str) -> &mut Item {
        self.entries.iter_mut().find(|item| item.name == name.as_bytes()).expect("a small archive")
    }

    /// The archive.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = self.before.clone();
        let mut directory = Vec::new();
        for item in &self.entries {
            let start =
                item.start.unwrap_or_else(|| u32::try_from(out.len() - self.before.len()).expect("a small archive"));
            let packed = if item.method == 8 { deflate(&item.bytes) } else { item.bytes.clone() };
            let mut crc = Crc::new();
            crc.update(&item.bytes);
            let crc = item.crc.unwrap_or_else(|| crc.sum());
            let len = u32::try_from(packed.len()).expect("a small archive");
            let size = item.size.unwrap_or_else(|| u32::try_from(item.bytes.len()).expect("a small archive"));
            let fixed = |numbers: [u32; 3]| {
                let shorts = [20, item.flags, item.method, 0, 0x21].map(u16::to_le_bytes).concat();
                [shorts, numbers.map(u32::to_le_bytes).concat()].concat()
            };
            let follows = item.flags & 8 != 0;
            let name = item.local_name.as_ref().unwrap_or(&item.name);
            out.extend_from_slice(b"PK\x03\x04");
            out.extend_from_slice(&fixed(if follows { [0; 3] } else { [crc, len, size] }));
            out.extend_from_slice(&u16::try_from(name.len()).expect("a small archive").to_le_bytes());
            out.extend_from_slice(&[0, 0]);
            out.extend_from_slice(name);
            out.extend_from_slice(&packed);
            if follows {
                out.extend_from_slice(b"PK\x07\x08");
                out.extend_from_slice(&[crc, len, size].map(u32::to_le_bytes).concat());
            }
            let extra = if item.wide {
                let longs = [u64::from(size), u64::from(len), u64::from(start)].map(u64::to_le_bytes).concat();
                [&[1, 0, 24, 0], longs.as_slice()].concat()
            } else {
                Vec::new()
            };
            let most = u32::MAX;
            directory.extend_from_slice(b"PK\x01\x02\x14\0");
            directory.extend_from_slice(&fixed(if item.wide { [crc, most, most] } else { [crc, len, size] }));
            directory.extend_from_slice(&u16::try_from(item.name.len()).expect("a small archive").to_le_bytes());
            directory.extend_from_slice(&u16::try_from(extra.len()).expect("a small archive").to_le_bytes());
            directory.extend_from_slice(&[0; 10]);
            directory.extend_from_slice(&(if item.wide { most } else { start }).to_le_bytes());
            directory.extend_from_slice(&item.name);
            directory.extend_from_slice(&extra);
        }
        let at = out.len() - self.before.len();
        out.extend_from_slice(&directory);
        let (count, len, at) = (self.entries.len() as u64, directory.len() as u64, at as u64);
        if count > 0xFFFF {
            out.extend_from_slice(b"PK\x06\x06");
            out.extend_from_slice(&44_u64.to_le_bytes());
            out.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend_from_slice(&[count, count, len, at].map(u64::to_le_bytes).concat());
            out.extend_from_slice(b"PK\x06\x07\0\0\0\0");
            out.extend_from_slice(&(at + len).to_le_bytes());
            out.extend_from_slice(&1_u32.to_le_bytes());
        }
        let short = u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        out.extend_from_slice(&[short, short].concat());
        out.extend_from_slice(
            &[len, at].map(|long| u32::try_from(long).expect("a small archive").to_le_bytes()).concat(),
        );
        out.extend_from_slice(&u16::try_from(self.comment.len()).expect("a small archive").to_le_bytes());
        out.extend_from_slice(&self.comment);
        out
    }

    /// The files of an archive that was written by the library or by this.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        Self::try_read(bytes).expect("a small archive")
    }

    /// The files of any archive that has no lengths of 64 bits, by its directory alone: as a reader sees them that is not strict.
    #[must_use]
    pub fn try_read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
        let number = |at: usize, len: usize| -> Option<usize> {
            Some(bytes.get(at..at + len)?.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
        };
        let (count, len, offset) = (number(end + 8, 2)?, number(end + 12, 4)?, number(end + 16, 4)?);
        let mut at = end.checked_sub(len)?;
        // Bytes before the archive move everything by as much.
        let moved = at.checked_sub(offset)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            let (packed, name, extra) = (number(at + 20, 4)?, number(at + 28, 2)?, number(at + 30, 2)?);
            let start = number(at + 42, 4)? + moved;
            let data = start + 30 + number(start + 26, 2)? + number(start + 28, 2)?;
            let packed = bytes.get(data..data + packed)?;
            let raw = if number(at + 10, 2)? == 8 { inflate(packed)? } else { packed.to_vec() };
            entries.push(Item::new(std::str::from_utf8(bytes.get(at + 46..at + 46 + name)?).ok()?, &raw));
            at += 46 + name + extra + number(at + 32, 2)?;
        }
        Some(Self { entries, ..Self::default() })
    }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut deflating = DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflating.write_all(bytes).expect("a small archive");
    deflating.finish().expect("a small archive")
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inflating = DeflateDecoder::new(Vec::new());
    inflating.write_all(bytes).ok()?;
    inflating.finish().ok()
}

const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// A package of some pages of A4, unsigned.
#[must_use]
pub fn document(pages: usize) -> Zip {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let root = format!(
        "{head}<ofd:OFD {NAMESPACE} Version=\"1.1\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID>\
         </ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    );
    let reference = |n| format!("<ofd:Page ID=\"{}\" BaseLoc=\"Pages/Page_{n}/Content.xml\"/>", 10 * n + 1);
    let refs = (0..pages).map(reference).collect::<Vec<_>>().concat();
    let document = format!(
        "{head}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea>\
         <ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{refs}</ofd:Pages></ofd:Document>"
    );
    let mut zip = Zip::of(&[("OFD.xml", root.as_bytes()), ("Doc_0/Document.xml", document.as_bytes())]);
    for n in 0..pages {
        let content = format!(
            "{head}<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer ID=\"2\"><ofd:TextObject ID=\"3\" Boundary=\"20 20 100 10\" Size=\"5\">\
             <ofd:TextCode X=\"0\" Y=\"5\">page {n}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>"
        );
        zip.entries.push(Item::new(&format!("Doc_0/Pages/Page_{n}/Content.xml"), content.as_bytes()));
    }
    zip.entries.push(Item { method: 0, flags: 0, ..Item::new("Doc_0/Res/a.bin", &[0x5A; 300]) });
    zip.entries.push(Item { flags: 8, ..Item::new("Doc_0/Res/b.bin", b"lengths follow") });
    zip
}
