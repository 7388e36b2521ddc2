//! Seals of GM/T 0031-2014, which are only read: made here from one of the standard that followed.

use std::time::Duration;

use der::asn1::{BitString, Ia5String, ObjectIdentifier, OctetString, UtcTime};
use der::{Any, Decode, Encode, Tag};
use eseal_document::report::{CheckVerdict, Verdict};

use crate::desk::{Desk, NOW, Opened, codes};

const SM2_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

fn any(value: &impl Encode) -> Any {
    Any::from_der(&value.to_der().unwrap()).unwrap()
}

fn bits(bytes: &[u8]) -> Any {
    any(&BitString::from_bytes(bytes).unwrap())
}

fn octets(bytes: &[u8]) -> Any {
    any(&OctetString::new(bytes).unwrap())
}

fn sequence(parts: &[Any]) -> Any {
    any(&parts.to_vec())
}

fn parts(sequence: &Any) -> Vec<Any> {
    sequence.decode_as().unwrap()
}

/// The seal in the form of 2014: no type of list, times of two digits a year, signed with its maker's certificate.
fn old_seal(desk: &Desk) -> Any {
    let [info, ..] = parts(&Any::from_der(desk.seal.to_der()).unwrap()).try_into().map(|all: [Any; 4]| all).unwrap();
    let mut info = parts(&info);
    let mut header = parts(&info[0]);
    header[1] = any(&1_u8);
    info[0] = sequence(&header);
    let mut property = parts(&info[2]);
    property.remove(2);
    for time in property.iter_mut().filter(|part| part.to_der().unwrap()[0] == 0x18) {
        *time = Any::new(Tag::UtcTime, &time.value()[2..]).unwrap();
    }
    info[2] = sequence(&property);
    let by = [octets(desk.maker.chain.leaf().to_der()), any(&SM2_SM3)];
    let signed = sequence(&[&[sequence(&info)], &by[..]].concat());
    let signature = desk.maker.key.sign(&signed.to_der().unwrap()).to_der();
    sequence(&[sequence(&info), sequence(&[&by[..], &[bits(&signature)]].concat())])
}

fn old_signature(desk: &Desk, data: &[u8], seal: Any) -> Vec<u8> {
    let time = UtcTime::from_unix_duration(Duration::from_secs(NOW.0)).unwrap();
    let to_sign = sequence(&[
        any(&1_u8),
        seal,
        bits(&time.to_der().unwrap()),
        bits(data),
        any(&Ia5String::new("a contract").unwrap()),
        octets(desk.signer.chain.leaf().to_der()),
        any(&SM2_SM3),
    ]);
    let signature = desk.signer.key.sign(&to_sign.to_der().unwrap()).to_der();
    sequence(&[to_sign, bits(&signature)]).to_der().unwrap()
}

#[test]
fn they_are_read_and_held_to_their_bytes() {
    let desk = Desk::new();
    let mut file = Opened(desk.sealed());
    let digest = file.digest();
    file.set_value(&old_signature(&desk, digest.as_bytes(), old_seal(&desk)));
    let report = desk.verify(&file.0);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let format = report.signatures[0].checks.iter().find(|check| check.code == "ses.format").unwrap();
    assert_eq!(format.clause, "GM/T 0031-2014");
    file.set_value(&old_signature(&desk, &[7; 32], old_seal(&desk)));
    let report = desk.verify(&file.0);
    assert_eq!((report.verdict, codes(&report, CheckVerdict::Fail)), (Verdict::Invalid, vec!["ses.data-hash"]));
}
