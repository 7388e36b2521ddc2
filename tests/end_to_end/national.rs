//! Electronic seals that the platform made, put on OFD and PDF with SM2, and judged by somebody who has the national root alone.

use std::fs::File;

use eseal_document::ofd::{Mark, Ofd, StampRequest as OfdRequest};
use eseal_document::pdf::{PageIndex, Pdf, Profile, SigningTime, StampRequest};
use eseal_document::report::{CheckVerdict, Level, Report, TimeSource, Trust, Verdict};
use eseal_document::{VerifyOptions, ofd, pdf};
use eseal_platform::PlatformClock as _;
use eseal_protocol::operator::{ElectronicSealReply, SealingCertificateReply};
use eseal_sdk::client::{HttpsTransport, Method, Reach, Request, Transport as _, TrustServices};
use eseal_sdk::crypto::Suite;
use eseal_sdk::crypto::cert::{Certificate, CertificationRequest, Chain, Subject, TrustAnchors, UnixTime};
use eseal_sdk::crypto::key::SigningKey;
use eseal_sdk::crypto::revocation::{RevocationData, RevocationReason};
use eseal_sdk::crypto::ses::{Seal, SealKind, SealMaker, SealOrder, SealSigners, SesVersion};
use eseal_sdk::{Cancel, SystemEntropy, Vouchers, reserve};
use rand_core::UnwrapErr;
use serde_json::{Value, json};

use crate::world::{CONTRACT, World, face};

const PACKAGE: &[u8] = include_bytes!("../fixtures/ofd/two-pages.ofd");
const DAY_S: u64 = 24 * 60 * 60;

/// A unit with a key of SM2 that the platform certified, and seals that the platform made.
struct Unit {
    world: World,
    key: SigningKey,
    chain: Chain,
}

impl Unit {
    async fn new() -> Self {
        let world = World::new().await;
        let key = SigningKey::generate(Suite::Sm2Sm3, &mut UnwrapErr(getrandom::SysRng)).unwrap();
        let request = CertificationRequest::new(&key, &Subject::named("x")).unwrap().to_pem();
        let asked = json!({ "holder": "江西测试有限公司", "code": "91360000MA00000000", "request_pem": request });
        let (status, reply) = operate(&world, Method::Post, "sealing-certificates", &asked).await;
        assert_eq!(status, 201);
        let reply: SealingCertificateReply = serde_json::from_slice(&reply).unwrap();
        let chain = Chain::from_pem(&reply.chain_pem).unwrap();
        Self { world, key, chain }
    }

    /// The answer to an order.
    async fn order(&self, number: &str, version: &str, owner: Value) -> (u16, Vec<u8>) {
        let order = json!({ "version": version, "owner": owner, "signers": [self.chain.leaf().to_pem()] });
        operate(&self.world, Method::Put, &format!("seals/{number}"), &order).await
    }

