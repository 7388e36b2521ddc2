//! A root, a relying party, a consent service and two phones, all made on the fly, and one consent between them.

use data_encoding::BASE64URL_NOPAD;
use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_protocol::consent::{ConfirmMode, ConsentStatement, Decision, Receipt, UserAuth, View};
use eseal_protocol::evidence::{Evidence, EvidenceFormat};
use eseal_protocol::ids::{IntentId, Nonce, Sha256Hex};
use eseal_protocol::intent::{
    self, BrowserContext, DocumentRef, FaceRef, Initiator, Intent, MediaType, Operation, RiskClass,
};
use eseal_protocol::jws::{Compact, Statement, ToSign, Verified};
use eseal_protocol::machine::{Answer, Answered, Answering, ConsentError, Identity, Reviewable, Scanned, Viewed};
use eseal_protocol::qr::FrameSecret;
use eseal_protocol::template::Locale;
use eseal_protocol::text::DisplayText;
use eseal_protocol::time::{MonotonicMs, Timestamp};
use eseal_protocol::trust::PlatformTrust;
use rand_core::UnwrapErr;

pub const HOST: &str = "eseal.example.gov.cn";
pub const NOW: u64 = 1_795_000_000;
pub const ARRIVAL: MonotonicMs = MonotonicMs(5_000);
pub const FACE: &[u8] = b"<svg/>";

pub fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

pub fn text(text: &str) -> DisplayText {
    DisplayText::new(text).unwrap()
}

/// A key with the chain that certifies it.
pub struct Party {
    pub key: SigningKey,
    pub chain: Chain,
}

impl Party {
    pub fn sign<T: Statement>(&self, payload: T) -> Verified<T> {
        let to_sign = ToSign::with_chain(payload, self.chain.clone()).unwrap();
        let signature = self.key.sign(to_sign.signing_input());
        to_sign.finish(&signature, self.key.public_key()).unwrap()
    }

    /// Signs any payload text under any `typ`: what a forger with this key could make.
    pub fn sign_text(&self, typ: &str, payload: &str) -> String {
        let x5c: Vec<_> = self.chain.ders().map(|der| format!("\"{}\"", data_encoding::BASE64.encode(der))).collect();
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}","x5c":[{}]}}"#, x5c.join(","));
        let input =
            format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload.as_bytes()));
        let signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signature.to_fixed()))
    }
}

pub struct World {
    pub root: Issuer,
    pub trust: PlatformTrust,
    pub rp: Party,
    pub service: Party,
    pub phone: Party,
    pub secret: FrameSecret,
    pub intent_id: IntentId,
}

impl World {
    pub fn new() -> Self {
        let root = root("Root");
        let rp_profile =
            CertificateProfile::RelyingParty { operation_types: vec!["claim-handwritten-seal".to_owned()] };
        Self {
            trust: PlatformTrust {
                anchors: TrustAnchors::new([root.certificate().clone()]),
                link_host: HOST.to_owned(),
            },
            rp: party(&root, &rp_profile, "电子印章平台", "rp-portal"),
            service: party(&root, &CertificateProfile::ConsentService, "意愿认证服务", "svc"),
            phone: party(&root, &CertificateProfile::ConsentSigning, "江小满", "per-jiang"),
            secret: FrameSecret::from_bytes([9; 32]),
            intent_id: IntentId::from_bytes([1; 16]),
            root,
        }
    }

    pub fn identity(&self) -> Identity {
        Identity {
            person_id: "per-jiang".parse().unwrap(),
            device_id: "dev-one".parse().unwrap(),
            consent_chain: self.phone.chain.clone(),
        }
    }

    pub fn intent(&self) -> Intent {
        let sha256 = Sha256Hex::of(FACE);
        Intent {
            intent_id: self.intent_id,
            rp_id: "rp-portal".parse().unwrap(),
            subject: intent::Subject { person_id: "per-jiang".parse().unwrap(), name: text("江小满") },
            initiator: Initiator { account: text("jiang") },
            op: Operation::ClaimHandwrittenSeal {
                seal_id: "seal-one".parse().unwrap(),
                face: FaceRef { sha256, width_um: 40_000, height_um: 15_960 },
            },
            documents: vec![DocumentRef {
                name: text("印面.svg"),
                media_type: MediaType::Svg,
                size: FACE.len() as u64,
                sha256,
            }],
            browser: BrowserContext {
                ip: text("198.51.100.7"),
                user_agent: text("Chromium"),
                session: Sha256Hex::of(b"session"),
            },
            risk: RiskClass::Normal,
            created_at: Timestamp(NOW),
            expires_at: Timestamp(NOW + 180),
        }
    }

