//! What a chain must have to be believed, and that each lack is found.

use const_oid::ObjectIdentifier;
use eseal_crypto::cert::{
    Certificate, CertificateError, CertificateProfile, Chain, ChainError, MAX_CERTIFICATE_LEN, MAX_CHAIN_LEN, Purpose,
    TrustAnchors, UnixTime, Validity,
};
use x509_cert::ext::pkix::{KeyUsages, NameConstraints};

use crate::support::{
    DAY, ECDSA_WITH_SHA256, Forge, NOW, Pki, algorithm, basic_constraints, days, extended_key_usage, extension, key,
    key_usage,
};

const CONSENT_SIGNING: &str = "1.3.6.1.4.1.32473.1.1";

const PURPOSES: [Purpose; 6] = [
    Purpose::ConsentSigning,
    Purpose::DocumentSigning,
    Purpose::RequestSigning,
    Purpose::RelyingParty,
    Purpose::ConsentService,
    Purpose::TlsServer,
];

fn profiles() -> [CertificateProfile; 6] {
    [
        CertificateProfile::ConsentSigning,
        CertificateProfile::DocumentSigning,
        CertificateProfile::RequestSigning,
        CertificateProfile::RelyingParty { operation_types: vec!["seal.claim".to_owned()] },
        CertificateProfile::ConsentService,
        CertificateProfile::TlsServer { dns_names: vec!["localhost".to_owned()], ip_addresses: vec![] },
    ]
}

#[test]
fn each_profile_is_good_for_its_purpose_and_no_other() {
    let mut pki = Pki::new();
    for (profile, own) in profiles().iter().zip(PURPOSES) {
        let chain = pki.issue(profile, key(1).public_key());
        for purpose in PURPOSES {
            let expected = if purpose == own { Ok(()) } else { Err(ChainError::WrongPurpose { position: 0 }) };
            assert_eq!(chain.verify(&pki.anchors(), NOW, purpose), expected, "{profile:?} as {purpose:?}");
        }
    }
}

#[test]
fn a_chain_with_its_root_is_as_good_as_without() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let with_root = Chain::new(chain.certificates().chain([pki.root.certificate()]).cloned()).unwrap();
    assert_eq!(with_root.verify(&pki.anchors(), NOW, Purpose::ConsentSigning), Ok(()));
}

#[test]
fn no_anchor_or_a_stranger_is_no_trust() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let with_root = Chain::new(chain.certificates().chain([pki.root.certificate()]).cloned()).unwrap();
    let stranger = Forge::ca("CN=Stranger", "CN=Stranger", None).sign(key(50).public_key(), &key(50));
    for anchors in [TrustAnchors::default(), TrustAnchors::new([stranger])] {
        assert_eq!(chain.verify(&anchors, NOW, Purpose::ConsentSigning), Err(ChainError::Untrusted));
        assert_eq!(with_root.verify(&anchors, NOW, Purpose::ConsentSigning), Err(ChainError::Untrusted));
    }
}

#[test]
fn an_impostor_root_of_the_right_name_is_found_by_its_key() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let impostor = Forge::ca("CN=Test Root", "CN=Test Root", None).sign(key(51).public_key(), &key(51));
    let error = Err(ChainError::BadSignature { position: 1 });
    assert_eq!(chain.verify(&TrustAnchors::new([impostor.clone()]), NOW, Purpose::ConsentSigning), error);
    // Beside the true root it does no harm.
    let both = TrustAnchors::new([impostor, pki.root.certificate().clone()]);
    assert_eq!(chain.verify(&both, NOW, Purpose::ConsentSigning), Ok(()));
}

#[test]
fn the_ends_of_the_validity_are_included() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let (first, last) = (chain.leaf().not_before(), chain.leaf().not_after());
    let at = |at| chain.verify(&pki.anchors(), at, Purpose::ConsentSigning);
    assert_eq!(at(first), Ok(()));
    assert_eq!(at(last), Ok(()));
    assert_eq!(at(UnixTime(first.0 - 1)), Err(ChainError::NotYetValid { position: 0 }));
    assert_eq!(at(UnixTime(last.0 + 1)), Err(ChainError::Expired { position: 0 }));
    assert_eq!(at(UnixTime(0)), Err(ChainError::NotYetValid { position: 0 }));
    assert_eq!(at(UnixTime(u64::MAX)), Err(ChainError::Expired { position: 0 }));
}

