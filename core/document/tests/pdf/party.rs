//! Somebody who seals: an invented person with a key, a certificate and a face.

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Issuer, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_document::VerifyOptions;
use eseal_document::pdf::{
    Corner, Mark, OpenOptions, PageIndex, Pdf, PdfError, Placement, Prepared, SigningTime, StampRequest,
};
use eseal_document::report::Report;
use eseal_face::{Color, Contour, Face, Layer, Path, Point, Segment, SizeMm};
use eseal_testkit::{Authority, DAY};

pub(crate) const NOW: UnixTime = UnixTime(1_795_332_600);

/// So many days before and after now.
pub(crate) fn days(before: u64, after: u64) -> Validity {
    Validity { not_before: UnixTime(NOW.0 - before * DAY), not_after: NOW.plus(after * DAY) }
}

pub(crate) struct Party {
    pub(crate) root: Issuer,
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
    pub(crate) face: Face,
}

impl Party {
    pub(crate) fn new(name: &str, seed: u64) -> Self {
        let mut authority = Authority::new(Suite::EcdsaP256Sha256, "Test Root", days(400, 4_000), seed);
        let party = authority.issue(&CertificateProfile::DocumentSigning, name, days(10, 365));
        Self { root: authority.root, key: party.key, chain: party.chain, face: face() }
    }

    pub(crate) fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
    }

    pub(crate) fn request(&self, place: Placement) -> StampRequest<'_> {
        StampRequest::new(&self.chain, SigningTime { at: NOW, offset_minutes: 480 })
            .mark(Mark::new(&self.face, place))
            .name("测试人甲")
            .reason("Test")
    }

    /// A signature that nothing is seen of.
    pub(crate) fn unseen(&self) -> StampRequest<'_> {
        StampRequest::new(&self.chain, SigningTime { at: NOW, offset_minutes: 480 })
    }

    pub(crate) fn prepare<'a>(&self, file: &'a [u8]) -> Result<Prepared<&'a [u8]>, PdfError> {
        Pdf::open(file)?.prepare(&self.request(somewhere()))
    }

    pub(crate) fn seal_at(&self, file: &[u8], place: Placement) -> Result<Vec<u8>, PdfError> {
        self.seal_with(file, &OpenOptions::new(), place)
    }

    pub(crate) fn seal_with(&self, file: &[u8], options: &OpenOptions, place: Placement) -> Result<Vec<u8>, PdfError> {
        self.finish(Pdf::open_with(file, options)?.prepare(&self.request(place))?)
    }

    /// With a signature that shows nothing.
    pub(crate) fn seal_unseen(&self, file: &[u8]) -> Result<Vec<u8>, PdfError> {
        let request = StampRequest::new(&self.chain, SigningTime { at: NOW, offset_minutes: 480 });
        self.finish(Pdf::open(file)?.prepare(&request)?)
    }

    pub(crate) fn finish(&self, prepared: Prepared<&[u8]>) -> Result<Vec<u8>, PdfError> {
        let signature = self.key.sign(prepared.to_be_signed());
        let sealed = prepared.complete(&signature)?;
        let mut out = Vec::new();
        sealed.write_to(&mut out)?;
        assert_eq!(out.len() as u64, sealed.size());
        Ok(out)
    }

    pub(crate) fn seal(&self, file: &[u8]) -> Result<Vec<u8>, PdfError> {
        self.seal_at(file, somewhere())
    }

    pub(crate) fn verify_with(&self, file: &[u8], options: &OpenOptions) -> Result<Report, PdfError> {
        eseal_document::pdf::verify_with(file, options, &VerifyOptions::new(self.anchors(), NOW))
    }

    pub(crate) fn verify(&self, file: &[u8]) -> Result<Report, PdfError> {
        eseal_document::pdf::verify(file, &self.anchors(), NOW)
    }
}

pub(crate) fn at(page: i32, at: [f64; 2], size: [f64; 2]) -> Placement {
    Placement::new(PageIndex::new(page), Corner::TopLeft, at, size).unwrap()
}

pub(crate) fn somewhere() -> Placement {
    at(1, [20.0, 30.0], [40.0, 20.0])
}

/// A red frame of 40 mm by 20 mm with an arrow that points up in its left half: shows where up and left are.
fn face() -> Face {
    let outline = |points: &[(f64, f64)]| {
        let at = |&(x, y): &(f64, f64)| Point::new(x, y);
        Contour { start: at(&points[0]), segments: points[1..].iter().map(|point| Segment::Line(at(point))).collect() }
    };
    let frame = Path {
        contours: vec![
            outline(&[(0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0)]),
            outline(&[(1.0, 1.0), (1.0, 19.0), (39.0, 19.0), (39.0, 1.0)]),
        ],
    };
    let arrow = Path {
        contours: vec![outline(&[
            (10.0, 3.0),
            (16.0, 10.0),
            (12.0, 10.0),
            (12.0, 17.0),
            (8.0, 17.0),
            (8.0, 10.0),
            (4.0, 10.0),
        ])],
    };
    let layers = vec![Layer { color: Color::rgb(200, 0, 0), paths: vec![frame, arrow] }];
    Face::new(SizeMm::new(40.0, 20.0).unwrap(), layers).unwrap()
}
