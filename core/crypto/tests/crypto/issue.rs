//! What a CA issues says what was asked, and what it must not issue it does not.

use std::net::Ipv4Addr;

use eseal_crypto::cert::{CertificateProfile, Chain, IssueError, Issuer, Subject, UnixTime, Validity};

use crate::support::{DAY, NOW, Pki, Repeatable, days, key, sha256};

#[test]
fn a_certificate_says_what_was_asked() {
    let mut pki = Pki::new();
    let profile =
        CertificateProfile::RelyingParty { operation_types: vec!["seal.claim".into(), "document.stamp".into()] };
    let subject = Subject::named("示例省, \"政务\" + 平台")
        .with_serial_number("91360000TEST00001X")
        .with_organization("示例省")
        .with_country(*b"CN");
    let validity = days(1, 2);
    let issued = pki.intermediate.issue(&profile, &subject, key(1).public_key(), validity, &mut pki.rng).unwrap();
    assert_eq!(issued.subject_common_name().as_deref(), Some("示例省, \"政务\" + 平台"));
    assert_eq!(issued.subject_serial_number().as_deref(), Some("91360000TEST00001X"));
    assert_eq!(
        issued.subject_rfc4514(),
        "SERIALNUMBER=91360000TEST00001X,CN=示例省\\, \\\"政务\\\" \\+ 平台,O=示例省,C=CN"
    );
    assert_eq!(issued.issuer_common_name().as_deref(), Some("Test Intermediate"));
    assert_eq!(issued.issuer_rfc4514(), pki.intermediate.certificate().subject_rfc4514());
    assert_eq!(issued.validity(), validity);
    assert_eq!(issued.public_key(), Ok(key(1).public_key()));
    assert_eq!(issued.operation_types(), Some(&["seal.claim".to_owned(), "document.stamp".to_owned()][..]));
    assert_eq!(issued.sha256(), sha256(issued.to_der()));
    assert!(!issued.is_ca());
    assert_eq!(issued.serial().len(), 16);
}

#[test]
fn serial_numbers_are_positive_of_one_length_and_differ() {
    let mut pki = Pki::new();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..200 {
        let chain = pki.issue(&CertificateProfile::RequestSigning, key(1).public_key());
        let serial = chain.leaf().serial().to_vec();
        assert!(serial.len() == 16 && serial[0] & 0xc0 == 0x40);
        assert!(seen.insert(serial));
    }
}

#[test]
fn dates_beyond_2050_are_written_and_read() {
    let mut rng = Repeatable::seeded(3);
    for not_after in [UnixTime(2_524_607_999), UnixTime(2_524_608_000), UnixTime(4_000_000_000)] {
        let validity = Validity { not_before: NOW, not_after };
        let root = Issuer::new_root(key(1), &Subject::named("root"), validity, &mut rng).unwrap();
        assert_eq!(root.certificate().validity(), validity);
    }
}

#[test]
fn a_ca_can_be_taken_up_again_only_with_its_own_key() {
    let mut pki = Pki::new();
    let pem = pki.intermediate.key().to_pkcs8_pem().unwrap();
    let key_again = eseal_crypto::key::SigningKey::from_pkcs8_pem(&pem).unwrap();
    let again = Issuer::new(key_again, pki.intermediate.chain().clone()).unwrap();
    assert_eq!(again.certificate(), pki.intermediate.certificate());
    assert_eq!(Issuer::new(key(1), pki.intermediate.chain().clone()).err(), Some(IssueError::NotAnIssuer));
    let leaf = pki.issue(&CertificateProfile::ConsentSigning, key(1).public_key());
    assert_eq!(Issuer::new(key(1), leaf).err(), Some(IssueError::NotAnIssuer));
}

#[test]
fn a_ca_without_room_below_makes_no_ca() {
    let mut pki = Pki::new();
    let ca = |path_len| CertificateProfile::IntermediateCa { path_len };
    let subject = Subject::named("below");
    let issued = pki.intermediate.issue(&ca(0), &subject, key(1).public_key(), days(1, 1), &mut pki.rng);
    assert_eq!(issued.err(), Some(IssueError::PathLength));
    let issued = pki.root.issue(&ca(3), &subject, key(1).public_key(), days(1, 1), &mut pki.rng).unwrap();
    let below = Issuer::new(key(1), Chain::new([issued]).unwrap()).unwrap();
    for (path_len, expected) in [(2, None), (3, Some(IssueError::PathLength)), (255, Some(IssueError::PathLength))] {
        let issued = below.issue(&ca(path_len), &subject, key(2).public_key(), days(1, 1), &mut pki.rng);
        assert_eq!(issued.err(), expected);
    }
}