/// A path of forged certificates, leaf first, its last one the trust anchor.
struct Path {
    root: Forge,
    intermediate: Forge,
    leaf: Forge,
}

fn consent_leaf() -> Forge {
    let extensions = vec![key_usage(KeyUsages::NonRepudiation), extended_key_usage(&[CONSENT_SIGNING])];
    Forge::leaf("CN=int", extensions)
}

impl Path {
    fn good() -> Self {
        Self {
            root: Forge::ca("CN=root", "CN=root", None),
            intermediate: Forge::ca("CN=root", "CN=int", Some(0)),
            leaf: consent_leaf(),
        }
    }

    fn verify(self) -> Result<(), ChainError> {
        self.verify_as(Purpose::ConsentSigning)
    }

    fn verify_as(self, purpose: Purpose) -> Result<(), ChainError> {
        let root = self.root.sign(key(10).public_key(), &key(10));
        let intermediate = self.intermediate.sign(key(11).public_key(), &key(10));
        let leaf = self.leaf.sign(key(12).public_key(), &key(11));
        Chain::new([leaf, intermediate]).unwrap().verify(&TrustAnchors::new([root]), NOW, purpose)
    }
}

#[test]
fn the_forged_path_is_good_before_it_is_spoilt() {
    assert_eq!(Path::good().verify(), Ok(()));
}

#[test]
fn validity_counts_for_every_certificate_and_the_anchor() {
    let past = days(20, 0);
    let past = Validity { not_after: UnixTime(past.not_after.0 - 1), ..past };
    let future = Validity { not_before: UnixTime(NOW.0 + 1), not_after: UnixTime(NOW.0 + DAY) };
    for (validity, error) in [
        (past, (|position| ChainError::Expired { position }) as fn(usize) -> ChainError),
        (future, |position| ChainError::NotYetValid { position }),
    ] {
        let mut path = Path::good();
        path.leaf.validity = validity;
        assert_eq!(path.verify(), Err(error(0)));
        let mut path = Path::good();
        path.intermediate.validity = validity;
        assert_eq!(path.verify(), Err(error(1)));
        let mut path = Path::good();
        path.root.validity = validity;
        assert_eq!(path.verify(), Err(error(2)));
    }
}

#[test]
fn only_a_ca_that_may_sign_certificates_counts_as_one() {
    let not_cas = [
        vec![],
        vec![key_usage(KeyUsages::KeyCertSign)],
        vec![basic_constraints(false, None), key_usage(KeyUsages::KeyCertSign)],
        vec![basic_constraints(true, None)],
        vec![basic_constraints(true, None), key_usage(KeyUsages::DigitalSignature)],
    ];
    for extensions in not_cas {
        let mut path = Path::good();
        path.intermediate.extensions = extensions.clone();
        assert_eq!(path.verify(), Err(ChainError::NotCa { position: 1 }), "{extensions:?}");
        let mut path = Path::good();
        path.root.extensions = extensions.clone();
        assert_eq!(path.verify(), Err(ChainError::NotCa { position: 2 }), "{extensions:?}");
    }
}

#[test]
fn a_path_length_is_kept() {
    let mut path = Path::good();
    path.root.extensions = vec![basic_constraints(true, Some(0)), key_usage(KeyUsages::KeyCertSign)];
    assert_eq!(path.verify(), Err(ChainError::PathLength { position: 2 }));
    let mut path = Path::good();
    path.root.extensions = vec![basic_constraints(true, Some(1)), key_usage(KeyUsages::KeyCertSign)];
    assert_eq!(path.verify(), Ok(()));
}

