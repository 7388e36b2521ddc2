//! Sealing, and reading back what was sealed.

use eseal_crypto::cert::{TrustAnchors, UnixTime};
use eseal_document::pdf::{PageIndex, Pdf, SEAL_RECORD_KEY, SigningTime, StampRequest};
use eseal_document::report::{Changes, CheckVerdict, Coverage, Format, Integrity, Level, TimeSource, Trust, Verdict};

use crate::builder::{Builder, KINDS, Xref, rfind};
use crate::party::{NOW, Party, somewhere};

#[test]
fn a_sealed_file_is_the_old_bytes_and_a_valid_signature() {
    let party = Party::new("测试人甲", 1);
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        let sealed = party.seal(&file).unwrap();
        assert!(sealed.starts_with(&file), "{kind:?}");
        let report = party.verify(&sealed).unwrap();
        assert_eq!((report.format, report.verdict), (Format::Pdf, Verdict::Valid), "{kind:?}: {report:#?}");
        let [signature] = &report.signatures[..] else { panic!("{kind:?}: {report:?}") };
        assert_eq!(signature.field, "ESeal1");
        assert_eq!(signature.signer.as_deref(), Some("测试人甲"));
        assert_eq!((signature.format.as_str(), signature.level), ("ETSI.CAdES.detached", Some(Level::BaselineB)));
        let time = signature.time.unwrap();
        assert_eq!((time.at, time.source), (NOW, TimeSource::Claimed));
        assert_eq!((signature.integrity, signature.coverage), (Integrity::Intact, Coverage::Whole));
        assert_eq!((signature.changes, signature.trust), (Changes::None, Trust::Trusted));
        assert!(signature.checks.iter().all(|check| check.verdict != CheckVerdict::Fail));
        assert_eq!(signature.seal_record, None);
    }
}

#[test]
fn sealing_the_same_twice_gives_the_same_bytes() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Stream).build();
    assert_eq!(party.seal(&file).unwrap(), party.seal(&file).unwrap());
}

#[test]
fn a_third_seal_keeps_the_two_before() {
    let parties = [Party::new("First", 1), Party::new("Second", 2), Party::new("Third", 3)];
    let all = TrustAnchors::new(parties.iter().map(|party| party.root.certificate().clone()));
    for kind in KINDS {
        let mut file = Builder::simple(kind).build();
        for party in &parties {
            file = party.seal(&file).unwrap();
        }
        let report = eseal_document::verify(file.as_slice(), &all, NOW).unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{kind:?}: {report:#?}");
        let seen: Vec<_> = report
            .signatures
            .iter()
            .map(|one| (one.signer.as_deref().unwrap(), one.field.as_str(), one.coverage, one.changes))
            .collect();
        assert_eq!(
            seen,
            [
                ("First", "ESeal1", Coverage::Revision, Changes::Permitted),
                ("Second", "ESeal2", Coverage::Revision, Changes::Permitted),
                ("Third", "ESeal3", Coverage::Whole, Changes::None),
            ],
            "{kind:?}"
        );
    }
}

#[test]
fn the_seal_record_and_texts_are_kept() {
    let party = Party::new("Test", 1);
    let record = b"\x00record \xff)".as_slice();
    let file = Builder::simple(Xref::Table).build();
    let request = party.request(somewhere()).seal_record(record).location("南昌 (Jiangxi)");
    let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let mut sealed = Vec::new();
    prepared.complete(&signature).unwrap().write_to(&mut sealed).unwrap();
    let report = party.verify(&sealed).unwrap();
    assert_eq!(report.verdict, Verdict::Valid);
    assert_eq!(report.signatures[0].seal_record.as_deref(), Some(record));
    rfind(&sealed, &format!("/{SEAL_RECORD_KEY} <007265636f726420ff29>"));
    rfind(&sealed, "/Location <FEFF53576");
}

#[test]
fn too_long_texts_and_impossible_times_are_refused() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table).build();
    let long = "x".repeat(2_000);
    let record = vec![0; 2 << 20];
    let refused = |request: &StampRequest<'_>| Pdf::open(file.as_slice()).unwrap().prepare(request).unwrap_err().code();
    assert_eq!(refused(&party.request(somewhere()).reason(&long)), "pdf.too-long");
    assert_eq!(refused(&party.request(somewhere()).seal_record(&record)), "pdf.too-long");
    let late = SigningTime { at: UnixTime(u64::MAX), offset_minutes: 0 };
    assert_eq!(refused(&StampRequest::new(&party.chain, late)), "pdf.time-out-of-range");
}

