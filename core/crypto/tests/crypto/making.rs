//! A maker of seals, and requests for certificates.

use std::process::Command;

use eseal_crypto::Suite;
use eseal_crypto::cert::{
    CertificateProfile, CertificationRequest, Chain, Purpose, RequestError, Subject, UnixTime, Validity,
};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{MakeError, SealKind, SealMaker, SealNumber, SealOrder, SealPicture, SealSigners, SesVersion};
use eseal_testkit::{Authority, DAY};

use crate::support::{NOW, days, key_of};

fn authority(suite: Suite) -> Authority {
    Authority::new(suite, "测试根", days(400, 4_000), 11)
}

fn maker(root: &mut Authority, profile: &CertificateProfile, validity: Validity) -> Result<SealMaker, MakeError> {
    let party = root.issue(profile, "测试制章者", validity);
    SealMaker::new(party.key, party.chain.leaf().clone())
}

fn signer(root: &mut Authority) -> Chain {
    root.issue(&CertificateProfile::DocumentSigning, "测试单位", days(10, 300)).chain
}

fn order(signer: &Chain) -> SealOrder {
    SealOrder {
        version: SesVersion::V4,
        number: "36010000000001".parse().unwrap(),
        kind: SealKind::Contract,
        name: "测试单位合同专用章".to_owned(),
        signers: SealSigners::whole([signer.leaf()]),
        picture: SealPicture { kind: "PNG".to_owned(), data: vec![1, 2, 3], width_mm: 40, height_mm: 40 },
        days: None,
    }
}

#[test]
fn seals_are_made_of_each_version_and_kind() {
    let mut root = authority(Suite::Sm2Sm3);
    let maker = maker(&mut root, &CertificateProfile::SealMaker, days(10, 3_000)).unwrap();
    let signer = signer(&mut root);
    for version in [SesVersion::V4, SesVersion::V5] {
        for kind in [SealKind::LegalName, SealKind::Contract, SealKind::Personal] {
            let seal = maker.make(SealOrder { version, kind, ..order(&signer) }, NOW).unwrap();
            assert_eq!((seal.version(), seal.kind(), seal.holder()), (version, Some(kind), kind.holder()));
            assert_eq!((seal.id(), seal.created_at()), ("36010000000001", NOW));
            assert_eq!(seal.validity(), Validity::lasting(NOW, 365 * DAY));
            assert_eq!(seal.verify_signature(), Ok(()));
            assert_eq!(seal.maker(), maker.certificate());
            assert!(seal.signers().contains(signer.leaf()));
        }
    }
    let digests = SealSigners::digests([signer.leaf()]);
    let seal = maker.make(SealOrder { signers: digests, days: Some(9), ..order(&signer) }, NOW).unwrap();
    assert!(seal.signers().contains(signer.leaf()) && !seal.signers().contains(maker.certificate()));
    assert_eq!(seal.validity(), Validity::lasting(NOW, 9 * DAY));
    assert!(!format!("{maker:?}").contains("key"));
}

#[test]
fn who_may_not_make_seals_makes_none() {
    let (mut root, mut abroad) = (authority(Suite::Sm2Sm3), authority(Suite::EcdsaP256Sha256));
    let code = |refused: Result<SealMaker, MakeError>| refused.unwrap_err().code();
    for profile in [CertificateProfile::RequestSigning, CertificateProfile::TimestampAuthority] {
        assert_eq!(code(maker(&mut root, &profile, days(1, 9))), "seal.maker-usage", "{profile:?}");
    }
    let p256 = maker(&mut abroad, &CertificateProfile::SealMaker, days(1, 9));
    assert_eq!(code(p256), "ses.unsupported-algorithm");
    let profile = CertificateProfile::SealMaker;
    let [one, other] = [0, 1].map(|_| root.issue(&profile, "测试制章者", days(1, 9)));
    assert_eq!(code(SealMaker::new(one.key, other.chain.leaf().clone())), "seal.key-mismatch");

    let signer = signer(&mut root);
    let maker = maker(&mut root, &profile, days(10, 20)).unwrap();
    let refused = |order, now| maker.make(order, now).unwrap_err();
    for now in [UnixTime(NOW.0 - 11 * DAY), NOW.plus(21 * DAY)] {
        assert_eq!(refused(order(&signer), now), MakeError::MakerNotValid);
    }
    let too_long = refused(SealOrder { days: Some(21), ..order(&signer) }, NOW);
    assert_eq!(too_long, MakeError::ValidityTooLong { maker_ends: NOW.plus(20 * DAY) });
    assert_eq!(maker.make(order(&signer), NOW).unwrap().validity().not_after, NOW.plus(20 * DAY));
    let nobody = SealOrder { signers: SealSigners::whole([]), ..order(&signer) };
    assert_eq!(refused(nobody, NOW).code(), "ses.cannot-write");
    assert_eq!(refused(SealOrder { version: SesVersion::V1, ..order(&signer) }, NOW).code(), "ses.cannot-write");
    let large = SealPicture { data: vec![0; 4 << 20], ..order(&signer).picture };
    assert_eq!(refused(SealOrder { picture: large, ..order(&signer) }, NOW).code(), "ses.too-long");
    assert!("3601".parse::<SealNumber>().is_err());
}

