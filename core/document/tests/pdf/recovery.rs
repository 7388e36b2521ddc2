//! Damaged cross-references: made anew where nobody has signed, refused where somebody has.

use std::fmt::Write as _;

use eseal_document::report::Verdict;

use crate::builder::{Builder, KINDS, Xref, append, last_startxref, rfind};
use crate::party::Party;
use crate::peers::{Tool, tool};

fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = rfind(file, from);
    [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
}

/// Seals, and sees to it that the sealed file is whole: valid to us, and without a complaint of qpdf.
fn expect_whole(file: &[u8], what: &str) {
    let party = Party::new("Test", 1);
    let sealed = party.seal(file).unwrap_or_else(|error| panic!("{what}: {}", error.code()));
    assert!(sealed.starts_with(file), "{what}");
    let report = party.verify(&sealed).unwrap_or_else(|error| panic!("{what}: {}", error.code()));
    assert_eq!(report.signatures.len(), 1, "{what}");
    assert_eq!(report.signatures[0].verdict, Verdict::Valid, "{what}: {report:#?}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.pdf");
    std::fs::write(&path, &sealed).unwrap();
    if let Some(qpdf) = tool(Tool::Qpdf, &["--check"], &path) {
        assert_eq!(qpdf.status, 0, "{what}: {}", qpdf.text);
    }
    if let Some(pdfsig) = tool(Tool::Pdfsig, &["-nocert"], &path) {
        assert!(pdfsig.text.contains("Signature is Valid"), "{what}: {}", pdfsig.text);
    }
}

fn code(file: &[u8]) -> &'static str {
    Party::new("Test", 1).seal(file).map_or_else(|error| error.code(), |_| "sealed")
}

#[test]
fn a_start_that_leads_nowhere_is_found_again() {
    for kind in [Xref::Table, Xref::Stream, Xref::ObjectStream] {
        let file = Builder::simple(kind).build();
        let start = last_startxref(&file);
        for number in ["99999999", "18446744073709551615", "0", "x", "17", "-5"] {
            let damaged = replaced(&file, &format!("startxref\n{start}"), &format!("startxref\n{number}"));
            expect_whole(&damaged, &format!("{kind:?}: startxref {number}"));
        }
        expect_whole(&replaced(&file, "startxref", "startxxxx"), "no startxref");
        for off in [-20_i64, -3, -1, 1, 2, 5, 40] {
            let number = i64::try_from(start).unwrap() + off;
            let damaged = replaced(&file, &format!("startxref\n{start}"), &format!("startxref\n{number}"));
            expect_whole(&damaged, &format!("{kind:?}: startxref off by {off}"));
        }
    }
}

#[test]
fn tables_that_are_garbled_are_made_anew() {
    let table = Builder::simple(Xref::Table).build();
    for (from, to) in [
        ("65535 f", "65535 q"),
        ("trailer", "trialer"),
        ("/Root 1 0 R", "/Root 9 0 R"),
        ("/Root 1 0 R", "/Root 5 0 X"),
        ("/Root 1 0 R", "/Rook 1 0 R"),
        ("xref\n0 6", "xref\n1 6"),
        ("xref\n0 6", "xref\n0 9"),
        ("xref\n0 6", "xref\n0 4"),
        ("/Size 6", "/Sise 6"),
        ("/Size 6", "/Size 3"),
    ] {
        expect_whole(&replaced(&table, from, to), &format!("{from} -> {to}"));
    }
}

#[test]
fn cross_reference_streams_that_are_garbled_are_made_anew() {
    for kind in [Xref::Stream, Xref::ObjectStream] {
        let stream = Builder::simple(kind).build();
        for (from, to) in [
            ("/W [1 4 2]", "/W [1 9 2]"),
            ("/W [1 4 2]", "/W [1 4]  "),
            ("/Type /XRef", "/Type /XRex"),
            ("/Filter /FlateDecode", "/Filter /LZWDecode  "),
            ("/Columns 7", "/Columns 6"),
        ] {
            // Without its type, a cross-reference stream is no trailer either.
            let damaged = replaced(&stream, from, to);
            if to.contains("XRex") && kind == Xref::ObjectStream {
                continue;
            }
            expect_whole(&damaged, &format!("{kind:?}: {from} -> {to}"));
        }
        expect_whole(&replaced(&stream, "/Length", "/Lxngth"), "no /Length");
    }
}

