//! Sealing certificates of SM2 and electronic seals, ordered by an operator.

use eseal_crypto::Suite;
use eseal_crypto::cert::{
    Certificate, CertificateProfile, CertificationRequest, Chain, Purpose, Subject, TrustAnchors, UnixTime,
};
use eseal_crypto::key::{PublicKey, SigningKey};
use eseal_crypto::ses::{Seal, SealHolder, SealKind, SesVersion};
use eseal_face::Dpi;
use eseal_protocol::api::SealState;
use eseal_protocol::ids::{SealId, Sha256Hex};
use eseal_protocol::operator::{ElectronicSealReply, SealingCertificateReply};
use eseal_protocol::problem::ProblemCode;
use eseal_testkit::Authority;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::phone::{Phone, Reply, face, password, rng, sign_in};
use crate::seals::make_seal;
use crate::world::World;

const NUMBER: &str = "36010000000001";
const HOLDER: &str = "江西测试有限公司";
const CODE: &str = "91360000MA00000000";
const DAY_S: u64 = 24 * 60 * 60;

async fn call(world: &World, token: &str, method: Method, path: &str, body: Option<&Value>) -> Reply {
    let url = format!("{}/v1/operator/{path}", world.platform.base_url());
    let call = world.http.request(method, url).bearer_auth(token);
    let call = match body {
        Some(body) => call.json(body),
        None => call,
    };
    Reply::of(call.send().await.unwrap()).await
}

async fn operate(world: &World, method: Method, path: &str, body: Option<&Value>) -> Reply {
    call(world, world.platform.operator_token(), method, path, body).await
}

fn request(key: &SigningKey) -> Value {
    let request = CertificationRequest::new(key, &Subject::named("what a stranger says")).unwrap();
    json!({ "holder": HOLDER, "code": CODE, "request_pem": request.to_pem() })
}

async fn certify(world: &World, body: &Value) -> Reply {
    operate(world, Method::POST, "sealing-certificates", Some(body)).await
}

/// A key with a certificate.
async fn signer(world: &World) -> (SigningKey, Chain) {
    let key = SigningKey::generate(Suite::Sm2Sm3, &mut rng()).unwrap();
    let reply: SealingCertificateReply = certify(world, &request(&key)).await.json();
    let chain = Chain::from_pem(&reply.chain_pem).unwrap();
    assert_eq!(reply.certificate_sha256, Sha256Hex::of(chain.leaf().to_der()));
    (key, chain)
}

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

fn unit(face: &[u8]) -> Value {
    json!({ "type": "unit", "kind": "contract", "name": "测试合同专用章", "face": base64(face) })
}

fn order(version: &str, owner: &Value, signers: &[&Certificate]) -> Value {
    let signers: Vec<String> = signers.iter().map(|signer| signer.to_pem()).collect();
    json!({ "version": version, "owner": owner, "signers": signers })
}

/// The order with a field set to something else.
fn with(order: &Value, field: &str, value: Value) -> Value {
    let mut changed = order.clone();
    changed[field] = value;
    changed
}

async fn put(world: &World, number: &str, order: &Value) -> Reply {
    operate(world, Method::PUT, &format!("seals/{number}"), Some(order)).await
}

fn seal(reply: &Reply) -> Seal {
    Seal::from_der(&reply.json::<ElectronicSealReply>().data.0).unwrap()
}

fn national(world: &World) -> TrustAnchors {
    TrustAnchors::from_pem(&world.platform.national_root_pem()).unwrap()
}

async fn revoke(world: &World, certificate: &Certificate) -> StatusCode {
    let digest = Sha256Hex::of(certificate.to_der());
    operate(world, Method::DELETE, &format!("certificates/{digest}"), None).await.status
}

