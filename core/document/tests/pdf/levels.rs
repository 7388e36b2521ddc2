//! From a signature to one that can be verified when nobody is left to ask: B-B, B-T, B-LT, B-LTA.

use eseal_crypto::cert::{TrustAnchors, UnixTime};
use eseal_crypto::revocation::{RevocationReason, RevocationStatus};
use eseal_document::VerifyOptions;
use eseal_document::pdf::{Evidence, OpenOptions, Pdf, Sealed, ValidationData, verify_with};
use eseal_document::report::{
    Changes, CheckVerdict, Integrity, Level, Report, SignatureReport, TimeSource, Trust, Verdict,
};

use crate::builder::{Builder, KINDS, Xref};
use crate::party::{NOW, Party, somewhere};
use crate::pyhanko::{Mode, judge};
use crate::services::{Clock, days, evidence, list, ocsp};

const RESERVE: usize = 4_096;

/// Sealed with a timestamp, not written yet.
pub(crate) fn stamped<'a>(party: &Party, clock: &Clock, file: &'a [u8]) -> Sealed<&'a [u8]> {
    let request = party.request(somewhere()).timestamp_reserve(RESERVE);
    let prepared = Pdf::open(file).unwrap().prepare(&request).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    let signed = prepared.sign(&signature).unwrap();
    let token = clock.stamp(&signed.signature_digest(), NOW);
    signed.with_timestamp(&token).unwrap()
}

pub(crate) fn with_data<'a>(sealed: Sealed<&'a [u8]>, party: &Party, clock: &Clock) -> Sealed<&'a [u8]> {
    let field = sealed.field().to_owned();
    let data = ValidationData::new().signature(&field, evidence(party, NOW)).shared(clock.evidence(NOW));
    sealed.reopen().unwrap().append_validation_data(&data).unwrap()
}

pub(crate) fn archived<'a>(sealed: Sealed<&'a [u8]>, clock: &Clock) -> Sealed<&'a [u8]> {
    let prepared = sealed.reopen().unwrap().prepare_document_timestamp(RESERVE).unwrap();
    let token = clock.stamp(prepared.digest(), NOW);
    prepared.complete(&token).unwrap()
}

pub(crate) fn written(sealed: &Sealed<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    sealed.write_to(&mut out).unwrap();
    out
}

fn roots(party: &Party, clock: &Clock) -> String {
    party.root.certificate().to_pem() + &clock.root.certificate().to_pem()
}

#[test]
fn pyhanko_sees_every_level() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    let pem = roots(&party, &clock);
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        let signed = stamped(&party, &clock, &file);
        let Some(lines) = judge(&written(&signed), &pem, Mode::Plain) else { return };
        assert!(lines.len() == 1 && lines[0].ends_with("stamped ok"), "B-T {kind:?}: {lines:#?}");
        let stored = with_data(signed, &party, &clock);
        let lines = judge(&written(&stored), &pem, Mode::LongTerm).unwrap();
        assert!(lines.len() == 1 && lines[0].ends_with("stamped ok"), "B-LT {kind:?}: {lines:#?}");
        let kept = archived(stored, &clock);
        let lines = judge(&written(&kept), &pem, Mode::LongTerm).unwrap();
        assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with(" ok")), "B-LTA {kind:?}: {lines:#?}");
    }
}

fn options(party: &Party, clock: &Clock, at: UnixTime) -> VerifyOptions {
    let stamps = TrustAnchors::new([clock.root.certificate().clone()]);
    VerifyOptions::new(party.anchors(), at).timestamp_anchors(stamps)
}

fn judged(file: &[u8], options: &VerifyOptions) -> (Report, SignatureReport) {
    let report = verify_with(file, &OpenOptions::new(), options).unwrap();
    let signature = report.signatures.iter().find(|one| one.format != "ETSI.RFC3161").unwrap().clone();
    (report, signature)
}

