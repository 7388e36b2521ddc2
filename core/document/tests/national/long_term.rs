//! Seals that are verified when nobody is left to ask: the chains of maker, signer and time in the document's own store.

use eseal_crypto::Suite;
use eseal_crypto::cert::{Certificate, CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::SigningKey;
use eseal_crypto::revocation::{Crl, RevocationData, RevocationReason, RevokedCertificate};
use eseal_crypto::ses::{Seal, SesVersion};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};
use eseal_document::VerifyOptions;
use eseal_document::pdf::{Evidence, Pdf, SigningTime, StampRequest, ValidationData};
use eseal_document::report::{CheckVerdict, Report, TimeSource, Trust, Verdict};
use eseal_testkit::{Authority, DAY, Party, Repeatable};

use crate::desk::{NOW, codes, contract, days, draft, make, verify_by};

const LATER: UnixTime = UnixTime(NOW.0 + 30 * DAY);

/// A root, and two CAs below it: one for makers and clocks, one for signers.
struct World {
    root: Issuer,
    makers: Issuer,
    signers: Issuer,
    maker: Party,
    signer: Party,
    clock: TimestampAuthority,
}

impl World {
    fn new() -> Self {
        let mut rng = Repeatable::seeded(40);
        let root = Authority::new(Suite::Sm2Sm3, "测试根", days(400, 4_000), 41).root;
        let mut ca = |name| {
            let key = SigningKey::generate(Suite::Sm2Sm3, &mut rng).unwrap();
            let profile = CertificateProfile::IntermediateCa { path_len: 0 };
            let own =
                root.issue(&profile, &Subject::named(name), key.public_key(), days(300, 3_000), &mut rng).unwrap();
            Issuer::new(key, Chain::new([own]).unwrap()).unwrap()
        };
        let (makers, signers) = (ca("测试制章 CA"), ca("测试签发 CA"));
        let mut party = |ca: &Issuer, profile, name| {
            let key = SigningKey::generate(Suite::Sm2Sm3, &mut rng).unwrap();
            let own = ca.issue(&profile, &Subject::named(name), key.public_key(), days(30, 365), &mut rng).unwrap();
            // The leaf alone: whoever seals has no more of it at hand.
            Party { key, chain: Chain::new([own]).unwrap() }
        };
        let maker = party(&makers, CertificateProfile::DocumentSigning, "测试制章者");
        let signer = party(&signers, CertificateProfile::DocumentSigning, "测试单位");
        let clock = party(&makers, CertificateProfile::TimestampAuthority, "测试时间戳");
        let clock = TimestampAuthority::new(clock.key, clock.chain).unwrap();
        Self { root, makers, signers, maker, signer, clock }
    }

    fn anchors(&self) -> TrustAnchors {
        TrustAnchors::new([self.root.certificate().clone()])
    }

    fn seal(&self) -> Seal {
        let seal = make(&draft(SesVersion::V5, &self.signer.chain), &self.maker);
        seal.with_timestamp(self.stamp(seal.signature_digest(DigestAlgorithm::Sm3)).to_der()).unwrap()
    }

    fn stamp(&self, imprint: Digest) -> TimestampToken {
        let request = TimestampRequest::new(imprint, &mut Repeatable::seeded(9)).unwrap();
        request.accept(&self.clock.respond(request.to_der(), 7, NOW).unwrap().der).unwrap()
    }

    /// Every CA's certificate, and its list as of `LATER` with one revoked certificate or none.
    fn evidence(&self, revoked: Option<(&Certificate, UnixTime)>) -> Evidence {
        let mut evidence = Evidence { certificates: Vec::new(), revocation: RevocationData::new() };
        for ca in [&self.root, &self.makers, &self.signers] {
            evidence.certificates.push(ca.certificate().clone());
            let own = revoked.filter(|(certificate, _)| certificate.is_issued_by(ca.certificate()));
            let entry = own.map(|(certificate, at)| RevokedCertificate {
                serial: certificate.serial().to_vec(),
                at,
                reason: RevocationReason::KeyCompromise,
            });
            let list = ca.issue_crl(1, LATER, LATER.plus(DAY), entry).unwrap();
            evidence.revocation.add_crl(Crl::from_der(&list).unwrap());
        }
        evidence
    }

