//! A contract, sealed by the library with a software key under a CA that was made for it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use eseal_crypto::cert::{CertificateProfile, Issuer, Subject, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_document::pdf::{Corner, PageIndex, Pdf, Placement, SigningTime, StampRequest};
use eseal_face::{Color, Contour, Face, Layer, Path as Outline, Point, Segment, SizeMm};
use eseal_tests::fixture;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use tempfile::TempDir;

use crate::peers::byte_range;

const DAY: u64 = 24 * 60 * 60;

/// A sealed contract and the trust anchor to judge it by, in a folder of their own.
pub struct Sealed {
    folder: TempDir,
}

impl Sealed {
    /// Seals a fixture.
    pub fn new(contract: &str) -> Self {
        let mut rng = UnwrapErr(SysRng);
        let now = UnixTime(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs());
        let ca = certification_authority("eseal interop test root", now);
        let key = SigningKey::generate(&mut rng).unwrap();
        let subject = Subject::named("周子涵").with_country(*b"CN");
        let validity = Validity::lasting(now, 30 * DAY);
        let certificate =
            ca.issue(&CertificateProfile::DocumentSigning, &subject, key.public_key(), validity, &mut rng).unwrap();
        let chain = ca.chain_of(certificate).unwrap();

        let sealed = Self { folder: tempfile::tempdir().unwrap() };
        let face = face();
        let prepared = Pdf::open(File::open(fixture(contract)).unwrap())
            .unwrap()
            .prepare(&StampRequest {
                face: &face,
                // The free area of the fixture's README.
                place: Placement::new(PageIndex::LAST, Corner::TopLeft, [112.0, 128.0], [45.0, 22.0]).unwrap(),
                signer: &chain,
                signing_time: SigningTime { at: now, offset_minutes: 480 },
                name: Some("周子涵"),
                reason: None,
                location: None,
                seal_record: None,
            })
            .unwrap();
        let signature = key.sign(prepared.to_be_signed());
        prepared.complete(&signature).unwrap().save_as(&sealed.pdf()).unwrap();
        fs::write(sealed.anchor(), ca.certificate().to_pem()).unwrap();
        sealed
    }

    /// The sealed PDF.
    pub fn pdf(&self) -> PathBuf {
        self.folder.path().join("sealed.pdf")
    }

    /// The trust anchor, PEM.
    pub fn anchor(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// Where all of it is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Changes one byte of the old file's content, so that the syntax around it stays whole.
    pub fn change_a_signed_byte(&mut self) {
        let mut bytes = fs::read(self.pdf()).unwrap();
        let middle = byte_range(&bytes)[1] / 2;
        bytes[middle] ^= 1;
        fs::write(self.pdf(), bytes).unwrap();
    }

    /// Puts another CA, of the same name, in the anchor's place.
    pub fn swap_the_anchor(&mut self) {
        let now = UnixTime(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs());
        let other = certification_authority("eseal interop test root", now);
        fs::write(self.anchor(), other.certificate().to_pem()).unwrap();
    }
}

fn certification_authority(name: &str, now: UnixTime) -> Issuer {
    let mut rng = UnwrapErr(SysRng);
    let key = SigningKey::generate(&mut rng).unwrap();
    Issuer::new_root(key, &Subject::named(name), Validity::lasting(now, 365 * DAY), &mut rng).unwrap()
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
