//! What `core/crypto` reads from strangers, and what must hold of it: nothing that our keys did not sign is theirs.

use std::convert::Infallible;

use eseal_crypto::Suite;
use eseal_crypto::cert::{
    Certificate, CertificateProfile, CertificationRequest, Chain, Issuer, Purpose, Subject, TrustAnchors, UnixTime,
    Validity,
};
use eseal_crypto::cms::{CmsError, SignedAttributes, SignedData};
use eseal_crypto::digest::Digest;
use eseal_crypto::key::{PublicKey, Signature, SigningKey};
use eseal_crypto::revocation::{
    Crl, OcspQuery, OcspRequest, OcspResponder, OcspResponse, RevocationData, RevocationReason, RevocationStatus,
    RevokedCertificate,
};
use eseal_crypto::ses::{
    Seal, SealDraft, SealHolder, SealPicture, SealSignature, SealSignatureDraft, SealSigners, SesVersion,
};
use eseal_crypto::tsp::{TimestampAuthority, TimestampRequest, TimestampToken};
use eseal_document::report::Verdict;
use eseal_document::ses::SealJudge;
use rand_core::{TryCryptoRng, TryRng};

const SUITES: [Suite; 2] = [Suite::EcdsaP256Sha256, Suite::Sm2Sm3];
const NOW: UnixTime = UnixTime(1_800_000_000);
const HOUR: u64 = 3600;
const CONTENT: &[u8] = b"content";

thread_local! {
    static WORLDS: &'static [World; 2] = Box::leak(Box::new(SUITES.map(World::new)));
}

/// Somebody of each kind, with keys of one suite.
struct World {
    root: Issuer,
    signer: (SigningKey, Chain),
    authority: TimestampAuthority,
    responder: OcspResponder,
    anchors: TrustAnchors,
}

impl World {
    fn new(suite: Suite) -> Self {
        let rng = &mut Counter(0);
        let key = || SigningKey::generate(suite, &mut Counter(fresh())).expect("a key");
        let validity = Validity::lasting(UnixTime(NOW.0 - HOUR), 1_000 * HOUR);
        let root = Issuer::new_root(key(), &Subject::named("Root"), validity, rng).expect("a root");
        let issue = |profile: &CertificateProfile, name: &str| {
            let key = key();
            let leaf = root.issue(profile, &Subject::named(name), key.public_key(), validity, &mut Counter(fresh()));
            (key, Chain::new([leaf.expect("a certificate")]).expect("a chain"))
        };
        let signer = issue(&CertificateProfile::DocumentSigning, "Signer");
        let (key, chain) = issue(&CertificateProfile::TimestampAuthority, "Clock");
        let authority = TimestampAuthority::new(key, chain).expect("an authority");
        let (key, chain) = issue(&CertificateProfile::OcspResponder, "Responder");
        let responder = OcspResponder::new(key, chain.leaf().clone(), root.certificate().clone());
        let responder = responder.expect("a responder");
        let anchors = TrustAnchors::new([root.certificate().clone()]);
        Self { root, signer, authority, responder, anchors }
    }

    fn digest(&self) -> Digest {
        Digest::of(self.root.key().suite().digest_algorithm(), CONTENT)
    }

    fn certificates(&self) -> [&Certificate; 4] {
        let Self { root, signer, authority, responder, .. } = self;
        [root.certificate(), signer.1.leaf(), authority.chain().leaf(), responder.certificate()]
    }

    fn is_known(&self, key: &PublicKey) -> bool {
        self.certificates().iter().any(|known| known.public_key() == Ok(key))
    }