#[test]
fn another_key_or_another_message_is_not_accepted() {
    let (party, other) = (Party::new("Test", 1), Party::new("Other", 2));
    let file = Builder::simple(Xref::Table).build();
    for signature in [
        other.key.sign(party.prepare(&file).unwrap().to_be_signed()),
        party.key.sign(b"something else"),
        party.key.sign(party.prepare(&file).unwrap().digest().as_bytes()),
    ] {
        let refused = party.prepare(&file).unwrap().complete(&signature).unwrap_err();
        assert_eq!(refused.code(), "cms.bad-signature");
    }
}

#[test]
fn what_has_to_be_signed_is_small_and_names_the_digest() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table).build();
    let prepared = party.prepare(&file).unwrap();
    let tbs = prepared.to_be_signed();
    assert!(tbs.len() < 200, "{}", tbs.len());
    let digest = prepared.digest().as_bytes();
    assert!(tbs.windows(digest.len()).any(|window| window == digest));
}

#[test]
fn the_root_decides_whom_to_trust() {
    let (party, other) = (Party::new("Test", 1), Party::new("Other", 2));
    let sealed = party.seal(&Builder::simple(Xref::Table).build()).unwrap();
    let trust = |anchors: &TrustAnchors, at: UnixTime| {
        let report = eseal_document::verify(sealed.as_slice(), anchors, at).unwrap();
        assert_eq!(report.signatures[0].integrity, Integrity::Intact);
        assert_eq!(report.signatures[0].changes, Changes::None);
        (report.signatures[0].trust, report.verdict)
    };
    assert_eq!(trust(&party.anchors(), NOW), (Trust::Trusted, Verdict::Valid));
    assert_eq!(trust(&other.anchors(), NOW), (Trust::Untrusted, Verdict::Indeterminate));
    assert_eq!(trust(&TrustAnchors::default(), NOW), (Trust::Unknown, Verdict::Indeterminate));
    for at in [UnixTime(NOW.0 - 20 * 86_400), UnixTime(NOW.0 + 400 * 86_400)] {
        assert_eq!(trust(&party.anchors(), at), (Trust::Expired, Verdict::Indeterminate));
    }
}

#[test]
fn a_file_without_signature_says_so() {
    let party = Party::new("Test", 1);
    let report = party.verify(&Builder::simple(Xref::Stream).build()).unwrap();
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert!(report.signatures.is_empty());
    assert_eq!(report.checks[0].code, "verify.no-signature");
}

#[test]
fn trailer_keys_identifiers_and_startxref_are_continued() {
    let party = Party::new("Test", 1);
    for kind in [Xref::Table, Xref::Stream] {
        let id = "/ID [<00112233445566778899aabbccddeeff> (second)]";
        let builder = Builder::simple(kind).object(6, "<</Title (T)>>");
        let file = builder.trailer(&format!("{id} /Info 6 0 R /Vendor <</A [1.50 (x)]>>")).build();
        let sealed = party.seal(&file).unwrap();
        let appended = String::from_utf8_lossy(&sealed[file.len()..]).into_owned();
        let previous = crate::builder::last_startxref(&file);
        for expected in [
            format!("/Prev {previous} "),
            "/Info 6 0 R".to_owned(),
            "/Vendor <</A [1.50 (x)]>>".to_owned(),
            "/ID [<00112233445566778899aabbccddeeff> <".to_owned(),
        ] {
            assert!(appended.contains(&expected), "{kind:?}: {expected} in {appended}");
        }
        assert!(!appended.contains("(second)"), "the second identifier must change");
    }
    let sealed = party.seal(&Builder::simple(Xref::Table).trailer("").build()).unwrap();
    rfind(&sealed, "/ID [<");
}

