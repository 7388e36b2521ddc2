//! PDFs from a script: the fuzzer's bytes choose objects and tokens, and the file around them is always put together right,
//! so that what is tried is the document and not its syntax.

use crate::builder::{Builder, KINDS, Xref, append};
use crate::seal;

/// The script; when it ends, every choice is the first.
pub(crate) struct Script<'a> {
    pub(crate) bytes: &'a [u8],
}

/// What is put in the place of a value, or between two.
const TOKENS: [&str; 40] = [
    "null",
    "true",
    "0",
    "1",
    "-1",
    "2147483648",
    "99999999999999999999",
    "595.303937007874",
    "-.002",
    "4.",
    "+17",
    "/",
    "/Name",
    "/N#61me",
    "/#00",
    "()",
    "(a(b)c\\)\\051)",
    "(\\\r\n)",
    "<>",
    "<4>",
    "<66 6f6F>",
    "[]",
    "[[[[[[[[]]]]]]]]",
    "[0 0 200 300]",
    "[300 200 0 0]",
    "[0 0 0 0]",
    "[1e9 0 4 5]",
    "<<>>",
    "<</Type /Annot>>",
    "<</FT /Sig /T (Signature1)>>",
    "<</A <</B [<</C (d)>>]>>>>",
    "1 0 R",
    "2 0 R",
    "3 0 R",
    "6 0 R",
    "7 0 R",
    "99 0 R",
    "3 65535 R",
    "% comment\n",
    "\u{c}\t\r",
];

const KEYS: [&str; 24] = [
    "Type",
    "Pages",
    "Kids",
    "Count",
    "Parent",
    "MediaBox",
    "CropBox",
    "Rotate",
    "UserUnit",
    "Annots",
    "AcroForm",
    "Fields",
    "SigFlags",
    "DR",
    "DA",
    "T",
    "FT",
    "V",
    "Kids",
    "Perms",
    "Extensions",
    "Version",
    "Contents",
    "Resources",
];

impl Script<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    pub(crate) fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }

    /// As [`Self::below`], for more than a byte can tell.
    pub(crate) fn place(&mut self, count: usize) -> usize {
        (usize::from(self.byte()) << 8 | usize::from(self.byte())) % count
    }

    pub(crate) fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// The file that a script tells of.
#[must_use]
pub fn play(bytes: &[u8]) -> Vec<u8> {
    let mut script = Script { bytes };
    let kind = KINDS[script.below(KINDS.len())];
    let mut objects = objects(&mut script);
    mutate(&mut script, &mut objects);
    let mut builder = Builder::new(kind).stream(4, "", b"BT /F 24 Tf 100 700 Td (Contract) Tj ET");
    for (number, object) in &objects {
        builder = builder.object(*number, object);
    }
    let noise = [b"".as_slice(), b"\r\n", b"%!PS-Adobe-3.0\n", &[0; 1_000]];
    builder = builder.before_header(noise[script.below(noise.len())]);
    let trailers =
        ["/ID [<0011> <2233>]", "", "/ID [() ()] /Info 5 0 R", "/ID 8 0 R", "/Info null /XYZ (kept)", "/ID [<00>]"];
    builder = builder.trailer(script.of(&trailers));
    let mut file = builder.build();
    for _ in 0..script.below(4) {
        file = match (script.below(3), kind) {
            (0, _) => seal(&file).unwrap_or(file),
            // The tests' appender writes tables.
            (1, Xref::Table | Xref::ShortRows) => {
                let (number, object) = (20 + u32::from(script.byte() % 8), script.of(&TOKENS));
                append(&file, &[(number, object)], script.of(&["", "/ID [<0011> <4455>]"]))
            }
            (_, Xref::Table | Xref::ShortRows) => {
                let (number, object) = objects[script.below(objects.len())].clone();
                append(&file, &[(number, &object)], "")
            }
            _ => file,
        };
    }
    let ends = [b"".as_slice(), b"\n", b"\r", b" \n\n", b"\0\0\0", b"trailing text"];
    file.extend_from_slice(ends[script.below(ends.len())]);
    file
}