#[test]
fn a_leaf_as_issuer_of_another_leaf_is_found() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let subject: &'static str = Box::leak(chain.leaf().subject_rfc4514().into_boxed_str());
    let forged = Forge { issuer: subject, ..consent_leaf() }.sign(key(2).public_key(), &key(1));
    let chain = Chain::new([forged].into_iter().chain(chain.certificates().cloned())).unwrap();
    assert_eq!(chain.verify(&pki.anchors(), NOW, Purpose::ConsentSigning), Err(ChainError::NotCa { position: 1 }));
}

#[test]
fn unknown_critical_extensions_are_refused_anywhere() {
    let oid = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.9.9");
    let error = |position| ChainError::UnknownCriticalExtension { position, oid: oid.to_string() };
    let unknown = extension(oid, true, &der::asn1::Null);
    let mut path = Path::good();
    path.leaf.extensions.push(unknown.clone());
    assert_eq!(path.verify(), Err(error(0)));
    let mut path = Path::good();
    path.intermediate.extensions.push(unknown.clone());
    assert_eq!(path.verify(), Err(error(1)));
    let mut path = Path::good();
    path.root.extensions.push(unknown);
    assert_eq!(path.verify(), Err(error(2)));
    let mut path = Path::good();
    path.leaf.extensions.push(extension(oid, false, &der::asn1::Null));
    assert_eq!(path.verify(), Ok(()), "not critical");
}

#[test]
fn name_constraints_are_refused_even_when_not_critical() {
    let oid = ObjectIdentifier::new_unwrap("2.5.29.30");
    let constraints = NameConstraints { permitted_subtrees: None, excluded_subtrees: None };
    let mut path = Path::good();
    path.intermediate.extensions.push(extension(oid, false, &constraints));
    assert_eq!(path.verify(), Err(ChainError::UnknownCriticalExtension { position: 1, oid: oid.to_string() }));
}

#[test]
fn a_repeated_extension_is_no_certificate() {
    let mut leaf = consent_leaf();
    leaf.extensions.push(key_usage(KeyUsages::DigitalSignature));
    let der = leaf.into_der([&algorithm(ECDSA_WITH_SHA256); 2], key(1).public_key(), &key(2));
    assert_eq!(Certificate::from_der(&der).err(), Some(CertificateError::Malformed));
}

#[test]
fn another_algorithm_inside_than_outside_is_no_certificate() {
    let der = consent_leaf().into_der(
        [&algorithm("1.2.840.10045.4.3.3"), &algorithm(ECDSA_WITH_SHA256)],
        key(1).public_key(),
        &key(2),
    );
    assert_eq!(Certificate::from_der(&der).err(), Some(CertificateError::Malformed));
}

#[test]
fn the_leaf_must_say_what_it_is_for() {
    let wrong = [
        vec![],
        vec![key_usage(KeyUsages::NonRepudiation)],
        vec![extended_key_usage(&[CONSENT_SIGNING])],
        vec![key_usage(KeyUsages::DigitalSignature), extended_key_usage(&[CONSENT_SIGNING])],
        vec![key_usage(KeyUsages::NonRepudiation), extended_key_usage(&["2.5.29.37.0"])],
        vec![
            key_usage(KeyUsages::NonRepudiation),
            extended_key_usage(&[CONSENT_SIGNING]),
            basic_constraints(true, None),
        ],
    ];
    for extensions in wrong {
        let path = Path { leaf: Forge { extensions: extensions.clone(), ..consent_leaf() }, ..Path::good() };
        assert_eq!(path.verify(), Err(ChainError::WrongPurpose { position: 0 }), "{extensions:?}");
    }
}

#[test]
fn a_relying_party_without_operation_types_is_none() {
    let relying_party = "1.3.6.1.4.1.32473.1.3";
    let operation_types = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.2.1");
    let leaf = |types: Option<Vec<String>>| {
        let mut leaf = consent_leaf();
        leaf.extensions = vec![key_usage(KeyUsages::DigitalSignature), extended_key_usage(&[relying_party])];
        leaf.extensions.extend(types.map(|types| extension(operation_types, true, &types)));
        Path { leaf, ..Path::good() }.verify_as(Purpose::RelyingParty)
    };
    assert_eq!(leaf(None), Err(ChainError::WrongPurpose { position: 0 }));
    assert_eq!(leaf(Some(vec![])), Err(ChainError::WrongPurpose { position: 0 }));
    assert_eq!(leaf(Some(vec!["seal.claim".to_owned()])), Ok(()));
}