/// A maker of seals signs nothing else, and a phone's keys for other things make none.
#[test]
fn makers_are_told_by_their_certificates() {
    let mut root = authority(Suite::Sm2Sm3);
    let anchors = root.anchors();
    let mut chain = |profile| root.issue(&profile, "测试", days(1, 9)).chain;
    let maker = chain(CertificateProfile::SealMaker);
    let signer = chain(CertificateProfile::DocumentSigning);
    let request = chain(CertificateProfile::RequestSigning);
    let is = |chain: &Chain, purpose| chain.verify(&anchors, NOW, purpose).is_ok();
    assert!(is(&maker, Purpose::SealMaking) && !is(&maker, Purpose::DocumentSigning));
    // In the field makers' certificates say no more than that they sign documents.
    assert!(is(&signer, Purpose::SealMaking) && !is(&signer, Purpose::SealMaker));
    assert!(!is(&request, Purpose::SealMaking));
}

#[test]
fn a_request_proves_its_key() {
    for suite in [Suite::Sm2Sm3, Suite::EcdsaP256Sha256] {
        let key = key_of(suite, 12);
        let request = CertificationRequest::new(&key, &Subject::named("somebody")).unwrap();
        let pem = request.to_pem();
        let read = CertificationRequest::from_pem(&pem).unwrap();
        assert_eq!(read.key(), key.public_key());
        let old = pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
        assert!(CertificationRequest::from_pem(&old).is_ok());
        for wrong in
            ["", "no PEM", &pem.repeat(2), &pem.replace("END", "DNE"), &authority(suite).root.certificate().to_pem()]
        {
            assert_eq!(CertificationRequest::from_pem(wrong).unwrap_err(), RequestError::Malformed);
        }
        let block: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = data_encoding::BASE64.decode(block.as_bytes()).unwrap();
        for length in 0..der.len() {
            assert!(CertificationRequest::from_der(&der[..length]).is_err());
        }
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 1;
            assert!(CertificationRequest::from_der(&changed).is_err(), "byte {at}");
        }
        assert!(!format!("{read:?}").contains("somebody"));
    }
    assert_eq!(CertificationRequest::from_der(&vec![0x30; 20_000]).unwrap_err(), RequestError::Malformed);
    assert!(CertificationRequest::new(&key_of(Suite::Sm2Sm3, 12), &Subject::named("")).is_err());
}

#[test]
fn a_request_by_openssl() {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let ran = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder.path()).output();
        ran.is_ok_and(|out| out.status.success())
    };
    let made = openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out key.pem")
        && openssl("req -new -key key.pem -sm3 -sigopt distid:1234567812345678 -subj /CN=a -out request.pem")
        && openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem")
        && openssl("req -new -key rsa.pem -subj /CN=a -out rsa-request.pem");
    if !made {
        eprintln!("SKIPPED a_request_by_openssl: no `openssl` that knows SM2");
        return;
    }
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let key = SigningKey::from_pkcs8_pem(&text("key.pem")).unwrap();
    let request = CertificationRequest::from_pem(&text("request.pem")).unwrap();
    assert_eq!(request.key(), key.public_key());
    let refused = CertificationRequest::from_pem(&text("rsa-request.pem")).unwrap_err();
    assert_eq!(refused, RequestError::UnsupportedAlgorithm);
    let ours = CertificationRequest::new(&key, &Subject::named("测试")).unwrap();
    std::fs::write(folder.path().join("ours.pem"), ours.to_pem()).unwrap();
    assert!(openssl("req -in ours.pem -verify -noout -vfyopt distid:1234567812345678"));
}
