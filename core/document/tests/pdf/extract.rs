//! What a signer saw is given out byte by byte.

use std::io;

use eseal_document::pdf::{OpenOptions, PdfError, extract_signed};

use crate::builder::{Builder, KINDS, Xref, append, rfind};
use crate::party::Party;

fn extract(file: &[u8], field: &str) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let size = extract_signed(file, &OpenOptions::new(), field, &mut out)?;
    assert_eq!(size, out.len() as u64);
    Ok(out)
}

#[test]
fn every_signer_gets_the_file_as_it_was_then() {
    let party = Party::new("Test", 1);
    for kind in KINDS {
        let once = party.seal(&Builder::simple(kind).build()).unwrap();
        let twice = party.seal(&once).unwrap();
        let later = [twice.as_slice(), b"% a remark behind it\n"].concat();
        for file in [&twice, &later] {
            assert!(extract(file, "ESeal1").unwrap() == once, "{kind:?}");
            assert!(extract(file, "ESeal2").unwrap() == twice, "{kind:?}");
        }
        assert_eq!(party.verify(&extract(&later, "ESeal1").unwrap()).unwrap().signatures.len(), 1);
        assert_eq!(extract(&twice, "ESeal3").unwrap_err().code(), "pdf.no-such-signature");
    }
}

#[test]
fn a_signature_that_was_taken_away_is_given_out_too() {
    let party = Party::new("Test", 1);
    let sealed = party.seal(&Builder::simple(Xref::Table).build()).unwrap();
    let removed = append(&sealed, &[(1, "<</Type /Catalog /Pages 2 0 R>>")], "");
    assert!(extract(&removed, "ESeal1").unwrap() == sealed);
}

#[test]
fn what_covers_no_part_of_the_file_is_no_signature() {
    let party = Party::new("Test", 1);
    let mut sealed = party.seal(&Builder::simple(Xref::Table).build()).unwrap();
    let range = rfind(&sealed, "/ByteRange [0 ");
    sealed[range + 12] = b'1';
    assert_eq!(extract(&sealed, "ESeal1").unwrap_err().code(), "pdf.no-such-signature");
    assert_eq!(extract(b"no PDF", "ESeal1").unwrap_err().code(), "pdf.truncated");
}

/// Takes nothing.
struct Full;

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_said_to_be_full() {
    let sealed = Party::new("Test", 1).seal(&Builder::simple(Xref::Table).build()).unwrap();
    let refused = extract_signed(sealed.as_slice(), &OpenOptions::new(), "ESeal1", &mut Full).unwrap_err();
    assert_eq!(refused.code(), "pdf.disk-full");
}