#[test]
fn a_ca_that_names_purposes_is_kept_to_them() {
    let cases = [
        (vec!["1.3.6.1.5.5.7.3.1"], Err(ChainError::WrongPurpose { position: 1 })),
        (vec!["1.3.6.1.5.5.7.3.1", CONSENT_SIGNING], Ok(())),
        (vec!["2.5.29.37.0"], Ok(())),
    ];
    for (named, expected) in cases {
        let mut path = Path::good();
        path.intermediate.extensions.push(extended_key_usage(&named));
        assert_eq!(path.verify(), expected, "{named:?}");
    }
}

/// The one purpose that judges other people's certificates (RFC 5280 §4.2.1.3 and §4.2.1.12, RFC 9336 §4).
#[test]
fn document_signing_takes_what_is_not_restricted_and_refuses_what_is_for_something_else() {
    let good = [
        vec![],
        vec![key_usage(KeyUsages::DigitalSignature)],
        vec![key_usage(KeyUsages::NonRepudiation)],
        vec![extended_key_usage(&["1.3.6.1.5.5.7.3.36"])],
        vec![extended_key_usage(&["1.3.6.1.5.5.7.3.4"])],
        vec![extended_key_usage(&["2.5.29.37.0"])],
        vec![extended_key_usage(&["1.2.840.113583.1.1.5"])],
    ];
    let bad = [
        vec![key_usage(KeyUsages::KeyEncipherment)],
        vec![extended_key_usage(&["1.3.6.1.5.5.7.3.1"])],
        vec![extended_key_usage(&[CONSENT_SIGNING])],
        vec![key_usage(KeyUsages::KeyAgreement), extended_key_usage(&["1.3.6.1.5.5.7.3.36"])],
    ];
    let verify = |extensions| {
        let path = Path { leaf: Forge { extensions, ..consent_leaf() }, ..Path::good() };
        path.verify_as(Purpose::DocumentSigning)
    };
    for extensions in good {
        assert_eq!(verify(extensions.clone()), Ok(()), "{extensions:?}");
    }
    for extensions in bad {
        assert_eq!(verify(extensions.clone()), Err(ChainError::WrongPurpose { position: 0 }), "{extensions:?}");
    }
}

#[test]
fn a_leaf_that_is_itself_believed_needs_no_issuer_but_its_purpose() {
    let leaf = consent_leaf().sign(key(12).public_key(), &key(11));
    let chain = Chain::new([leaf.clone()]).unwrap();
    let anchors = TrustAnchors::new([leaf]);
    assert_eq!(chain.verify(&anchors, NOW, Purpose::ConsentSigning), Ok(()));
    assert_eq!(chain.verify(&anchors, NOW, Purpose::RequestSigning), Err(ChainError::WrongPurpose { position: 0 }));
    let later = UnixTime(NOW.0 + 200 * DAY);
    assert_eq!(chain.verify(&anchors, later, Purpose::ConsentSigning), Err(ChainError::Expired { position: 0 }));
}

#[test]
fn a_chain_in_the_wrong_order_or_with_a_gap_is_refused() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let [leaf, intermediate]: [Certificate; 2] = chain.certificates().cloned().collect::<Vec<_>>().try_into().unwrap();
    let verify = |certificates: Vec<Certificate>| {
        Chain::new(certificates).unwrap().verify(&pki.anchors(), NOW, Purpose::ConsentSigning)
    };
    assert_eq!(verify(vec![leaf.clone()]), Err(ChainError::Untrusted));
    let root = pki.root.certificate().clone();
    assert_eq!(verify(vec![leaf.clone(), root]), Err(ChainError::NameMismatch { position: 0 }));
    assert_eq!(
        verify(vec![leaf.clone(), leaf.clone(), intermediate.clone()]),
        Err(ChainError::NameMismatch { position: 0 })
    );
    assert_eq!(verify(vec![intermediate, leaf]), Err(ChainError::WrongPurpose { position: 0 }));
}