fn objects(script: &mut Script<'_>) -> Vec<(u32, String)> {
    let forms = [
        "",
        "/AcroForm <</Fields []>>",
        "/AcroForm 6 0 R",
        "/AcroForm <</Fields 7 0 R /SigFlags 1>>",
        "/AcroForm <</Fields [8 0 R] /DR <</Font <</F 5 0 R>>>> /DA (/F 0 Tf)>>",
        "/AcroForm<<>>",
        "/AcroForm null",
    ];
    let annotations =
        ["", "/Annots []", "/Annots 7 0 R", "/Annots [8 0 R]", "/Annots null", "/Annots [null 8 0 R 99 0 R]"];
    let boxes = [
        "/MediaBox [0 0 595.303937007874 841.889763779528]",
        "/MediaBox [0 0 595.32001 841.92004] /CropBox [10 10 500 800]",
        "/MediaBox [-100 -200 500 600]",
        "/MediaBox [600 800 0 0] /UserUnit 2.5",
        "/MediaBox 9 0 R",
        "/CropBox [0 0 400 400]",
    ];
    let rotations = ["", "/Rotate 90", "/Rotate 180", "/Rotate 270", "/Rotate -90", "/Rotate 45", "/Rotate 8 0 R"];
    let fields = [
        "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect [10 10 90 50] /P 3 0 R /F 4>>",
        "<</FT /Tx /T (name) /V (value) /Subtype /Widget /Rect [0 0 9 9]>>",
        "<</FT /Sig /T (Signature1) /Kids [9 0 R]>>",
        "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note)>>",
        "<</FT /Sig /T (locked) /Lock <</Type /SigFieldLock /Action /All>> /Rect [10 10 90 50] /Subtype /Widget>>",
        "<</FT /Sig /T (seeded) /SV <</Type /SV /Ff 2 /SubFilter [/ETSI.CAdES.detached]>> /Rect [1 1 90 50]>>",
    ];
    let pages = [
        "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595.303937007874 841.889763779528]>>",
        "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2 /MediaBox [0 0 612 792] /Rotate 90>>",
        "<</Type /Pages /Kids [10 0 R 3 0 R] /Count 2 /MediaBox [0 0 612 792]>>",
        "<</Type /Pages /Kids [2 0 R 3 0 R] /Count 2>>",
    ];
    let extra = ["", "/Version /2.0", "/Perms <</DocMDP 9 0 R>>", "/Extensions <<>>", "/MarkInfo <</Marked true>>"];
    let nine = ["[0 0 300 400]", "<</Type /Annot /Subtype /Widget /Parent 8 0 R /Rect [0 0 50 50]>>", "90", "9 0 R"];
    vec![
        (1, format!("<</Type /Catalog /Pages 2 0 R {} {}>>", script.of(&forms), script.of(&extra))),
        (2, script.of(&pages).to_owned()),
        (
            3,
            format!(
                "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> {} {} {}>>",
                script.of(&annotations),
                script.of(&boxes),
                script.of(&rotations)
            ),
        ),
        (5, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>".to_owned()),
        (6, format!("<</Fields {} /SigFlags 3>>", script.of(&["[]", "[8 0 R]", "7 0 R", "null"]))),
        (7, script.of(&["[]", "[8 0 R]", "[ 8 0 R % last\n]", "7 0 R"]).to_owned()),
        (8, script.of(&fields).to_owned()),
        (9, script.of(&nine).to_owned()),
        (10, "<</Type /Page /Parent 2 0 R /Contents [4 0 R 4 0 R]>>".to_owned()),
    ]
}

/// Puts tokens where the script says: in front of a `/`, in the place of a value, or as a new entry.
fn mutate(script: &mut Script<'_>, objects: &mut [(u32, String)]) {
    for _ in 0..script.below(5) {
        if script.is_over() {
            return;
        }
        let (_, object) = &mut objects[script.below(9)];
        let at: Vec<usize> = object.match_indices(['/', ']', '>', ' ']).map(|(at, _)| at).collect();
        let (Some(&at), token) = (at.get(script.below(at.len().max(1))), script.of(&TOKENS)) else { continue };
        match script.below(3) {
            0 => object.insert_str(at, &format!(" {token} ")),
            1 => {
                let end = object[at + 1..].find(['/', ']', '>']).map_or(object.len(), |length| at + 1 + length);
                object.replace_range(at..end, &format!(" {token} "));
            }
            _ => object.insert_str(2.min(object.len()), &format!("/{} {token} ", script.of(&KEYS))),
        }
    }
}