#[tokio::test]
async fn a_key_is_certified_once_for_one_holder() {
    let world = World::start().await;
    let rows = world.platform.verify_audit().await.unwrap();
    let key = SigningKey::generate(Suite::Sm2Sm3, &mut rng()).unwrap();
    let asked = request(&key);
    let first = certify(&world, &asked).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = certify(&world, &asked).await;
    assert_eq!((again.status, &again.body), (StatusCode::OK, &first.body));
    assert_eq!(world.platform.verify_audit().await.unwrap(), rows + 1);

    let reply: SealingCertificateReply = first.json();
    let chain = Chain::from_pem(&reply.chain_pem).unwrap();
    let leaf = chain.leaf();
    let now = UnixTime(world.now());
    chain.verify(&national(&world), now, Purpose::DocumentSigning).unwrap();
    assert!(chain.verify(&world.trust().anchors, now, Purpose::DocumentSigning).is_err());
    assert_eq!(leaf.public_key().map(PublicKey::suite), Ok(Suite::Sm2Sm3));
    assert_eq!(leaf.public_key(), Ok(key.public_key()));
    // Nothing but the key is the stranger's.
    assert_eq!(leaf.subject_common_name().as_deref(), Some(HOLDER));
    assert_eq!(leaf.subject_serial_number().as_deref(), Some(CODE));
    let url = world.platform.pki_url().unwrap();
    assert_eq!(leaf.services().ocsp, [format!("{url}/ocsp")]);
    assert_eq!(leaf.services().crls, [format!("{url}/crl/national-issuing.crl")]);
    assert_eq!(leaf.services().issuers, [format!("{url}/ca/national-issuing.cer")]);

    let other = with(&request(&key), "holder", "另一单位".into());
    assert_eq!(certify(&world, &other).await.refused(), ProblemCode::BadKeyProof);
    let p256 = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng()).unwrap();
    assert_eq!(certify(&world, &request(&p256)).await.refused(), ProblemCode::BadKeyProof);
    let pem = asked["request_pem"].as_str().unwrap();
    let swapped = pem.replacen("MI", "MJ", 1);
    for wrong in ["", "no PEM", swapped.as_str(), &pem.repeat(2)] {
        let wrong = with(&asked, "request_pem", wrong.into());
        assert_eq!(certify(&world, &wrong).await.refused(), ProblemCode::BadKeyProof);
    }
    let fresh = request(&SigningKey::generate(Suite::Sm2Sm3, &mut rng()).unwrap());
    for wrong in [
        with(&fresh, "holder", "".into()),
        with(&fresh, "code", "".into()),
        with(&fresh, "holder", "很".repeat(65).into()),
        with(&fresh, "code", "不是代码".into()),
        with(&fresh, "more", 1.into()),
        json!({}),
    ] {
        assert_eq!(certify(&world, &wrong).await.refused(), ProblemCode::BadRequest, "{wrong}");
    }
    assert_eq!(world.platform.verify_audit().await.unwrap(), rows + 1, "what is refused leaves nothing");
}