    fn seeds(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (key, chain) = &self.signer;
        let finish = |attributes: SignedAttributes| {
            let signature = key.sign(attributes.to_be_signed());
            attributes.finish(&signature, chain).expect("a signature")
        };
        let signed = finish(SignedAttributes::pades(&self.digest(), chain.leaf()).expect("attributes"));
        let request = TimestampRequest::new(signed.signature_digest(self.digest().algorithm()), &mut Counter(9));
        let request = request.expect("a request");
        let response = self.authority.respond(request.to_der(), 7, NOW).expect("a response").der;
        let token = request.accept(&response).expect("a token");
        let stamped = signed.with_signature_timestamp(&token).expect("a stamped signature");
        let taken_back = RevokedCertificate {
            serial: chain.leaf().serial().to_vec(),
            at: NOW,
            reason: RevocationReason::KeyCompromise,
        };
        let crl = self.root.issue_crl(1, NOW, NOW.plus(HOUR), [taken_back]).expect("a list");
        let question = OcspRequest::new(chain.leaf(), self.root.certificate()).expect("a question");
        let query = OcspQuery::from_der(question.to_der()).expect("a query");
        let answer = self.responder.respond(&query, &[RevocationStatus::Good], NOW, NOW.plus(HOUR));
        let mut seeds = vec![
            ("certificate", chain.leaf().to_der().to_vec()),
            ("root", self.root.certificate().to_der().to_vec()),
            ("cms", signed.to_der().to_vec()),
            ("cms-stamped", stamped.to_der().to_vec()),
            ("token", token.to_der().to_vec()),
            ("tsq", request.to_der().to_vec()),
            ("tsr", response),
            ("crl", crl),
            ("ocsp-request", question.to_der().to_vec()),
            ("ocsp-response", answer.expect("an answer")),
            (
                "request",
                CertificationRequest::new(key, &Subject::named("Signer")).expect("a request").to_der().to_vec(),
            ),
            ("key", key.public_key().to_spki_der()),
            ("signature", key.sign(CONTENT).to_der()),
            ("signature-fixed", key.sign(CONTENT).to_fixed().to_vec()),
        ];
        if let Ok(attributes) = SignedAttributes::gbt_35275(&self.digest(), chain.leaf(), NOW) {
            seeds.push(("gbt-35275", finish(attributes).to_der().to_vec()));
            let sealed = self.seal_signature();
            seeds.push(("seal", sealed.seal().to_der().to_vec()));
            seeds.push(("seal-signature", sealed.to_der().to_vec()));
        }
        seeds
    }

    fn seal_signature(&self) -> SealSignature {
        let (key, chain) = &self.signer;
        let draft = SealDraft {
            version: SesVersion::V5,
            vendor_id: "eseal".to_owned(),
            id: "36010000000001".to_owned(),
            holder: SealHolder::Person,
            name: "测试章".to_owned(),
            signers: SealSigners::Certificates(vec![chain.leaf().to_der().to_vec()]),
            created_at: NOW,
            validity: chain.leaf().validity(),
            picture: SealPicture { kind: "PNG".to_owned(), data: vec![1; 16], width_mm: 40, height_mm: 40 },
            extensions: Vec::new(),
        };
        let prepared = draft.prepare(chain.leaf()).expect("a seal to sign");
        let signature = key.sign(prepared.to_be_signed());
        let seal = prepared.finish(&signature).expect("a seal");
        let property_info = "/Signature.xml".to_owned();
        let draft = SealSignatureDraft { seal, data: self.digest(), property_info, time: NOW, extensions: Vec::new() };
        let prepared = draft.prepare(chain.leaf()).expect("something to sign");
        let signature = key.sign(prepared.to_be_signed());
        prepared.finish(&signature).expect("a seal signature")
    }
}

/// Everything that is read, by name.
///
/// # Panics
/// Where something cannot be made that always can.
#[must_use]
pub fn seeds() -> Vec<(String, Vec<u8>)> {
    let named = |(world, suite): (&World, &str)| -> Vec<_> {
        world.seeds().into_iter().map(|(name, der)| (format!("{suite}-{name}.der"), der)).collect()
    };
    WORLDS.with(|worlds| worlds.iter().zip(["p256", "sm2"]).flat_map(named).collect())
}

/// Reads bytes as a signature in CMS, and as what timestamps consist of.
///
/// # Panics
/// Where what must hold does not.
pub fn cms(bytes: &[u8]) {
    WORLDS.with(|worlds| {
        for world in *worlds {
            signature_of_content(world, bytes);
            timestamp(world, bytes);
        }
    });
}

/// Reads bytes as a seal, and as its signature.
///
/// # Panics
/// Where what must hold does not.
pub fn ses(bytes: &[u8]) {
    WORLDS.with(|worlds| seal(&worlds[1], bytes));
}

/// Reads bytes as everything else that they could be.
///
/// # Panics
/// Where what must hold does not.
pub fn read(bytes: &[u8]) {
    WORLDS.with(|worlds| {
        for world in *worlds {
            certificate(world, bytes);
            revocation(world, bytes);
        }
    });
    if let Ok(request) = CertificationRequest::from_der(bytes) {
        let again = CertificationRequest::from_pem(&request.to_pem()).expect("a request that was read");
        assert_eq!(again.key(), request.key());
    }
    if let Ok(key) = PublicKey::from_spki_der(bytes) {
        assert_eq!(key.to_spki_der(), bytes, "a key has one encoding");
    }
    for suite in SUITES {
        if let Ok(signature) = Signature::from_either(suite, bytes) {
            assert_eq!(Signature::from_der(suite, &signature.to_der()), Ok(signature));
            assert_eq!(Signature::from_fixed(suite, &signature.to_fixed()), Ok(signature));
        }
    }
}