#[test]
fn each_level_is_reached_and_outlives_the_certificate() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        let signed = stamped(&party, &clock, &file);
        let plain = written(&signed);
        let stored = with_data(signed, &party, &clock);
        let long = written(&stored);
        let archive = written(&archived(stored, &clock));
        assert!(long.starts_with(&plain) && archive.starts_with(&long) && plain.starts_with(&file));
        // The signer's certificate runs out after a year, the authority's does not.
        for at in [NOW, days(1_000)] {
            for (bytes, level) in
                [(&plain, Level::BaselineT), (&long, Level::BaselineLt), (&archive, Level::BaselineLta)]
            {
                let (report, signature) = judged(bytes, &options(&party, &clock, at));
                assert_eq!(signature.level, Some(level), "{kind:?}: {signature:#?}");
                let time = signature.time.unwrap();
                assert_eq!((time.at, time.source), (NOW, TimeSource::Timestamp));
                assert_eq!((signature.trust, report.verdict), (Trust::Trusted, Verdict::Valid), "{report:#?}");
                let changes = if level == Level::BaselineT { Changes::None } else { Changes::Permitted };
                assert_eq!(signature.changes, changes, "{kind:?}: {signature:#?}");
            }
        }
    }
}

#[test]
fn a_document_timestamp_alone_dates_a_signature() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    let once = party.seal(&Builder::simple(Xref::Stream).build()).unwrap();
    let prepared = Pdf::open(once.as_slice()).unwrap().prepare_document_timestamp(RESERVE).unwrap();
    let token = clock.stamp(prepared.digest(), days(1));
    let file = written(&prepared.complete(&token).unwrap());
    let (report, signature) = judged(&file, &options(&party, &clock, days(500)));
    assert_eq!((signature.time.unwrap().at, signature.time.unwrap().source), (days(1), TimeSource::DocumentTimestamp));
    assert_eq!((signature.level, report.verdict), (Some(Level::BaselineT), Verdict::Valid), "{report:#?}");
    assert_eq!(report.signatures[1].format, "ETSI.RFC3161");
    let (_, signature) = judged(&once, &options(&party, &clock, days(500)));
    assert_eq!(signature.trust, Trust::Expired, "without it the certificate has run out");
}

/// Made by pyHanko, with a certificate that is for signing documents.
#[test]
fn a_timestamp_by_somebody_who_is_no_authority_is_intact_and_not_trusted() {
    let file = include_bytes!("findings/timestamp-by-a-signer.pdf");
    let judged = |file: &[u8], anchors| {
        verify_with(file, &OpenOptions::new(), &VerifyOptions::new(anchors, days(1))).unwrap().signatures.remove(0)
    };
    for (anchors, trust) in
        [(TrustAnchors::default(), Trust::Unknown), (Party::new("Test", 1).anchors(), Trust::Untrusted)]
    {
        let stamp = judged(file, anchors);
        assert_eq!((stamp.integrity, stamp.trust), (Integrity::Intact, trust), "{stamp:#?}");
        assert_eq!(stamp.verdict, Verdict::Indeterminate, "{stamp:#?}");
        let check = stamp.checks.iter().find(|check| check.code == "timestamp.document").unwrap();
        assert_eq!(check.verdict, CheckVerdict::Warn, "{check:?}");
    }
    let changed = file.map(|byte| if byte == b'\xe5' { b'\xe6' } else { byte });
    assert_eq!(judged(&changed, TrustAnchors::default()).integrity, Integrity::Broken);
}

#[test]
fn an_authority_that_is_not_believed_proves_no_time() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    let file = Builder::simple(Xref::Table).build();
    let bytes = written(&stamped(&party, &clock, &file));
    for stamps in [TrustAnchors::default(), party.anchors()] {
        let options = VerifyOptions::new(party.anchors(), NOW).timestamp_anchors(stamps.clone());
        let (report, signature) = judged(&bytes, &options);
        assert_eq!(signature.time.unwrap().source, TimeSource::Claimed);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        let options = VerifyOptions::new(party.anchors(), days(500)).timestamp_anchors(stamps);
        assert_eq!(judged(&bytes, &options).1.trust, Trust::Expired);
    }
}

