//! OFD packages from a script: the fuzzer's bytes choose files and what becomes of them, and the zip file around them is always put
//! together right, so that what is tried is the package and not its checksums.

use eseal_testkit::ofd::{Item, Zip};

use crate::ofd::{self, Signed};
use crate::script::Script;

/// What is put into a file, or in the place of something.
const TOKENS: [&str; 36] = [
    "",
    " ",
    "0",
    "-1",
    "1e300",
    "NaN",
    "99999999999999999999",
    "/",
    "\\",
    "../",
    "./",
    "/OFD.xml",
    "/Doc_0/Document.xml",
    "/Doc_0/Signs/Signatures.xml",
    "/Doc_0/Signs/Sign_0/Signature.xml",
    "/Doc_0/Signs/Sign_0/SignedValue.dat",
    "Pages/Page_0/Content.xml",
    "OFDEntries.xml",
    "signedvalue.dat",
    "&#65;",
    "&lt;",
    "<!-- -->",
    "<![CDATA[x]]>",
    "<x:y xmlns:x=\"z\"/>",
    "xmlns:ofd=\"other\" ",
    "MD5",
    "SHA-256",
    "1.2.156.10197.1.401.2",
    " Type=\"Sign\"",
    " Clip=\"0 0 8 40\"",
    "<ofd:Reference FileRef=\"/Doc_0/Res/a.bin\"><ofd:CheckValue>AAAA</ofd:CheckValue></ofd:Reference>",
    "<ofd:Signature ID=\"2\" Type=\"Seal\" BaseLoc=\"/Doc_0/Signs/Sign_0/Signature.xml\"/>",
    "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>",
    "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>",
    "<ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/>",
    "<ofd:File ID=\"9\" FileLoc=\"/Doc_0/Res/c.bin\"/>",
];

const NAMES: [&str; 14] = [
    "OFD.xml",
    "ofd.xml",
    "OFDEntries.xml",
    "signedvalue.dat",
    "Doc_0/Res/c.bin",
    "Doc_0/Res/A.BIN",
    "Doc_0/Res/",
    "Doc_0/Signs/Signatures.xml",
    "Doc_0/Signs/Sign_0/Signature.xml",
    "Doc_0/Signs/Sign_0/extra.xml",
    "Doc_0/Signs/Sign_1/Signature.xml",
    "/Doc_0/x",
    "../x",
    "Doc_0/Pages/Page_0/Content.xml",
];

/// The package that a script tells of, and what was signed on the way.
#[must_use]
pub fn play(bytes: &[u8]) -> (Vec<u8>, Vec<Signed>) {
    let mut script = Script { bytes };
    let seeds = ofd::seeds();
    let mut zip = Zip::read(&seeds[script.below(seeds.len())]);
    let mut signed = Vec::new();
    for _ in 0..script.below(7) {
        if script.is_over() {
            break;
        }
        match script.below(10) {
            0 => zip = again(&zip, &mut signed, ofd::seal),
            1 => zip = again(&zip, &mut signed, ofd::close),
            _ => change(&mut script, &mut zip),
        }
    }
    let noise = [b"".as_slice(), b"", b"\r\n", b"PK\x05\x06"];
    zip.before = noise[script.below(noise.len())].to_vec();
    (zip.write(), signed)
}

/// As `sign` leaves it, if it does.
fn again(zip: &Zip, signed: &mut Vec<Signed>, sign: fn(&[u8]) -> Option<Vec<u8>>) -> Zip {
    let Some(file) = sign(&zip.write()) else { return zip.clone() };
    signed.extend(Signed::of(&file));
    Zip::read(&file)
}

fn change(script: &mut Script<'_>, zip: &mut Zip) {
    if zip.entries.is_empty() {
        return;
    }
    let (one, other) = (script.below(zip.entries.len()), script.below(zip.entries.len()));
    match script.below(9) {
        0 => bytes(script, &mut zip.entries[one].bytes),
        1..=3 => splice(script, &mut zip.entries[one].bytes),
        4 => zip.entries[one].name = script.of(&NAMES).into(),
        5 => {
            let copy = Item::new(script.of(&NAMES), &zip.entries[one].bytes);
            zip.entries.push(copy);
        }
        6 => drop(zip.entries.remove(one)),
        7 => {
            let bytes = zip.entries[other].bytes.clone();
            zip.entries[one].bytes = bytes;
        }
        _ => {
            // A file of another package.
            let seeds = ofd::seeds();
            let mut from = Zip::read(&seeds[script.below(seeds.len())]).entries;
            let item = from.swap_remove(script.below(from.len()));
            match zip.entries.iter_mut().find(|entry| entry.name == item.name) {
                Some(entry) => *entry = item,
                None => zip.entries.push(item),
            }
        }
    }
}

fn bytes(script: &mut Script<'_>, bytes: &mut Vec<u8>) {
    let (at, byte) = (script.place(bytes.len() + 1), script.byte());
    match (script.below(3), bytes.get_mut(at)) {
        (0, Some(old)) => *old ^= byte,
        (1, Some(_)) => bytes.truncate(at),
        _ => bytes.insert(at, byte),
    }
}

/// Puts a token where something begins or ends, or in the place of what is there.
fn splice(script: &mut Script<'_>, bytes: &mut Vec<u8>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let places: Vec<usize> = text.match_indices(['<', '>', '"', '/', ' ']).map(|(at, _)| at + 1).collect();
    if places.is_empty() {
        return;
    }
    let (from, token) = (script.place(places.len()), script.of(&TOKENS));
    let at = places[from];
    let end = match script.below(4) {
        0 => at,
        ahead => places.get(from + ahead).map_or(at, |end| end - 1),
    };
    let text = [&text[..at], token, &text[end.max(at)..]].concat();
    *bytes = text.into_bytes();
}
