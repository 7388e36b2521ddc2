//! A phone played by hand: software keys, signed requests, the protocol's own state machine.

use std::sync::Mutex;

use data_encoding::BASE64URL_NOPAD;
use eseal_crypto::Suite;
use eseal_crypto::cert::Chain;
use eseal_crypto::key::SigningKey;
use eseal_face::{Color, Contour, Face, Layer, Path, Point, Segment, SizeMm};
use eseal_platform::DEMO_ACCOUNTS;
use eseal_protocol::api::{
    AnswerReply, AnswerRequest, Claim, ClaimRequest, DeviceReply, EnrolmentProofs, EnrolmentReply, OpenReply,
    OpenRequest, Person, SealList, SignInReply,
};
use eseal_protocol::consent::{ConsentStatement, Decision, UserAuth, View};
use eseal_protocol::enrol::{KeyProof, KeyPurpose, Protection};
use eseal_protocol::http_signature::{IDEMPOTENCY_HEADER, NONCE_HEADER, RequestParts, RequestToSign, SignedHeaders};
use eseal_protocol::ids::{DeviceId, IntentId, Nonce, PersonId};
use eseal_protocol::jws::{Compact, ToSign, Unverified};
use eseal_protocol::machine::{Answer, Answered, Identity, Reviewable, Scanned};
use eseal_protocol::problem::{Problem, ProblemCode};
use eseal_protocol::template::Locale;
use eseal_protocol::time::MonotonicMs;
use eseal_protocol::trust::PlatformTrust;
use rand_core::UnwrapErr;
use reqwest::{Client, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::world::World;

pub(crate) const ARRIVAL: MonotonicMs = MonotonicMs(1_000);

pub(crate) fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    pub(crate) nonce: String,
    pub(crate) media_type: String,
}

impl Reply {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (nonce, media_type) = (header(NONCE_HEADER), header("content-type"));
        let status = response.status();
        Self { status, nonce, media_type, body: response.bytes().await.unwrap().to_vec() }
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{} {}", self.status, String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem's code; its form is checked on the way.
    pub(crate) fn refused(&self) -> ProblemCode {
        assert_eq!(self.media_type, "application/problem+json", "{}", String::from_utf8_lossy(&self.body));
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.code.status(), self.status.as_u16(), "{:?}", problem.code);
        assert_eq!(problem.trace_id.len(), 16);
        problem.code
    }
}

pub(crate) async fn sign_in(world: &World, account: &str, password: &str) -> Reply {
    let body = serde_json::json!({ "account": account, "password": password });
    let url = format!("{}/v1/session", world.platform.base_url());
    Reply::of(world.http.post(url).json(&body).send().await.unwrap()).await
}

/// The password of a demo account.
pub(crate) fn password(account: &str) -> &'static str {
    DEMO_ACCOUNTS.iter().find(|demo| demo.account == account).unwrap().password
}

/// The three keys of a phone that is not yet enrolled, in the order of [`KeyPurpose::ALL`].
pub(crate) fn keys() -> [SigningKey; 3] {
    std::array::from_fn(|_| SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng()).unwrap())
}

pub(crate) fn proof(
    key: &SigningKey,
    challenge: Nonce,
    person_id: &PersonId,
    purpose: KeyPurpose,
) -> Compact<KeyProof> {
    let spki = BASE64URL_NOPAD.encode(&key.public_key().to_spki_der());
    let payload = KeyProof {
        challenge,
        person_id: person_id.clone(),
        purpose,
        spki,
        protection: Protection::SoftwareHarness,
        attestation: Vec::new(),
    };
    let to_sign = ToSign::without_chain(payload).unwrap();
    let signature = key.sign(to_sign.signing_input());
    Compact::from(&to_sign.finish(&signature, key.public_key()).unwrap())
}

pub(crate) fn proofs(keys: &[SigningKey; 3], challenge: Nonce, person_id: &PersonId) -> Vec<Compact<KeyProof>> {
    KeyPurpose::ALL.iter().zip(keys).map(|(purpose, key)| proof(key, challenge, person_id, *purpose)).collect()
}

/// An enrolment that was started: the token and what has to be signed.
pub(crate) struct Started {
    pub(crate) token: String,
    pub(crate) person: Person,
    pub(crate) enrolment: EnrolmentReply,
}

