//! A contract, sealed by the library with a software key under a CA that was made for it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use eseal_crypto::cert::{CertificateProfile, Issuer, Subject, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_document::pdf::{Corner, Mark, PageIndex, Pdf, Placement, SigningTime, StampRequest};
use eseal_face::{Color, Contour, Face, Layer, Path as Outline, Point, Segment, SizeMm};
use eseal_tests::fixture;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use tempfile::TempDir;

use crate::peers::byte_range;

const DAY: u64 = 24 * 60 * 60;

/// A sealed contract and the trust anchor to judge it by, in a folder of their own.
pub(crate) struct Sealed {
    folder: TempDir,
    ca: Issuer,
}

impl Sealed {
    /// Seals a fixture, in the free area that its README names.
    pub(crate) fn new(contract: &str) -> Self {
        let sealed = Self { folder: tempfile::tempdir().unwrap(), ca: certification_authority() };
        fs::write(sealed.anchor(), sealed.ca.certificate().to_pem()).unwrap();
        sealed.seal(&fixture(contract), [112.0, 128.0]);
        sealed
    }

    /// Seals the sealed contract once more, elsewhere on the same page, by another person's key.
    pub(crate) fn seal_again(&mut self) {
        self.seal(&self.pdf(), [30.0, 128.0]);
    }

    fn seal(&self, document: &Path, top_left_mm: [f64; 2]) {
        let mut rng = UnwrapErr(SysRng);
        let key = SigningKey::generate(&mut rng).unwrap();
        let subject = Subject::named("周子涵").with_country(*b"CN");
        let (now, profile) = (now(), CertificateProfile::DocumentSigning);
        let validity = Validity::lasting(now, 30 * DAY);
        let certificate = self.ca.issue(&profile, &subject, key.public_key(), validity, &mut rng).unwrap();

        let face = face();
        let place = Placement::new(PageIndex::LAST, Corner::TopLeft, top_left_mm, [45.0, 22.0]).unwrap();
        let chain = self.ca.chain_of(certificate).unwrap();
        let request = StampRequest::new(&chain, SigningTime { at: now, offset_minutes: 480 })
            .mark(Mark::new(&face, place))
            .name("周子涵");
        let prepared = Pdf::open(File::open(document).unwrap()).unwrap().prepare(&request).unwrap();
        let signature = key.sign(prepared.to_be_signed());
        prepared.complete(&signature).unwrap().save_as(&self.pdf()).unwrap();
    }

    /// The sealed PDF.
    pub(crate) fn pdf(&self) -> PathBuf {
        self.folder.path().join("sealed.pdf")
    }

    /// The trust anchor, PEM.
    pub(crate) fn anchor(&self) -> PathBuf {
        self.folder.path().join("root.pem")
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

    /// Puts another CA, of the same name, in the anchor's place.
    pub(crate) fn swap_the_anchor(&mut self) {
        fs::write(self.anchor(), certification_authority().certificate().to_pem()).unwrap();
    }
}

fn now() -> UnixTime {
    UnixTime(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

fn certification_authority() -> Issuer {
    let mut rng = UnwrapErr(SysRng);
    let key = SigningKey::generate(&mut rng).unwrap();
    let subject = Subject::named("eseal interop test root");
    Issuer::new_root(key, &subject, Validity::lasting(now(), 365 * DAY), &mut rng).unwrap()
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
