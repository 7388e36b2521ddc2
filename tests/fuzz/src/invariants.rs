//! What must hold, whatever was read.

use eseal_document::pdf::{FreeSpace, Keyword, PageIndex, Pdf, PdfError};
use eseal_document::report::{Changes, Coverage, Integrity, Report, SignatureReport, Verdict};

use crate::{seal, seeds, verify};

/// Looks at everything that can be asked about a file.
pub fn read(file: &[u8]) {
    let Ok(pdf) = Pdf::open(file) else { return };
    let _ = pdf.empty_signature_fields();
    let Ok(pages) = pdf.page_count() else { return };
    for page in [1, 2, -1, i32::MAX].into_iter().chain(i32::try_from(pages)) {
        if let Ok(size) = pdf.page_size_mm(PageIndex::new(page)) {
            assert!(size.iter().all(|length| length.is_finite() && *length > 0.0), "page {page} is {size:?} mm");
        }
    }
    // Reads the content of the pages, with all that it uses.
    let _ = Keyword::new("Contract").and_then(|keyword| pdf.find_keyword(&keyword, [40.0, 20.0]));
    let wanted = FreeSpace::new(PageIndex::new(1), [50.0, 50.0], [40.0, 20.0]);
    let _ = wanted.and_then(|wanted| pdf.free_place(&wanted));
}

/// Seals a file and holds the result against the strict pass: the old bytes stay in front, the new signature is intact and
/// covers all, and no earlier signature is the worse for it.
pub fn write(file: &[u8]) {
    let Some(sealed) = sealed(file) else { return };
    #[cfg(feature = "peers")]
    crate::peers::judge(file, &sealed);
    let _ = sealed;
}

fn sealed(file: &[u8]) -> Option<Vec<u8>> {
    let before = verify(file);
    let sealed = seal(file).ok()?;
    assert!(sealed.starts_with(file), "the old bytes are not in front");
    let after = verify(&sealed).unwrap_or_else(|error| panic!("sealed, and cannot be read: {error:?}"));
    let newest: Vec<_> = after.signatures.iter().filter(|one| one.coverage == Coverage::Whole).collect();
    let [newest] = newest.as_slice() else { panic!("{} signatures cover the whole file", newest.len()) };
    assert_eq!(newest.integrity, Integrity::Intact, "{newest:?}");
    assert_eq!(newest.changes, Changes::None, "{newest:?}");
    assert_eq!(newest.verdict, Verdict::Valid, "{newest:?}");
    check_earlier(before, &after);
    Some(sealed)
}

fn check_earlier(before: Result<Report, PdfError>, after: &Report) {
    let Ok(before) = before else { return };
    let holds = |one: &SignatureReport| one.integrity == Integrity::Intact && one.changes != Changes::Forbidden;
    for earlier in before.signatures.iter().filter(|one| holds(one)) {
        // A field that an update took out of the form may have left its name to a new one.
        let later: Vec<_> = after.signatures.iter().filter(|one| one.field == earlier.field).collect();
        assert!(later.iter().any(|one| holds(one)), "flipped: {later:?}");
    }
}

/// Verifies a file. One that is called signed and untouched is one of those that were signed, but for the bytes between
/// the angle brackets of the signature, which no signature covers.
pub fn judge(file: &[u8]) {
    let Ok(report) = verify(file) else { return };
    let untouched = |one: &SignatureReport| one.integrity == Integrity::Intact && one.coverage == Coverage::Whole;
    if report.signatures.iter().any(untouched) {
        assert!(seeds::signed().iter().any(|signed| signed.is_same(file)), "a forgery is called untouched: {report:?}");
    }
}
