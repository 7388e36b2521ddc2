//! Somebody who seals PDFs with an electronic seal, and ways to change what was sealed.

use std::ops::Range;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, TrustAnchors, UnixTime, Validity};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::ses::{Seal, SealDraft, SesVersion};
use eseal_document::VerifyOptions;
use eseal_document::pdf::{self, OpenOptions, Pdf, PdfError, Prepared, SigningTime, StampRequest};
use eseal_document::report::{CheckVerdict, Report};
use eseal_testkit::{Authority, DAY, Party, seal};

use crate::builder::{Builder, Xref};

pub(crate) const NOW: UnixTime = UnixTime(1_795_332_600);

pub(crate) fn days(before: u64, after: u64) -> Validity {
    Validity { not_before: UnixTime(NOW.0 - before * DAY), not_after: NOW.plus(after * DAY) }
}

pub(crate) fn contract() -> Vec<u8> {
    Builder::simple(Xref::Table).build()
}

/// A signer with a seal, and who made it.
pub(crate) struct Desk {
    pub(crate) authority: Authority,
    pub(crate) signer: Party,
    pub(crate) maker: Party,
    pub(crate) seal: Seal,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(SesVersion::V4, days(10, 365))
    }

    /// With a seal of a version, and a signer's certificate of a validity.
    pub(crate) fn with(version: SesVersion, validity: Validity) -> Self {
        let mut authority = Authority::new(Suite::Sm2Sm3, "测试根", days(400, 4_000), 1);
        let maker = authority.issue(&CertificateProfile::DocumentSigning, "测试制章者", days(30, 365));
        let signer = authority.issue(&CertificateProfile::DocumentSigning, "测试单位", validity);
        let seal = make(&draft(version, &signer.chain), &maker);
        Self { authority, signer, maker, seal }
    }

    pub(crate) fn anchors(&self) -> TrustAnchors {
        self.authority.anchors()
    }

    pub(crate) fn request(&self) -> StampRequest<'_> {
        self.signing().seal(&self.seal)
    }

    /// Without the seal.
    pub(crate) fn signing(&self) -> StampRequest<'_> {
        StampRequest::new(&self.signer.chain, SigningTime { at: NOW, offset_minutes: 480 })
    }

    pub(crate) fn sealed(&self) -> Vec<u8> {
        self.seal_with(&contract(), &self.request()).unwrap()
    }

    pub(crate) fn seal_with(&self, file: &[u8], request: &StampRequest<'_>) -> Result<Vec<u8>, PdfError> {
        Ok(finish(Pdf::open(file)?.prepare(request)?, &self.signer))
    }

    pub(crate) fn verify(&self, file: &[u8]) -> Report {
        verify_by(file, &VerifyOptions::new(self.anchors(), NOW))
    }
}

pub(crate) fn verify_by(file: &[u8], options: &VerifyOptions) -> Report {
    pdf::verify_with(file, &OpenOptions::new(), options).unwrap()
}

pub(crate) fn finish(prepared: Prepared<&[u8]>, by: &Party) -> Vec<u8> {
    let signature = by.key.sign(prepared.to_be_signed());
    let mut out = Vec::new();
    prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
    out
}

pub(crate) fn draft(version: SesVersion, signer: &Chain) -> SealDraft {
    seal::draft(version, signer, NOW)
}

pub(crate) fn make(draft: &SealDraft, maker: &Party) -> Seal {
    seal::make(draft, &maker.key, &maker.chain)
}

/// The checks that came to a verdict, by code, in all signatures.
pub(crate) fn codes(report: &Report, verdict: CheckVerdict) -> Vec<&'static str> {
    let checks = report.signatures.iter().flat_map(|signature| &signature.checks);
    checks.filter(|check| check.verdict == verdict).map(|check| check.code).collect()
}

/// A sealed file with an only signature, to be put together again.
pub(crate) struct Opened(pub(crate) Vec<u8>);

impl Opened {
    fn find(&self, text: &str) -> usize {
        self.0.windows(text.len()).rposition(|window| window == text.as_bytes()).unwrap()
    }

    /// The digits of `/Contents`.
    pub(crate) fn gap(&self) -> Range<usize> {
        let start = self.find("/Contents <") + "/Contents <".len();
        start..start + self.0[start..].iter().position(|byte| *byte == b'>').unwrap()
    }

    /// What is covered, digested.
    pub(crate) fn digest(&self) -> Digest {
        let gap = self.gap();
        Digest::of(DigestAlgorithm::Sm3, &[&self.0[..gap.start - 1], &self.0[gap.end + 1..]].concat())
    }

    /// The value, padding included.
    pub(crate) fn value(&self) -> Vec<u8> {
        let digits = std::str::from_utf8(&self.0[self.gap()]).unwrap();
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
    }

    pub(crate) fn set_value(&mut self, value: &[u8]) {
        let gap = self.gap();
        let mut digits = data_encoding::HEXLOWER.encode(value);
        assert!(digits.len() <= gap.len(), "the place is too small");
        digits.push_str(&"0".repeat(gap.len() - digits.len()));
        self.0[gap].copy_from_slice(digits.as_bytes());
    }

    /// Gives the dictionary other names; what was signed changes with them, no place does.
    pub(crate) fn rename(&mut self, filter: &str, sub_filter: &str) {
        let start = self.find("<</Type /Sig /Filter");
        let end = self.find("/Contents <");
        let old = String::from_utf8(self.0[start..end].to_vec()).unwrap();
        let range = &old[old.find("/ByteRange").unwrap()..].trim_end();
        let mut new = format!("<</Type /Sig /Filter /{filter} /SubFilter /{sub_filter}\n{range}");
        new.push_str(&" ".repeat(old.len() - 1 - new.len()));
        new.push('\n');
        self.0[start..end].copy_from_slice(new.as_bytes());
    }
}