pub(crate) async fn start_enrolment(world: &World, account: &str) -> Started {
    let SignInReply { token, person } = sign_in(world, account, password(account)).await.json();
    let url = format!("{}/v1/enrolments", world.platform.base_url());
    let enrolment = Reply::of(world.http.post(url).bearer_auth(&token).send().await.unwrap()).await.json();
    Started { token, person, enrolment }
}

pub(crate) async fn finish_enrolment(world: &World, started: &Started, proofs: Vec<Compact<KeyProof>>) -> Reply {
    let url = format!("{}/v1/enrolments/{}", world.platform.base_url(), started.enrolment.enrolment_id);
    let call = world.http.put(url).bearer_auth(&started.token).json(&EnrolmentProofs { proofs });
    Reply::of(call.send().await.unwrap()).await
}

pub(crate) struct Phone {
    http: Client,
    base_url: String,
    pub(crate) trust: PlatformTrust,
    pub(crate) person: Person,
    pub(crate) device_id: DeviceId,
    pub(crate) request_key: SigningKey,
    pub(crate) consent_key: SigningKey,
    pub(crate) chains: [Chain; 3],
    nonce: Mutex<String>,
}

impl Phone {
    pub(crate) async fn enrol(world: &World, account: &str) -> Self {
        let started = start_enrolment(world, account).await;
        let keys = keys();
        let proofs = proofs(&keys, started.enrolment.challenge, &started.person.person_id);
        let reply = finish_enrolment(world, &started, proofs).await;
        let nonce = Mutex::new(reply.nonce.clone());
        let DeviceReply { device_id, certificates } = reply.json();
        let chain = |place: usize| Chain::from_pem(&certificates[place].chain_pem).unwrap();
        let chains = [chain(0), chain(1), chain(2)];
        let [request_key, consent_key, _] = keys;
        let (http, base_url) = (world.http.clone(), world.platform.base_url().to_owned());
        let trust = world.trust();
        Self { http, base_url, trust, person: started.person, device_id, request_key, consent_key, chains, nonce }
    }

    /// Follows a platform that was started again.
    pub(crate) fn moved_to(mut self, world: &World) -> Self {
        self.http = world.http.clone();
        world.platform.base_url().clone_into(&mut self.base_url);
        self
    }

    /// As a phone does whose nonce ended: any answer brings a new one.
    pub(crate) async fn refresh_nonce(&self) {
        let reply = Reply::of(self.http.get(format!("{}/v1/seals", self.base_url)).send().await.unwrap()).await;
        self.nonce.lock().unwrap().clone_from(&reply.nonce);
    }

    pub(crate) fn nonce(&self) -> String {
        self.nonce.lock().unwrap().clone()
    }

    pub(crate) fn sign(
        &self,
        method: &str,
        target: &str,
        body: &[u8],
        idempotency_key: &str,
        nonce: &str,
    ) -> SignedHeaders {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parts = RequestParts { method, path, query, body, idempotency_key };
        let to_sign = RequestToSign::new(&parts, &self.device_id, nonce).unwrap();
        let signature = self.request_key.sign(to_sign.signing_input());
        to_sign.finish(&signature)
    }

