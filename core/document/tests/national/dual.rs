//! One seal and two signatures.

use std::process::Command;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, TrustAnchors};
use eseal_document::VerifyOptions;
use eseal_document::pdf::{
    Certification, Corner, DualRequest, Mark, PageIndex, Pdf, PdfError, Placement, Profile, SigningTime, StampRequest,
};
use eseal_document::report::{Changes, Coverage, Report, Verdict};
use eseal_face::{Color, Contour, Face, Layer, Path, Point, Segment, SizeMm};
use eseal_testkit::{Authority, Party};

use crate::desk::{Desk, NOW, contract, days, finish, verify_by};

struct World {
    desk: Desk,
    authority: Authority,
    second: Party,
}

impl World {
    fn new() -> Self {
        let mut authority = Authority::new(Suite::EcdsaP256Sha256, "Test Root", days(400, 4_000), 5);
        let second = authority.issue(&CertificateProfile::DocumentSigning, "Test Unit", days(10, 365));
        Self { desk: Desk::new(), authority, second }
    }

    /// The second signature.
    fn behind(&self) -> StampRequest<'_> {
        StampRequest::new(&self.second.chain, SigningTime { at: NOW, offset_minutes: 480 })
    }

    fn seal(&self, file: &[u8], request: &DualRequest<'_>) -> Result<Vec<u8>, PdfError> {
        let first = Pdf::open(file)?.prepare_dual(request)?;
        let signature = self.desk.signer.key.sign(first.to_be_signed());
        Ok(finish(first.complete(&signature)?, &self.second))
    }

    fn verify(&self, file: &[u8]) -> Report {
        let anchors: Vec<_> = self.desk.anchors().iter().chain(self.authority.anchors().iter()).cloned().collect();
        verify_by(file, &VerifyOptions::new(TrustAnchors::new(anchors), NOW))
    }
}

fn face() -> Face {
    let corners = [(0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0)].map(|(x, y)| Point::new(x, y));
    let segments = corners[1..].iter().map(|point| Segment::Line(*point)).collect();
    let square = Path { contours: vec![Contour { start: corners[0], segments }] };
    let layer = Layer { color: Color::rgb(200, 0, 0), paths: vec![square] };
    Face::new(SizeMm::new(40.0, 40.0).unwrap(), vec![layer]).unwrap()
}

#[test]
fn each_is_valid_beside_the_other() {
    let world = World::new();
    let face = face();
    let place = Placement::new(PageIndex::new(1), Corner::TopLeft, [20.0, 30.0], [40.0, 40.0]).unwrap();
    for (national, format) in
        [(world.desk.request(), "GM.sm2seal"), (world.desk.signing().profile(Profile::Compat), "adbe.pkcs7.detached")]
    {
        let national = national.mark(Mark::new(&face, place)).reason("合同");
        let request = DualRequest::new(national, world.behind()).unwrap();
        let sealed = world.seal(&contract(), &request).unwrap();
        let report = world.verify(&sealed);
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 2), "{report:#?}");
        let [first, last] = report.signatures.as_slice() else { panic!("two signatures") };
        assert_eq!((first.format.as_str(), first.coverage), (format, Coverage::Revision));
        assert_eq!((first.changes, last.changes), (Changes::Permitted, Changes::None));
        assert_eq!((last.format.as_str(), last.coverage), ("ETSI.CAdES.detached", Coverage::Whole));
        assert_eq!(last.signer.as_deref(), Some("Test Unit"));
        // A verifier of one world believes one of them, and finds nothing wrong with the other.
        let theirs = verify_by(&sealed, &VerifyOptions::new(world.authority.anchors(), NOW));
        let verdicts: Vec<_> = theirs.signatures.iter().map(|signature| signature.verdict).collect();
        assert_eq!(verdicts, [Verdict::Indeterminate, Verdict::Valid]);
        // One seal is seen.
        let text = String::from_utf8_lossy(&sealed);
        let rects: Vec<_> = text.match_indices("/Rect [").map(|(at, _)| &text[at..at + 15]).collect();
        assert_eq!(
            rects.iter().filter(|rect| rect.starts_with("/Rect [0 0 0 0]")).count() + 1,
            rects.len(),
            "{rects:?}"
        );
    }
}

#[test]
fn a_change_breaks_both_and_another_dual_seal_neither() {
    let world = World::new();
    let request = DualRequest::new(world.desk.request(), world.behind()).unwrap();
    let sealed = world.seal(&contract(), &request).unwrap();
    let mut changed = sealed.clone();
    changed[9] ^= 1;
    let report = world.verify(&changed);
    assert!(report.signatures.iter().all(|signature| signature.verdict == Verdict::Invalid));
    let twice = world.seal(&sealed, &request).unwrap();
    let report = world.verify(&twice);
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 4), "{report:#?}");
}

#[test]
fn what_cannot_be_signed_twice_is_refused_before_the_first_signature() {
    let world = World::new();
    let code = |result: Result<DualRequest<'_>, PdfError>| result.unwrap_err().code();
    assert_eq!(code(DualRequest::new(world.desk.request(), world.desk.signing())), "pdf.dual-suites");
    assert_eq!(code(DualRequest::new(world.behind(), world.behind())), "pdf.dual-suites");
    let certified = world.desk.request().certify(Certification::FillIn);
    assert_eq!(code(DualRequest::new(certified, world.behind())), "pdf.certified-no-new-field");
    let certifying = world.behind().certify(Certification::FillIn);
    assert_eq!(code(DualRequest::new(world.desk.request(), certifying)), "pdf.certify-not-first");
    // Somebody certified the document against new fields.
    let certified = world.desk.seal_with(&contract(), &world.desk.signing().certify(Certification::NoChanges)).unwrap();
    let request = DualRequest::new(world.desk.request(), world.behind()).unwrap();
    let refused = Pdf::open(certified.as_slice()).unwrap().prepare_dual(&request).unwrap_err();
    assert_eq!(refused.code(), "pdf.certified-no-changes");
}

/// Poppler knows nothing of SM2: it finds both, verifies the one of P-256 and says that it covers all.
#[test]
fn pdfsig_accepts_the_last_signature() {
    let world = World::new();
    let request = DualRequest::new(world.desk.request(), world.behind().profile(Profile::Compat)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dual.pdf");
    std::fs::write(&path, world.seal(&contract(), &request).unwrap()).unwrap();
    let Ok(said) = Command::new("pdfsig").arg("-nocert").arg(&path).env("LC_ALL", "C").output() else {
        println!("SKIPPED dual::pdfsig_accepts_the_last_signature: pdfsig is not installed");
        return;
    };
    let text = String::from_utf8_lossy(&said.stdout);
    assert_eq!(text.matches("Total document signed").count(), 1, "{text}");
    assert_eq!(text.matches("Signature is Valid").count(), 1, "{text}");
    if let Ok(qpdf) = Command::new("qpdf").arg("--check").arg(&path).output() {
        assert!(qpdf.status.success(), "{}", String::from_utf8_lossy(&qpdf.stderr));
    }
}
