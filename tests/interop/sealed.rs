//! A document, sealed by the library with a software key under a root that was made for it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use eseal_document::pdf::{Pdf, Profile, SigningTime, StampRequest};
use eseal_tests::fixture;
use tempfile::TempDir;

use crate::authority::{Authority, now};
use crate::level::Level;
use crate::look::{Look, Pictures};
use crate::signed_parts::byte_range;

/// Room for a timestamp: a token of the test authority has about 1,400 bytes.
const TIMESTAMP_ROOM: usize = 4096;

/// A sealed document and the trust anchor to judge it by, in a folder of their own.
pub(crate) struct Sealed {
    folder: TempDir,
    authority: Authority,
}

impl Sealed {
    /// Seals a fixture at level B, in the free area that the contract's README names.
    pub(crate) fn new(document: &str) -> Self {
        Self::with(document, Level::B, Look::Face)
    }

    /// Seals a fixture.
    pub(crate) fn with(document: &str, level: Level, look: Look) -> Self {
        let sealed = Self::unsealed("");
        sealed.seal(&fixture(document), [112.0, 128.0], level, look);
        sealed
    }

    /// Seals what somebody else signed, whose anchor joins ours.
    pub(crate) fn after(document: &Path, their_anchor: &Path, look: Look) -> Self {
        let sealed = Self::unsealed(&fs::read_to_string(their_anchor).unwrap());
        sealed.seal(document, [30.0, 128.0], Level::B, look);
        sealed
    }

    /// Seals the sealed document once more, elsewhere on the same page, by another person's key.
    pub(crate) fn seal_again(&mut self) {
        self.seal(&self.pdf(), [30.0, 128.0], Level::B, Look::Face);
    }

    fn unsealed(more_anchors: &str) -> Self {
        let sealed = Self { folder: tempfile::tempdir().unwrap(), authority: Authority::new() };
        fs::write(sealed.anchor(), sealed.authority.root().to_pem() + more_anchors).unwrap();
        sealed
    }

    fn seal(&self, document: &Path, top_left_mm: [f64; 2], level: Level, look: Look) {
        let person = self.authority.person();
        let pdf = Pdf::open(File::open(document).unwrap()).unwrap();
        let pictures = Pictures::new();
        let text = pictures.text();
        let profile = if level == Level::Compat { Profile::Compat } else { Profile::Pades };
        let request = StampRequest::new(&person.chain, SigningTime { at: now(), offset_minutes: 480 })
            .marks(pictures.marks(look, top_left_mm, &text, &pdf))
            .name("周子涵")
            .profile(profile)
            .timestamp_reserve(if level.has_timestamp() { TIMESTAMP_ROOM } else { 0 });
        let prepared = pdf.prepare(&request).unwrap();
        let field = prepared.field().to_owned();
        let signature = person.key.sign(prepared.to_be_signed());
        let signed = prepared.sign(&signature).unwrap();

        let mut sealed = if level.has_timestamp() {
            let token = self.authority.timestamp(&signed.signature_digest());
            signed.with_timestamp(&token).unwrap()
        } else {
            signed.without_timestamp().unwrap()
        };
        if level.has_validation_data() {
            let data = self.authority.validation_data(&field, &person.chain);
            sealed = sealed.reopen().unwrap().append_validation_data(&data).unwrap();
        }
        if level == Level::Lta {
            let prepared = sealed.reopen().unwrap().prepare_document_timestamp(TIMESTAMP_ROOM).unwrap();
            let token = self.authority.timestamp(prepared.digest());
            sealed = prepared.complete(&token).unwrap();
        }
        sealed.save_as(&self.pdf()).unwrap();
        // A list says nothing about certificates that are younger than itself.
        fs::write(self.crl(), self.authority.crl()).unwrap();
    }

    /// The sealed PDF.
    pub(crate) fn pdf(&self) -> PathBuf {
        self.folder.path().join("sealed.pdf")
    }

    /// The trust anchor, PEM.
    pub(crate) fn anchor(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// The root's revocation list, DER.
    pub(crate) fn crl(&self) -> PathBuf {
        self.folder.path().join("root.crl")
    }

    /// Where all of it is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Changes one byte of the old file's content, so that the syntax around it stays whole.
    pub(crate) fn change_a_signed_byte(&mut self) {
        let mut bytes = fs::read(self.pdf()).unwrap();
        let middle = byte_range(&bytes)[1] / 2;
        bytes[middle] ^= 1;
        fs::write(self.pdf(), bytes).unwrap();
    }

    /// Puts another root, of the same name, in the anchor's place.
    pub(crate) fn swap_the_anchor(&mut self) {
        fs::write(self.anchor(), Authority::new().root().to_pem()).unwrap();
    }
}