#[test]
fn nothing_outlives_its_issuer() {
    let mut pki = Pki::new();
    let own = pki.intermediate.certificate().validity();
    let spans = [
        Validity { not_before: UnixTime(own.not_before.0 - 1), not_after: own.not_after },
        Validity { not_before: own.not_before, not_after: UnixTime(own.not_after.0 + 1) },
        Validity { not_before: NOW, not_after: UnixTime(NOW.0 - 1) },
        Validity::lasting(NOW, u64::MAX),
    ];
    let subject = Subject::named("测试人甲");
    for validity in spans {
        let profile = CertificateProfile::ConsentSigning;
        let issued = pki.intermediate.issue(&profile, &subject, key(1).public_key(), validity, &mut pki.rng);
        assert_eq!(issued.err(), Some(IssueError::BadValidity), "{validity:?}");
    }
    let never = Validity { not_before: NOW, not_after: UnixTime(u64::MAX) };
    let root = Issuer::new_root(key(1), &subject, never, &mut pki.rng);
    assert_eq!(root.err(), Some(IssueError::BadValidity));
}

#[test]
fn names_that_cannot_be_written_are_refused() {
    let mut pki = Pki::new();
    let long = "长".repeat(65);
    let subjects = [
        Subject::named(""),
        Subject::named(&long),
        Subject::named("line\nbreak"),
        Subject::named("nul\0"),
        Subject::named("x").with_organization(""),
        Subject::named("x").with_organization(&long),
        Subject::named("x").with_serial_number(""),
        Subject::named("x").with_serial_number("编号"),
        Subject::named("x").with_serial_number("a_b"),
        Subject::named("x").with_serial_number("1".repeat(65)),
        Subject::named("x").with_country(*b"cn"),
        Subject::named("x").with_country([0xff, 0x00]),
    ];
    for (index, subject) in subjects.iter().enumerate() {
        let profile = CertificateProfile::ConsentSigning;
        let issued = pki.intermediate.issue(&profile, subject, key(1).public_key(), days(1, 1), &mut pki.rng);
        assert_eq!(issued.err(), Some(IssueError::BadSubject), "subject {index}");
    }
    let longest = Subject::named("长".repeat(64)).with_serial_number("1".repeat(64));
    let profile = CertificateProfile::ConsentSigning;
    assert!(pki.intermediate.issue(&profile, &longest, key(1).public_key(), days(1, 1), &mut pki.rng).is_ok());
}

#[test]
fn profiles_that_cannot_be_written_are_refused() {
    let mut pki = Pki::new();
    let relying_party = |operation_types| CertificateProfile::RelyingParty { operation_types };
    let server = |dns_names| CertificateProfile::TlsServer { dns_names, ip_addresses: vec![] };
    let profiles = [
        relying_party(vec![]),
        relying_party(vec![String::new()]),
        relying_party(vec!["x".repeat(65)]),
        relying_party(vec!["x".to_owned(); 65]),
        server(vec![]),
        server(vec!["主机".to_owned()]),
    ];
    for profile in profiles {
        let subject = Subject::named("x");
        let issued = pki.intermediate.issue(&profile, &subject, key(1).public_key(), days(1, 1), &mut pki.rng);
        assert_eq!(issued.err(), Some(IssueError::BadProfile), "{profile:?}");
    }
}

#[test]
fn a_tls_server_is_named_by_host_and_address() {
    let mut pki = Pki::new();
    let profile = CertificateProfile::TlsServer {
        dns_names: vec!["portal.example".to_owned()],
        ip_addresses: vec![Ipv4Addr::LOCALHOST.into()],
    };
    let der = pki.issue(&profile, key(1).public_key()).leaf().to_der().to_vec();
    let contains = |needle: &[u8]| der.windows(needle.len()).any(|window| window == needle);
    assert!(contains(b"\x82\x0eportal.example"));
    assert!(contains(&[0x87, 0x04, 127, 0, 0, 1]));
}

#[test]
fn times_are_shown_in_utc() {
    assert_eq!(UnixTime(1_800_000_000).to_string(), "2027-01-15T08:00:00Z");
    assert_eq!(UnixTime(u64::MAX).to_string(), format!("@{}", u64::MAX));
    assert_eq!(Validity::lasting(NOW, DAY).not_after, NOW.plus(DAY));
}