fn certificate(world: &World, bytes: &[u8]) {
    let Ok(read) = Certificate::from_der(bytes) else { return };
    assert_eq!(read.to_der(), bytes);
    let _ = (read.subject_rfc4514(), read.issuer_rfc4514(), read.identity_codes(), read.services());
    let chain = Chain::new([read.clone()]).expect("one certificate");
    let is_issued = read.is_issued_by(world.root.certificate());
    if is_issued || chain.verify(&world.anchors, NOW, Purpose::DocumentSigning).is_ok() {
        let is_same = |known: &&Certificate| known.serial() == read.serial() && known.public_key() == read.public_key();
        assert!(world.certificates().iter().any(is_same), "a certificate that was never issued");
    }
}

fn signature_of_content(world: &World, bytes: &[u8]) {
    let Ok(read) = SignedData::from_padded_der(bytes) else { return };
    // BER is told in DER, which is read as it stands.
    let again = SignedData::from_padded_der(read.to_der());
    assert!(again.is_ok_and(|again| again.to_der() == read.to_der()));
    let _ = (read.signing_time(), read.embedded_revocation(), read.signature_timestamp(), read.states(&world.digest()));
    if read.verify(&world.digest()).is_ok() {
        assert!(read.signer().public_key().is_ok_and(|key| world.is_known(key)), "a signature of a stranger");
    }
}

fn timestamp(world: &World, bytes: &[u8]) {
    if let Ok(read) = TimestampToken::from_der(bytes)
        && read.verify(&world.digest()).is_ok()
    {
        assert!(read.authority().public_key().is_ok_and(|key| world.is_known(key)), "a timestamp of a stranger");
    }
    let _ = TimestampToken::from_response(bytes);
    let reply = world.authority.respond(bytes, 1, NOW).expect("every request is answered");
    let token = TimestampToken::from_response(&reply.der);
    match reply.outcome {
        Ok(imprint) => match token {
            Ok(token) => assert_eq!(token.digest_algorithm(), imprint.algorithm()),
            // Who did not ask for the certificate has to have it.
            Err(error) => assert_eq!(error, CmsError::SignerCertificateMissing.into()),
        },
        Err(_) => assert!(token.is_err()),
    }
}

fn seal(world: &World, bytes: &[u8]) {
    let is_known = |certificate: &Certificate| certificate.public_key().is_ok_and(|key| world.is_known(key));
    if let Ok(read) = Seal::from_der(bytes) {
        assert_eq!(read.to_der(), bytes);
        assert!(read.verify_signature().is_err() || is_known(read.maker()), "a seal of a stranger");
    }
    if let Ok(read) = SealSignature::from_der(bytes) {
        let _ = (read.stated_time(), read.verify_data(&world.digest()), read.seal().verify_signature());
        let judge = SealJudge {
            anchors: &world.anchors,
            maker_anchors: &world.anchors,
            timestamp_anchors: &world.anchors,
            certificates: &[],
            revocation: &RevocationData::new(),
            at: NOW,
        };
        let is_valid = judge.judge(&read, &world.digest()).verdict == Verdict::Valid;
        assert!(!is_valid || (is_known(read.signer()) && is_known(read.seal().maker())), "a stranger's is valid");
        assert!(read.verify_signature().is_err() || is_known(read.signer()), "a seal signature of a stranger");
    }
}

fn revocation(world: &World, bytes: &[u8]) {
    let (certificate, issuer) = (world.signer.1.leaf(), world.root.certificate());
    if let Ok(crl) = Crl::from_der(bytes) {
        let _ = crl.evidence(certificate, issuer);
    }
    if let Ok(response) = OcspResponse::from_der(bytes) {
        let _ = response.evidence(certificate, issuer);
    }
    if let Ok(query) = OcspQuery::from_der(bytes) {
        let statuses: Vec<_> = query.serials_of(issuer).map(|_| RevocationStatus::Unknown).collect();
        let _ = world.responder.respond(&query, &statuses, NOW, NOW.plus(HOUR));
    }
}

fn fresh() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    DRAWN.fetch_add(1, Ordering::Relaxed)
}

/// Random numbers that are none: a finding must repeat.
struct Counter(u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.try_next_u64()? as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Ok(self.0 ^ (self.0 >> 29))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.try_next_u64()?.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