    async fn seal(&self, number: &str, version: &str) -> Seal {
        let face = data_encoding::BASE64.encode(face().to_svg().as_bytes());
        let owner = json!({ "type": "unit", "kind": "contract", "name": "江西测试有限公司合同专用章", "face": face });
        let (status, reply) = self.order(number, version, owner).await;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&reply));
        let reply: ElectronicSealReply = serde_json::from_slice(&reply).unwrap();
        Seal::from_der(&reply.data.0).unwrap()
    }

    fn now(&self) -> UnixTime {
        self.world.clock.now().into()
    }

    fn time(&self) -> SigningTime {
        SigningTime { at: self.now(), offset_minutes: 480 }
    }

    fn vouchers(&self) -> Vouchers {
        Vouchers::new(format!("{}/tsa", self.world.platform.pki_url().unwrap()), Reach::Any).unwrap()
    }

    /// A PDF sealed up to B-LT.
    async fn pdf(&self, request: StampRequest<'_>) -> Vec<u8> {
        let level = Level::BaselineLt;
        let prepared = Pdf::open(CONTRACT).unwrap().prepare(&reserve(request, level)).unwrap();
        let signature = self.key.sign(prepared.to_be_signed());
        let means = (&SystemEntropy as _, &Cancel::new());
        let sealed = self.vouchers().complete(prepared, &signature, level, self.now(), means).await.unwrap();
        let mut out = Vec::new();
        sealed.write_to(&mut out).unwrap();
        out
    }

    async fn sealed_pdf(&self, seal: &Seal) -> Vec<u8> {
        self.pdf(StampRequest::new(&self.chain, self.time()).seal(seal)).await
    }

    /// An OFD package sealed with a timestamp.
    async fn sealed_ofd(&self, seal: &Seal) -> Vec<u8> {
        let input = self.world.file("in.ofd", PACKAGE);
        let mark = Mark::new(PageIndex::new(1), [30.0, 40.0], [40.0, 16.0]).unwrap();
        let request = OfdRequest::new(seal, self.chain.leaf(), self.now()).mark(mark);
        let prepared = Ofd::open(File::open(input).unwrap()).unwrap().prepare(&request).unwrap();
        let signature = self.key.sign(prepared.to_be_signed());
        let signed = prepared.sign(&signature).unwrap();
        let (vouchers, cancel) = (self.vouchers(), Cancel::new());
        let token = vouchers.timestamp(signed.signature_digest(), &SystemEntropy, &cancel).await.unwrap();
        let mut out = Vec::new();
        signed.with_timestamp(&token).unwrap().write_to(&mut out).unwrap();
        out
    }

    /// What the platform's services say now of signer and maker; handed to who verifies OFD, which has no place for it.
    async fn word(&self, maker: &Certificate) -> RevocationData {
        let services = TrustServices::new(&TrustAnchors::default(), Reach::Any).unwrap();
        let anchors = self.anchors();
        let issuing: Vec<_> = self.chain.certificates().skip(1).cloned().collect();
        let mut data = RevocationData::new();
        for leaf in [self.chain.leaf(), maker] {
            let chain = Chain::following(leaf, &issuing);
            let path = chain.path(&anchors).unwrap();
            services.revocation(&path, self.now(), &mut data, &Cancel::new()).await.unwrap();
        }
        data
    }

    fn anchors(&self) -> TrustAnchors {
        TrustAnchors::from_pem(&self.world.platform.national_root_pem()).unwrap()
    }

    /// By the national root and what is in the file.
    fn judge_pdf(&self, file: &[u8]) -> Report {
        let options = VerifyOptions::new(self.anchors(), self.now());
        pdf::verify_with(file, &pdf::OpenOptions::new(), &options).unwrap()
    }

    /// By the national root, the platform's other certificates and its word.
    fn judge_ofd(&self, file: &[u8], word: &RevocationData) -> Report {
        let options = VerifyOptions::new(self.anchors(), self.now());
        let others = self.chain.certificates().skip(1).cloned();
        ofd::verify_with(file, &options.certificates(others).revocation(word.clone())).unwrap()
    }

    async fn revoke(&self, certificate: &Certificate) {
        let reason = RevocationReason::KeyCompromise;
        assert!(self.world.platform.revoke_certificate(certificate, reason).await.unwrap());
        self.world.clock.advance(60);
    }
}

async fn operate(world: &World, method: Method, path: &str, body: &Value) -> (u16, Vec<u8>) {
    let roots = TrustAnchors::from_pem(world.platform.tls_root_pem()).unwrap();
    let transport = HttpsTransport::new(world.platform.base_url(), &roots).unwrap();
    let token = format!("Bearer {}", world.platform.operator_token());
    let request = Request {
        method,
        path: format!("/v1/operator/{path}"),
        query: String::new(),
        headers: vec![("authorization".to_owned(), token)],
        body: serde_json::to_vec(body).unwrap(),
        timeout_ms: 20_000,
    };
    let reply = transport.send(request).await.unwrap();
    (reply.status, reply.body)
}

fn failed(report: &Report) -> Vec<&'static str> {
    let checks = report.signatures.iter().flat_map(|signature| &signature.checks);
    checks.filter(|check| check.verdict == CheckVerdict::Fail).map(|check| check.code).collect()
}

fn passed(report: &Report, code: &str) -> bool {
    let checks = &report.signatures[0].checks;
    checks.iter().any(|check| check.code == code && check.verdict == CheckVerdict::Pass)
}

#[tokio::test]
async fn seals_of_the_platform_seal_ofd_and_pdf() {
    let unit = Unit::new().await;
    for (number, version) in [("36010000000001", "4"), ("36010000000002", "5")] {
        let seal = unit.seal(number, version).await;
        unit.world.clock.advance(60);
        let file = unit.sealed_pdf(&seal).await;
        let report = unit.judge_pdf(&file);
        assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 1), "{report:#?}");
        assert_eq!(report.signatures[0].signer.as_deref(), Some("江西测试有限公司"));
        assert_eq!(report.signatures[0].time.map(|time| time.source), Some(TimeSource::Timestamp));
        for code in ["ses.maker-path", "ses.maker-revocation", "ses.signer-path", "ses.signer-revocation"] {
            assert!(passed(&report, code), "{code}: {report:#?}");
        }
        let file = unit.sealed_ofd(&seal).await;
        let word = unit.word(seal.maker()).await;
        let report = unit.judge_ofd(&file, &word);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert!(passed(&report, "ses.signer-revocation") && passed(&report, "ses.maker-revocation"), "{report:#?}");
    }
}