#[test]
fn chains_that_run_in_a_circle_or_out_of_the_file_are_cut() {
    let file = Builder::simple(Xref::Table).build();
    let twice = append(&file, &[(4, "<</Length 0>>\nstream\n\nendstream")], "");
    let first = last_startxref(&file).to_string();
    let own = last_startxref(&twice).to_string();
    for previous in [own, "9".repeat(first.len()), "(x)".to_owned(), "17".to_owned(), "0".to_owned()] {
        let damaged = replaced(&twice, &format!("/Prev {first} "), &format!("/Prev {previous} "));
        expect_whole(&damaged, &format!("/Prev {previous}"));
    }
}

/// A file whose cross-reference stream is in hexadecimal digits, and says of itself that it is `off` bytes too early.
fn in_hexadecimal(end: &str, off: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut rows = String::from("00 0000 00");
    for (number, object) in [
        (1, "<</Type /Catalog /Pages 2 0 R>>"),
        (2, "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400]>>"),
        (3, "<</Type /Page /Parent 2 0 R>>"),
    ] {
        write!(rows, "\n01 {:04x} 00", file.len()).unwrap();
        file.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let start = file.len();
    write!(rows, "\n01 {:04x} 00{end}", start - off).unwrap();
    let entries = "/Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Filter /ASCIIHexDecode";
    let stream = format!("4 0 obj\n<<{entries} /Length {}>>\nstream\n{rows}\nendstream\nendobj\n", rows.len());
    file.extend_from_slice(format!("{stream}startxref\n{start}\n%%EOF\n").as_bytes());
    file
}

#[test]
fn what_not_every_reader_follows_is_completed_unless_it_is_signed() {
    let table = Builder::simple(Xref::Table).build();
    let commented = |file: &[u8], end: &str| {
        let at = last_startxref(file);
        [&file[..at], b"% a comment", end.as_bytes(), &file[at..]].concat()
    };
    let stream = Builder::simple(Xref::Stream).build();
    for (what, file, is_complete) in [
        ("regular table", table.clone(), false),
        ("regular stream", stream.clone(), false),
        ("comment before a table", commented(&table, "\n"), true),
        ("comment before a stream", commented(&stream, " 7 0 obj\r"), true),
        ("hexadecimal", in_hexadecimal(">", 0), false),
        ("hexadecimal without its end", in_hexadecimal("", 0), true),
        ("hexadecimal without its end, and wrong about itself", in_hexadecimal("", 3), true),
        ("more than is announced", in_hexadecimal("00 00>", 0), true),
    ] {
        let party = Party::new("Test", 1);
        let sealed = party.seal(&file).unwrap_or_else(|error| panic!("{what}: {}", error.code()));
        let is_chained = |sealed: &[u8], old: usize| sealed[old..].windows(6).any(|window| window == b"/Prev ");
        assert_eq!(is_chained(&sealed, file.len()), !is_complete, "{what}");
        expect_whole(&file, what);
        let again = party.seal(&sealed).unwrap();
        assert!(is_chained(&again, sealed.len()), "{what}: signed");
    }
    // Where the start is recorded a little off, a reader that takes it as it is finds the section by what is appended.
    let signed = Party::new("Test", 1).seal(&table).unwrap();
    let start = last_startxref(&signed);
    let off = replaced(&signed, &format!("startxref\n{start}"), &format!("startxref\n{}", start + 9));
    let again = Party::new("Test", 2).seal(&off).unwrap();
    assert!(again[off.len()..].windows(20).any(|window| window.starts_with(format!("/Prev {start} ").as_bytes())));
}

#[test]
fn a_file_cut_anywhere_is_sealed_as_far_as_it_is_there_or_refused() {
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        for length in (0..file.len()).step_by(3) {
            match Party::new("Test", 1).seal(&file[..length]) {
                Ok(sealed) => assert!(Party::new("Test", 1).verify(&sealed).is_ok(), "{kind:?}: {length}"),
                Err(error) => {
                    let expected = [
                        "pdf.not-a-pdf",
                        "pdf.truncated",
                        "pdf.damaged-xref",
                        "pdf.damaged-object",
                        "pdf.no-such-page",
                    ];
                    assert!(expected.contains(&error.code()), "{kind:?}: {length}: {}", error.code());
                }
            }
        }
    }
    assert_eq!(code(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"), "pdf.truncated");
}

#[test]
fn a_seal_that_was_cut_is_not_sealed_over() {
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        let sealed = Party::new("Test", 1).seal(&file).unwrap();
        // From behind the signature dictionary on.
        let signature = rfind(&sealed, "/ByteRange") + 12_000.min(sealed.len() - rfind(&sealed, "/ByteRange") - 10);
        for length in signature..sealed.len() - 8 {
            let refused = code(&sealed[..length]);
            assert!(["pdf.truncated", "pdf.damaged-xref-signed"].contains(&refused), "{kind:?} {length}: {refused}");
        }
    }
}

#[test]
fn a_damaged_file_that_is_signed_is_refused() {
    for kind in KINDS {
        let sealed = Party::new("Test", 1).seal(&Builder::simple(kind).build()).unwrap();
        let start = last_startxref(&sealed);
        let damaged = replaced(&sealed, &format!("startxref\n{start}"), "startxref\n99999999");
        assert_eq!(code(&damaged), "pdf.damaged-xref-signed", "{kind:?}");
        assert_eq!(Party::new("Test", 1).verify(&damaged).unwrap_err().code(), "pdf.damaged-xref", "{kind:?}");
    }
}

#[test]
fn the_newest_of_each_object_counts() {
    let file = Builder::simple(Xref::ObjectStream).build();
    let page = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Marker (new)>>";
    let twice = append(&file, &[(3, page)], "");
    let start = last_startxref(&twice);
    let damaged = replaced(&twice, &format!("startxref\n{start}"), "startxref\n99999999");
    let sealed = Party::new("Test", 1).seal(&damaged).unwrap();
    let written = &sealed[damaged.len()..];
    assert!(written.windows(13).any(|window| window == b"/Marker (new)"), "the newer page is the one that was changed");
}

/// What is sealed is what readers show: a copy that only a search of the file would find does not take an object's place.
#[test]
fn where_the_cross_references_lead_counts_also_when_something_is_damaged() {
    let file = Builder::simple(Xref::Table).build();
    let hidden = b"3 0 obj\n<</Type /Page /Parent 2 0 R /Hidden true>>\nendobj\n";
    let end = rfind(&file, "startxref");
    let with_copy = [&file[..end], hidden, &file[end..]].concat();
    let began = [&file, hidden.as_slice()].concat();
    for (what, file) in [
        ("an object that is not well-formed", replaced(&with_copy, "/Count 1 /", "/Count 1)/")),
        ("an entry that leads nowhere", replaced(&with_copy, "0000000064 00000 n", "0000000065 00000 n")),
        ("a revision that was begun and not ended", began),
    ] {
        assert_ne!(file, with_copy, "{what}");
        let party = Party::new("Test", 1);
        let sealed = party.seal(&file).unwrap_or_else(|error| panic!("{what}: {}", error.code()));
        let written = &sealed[file.len()..];
        let has = |wanted: &[u8]| written.windows(wanted.len()).any(|window| window == wanted);
        assert!(has(b"/Contents 4 0 R") && !has(b"/Hidden"), "{what}: {}", String::from_utf8_lossy(written));
        expect_whole(&file, what);
    }
    // Where they lead nowhere, it is all there is.
    let lost = replaced(&with_copy, "0000000169 00000 n", "0000000170 00000 n");
    let sealed = Party::new("Test", 1).seal(&lost).unwrap();
    assert!(sealed[lost.len()..].windows(7).any(|window| window == b"/Hidden"));
}

#[test]
fn what_stands_around_the_header_does_no_harm() {
    let file = Builder::simple(Xref::Table).build();
    let headless = replaced(&file, "%PDF-1.7", "%XXX-1.7");
    let party = Party::new("Test", 1);
    assert!(party.seal(&headless).unwrap().starts_with(&headless));
    let far = Builder::simple(Xref::Table).before_header(&[b' '; 1_100]).build();
    assert_eq!(code(&far), "sealed");
}

/// What a fuzzer found: an object that ends inside a container, and an earlier signature that is none, were read to seal and
/// then not by the verifier.
#[test]
fn what_was_mended_to_be_sealed_is_what_a_verifier_reads() {
    let findings: [(&[u8], _); 2] = [
        (include_bytes!("findings/no-trailer-cut-object.pdf"), "pdf.truncated"),
        (include_bytes!("findings/damaged-earlier-signature.pdf"), "pdf.damaged-object"),
    ];
    for (file, damage) in findings {
        let party = Party::new("Test", 1);
        assert_eq!(party.verify(file).unwrap_err().code(), damage);
        let report = party.verify(&party.seal(file).unwrap()).unwrap();
        assert_eq!(report.signatures.last().unwrap().verdict, Verdict::Valid, "{report:#?}");
    }
}

/// Objects that are not well-formed, where the cross-references are sound and where they are not.
#[test]
fn objects_that_are_not_well_formed_are_written_anew() {
    let spellings = [
        ("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Catalog /Pages 2 0 R /X ]"),
        ("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Catalog /Pages 2 0 R 7>>"),
        ("/Count 1 /MediaBox", "/Count 1 /X >> /MediaBox"),
        ("/Parent 2 0 R /Contents", "/Parent 2 0 R) /Contents"),
        ("<</Type /Font", "<</Type /Font 3"),
    ];
    for kind in KINDS {
        for (from, to) in spellings {
            let mut builder = Builder::simple(kind);
            let simple = [
                (1, "<</Type /Catalog /Pages 2 0 R>>"),
                (2, "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595.303937007874 841.889763779528]>>"),
                (3, "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>"),
                (5, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"),
            ];
            for (number, object) in simple {
                builder = builder.object(number, &object.replace(from, to));
            }
            let sound = builder.build();
            // What sealing does not need is only looked at where everything is.
            if !to.contains("/Font") {
                expect_whole(&sound, &format!("{kind:?}, {to}"));
            }
            let start = last_startxref(&sound);
            let damaged = replaced(&sound, &format!("startxref\n{start}"), "startxref\n99999999");
            expect_whole(&damaged, &format!("{kind:?}, {to}, without cross-references"));
        }
    }
}

/// The dictionary of a stream is put right, and its data stays.
#[test]
fn a_stream_with_a_damaged_dictionary_is_written_anew_with_its_data() {
    let text = b"BT /F 24 Tf 100 700 Td (Contract) Tj ET";
    let file = Builder::simple(Xref::Table).stream(4, "/X ] /Y", text).build();
    let start = last_startxref(&file);
    let damaged = replaced(&file, &format!("startxref\n{start}"), "startxref\n99999999");
    expect_whole(&damaged, "a stream");
    let sealed = Party::new("Test", 1).seal(&damaged).unwrap();
    let written = &sealed[damaged.len()..];
    assert!(written.windows(text.len()).any(|window| window == text));
}

/// To put an object right would change what was signed.
#[test]
fn a_signed_file_with_objects_that_are_not_well_formed_is_refused() {
    let page = "<</Type /Page /Parent 2 0 R 7 /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>";
    let party = Party::new("Test", 1);
    let signed = party.seal(&Builder::simple(Xref::Table).build()).unwrap();
    let damaged = append(&signed, &[(3, page)], "");
    assert_eq!(code(&damaged), "pdf.damaged-object");
}