#[tokio::test]
async fn a_units_seal_is_made_of_each_version_kept_and_never_made_twice() {
    let world = World::start().await;
    let (_, chain) = signer(&world).await;
    let drawn = face(20.0);
    let rows = world.platform.verify_audit().await.unwrap();
    let png = drawn.to_png(Dpi::PRINT).unwrap();
    let svg = drawn.to_svg().into_bytes();
    for (number, version, standard, picture) in
        [(NUMBER, "4", SesVersion::V4, svg), ("36010000000002", "5", SesVersion::V5, png.clone())]
    {
        let order = order(version, &unit(&picture), &[chain.leaf()]);
        let made = put(&world, number, &order).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let seal = seal(&made);
        assert_eq!((seal.version(), seal.id(), seal.name()), (standard, number, "测试合同专用章"));
        assert_eq!((seal.holder(), seal.kind()), (SealHolder::Unit, Some(SealKind::Contract)));
        assert_eq!((seal.picture().width_mm, seal.picture().height_mm), (40, 16));
        assert!(seal.picture().data == png);
        assert_eq!(seal.created_at(), UnixTime(world.now()));
        assert_eq!(seal.validity().not_after, UnixTime(world.now() + 365 * DAY_S));
        seal.verify_signature().unwrap();
        assert!(seal.signers().contains(chain.leaf()));
        let maker =
            Chain::find(seal.maker(), chain.certificates(), &national(&world), seal.created_at(), Purpose::SealMaking);
        assert_eq!(maker.unwrap().certificates().count(), 2);
        // A maker makes seals and signs no documents.
        let signs = Chain::find(
            seal.maker(),
            chain.certificates(),
            &national(&world),
            seal.created_at(),
            Purpose::DocumentSigning,
        );
        assert!(signs.is_err());

        world.clock.advance(60);
        let again = put(&world, number, &order).await;
        assert_eq!((again.status, &again.body), (StatusCode::OK, &made.body));
        let kept = operate(&world, Method::GET, &format!("seals/{number}"), None).await;
        assert_eq!(kept.body, made.body);
        let other = put(&world, number, &with(&order, "valid_days", 9.into())).await;
        assert_eq!(other.refused(), ProblemCode::IdempotencyConflict);
    }
    assert_eq!(world.platform.verify_audit().await.unwrap(), rows + 2);
    let (dir, clock) = world.stop().await;
    let world = World::start_in(dir, clock).await;
    assert_eq!(operate(&world, Method::GET, &format!("seals/{NUMBER}"), None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_persons_seal_is_what_the_person_consented_to() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let browser = Browser::signed_in(&world, "jiang").await;
    let old = make_seal(&phone, &browser, 20.0).await;
    let seal_id = make_seal(&phone, &browser, 25.0).await;
    let (_, chain) = signer(&world).await;
    let owner = |seal_id: &SealId| json!({ "type": "person", "seal_id": seal_id });
    for (number, version) in [(NUMBER, "4"), ("36010000000002", "5")] {
        let made = put(&world, number, &order(version, &owner(&seal_id), &[chain.leaf()])).await;
        let seal = seal(&made);
        assert_eq!((seal.holder(), seal.kind()), (SealHolder::Person, Some(SealKind::Personal)));
        assert_eq!(seal.name(), "江小满");
        let drawn = face(25.0);
        assert!(seal.picture().data == drawn.to_png(Dpi::PRINT).unwrap());
        // The person's phone has it with the seal, the newest of them.
        let list = phone.seals().await;
        let [new, replaced] = list.seals.as_slice() else { panic!("two seals") };
        assert_eq!(new.electronic.as_ref().map(|data| data.0.as_slice()), Some(seal.to_der()));
        assert_eq!((replaced.state, &replaced.electronic), (SealState::Replaced, &None));
        world.clock.advance(1);
    }
    let refused = put(&world, "36010000000003", &order("4", &owner(&old), &[chain.leaf()])).await;
    assert_eq!(refused.refused(), ProblemCode::SealNotUsable, "replaced");
    let nobodys = json!({ "type": "person", "seal_id": "s-nobodys" });
    let refused = put(&world, "36010000000003", &order("4", &nobodys, &[chain.leaf()])).await;
    assert!([ProblemCode::NotFound, ProblemCode::BadRequest].contains(&refused.refused()));
    let luo = Phone::enrol(&world, "luo").await;
    assert!(luo.seals().await.seals.is_empty());
}

#[tokio::test]
async fn orders_that_cannot_be_are_refused_and_leave_nothing() {
    let world = World::start().await;
    let (_, chain) = signer(&world).await;
    let rows = world.platform.verify_audit().await.unwrap();
    let leaf = chain.leaf();
    let svg = face(20.0).to_svg().into_bytes();
    let good = order("4", &unit(&svg), &[leaf]);
    for number in ["1", "3601000000000a", "360100000000011"] {
        assert_eq!(put(&world, number, &good).await.refused(), ProblemCode::BadRequest, "{number}");
    }
    let long = "很".repeat(101);
    for wrong in [
        json!({}),
        with(&good, "version", "1".into()),
        with(&good, "version", 4.into()),
        with(&good, "more", 1.into()),
        with(&good, "signers", json!([])),
        with(&good, "signers", json!(vec![leaf.to_pem(); 17])),
        with(&good, "owner", with(&unit(&svg), "kind", "personal".into())),
        with(&good, "owner", with(&unit(&svg), "name", long.as_str().into())),
        with(&good, "owner", with(&unit(&svg), "name", "\u{202e}gpj".into())),
        with(&good, "owner", with(&unit(&svg), "face", "not base64!".into())),
    ] {
        assert_eq!(put(&world, NUMBER, &wrong).await.refused(), ProblemCode::BadRequest, "{wrong}");
    }
    let png = face(20.0).to_png(Dpi::PRINT).unwrap();
    for picture in [b"".as_slice(), b"<svg/>", b"\xff\xd8\xff\xe0", &png[..png.len() / 2]] {
        let wrong = with(&good, "owner", unit(picture));
        assert_eq!(put(&world, NUMBER, &wrong).await.refused(), ProblemCode::BadFace);
    }
    for size in [json!([0, 40]), json!([40, 201])] {
        let wrong = with(&good, "owner", with(&unit(&svg), "size_mm", size));
        assert_eq!(put(&world, NUMBER, &wrong).await.refused(), ProblemCode::BadFace);
    }
    for days in [5_000, u32::MAX] {
        let wrong = with(&good, "valid_days", days.into());
        assert_eq!(put(&world, NUMBER, &wrong).await.refused(), ProblemCode::SealNotMade, "longer than its maker");
    }
    let huge = with(&good, "owner", unit(&vec![0; 7 << 20]));
    assert_eq!(put(&world, NUMBER, &huge).await.refused(), ProblemCode::TooLarge);
    let missing = operate(&world, Method::GET, &format!("seals/{NUMBER}"), None).await;
    assert_eq!(missing.refused(), ProblemCode::NotFound);
    assert_eq!(operate(&world, Method::GET, "seals/1", None).await.refused(), ProblemCode::NotFound);
    assert_eq!(world.platform.verify_audit().await.unwrap(), rows);
    assert_eq!(put(&world, NUMBER, &good).await.status, StatusCode::CREATED, "the number is still free");
}

#[tokio::test]
async fn who_may_use_a_seal_has_a_good_certificate_from_here() {
    let world = World::start().await;
    let phone = Phone::enrol(&world, "jiang").await;
    let (_, chain) = signer(&world).await;
    let svg = face(20.0).to_svg().into_bytes();
    let made = put(&world, NUMBER, &order("4", &unit(&svg), &[chain.leaf()])).await;
    let maker = seal(&made).maker().clone();
    let issuing = chain.certificates().nth(1).unwrap().clone();
    let validity = chain.leaf().validity();
    let mut stranger = Authority::new(Suite::Sm2Sm3, "赣江电子印章演示国密签发 CA", validity, 3);
    let stranger = stranger.issue(&CertificateProfile::DocumentSigning, HOLDER, validity);
    for (what, signer) in [
        ("of P-256", phone.chains[2].leaf()),
        ("for making seals", &maker),
        ("a CA", &issuing),
        ("by another CA", stranger.chain.leaf()),
    ] {
        let refused = put(&world, "36010000000002", &order("4", &unit(&svg), &[chain.leaf(), signer])).await;
        assert_eq!(refused.refused(), ProblemCode::BadSigner, "{what}");
    }
    let nonsense = with(&order("4", &unit(&svg), &[]), "signers", json!(["nonsense"]));
    assert_eq!(put(&world, "36010000000002", &nonsense).await.refused(), ProblemCode::BadSigner);

    assert_eq!(revoke(&world, chain.leaf()).await, StatusCode::NO_CONTENT);
    assert_eq!(revoke(&world, chain.leaf()).await, StatusCode::NO_CONTENT, "said again");
    assert_eq!(revoke(&world, stranger.chain.leaf()).await, StatusCode::NOT_FOUND);
    assert_eq!(operate(&world, Method::DELETE, "certificates/x", None).await.refused(), ProblemCode::NotFound);
    let order = order("4", &unit(&svg), &[chain.leaf()]);
    assert_eq!(put(&world, "36010000000002", &order).await.refused(), ProblemCode::BadSigner, "revoked");
    // The seal that was made before is what it was.
    assert_eq!(operate(&world, Method::GET, &format!("seals/{NUMBER}"), None).await.body, made.body);
}

#[tokio::test]
async fn a_revoked_maker_makes_no_more_seals() {
    let world = World::start().await;
    let (_, chain) = signer(&world).await;
    let order = order("5", &unit(&face(20.0).to_svg().into_bytes()), &[chain.leaf()]);
    let made = seal(&put(&world, NUMBER, &order).await);
    assert_eq!(revoke(&world, made.maker()).await, StatusCode::NO_CONTENT);
    let refused = put(&world, "36010000000002", &order).await;
    assert_eq!(refused.refused(), ProblemCode::SealNotMade);
    let (dir, clock) = world.stop().await;
    let world = World::start_in(dir, clock).await;
    assert_eq!(put(&world, "36010000000002", &order).await.refused(), ProblemCode::SealNotMade, "after a restart, too");
    // Whoever takes the key away gets a new one.
    let key = world.path("keys/national-seal-maker.pem");
    let (dir, clock) = world.stop().await;
    std::fs::remove_file(key).unwrap();
    let world = World::start_in(dir, clock).await;
    let renewed = seal(&put(&world, "36010000000002", &order).await);
    assert_ne!(renewed.maker(), made.maker());
}

#[tokio::test]
async fn nobody_else_is_the_operator() {
    let world = World::start().await;
    let person = sign_in(&world, "jiang", password("jiang")).await;
    let person = person.json::<eseal_protocol::api::SignInReply>().token;
    let token = world.platform.operator_token();
    for wrong in ["", "x", &token[1..], &token.to_lowercase(), &person] {
        for (method, path) in [
            (Method::POST, "sealing-certificates"),
            (Method::PUT, "seals/36010000000001"),
            (Method::GET, "seals/36010000000001"),
            (Method::DELETE, "certificates/00"),
        ] {
            let refused = call(&world, wrong, method.clone(), path, None).await;
            assert_eq!(refused.refused(), ProblemCode::NoSession, "{method} {path}");
        }
    }
    let kept = std::fs::read(world.path("platform.sqlite")).unwrap();
    assert!(!kept.windows(token.len()).any(|window| window == token.as_bytes()));
}