    /// Sealed at `NOW` by its timestamp, with what there is to know put behind it.
    fn sealed(&self, evidence: Option<Evidence>) -> Vec<u8> {
        let (seal, file) = (self.seal(), contract());
        let request = StampRequest::new(&self.signer.chain, SigningTime { at: NOW, offset_minutes: 480 }).seal(&seal);
        let prepared = Pdf::open(file.as_slice()).unwrap().prepare(&request.timestamp_reserve(4_096)).unwrap();
        let field = prepared.field().to_owned();
        let leaves: Vec<_> = prepared.chains().map(|chain| chain.leaf().clone()).collect();
        let maker = self.maker.chain.leaf();
        assert_eq!(leaves, [self.signer.chain.leaf(), maker, self.clock.chain().leaf()].map(Clone::clone));
        let signature = self.signer.key.sign(prepared.to_be_signed());
        let signed = prepared.sign(&signature).unwrap();
        let token = self.stamp(signed.signature_digest());
        let mut sealed = signed.with_timestamp(&token).unwrap();
        if let Some(evidence) = evidence {
            let data = ValidationData::new().signature(&field, evidence);
            sealed = sealed.reopen().unwrap().append_validation_data(&data).unwrap();
        }
        let mut out = Vec::new();
        sealed.write_to(&mut out).unwrap();
        out
    }

    /// By somebody who has the root and nothing else, when all certificates have run out.
    fn verify(&self, file: &[u8]) -> Report {
        verify_by(file, &VerifyOptions::new(self.anchors(), NOW.plus(1_000 * DAY)))
    }
}

#[test]
fn the_store_leads_from_maker_signer_and_clock_to_the_root() {
    let world = World::new();
    let report = world.verify(&world.sealed(Some(world.evidence(None))));
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let passed = codes(&report, CheckVerdict::Pass);
    for code in
        ["ses.maker-path", "ses.maker-revocation", "ses.signer-path", "ses.signer-revocation", "ses.seal-timestamp"]
    {
        assert!(passed.contains(&code), "{code}: {report:#?}");
    }
    assert_eq!(report.signatures[0].time.map(|time| time.source), Some(TimeSource::Timestamp));
    // Without the store nobody knows who issued these certificates.
    let report = world.verify(&world.sealed(None));
    assert_eq!((report.verdict, report.signatures[0].trust), (Verdict::Indeterminate, Trust::Untrusted));
    let failed = codes(&report, CheckVerdict::Fail);
    assert_eq!(failed, ["ses.maker-path", "ses.signer-path"], "{report:#?}");
}

#[test]
fn lists_in_the_store_tell_who_was_revoked_when() {
    let world = World::new();
    let (before, after) = (UnixTime(NOW.0 - 2 * DAY), NOW.plus(DAY));
    for (party, check) in [(&world.signer, "ses.signer-revocation"), (&world.maker, "ses.maker-revocation")] {
        let leaf = party.chain.leaf();
        let revoked = world.verify(&world.sealed(Some(world.evidence(Some((leaf, before))))));
        assert_eq!(revoked.verdict, Verdict::Invalid, "{revoked:#?}");
        assert_eq!(codes(&revoked, CheckVerdict::Fail), [check]);
        let later = world.verify(&world.sealed(Some(world.evidence(Some((leaf, after))))));
        assert_eq!(later.verdict, Verdict::Valid, "{later:#?}");
    }
    // So it is with a CA between.
    let ca = world.makers.certificate();
    let revoked = world.verify(&world.sealed(Some(world.evidence(Some((ca, before))))));
    assert_eq!(codes(&revoked, CheckVerdict::Fail), ["ses.maker-revocation"], "{revoked:#?}");
}

/// Somebody can take the store away: then less is known, and nothing is valid that was not.
#[test]
fn lists_by_somebody_else_have_no_say() {
    let world = World::new();
    let stranger = Authority::new(Suite::Sm2Sm3, "测试根", days(400, 4_000), 77).root;
    let mut evidence = world.evidence(None);
    evidence.revocation = RevocationData::new();
    let entry = RevokedCertificate {
        serial: world.signer.chain.leaf().serial().to_vec(),
        at: UnixTime(NOW.0 - DAY),
        reason: RevocationReason::KeyCompromise,
    };
    let list = stranger.issue_crl(1, LATER, LATER.plus(DAY), [entry]).unwrap();
    evidence.revocation.add_crl(Crl::from_der(&list).unwrap());
    let report = world.verify(&world.sealed(Some(evidence)));
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert!(codes(&report, CheckVerdict::NotChecked).contains(&"ses.signer-revocation"));
}