    pub fn link(&self) -> String {
        self.secret.frame(self.intent_id, 3).to_link(HOST)
    }

    pub fn view(intent: Compact<Intent>, n_c: Nonce) -> View {
        View {
            intent,
            device_id: "dev-one".parse().unwrap(),
            n_c,
            n_s: Nonce::from_bytes([2; 32]),
            server_time: Timestamp(NOW + 4),
            expires_at: Timestamp(NOW + 120),
            confirm: ConfirmMode::None,
        }
    }

    /// The phone's steps up to the view, with `change` in between to spoil what arrives.
    pub fn viewed(&self, intent: Compact<Intent>, change: impl FnOnce(&mut View)) -> Result<Viewed, ConsentError> {
        let (request, opening) = Scanned::read(&self.link(), &self.trust)?.open(&mut rng());
        let mut view = Self::view(intent, request.n_c);
        change(&mut view);
        opening.receive(&Compact::from(&self.service.sign(view)), &self.trust, &self.identity(), ARRIVAL)
    }

    pub fn signed_intent(&self) -> Compact<Intent> {
        Compact::from(&self.rp.sign(self.intent()))
    }

    pub fn reviewable(&self) -> Reviewable {
        let mut viewed = self.viewed(self.signed_intent(), |_| {}).unwrap();
        viewed.check_document(0, FACE).unwrap();
        viewed.review(Locale::ZhCn).unwrap()
    }

    pub fn answering(&self, decision: Decision) -> Answering {
        let answer = Answer { decision, user_auth: UserAuth::KeyPresence, env: Vec::new(), previous_receipt: None };
        self.reviewable().answer(answer, ARRIVAL).unwrap()
    }

    pub fn answered(&self, decision: Decision) -> (Compact<ConsentStatement>, Answered) {
        let answering = self.answering(decision);
        let signature = self.phone.key.sign(answering.signing_input());
        let (request, answered) = answering.signed(&signature).unwrap();
        (request.consent, answered)
    }

    pub fn receipt(&self, consent: &Compact<ConsentStatement>) -> Receipt {
        let statement = consent.parse().unwrap();
        Receipt {
            intent_id: self.intent_id,
            decision: statement.peek().decision,
            consent_digest: consent.digest(),
            n_c: statement.peek().n_c,
            recorded_at: Timestamp(NOW + 20),
        }
    }

    pub fn evidence(&self) -> Evidence {
        let intent = self.signed_intent();
        let (request, opening) = Scanned::read(&self.link(), &self.trust).unwrap().open(&mut rng());
        let view = Compact::from(&self.service.sign(Self::view(intent.clone(), request.n_c)));
        let mut viewed = opening.receive(&view, &self.trust, &self.identity(), ARRIVAL).unwrap();
        viewed.check_document(0, FACE).unwrap();
        let answer = Answer {
            decision: Decision::Approve,
            user_auth: UserAuth::KeyPresence,
            env: Vec::new(),
            previous_receipt: None,
        };
        let answering = viewed.review(Locale::En).unwrap().answer(answer, ARRIVAL).unwrap();
        let signature = self.phone.key.sign(answering.signing_input());
        let consent = answering.signed(&signature).unwrap().0.consent;
        let receipt = Compact::from(&self.service.sign(self.receipt(&consent)));
        Evidence { format: EvidenceFormat::V1, intent, view, consent, receipt }
    }
}

pub fn root(name: &str) -> Issuer {
    let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng()).unwrap();
    let validity = Validity::lasting(UnixTime(NOW - 1000), 1_000_000);
    Issuer::new_root(key, &Subject::named(name), validity, &mut rng()).unwrap()
}

pub fn party(issuer: &Issuer, profile: &CertificateProfile, name: &str, serial: &str) -> Party {
    let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng()).unwrap();
    let subject = Subject::named(name).with_serial_number(serial);
    let validity = Validity::lasting(UnixTime(NOW - 500), 100_000);
    let certificate = issuer.issue(profile, &subject, key.public_key(), validity, &mut rng()).unwrap();
    Party { key, chain: issuer.chain_of(certificate).unwrap() }
}