/// Without a seal, too: CMS of SM2 reaches B-LT with what the national CA serves.
#[tokio::test]
async fn cms_of_sm2_reaches_the_level_for_the_long_term() {
    let unit = Unit::new().await;
    let request = || StampRequest::new(&unit.chain, unit.time());
    let report = unit.judge_pdf(&unit.pdf(request()).await);
    assert_eq!((report.verdict, report.signatures[0].level), (Verdict::Valid, Some(Level::BaselineLt)), "{report:#?}");
    assert!(passed(&report, "pades.validation-data") && passed(&report, "cert.revocation"), "{report:#?}");
    assert_eq!(report.signatures[0].trust, Trust::Trusted);
    // The national dialect has no name for levels, and holds the same.
    let report = unit.judge_pdf(&unit.pdf(request().profile(Profile::Gbt35275)).await);
    assert_eq!((report.verdict, report.signatures[0].level), (Verdict::Valid, None), "{report:#?}");
    assert!(passed(&report, "cert.revocation"), "{report:#?}");
}

#[tokio::test]
async fn what_was_sealed_before_the_signer_was_revoked_stays_valid() {
    let unit = Unit::new().await;
    let seal = unit.seal("36010000000001", "4").await;
    unit.world.clock.advance(60);
    let (pdf, ofd) = (unit.sealed_pdf(&seal).await, unit.sealed_ofd(&seal).await);
    unit.world.clock.advance(60);
    unit.revoke(unit.chain.leaf()).await;
    let word = unit.word(seal.maker()).await;
    for report in [unit.judge_pdf(&pdf), unit.judge_ofd(&ofd, &word)] {
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    }
    // Also where the verifier knows what became of the signer.
    let knowing = VerifyOptions::new(unit.anchors(), unit.now()).revocation(word.clone());
    let report = pdf::verify_with(pdf.as_slice(), &pdf::OpenOptions::new(), &knowing).unwrap();
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");

    let (pdf, ofd) = (unit.sealed_pdf(&seal).await, unit.sealed_ofd(&seal).await);
    for report in [unit.judge_pdf(&pdf), unit.judge_ofd(&ofd, &word)] {
        assert_eq!((report.verdict, report.signatures[0].trust), (Verdict::Invalid, Trust::Revoked), "{report:#?}");
        assert_eq!(failed(&report), ["ses.signer-revocation"]);
    }
}

#[tokio::test]
async fn seals_made_before_the_maker_was_revoked_stay_good() {
    let unit = Unit::new().await;
    let seal = unit.seal("36010000000001", "5").await;
    unit.world.clock.advance(60);
    let (pdf, ofd) = (unit.sealed_pdf(&seal).await, unit.sealed_ofd(&seal).await);
    unit.world.clock.advance(60);
    unit.revoke(seal.maker()).await;
    let word = unit.word(seal.maker()).await;
    // What was sealed before, and what is sealed now with the seal that was made before.
    let now = (unit.sealed_pdf(&seal).await, unit.sealed_ofd(&seal).await);
    for (pdf, ofd) in [(&pdf, &ofd), (&now.0, &now.1)] {
        for report in [unit.judge_pdf(pdf), unit.judge_ofd(ofd, &word)] {
            assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        }
    }
    // Somebody who has the maker's key goes on making seals: whoever verifies sees when they were made.
    let pem = std::fs::read_to_string(unit.world.folder.path().join("platform/keys/national-seal-maker.pem")).unwrap();
    let thief = SealMaker::new(SigningKey::from_pkcs8_pem(&pem).unwrap(), seal.maker().clone()).unwrap();
    let order = SealOrder {
        version: SesVersion::V5,
        number: "36010000000009".parse().unwrap(),
        kind: SealKind::LegalName,
        name: "不存在的单位".to_owned(),
        signers: SealSigners::whole([unit.chain.leaf()]),
        picture: seal.picture().clone(),
        days: None,
    };
    let forged = thief.make(order, unit.now()).unwrap();
    let (pdf, ofd) = (unit.sealed_pdf(&forged).await, unit.sealed_ofd(&forged).await);
    for report in [unit.judge_pdf(&pdf), unit.judge_ofd(&ofd, &word)] {
        assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
        assert_eq!(failed(&report), ["ses.maker-revocation"]);
    }
}

/// A person's drawn seal as an electronic one: the app gets it with the seal, whoever has the listed key seals with it.
#[tokio::test]
async fn a_persons_seal_comes_with_its_data() {
    let unit = Unit::new().await;
    let (phone, seal) = unit.world.sealed_phone().await;
    assert!(seal.electronic().is_none());
    let owner = json!({ "type": "person", "seal_id": seal.record().seal_id });
    let (status, _) = unit.order("36010000000001", "5", owner).await;
    assert_eq!(status, 201);
    let seals = phone.seals(&Cancel::new()).await.unwrap();
    let electronic = seals[0].electronic().unwrap();
    assert_eq!((electronic.name(), electronic.kind()), ("江小满", Some(SealKind::Personal)));
    assert_eq!(phone.seals(&Cancel::new()).await.unwrap().len(), 1);
    let report = unit.judge_pdf(&unit.sealed_pdf(electronic).await);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert!(electronic.validity().not_after.0 <= unit.now().0 + 365 * DAY_S);
}