#[test]
fn every_flipped_bit_of_every_certificate_is_refused() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    let ders: Vec<Vec<u8>> = chain.ders().map(<[u8]>::to_vec).collect();
    for position in 0..ders.len() {
        for bit in 0..ders[position].len() * 8 {
            let mut ders = ders.clone();
            ders[position][bit / 8] ^= 1 << (bit % 8);
            let Ok(chain) = Chain::from_ders(&ders) else { continue };
            let verdict = chain.verify(&pki.anchors(), NOW, Purpose::ConsentSigning);
            assert!(verdict.is_err(), "certificate {position}, bit {bit}");
        }
    }
}

#[test]
fn a_certificate_cut_anywhere_is_none() {
    let pki = Pki::new();
    let der = pki.root.certificate().to_der();
    for end in 0..der.len() {
        assert_eq!(Certificate::from_der(&der[..end]).err(), Some(CertificateError::Malformed), "cut at {end}");
    }
    assert_eq!(Certificate::from_der(&[der, &[0]].concat()).err(), Some(CertificateError::Malformed));
}

#[test]
fn sizes_are_limited() {
    assert_eq!(Certificate::from_der(&vec![0x30; MAX_CERTIFICATE_LEN + 1]).err(), Some(CertificateError::TooLong));
    let pki = Pki::new();
    let root = pki.root.certificate();
    assert!(Chain::new(vec![root.clone(); MAX_CHAIN_LEN]).is_ok());
    assert_eq!(Chain::new(vec![root.clone(); MAX_CHAIN_LEN + 1]).err(), Some(CertificateError::TooMany));
    assert_eq!(Chain::from_ders(vec![root.to_der(); MAX_CHAIN_LEN + 1]).err(), Some(CertificateError::TooMany));
    assert_eq!(Chain::new([]).err(), Some(CertificateError::Missing));
    assert_eq!(Chain::from_pem("no certificate here").err(), Some(CertificateError::Missing));
}

#[test]
fn the_longest_path_that_fits_is_walked() {
    let names = ["CN=0", "CN=1", "CN=2", "CN=3", "CN=4", "CN=5", "CN=6", "CN=7"];
    let keys: Vec<_> = (20..29).map(key).collect();
    let root = Forge::ca(names[0], names[0], None).sign(keys[0].public_key(), &keys[0]);
    let cas = names
        .windows(2)
        .enumerate()
        .map(|(index, pair)| Forge::ca(pair[0], pair[1], None).sign(keys[index + 1].public_key(), &keys[index]));
    let cas: Vec<_> = cas.collect();
    let leaf = Forge { issuer: names[7], ..consent_leaf() }.sign(keys[8].public_key(), &keys[7]);
    let chain = Chain::new([leaf].into_iter().chain(cas.into_iter().rev())).unwrap();
    assert_eq!(chain.certificates().count(), MAX_CHAIN_LEN);
    assert_eq!(chain.verify(&TrustAnchors::new([root]), NOW, Purpose::ConsentSigning), Ok(()));
}

#[test]
fn chains_survive_pem_and_der() {
    let mut pki = Pki::new();
    let chain = pki.issue(&CertificateProfile::DocumentSigning, key(1).public_key());
    assert_eq!(Chain::from_pem(&chain.to_pem()).unwrap(), chain);
    assert_eq!(Chain::from_ders(chain.ders()).unwrap(), chain);
    assert_eq!(TrustAnchors::from_pem(&chain.to_pem()).unwrap().iter().count(), 2);
    assert_eq!(Certificate::from_pem(&chain.leaf().to_pem()).unwrap(), *chain.leaf());
    assert_eq!(Certificate::from_pem(&chain.to_pem()).err(), Some(CertificateError::TooMany));
    let broken = chain.to_pem().replace("-----END CERTIFICATE-----", "");
    assert_eq!(Chain::from_pem(&broken).err(), Some(CertificateError::Malformed));
}