#[test]
fn revocation_counts_at_the_proven_time() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    let file = Builder::simple(Xref::Table).build();
    let dated = written(&stamped(&party, &clock, &file));
    let undated = party.seal(&file).unwrap();
    let leaf = party.chain.leaf();
    let status = |bytes: &[u8], since: UnixTime, word: UnixTime| {
        let by_list = list(&party.root, word, Some((leaf, since)));
        let reason = RevocationReason::KeyCompromise;
        let by_ocsp = ocsp(&party, RevocationStatus::Revoked { at: since, reason }, word);
        let both = [by_list, by_ocsp].map(|data| {
            let (report, signature) = judged(bytes, &options(&party, &clock, word).revocation(data));
            assert_eq!(signature.integrity, Integrity::Intact);
            (signature.trust, report.verdict)
        });
        assert_eq!(both[0], both[1]);
        both[0]
    };
    let later = UnixTime(NOW.0 + 3_600);
    let earlier = UnixTime(NOW.0 - 3_600);
    assert_eq!(status(&dated, later, days(2)), (Trust::Trusted, Verdict::Valid), "revoked after it was signed");
    assert_eq!(status(&dated, earlier, days(2)), (Trust::Revoked, Verdict::Indeterminate), "revoked before");
    assert_eq!(status(&undated, later, days(2)), (Trust::Revoked, Verdict::Indeterminate), "nobody proves when");
    let good = options(&party, &clock, days(2)).revocation(ocsp(&party, RevocationStatus::Good, days(2)));
    assert_eq!(judged(&undated, &good).1.trust, Trust::Trusted);
}

#[test]
fn what_is_there_is_not_stored_twice_and_what_is_not_there_is_refused() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    for kind in KINDS {
        let file = Builder::simple(kind).build();
        let stored = with_data(stamped(&party, &clock, &file), &party, &clock);
        let bytes = written(&stored);
        let field = judged(&bytes, &options(&party, &clock, NOW)).1.field;
        let again = ValidationData::new().signature(&field, evidence(&party, NOW)).shared(clock.evidence(NOW));
        let nothing = Pdf::open(bytes.as_slice()).unwrap().append_validation_data(&again).unwrap();
        assert_eq!(nothing.revision(), b"", "{kind:?}");
        let more = ValidationData::new()
            .shared(Evidence { certificates: Vec::new(), revocation: list(&clock.root, days(1), None) });
        let grown = written(&Pdf::open(bytes.as_slice()).unwrap().append_validation_data(&more).unwrap());
        let text = String::from_utf8_lossy(&grown[bytes.len()..]).into_owned();
        assert!(text.contains("/CRLs [") && !text.contains("/VRI <<>>"), "{text}");
        assert_eq!(judged(&grown, &options(&party, &clock, NOW)).0.verdict, Verdict::Valid, "{kind:?}");
        let unknown = ValidationData::new().signature("Nobody", evidence(&party, NOW));
        let refused = Pdf::open(bytes.as_slice()).unwrap().append_validation_data(&unknown).unwrap_err();
        assert_eq!(refused.code(), "pdf.no-such-field");
    }
}

#[test]
fn wrong_and_large_timestamps_are_refused() {
    let (party, clock) = (Party::new("Test", 1), Clock::new(9));
    let file = Builder::simple(Xref::Table).build();
    let signed = |reserve| {
        let request = party.request(somewhere()).timestamp_reserve(reserve);
        let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        prepared.sign(&signature).unwrap()
    };
    let other = clock.stamp(party.prepare(&file).unwrap().digest(), NOW);
    assert_eq!(signed(RESERVE).with_timestamp(&other).unwrap_err().code(), "tsp.wrong-imprint");
    let narrow = signed(1);
    let token = clock.stamp(&narrow.signature_digest(), NOW);
    assert_eq!(narrow.with_timestamp(&token).unwrap_err().code(), "pdf.placeholder-too-small");
    let late = signed(RESERVE).without_timestamp().unwrap();
    assert_eq!(judged(&written(&late), &options(&party, &clock, NOW)).1.level, Some(Level::BaselineB));
    let prepared = late.reopen().unwrap().prepare_document_timestamp(RESERVE).unwrap();
    assert_eq!(prepared.complete(&other).unwrap_err().code(), "tsp.wrong-imprint");
}
