//! Where the fuzzer starts from.

use crate::builder::{Builder, KINDS, append};
use crate::seal;

/// Files by name: every kind of cross-reference, unsigned, signed once, and signed twice.
#[must_use]
pub fn all() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for kind in KINDS {
        let name = format!("{kind:?}").to_lowercase();
        let unsigned = Builder::simple(kind).build();
        let once = seal(&unsigned).expect("a sound file can be sealed");
        let twice = seal(&once).expect("a sealed file can be sealed");
        files.push((format!("{name}-twice.pdf"), twice));
        files.push((format!("{name}-once.pdf"), once));
        files.push((format!("{name}.pdf"), unsigned));
    }
    let simple = Builder::simple(crate::builder::Xref::Table);
    files.push(("behind-noise.pdf".to_owned(), simple.clone().before_header(b"noise\n").build()));
    let form = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [6 0 R] /SigFlags 1>>>>";
    let field = "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect [10 10 90 50] /P 3 0 R /F 4>>";
    let page = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Annots 7 0 R /Rotate 90 /CropBox [9 9 500 700]>>";
    let empty = simple.object(1, form).object(3, page).object(6, field).object(7, "[6 0 R]").build();
    files.push(("empty-field.pdf".to_owned(), empty.clone()));
    files.push(("updated.pdf".to_owned(), append(&empty, &[(8, "(new)")], "")));
    files
}

const COMMITTED: [&[u8]; 10] = [
    include_bytes!("../corpus/pdf/hybrid-once.pdf"),
    include_bytes!("../corpus/pdf/hybrid-twice.pdf"),
    include_bytes!("../corpus/pdf/objectstream-once.pdf"),
    include_bytes!("../corpus/pdf/objectstream-twice.pdf"),
    include_bytes!("../corpus/pdf/shortrows-once.pdf"),
    include_bytes!("../corpus/pdf/shortrows-twice.pdf"),
    include_bytes!("../corpus/pdf/stream-once.pdf"),
    include_bytes!("../corpus/pdf/stream-twice.pdf"),
    include_bytes!("../corpus/pdf/table-once.pdf"),
    include_bytes!("../corpus/pdf/table-twice.pdf"),
];

/// A file that was signed.
#[derive(Debug)]
pub struct Signed {
    file: &'static [u8],
    contents: std::ops::Range<usize>,
}

impl Signed {
    /// Whether all bytes that the last signature covers are the same.
    #[must_use]
    pub fn is_same(&self, other: &[u8]) -> bool {
        other.len() == self.file.len()
            && other[..self.contents.start] == self.file[..self.contents.start]
            && other[self.contents.end..] == self.file[self.contents.end..]
    }
}

thread_local! {
    static SIGNED: &'static [Signed] = Vec::leak(make_signed());
}

/// Every signed file of the committed corpus, which is what the verifier starts from: what is sealed today may be spelt
/// otherwise.
#[must_use]
pub fn signed() -> &'static [Signed] {
    SIGNED.with(|signed| *signed)
}

fn make_signed() -> Vec<Signed> {
    COMMITTED.iter().map(|&file| Signed { contents: last_contents(file), file }).collect()
}

/// Between the angle brackets of the last `/Contents` that is a string.
fn last_contents(file: &[u8]) -> std::ops::Range<usize> {
    const KEY: &[u8] = b"/Contents <";
    let start = file.windows(KEY.len()).rposition(|window| window == KEY).expect("a signature") + KEY.len();
    let length = file[start..].iter().position(|byte| *byte == b'>').expect("its end");
    start..start + length
}
