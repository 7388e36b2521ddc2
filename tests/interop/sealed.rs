//! A document, sealed by the library with a software key under a root that was made for it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use eseal_document::pdf::{Corner, Mark, PageIndex, Pdf, Placement, Profile, SigningTime, StampRequest};
use eseal_face::{Color, Contour, Face, Layer, Path as Outline, Point, Segment, SizeMm};
use eseal_tests::fixture;
use tempfile::TempDir;

use crate::authority::{Authority, now};
use crate::level::Level;
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
        Self::at_level(document, Level::B)
    }

    /// Seals a fixture at a level.
    pub(crate) fn at_level(document: &str, level: Level) -> Self {
        let sealed = Self::unsealed("");
        sealed.seal(&fixture(document), [112.0, 128.0], level);
        sealed
    }

    /// Seals what somebody else signed, whose anchor joins ours.
    pub(crate) fn after(document: &Path, their_anchor: &Path) -> Self {
        let sealed = Self::unsealed(&fs::read_to_string(their_anchor).unwrap());
        sealed.seal(document, [30.0, 128.0], Level::B);
        sealed
    }

    /// Seals the sealed document once more, elsewhere on the same page, by another person's key.
    pub(crate) fn seal_again(&mut self) {
        self.seal(&self.pdf(), [30.0, 128.0], Level::B);
    }

    fn unsealed(more_anchors: &str) -> Self {
        let sealed = Self { folder: tempfile::tempdir().unwrap(), authority: Authority::new() };
        fs::write(sealed.anchor(), sealed.authority.root().to_pem() + more_anchors).unwrap();
        fs::write(sealed.crl(), sealed.authority.crl()).unwrap();
        sealed
    }

    fn seal(&self, document: &Path, top_left_mm: [f64; 2], level: Level) {
        let person = self.authority.person();
        let face = face();
        let place = Placement::new(PageIndex::LAST, Corner::TopLeft, top_left_mm, [45.0, 22.0]).unwrap();
        let profile = if level == Level::Compat { Profile::Compat } else { Profile::Pades };
        let request = StampRequest::new(&person.chain, SigningTime { at: now(), offset_minutes: 480 })
            .mark(Mark::new(&face, place))
            .name("周子涵")
            .profile(profile)
            .timestamp_reserve(if level.has_timestamp() { TIMESTAMP_ROOM } else { 0 });
        let prepared = Pdf::open(File::open(document).unwrap()).unwrap().prepare(&request).unwrap();
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

/// One swung stroke of a pen.
fn face() -> Face {
    let stroke = Contour {
        start: Point::new(2.0, 12.0),
        segments: vec![
            Segment::Cubic(Point::new(12.0, 1.0), Point::new(22.0, 20.0), Point::new(38.0, 5.0)),
            Segment::Line(Point::new(38.5, 6.0)),
            Segment::Cubic(Point::new(22.0, 22.5), Point::new(12.0, 3.0), Point::new(2.0, 12.8)),
        ],
    };
    let layer = Layer { color: Color::BLACK, paths: vec![Outline { contours: vec![stroke] }] };
    Face::new(SizeMm::new(40.0, 20.0).unwrap(), vec![layer]).unwrap()
}