#[test]
fn existing_forms_and_annotations_are_extended_wherever_they_are() {
    let party = Party::new("Test", 1);
    let field = "<</FT /Tx /T (ESeal1) /V (kept)>>";
    let catalogs = [
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [9 0 R] /DA (/F 0 Tf)>>>>",
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields 8 0 R>>>>",
        "<</Type /Catalog /Pages 2 0 R /AcroForm 10 0 R>>",
        "<</Type /Catalog /Pages 2 0 R /AcroForm 11 0 R>>",
        "<</Type /Catalog /Pages 2 0 R /AcroForm null>>",
        "<</Type /Catalog /Pages 2 0 R /AcroForm 77 0 R>>",
    ];
    let pages = ["/Annots [7 0 R]", "/Annots 12 0 R", "/Annots null", "/Annots 77 0 R", ""];
    for kind in KINDS {
        for (catalog, annotations) in catalogs.iter().flat_map(|catalog| pages.map(|page| (*catalog, page))) {
            let page = format!("<</Type /Page /Parent 2 0 R /Contents 4 0 R {annotations}>>");
            let file = Builder::simple(kind)
                .object(1, catalog)
                .object(3, &page)
                .object(7, "<</Type /Annot /Subtype /Square /Rect [1 1 2 2]>>")
                .object(8, "[9 0 R]")
                .object(9, field)
                .object(10, "<</Fields 8 0 R /SigFlags 1>>")
                .object(11, "<</Fields [9 0 R] /SigFlags 3>>")
                .object(12, "[7 0 R]")
                .build();
            let context = format!("{kind:?} {catalog} {annotations}");
            let sealed = party.seal(&file).unwrap();
            let has_form = !catalog.contains("null") && !catalog.contains("77");
            let report = party.verify(&sealed).unwrap();
            assert_eq!(report.verdict, Verdict::Valid, "{context}: {report:#?}");
            assert_eq!(report.signatures[0].field, if has_form { "ESeal2" } else { "ESeal1" }, "{context}");
            check_with_oracle(&sealed, has_form, annotations.contains("[7") || annotations.contains("12"), &context);

            let twice = party.seal(&sealed).unwrap();
            let report = party.verify(&twice).unwrap();
            assert_eq!(report.verdict, Verdict::Valid, "{context}: {report:#?}");
            assert_eq!(report.signatures[0].changes, Changes::Permitted, "{context}");
        }
    }
}

/// What another reader finds: the fields and annotations that were there, and ours behind them.
fn check_with_oracle(sealed: &[u8], has_field: bool, has_annotation: bool, context: &str) {
    let document = lopdf::Document::load_mem(sealed).unwrap();
    let list = |dictionary: &lopdf::Dictionary, key: &[u8]| -> Vec<lopdf::ObjectId> {
        let (_, list) = document.dereference(dictionary.get(key).unwrap()).unwrap();
        list.as_array().unwrap().iter().map(|one| one.as_reference().unwrap()).collect()
    };
    let catalog = document.catalog().unwrap();
    let (_, form) = document.dereference(catalog.get(b"AcroForm").unwrap()).unwrap();
    let form = form.as_dict().unwrap();
    assert_eq!(form.get(b"SigFlags").unwrap().as_i64().unwrap(), 3, "{context}");
    let fields = list(form, b"Fields");
    assert_eq!(fields.len(), 1 + usize::from(has_field), "{context}");
    assert!(!has_field || fields[0] == (9, 0), "{context}");
    let page = document.get_dictionary((3, 0)).unwrap();
    let annotations = list(page, b"Annots");
    assert_eq!(annotations.len(), 1 + usize::from(has_annotation), "{context}");
    assert!(!has_annotation || annotations[0] == (7, 0), "{context}");
    assert_eq!(annotations.last(), fields.last(), "{context}");
    let widget = document.get_dictionary(*fields.last().unwrap()).unwrap();
    assert_eq!(widget.get(b"P").unwrap().as_reference().unwrap(), (3, 0));
    assert_eq!(widget.get(b"F").unwrap().as_i64().unwrap(), 132);
    assert_eq!(widget.get(b"AP").unwrap().as_dict().unwrap().len(), 1);
}

#[test]
fn names_are_unique_among_nested_fields_too() {
    let party = Party::new("Test", 1);
    let file = Builder::simple(Xref::Table)
        .object(1, "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R 9 0 R]>>>>")
        .object(7, "<</T (ESeal1) /Kids [8 0 R]>>")
        .object(8, "<</T (a) /Parent 7 0 R /FT /Tx>>")
        .object(9, "<</T <FEFF0045005300650061006C0032> /FT /Tx>>")
        .build();
    assert_eq!(party.prepare(&file).unwrap().field(), "ESeal3");
}