    pub(crate) async fn send_with(
        &self,
        method: &str,
        target: &str,
        body: &[u8],
        idempotency_key: &str,
        headers: &SignedHeaders,
    ) -> Reply {
        let url = format!("{}{target}", self.base_url);
        let mut call = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url).body(body.to_vec());
        for (name, value) in headers {
            call = call.header(*name, value);
        }
        if !idempotency_key.is_empty() {
            call = call.header(IDEMPOTENCY_HEADER, idempotency_key);
        }
        let reply = Reply::of(call.send().await.unwrap()).await;
        self.nonce.lock().unwrap().clone_from(&reply.nonce);
        reply
    }

    /// Signs with the newest nonce and sends.
    pub(crate) async fn send(&self, method: &str, target: &str, body: &[u8], idempotency_key: &str) -> Reply {
        let headers = self.sign(method, target, body, idempotency_key, &self.nonce());
        self.send_with(method, target, body, idempotency_key, &headers).await
    }

    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.send("GET", target, b"", "").await
    }

    pub(crate) async fn post<T: Serialize>(&self, target: &str, body: &T, idempotency_key: &str) -> Reply {
        self.send("POST", target, &serde_json::to_vec(body).unwrap(), idempotency_key).await
    }

    pub(crate) async fn draw(&self, face: &Face) -> Claim {
        self.post("/v1/claims", &ClaimRequest { face_svg: face.to_svg() }, "").await.json()
    }

    pub(crate) fn identity(&self) -> Identity {
        Identity {
            person_id: self.person.person_id.clone(),
            device_id: self.device_id.clone(),
            consent_chain: self.chains[1].clone(),
        }
    }

    pub(crate) async fn open_raw(&self, intent_id: IntentId, request: &OpenRequest) -> Reply {
        self.post(&format!("/v1/consents/{intent_id}/open"), request, "").await
    }

    /// Opens a scanned link, fetches and checks the documents, and stands before the text.
    pub(crate) async fn review(&self, link: &str) -> Reviewable {
        let (request, opening) = Scanned::read(link, &self.trust).unwrap().open(&mut rng());
        let OpenReply { view } = self.open_raw(opening.intent_id(), &request).await.json();
        let mut viewed = opening.receive(&view, &self.trust, &self.identity(), ARRIVAL).unwrap();
        for index in 0..viewed.documents().len() {
            let reply = self.get(&format!("/v1/consents/{}/documents/{index}", viewed.intent_id())).await;
            assert_eq!(reply.status, StatusCode::OK);
            viewed.check_document(index, &reply.body).unwrap();
        }
        viewed.review(Locale::ZhCn).unwrap()
    }

    pub(crate) fn answer(&self, review: &Reviewable, decision: Decision) -> (AnswerRequest, Answered) {
        let answer = Answer { decision, user_auth: USER_AUTH, env: Vec::new(), previous_receipt: None };
        let answering = review.answer(answer, ARRIVAL).unwrap();
        let signature = self.consent_key.sign(answering.signing_input());
        answering.signed(&signature).unwrap()
    }

    pub(crate) async fn send_answer(&self, intent_id: IntentId, request: &AnswerRequest) -> Reply {
        let decision = Unverified::<ConsentStatement>::parse(request.consent.as_str()).unwrap().peek().decision;
        let body = serde_json::to_vec(request).unwrap();
        let key = format!("{intent_id}:{}", decision.as_str());
        self.send("PUT", &format!("/v1/consents/{intent_id}/answer"), &body, &key).await
    }

    /// The whole of a phone's part: open, check, answer, check the receipt.
    pub(crate) async fn consent(&self, link: &str, decision: Decision) -> IntentId {
        let review = self.review(link).await;
        let (request, answered) = self.answer(&review, decision);
        let AnswerReply { receipt } = self.send_answer(answered.intent_id(), &request).await.json();
        answered.receive(&receipt, &self.trust).unwrap();
        answered.intent_id()
    }

    pub(crate) async fn seals(&self) -> SealList {
        self.get("/v1/seals").await.json()
    }

    /// Opens a link and keeps the view itself, to answer it by hand.
    pub(crate) async fn view(&self, link: &str) -> (IntentId, View) {
        let (request, opening) = Scanned::read(link, &self.trust).unwrap().open(&mut rng());
        let OpenReply { view } = self.open_raw(opening.intent_id(), &request).await.json();
        let view = view.parse().unwrap().peek().clone();
        (opening.intent_id(), view)
    }

    pub(crate) fn sign_consent(&self, statement: ConsentStatement) -> AnswerRequest {
        let to_sign = ToSign::with_chain(statement, self.chains[1].clone()).unwrap();
        let signature = self.consent_key.sign(to_sign.signing_input());
        AnswerRequest { consent: Compact::from(&to_sign.finish(&signature, self.consent_key.public_key()).unwrap()) }
    }
}

pub(crate) const USER_AUTH: UserAuth = UserAuth::SoftwareHarness;

/// A simple face: a bar whose length tells it from others, mm.
pub(crate) fn face(length: f64) -> Face {
    let line = |x: f64, y: f64| Segment::Line(Point::new(x, y));
    let segments = vec![line(2.0 + length, 5.0), line(2.0 + length, 8.0), line(2.0, 8.0)];
    let contour = Contour { start: Point::new(2.0, 5.0), segments };
    let layer = Layer { color: Color::BLACK, paths: vec![Path { contours: vec![contour] }] };
    Face::new(SizeMm::new(40.0, 16.0).unwrap(), vec![layer]).unwrap()
}