#[test]
fn bytes_before_the_header_move_nothing() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let file = Builder::simple(kind).before_header(b"HTTP/1.1 200 OK\r\n\r\n").build();
        let sealed = party.seal(&party.seal(&file).unwrap()).unwrap();
        let report = party.verify(&sealed).unwrap();
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 2), "{kind:?}: {report:#?}");
        let last = crate::builder::last_startxref(&sealed) + b"HTTP/1.1 200 OK\r\n\r\n".len();
        let starts = &sealed[last..last + 20];
        assert!(starts.starts_with(b"xref") || starts.windows(4).any(|window| window == b" obj"), "{kind:?}");
    }
}

#[test]
fn offsets_that_count_from_the_first_byte_are_continued_so() {
    let party = Party::new("Test", 1);
    let junk = b"junk\n";
    let plain = Builder::simple(Xref::Table).build();
    // The same file with every offset counted from the junk's first byte: junk hidden in the numbers by building with it
    // and moving the header down afterwards is not possible, so the table is written by hand.
    let mut file = junk.to_vec();
    file.extend_from_slice(b"%PDF-1.4\n");
    let mut offsets = Vec::new();
    let objects = [
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 400 400]>>",
    ];
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = file.len();
    file.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    file.extend_from_slice(format!("trailer\n<</Size 4 /Root 1 0 R>>\nstartxref\n{start}\n%%EOF").as_bytes());
    let sealed = party.seal(&file).unwrap();
    assert_eq!(party.verify(&sealed).unwrap().verdict, Verdict::Valid);
    assert!(sealed[crate::builder::last_startxref(&sealed)..].starts_with(b"xref"));
    assert!(plain.len() > junk.len());
}

#[test]
fn the_last_page_and_pages_by_number_are_found() {
    let party = Party::new("Test", 1);
    let file = Builder::new(Xref::ObjectStream)
        .object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, "<</Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 4 /MediaBox [0 0 72 144] /Rotate 90>>")
        .object(3, "<</Type /Page /Parent 2 0 R>>")
        .object(4, "<</Type /Pages /Parent 2 0 R /Kids [6 0 R 7 0 R] /Count 2 /MediaBox [0 0 72 72]>>")
        .object(5, "<</Type /Page /Parent 2 0 R /Rotate 0 /UserUnit 2>>")
        .object(6, "<</Type /Page /Parent 4 0 R>>")
        .object(7, "<</Type /Page /Parent 4 0 R /CropBox [0 0 36 72]>>")
        .build();
    let pdf = Pdf::open(file.as_slice()).unwrap();
    assert_eq!(pdf.page_count().unwrap(), 4);
    let size = |page| pdf.page_size_mm(PageIndex::new(page)).unwrap().map(|mm| (mm * 10.0).round());
    assert_eq!(
        [size(1), size(2), size(3)].map(|size| size.map(|mm| mm.to_string())),
        [["508", "254"], ["254", "254"], ["254", "127"],]
    );
    assert_eq!(size(4).map(|mm| mm.to_string()), ["508", "1016"]);
    assert_eq!(size(-1).map(|mm| mm.to_string()), size(4).map(|mm| mm.to_string()));
    assert_eq!(size(-4).map(|mm| mm.to_string()), size(1).map(|mm| mm.to_string()));
    for page in [0, 5, -5, i32::MAX, i32::MIN] {
        assert_eq!(pdf.page_size_mm(PageIndex::new(page)).unwrap_err().code(), "pdf.no-such-page", "{page}");
    }
    let sealed = party.seal_at(&file, crate::party::at(-1, [10.0, 10.0], [20.0, 10.0])).unwrap();
    rfind(&sealed, "/P 5 0 R");
}

#[test]
fn pages_are_found_where_counts_are_wrong() {
    for count in ["", "/Count 0", "/Count 2", "/Count 99", "/Count -1"] {
        let file = Builder::new(Xref::Table)
            .object(1, "<</Type /Catalog /Pages 2 0 R>>")
            .object(2, &format!("<</Type /Pages /Kids [3 0 R 4 0 R 5 0 R] {count} /MediaBox [0 0 72 144]>>"))
            .object(3, "<</Type /Page /Parent 2 0 R>>")
            .object(4, &format!("<</Type /Pages /Parent 2 0 R /Kids [5 0 R] {count}>>"))
            .object(5, "<</Type /Page /Parent 4 0 R /Rotate 90>>")
            .build();
        let pdf = Pdf::open(file.as_slice()).unwrap();
        assert!(pdf.page_size_mm(PageIndex::new(3)).is_ok(), "{count}");
    }
}
