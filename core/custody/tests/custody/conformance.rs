//! The suites pass what is right and fail what is broken, each fault by the check that is named after it.

use eseal_custody::conformance::{Outcome, Report, device_key, sealed_store};
use eseal_custody::harness::{FileStore, MemoryStore, SoftwareDeviceKey};
use eseal_custody::{DeviceKey, KeyPurpose, SealedStore, StoreKey};
use rand_core::UnwrapErr;

use crate::{faulty_host, faulty_store};

fn assert_fails(report: &Report, expected: &str, fault: impl std::fmt::Debug) {
    let failures: Vec<_> = report.failures().collect();
    assert!(failures.contains(&expected), "{fault:?}: {failures:?}");
    assert!(!report.passed(), "{fault:?}");
}

#[tokio::test]
async fn the_software_key_conforms_and_is_left_empty() {
    let host = SoftwareDeviceKey::new(UnwrapErr(getrandom::SysRng));
    let report = device_key(&host).await;
    assert!(report.passed(), "{report:?}");
    assert_eq!(report.checks.len(), 8);
    for purpose in KeyPurpose::ALL {
        assert_eq!(host.key(purpose).await, Ok(None));
    }
}

#[tokio::test]
async fn a_host_that_answers_with_high_s_conforms() {
    let report = device_key(&faulty_host::FaultyHost::new(faulty_host::Fault::HighS)).await;
    assert!(report.passed(), "{report:?}");
}

#[tokio::test]
async fn keys_that_are_there_already_are_not_touched() {
    let host = SoftwareDeviceKey::new(UnwrapErr(getrandom::SysRng));
    let before = host.generate(KeyPurpose::Sealing, b"challenge").await.unwrap();
    let report = device_key(&host).await;
    assert_fails(&report, "device-key.starts-empty", "a key was there");
    assert_eq!(report.checks.len(), 8);
    assert!(report.checks[1..].iter().all(|check| check.outcome == Outcome::NotChecked));
    assert_eq!(host.key(KeyPurpose::Sealing).await, Ok(Some(before)));
    assert_eq!(host.key(KeyPurpose::Consent).await, Ok(None));
}

#[tokio::test]
async fn every_fault_of_a_key_store_is_found() {
    use faulty_host::Fault;
    let faults = [
        (Fault::OneKeyForAll, "device-key.no-key-for-another-purpose"),
        (Fault::OneKeyForAll, "device-key.keys-differ"),
        (Fault::MessageTakenForDigest, "device-key.signs"),
        (Fault::FixedFormInPlaceOfDer, "device-key.signs"),
        (Fault::ShowsAnotherKey, "device-key.makes-keys"),
        (Fault::KeepsTheOldKey, "device-key.makes-anew"),
        (Fault::DeletesNothing, "device-key.deletes"),
        (Fault::DeletesEverything, "device-key.deletes"),
        (Fault::DeletingNothingFails, "device-key.deletes"),
        (Fault::NamelessErrorWithoutKey, "device-key.refuses-without-key"),
        (Fault::MakesKeysOnDemand, "device-key.refuses-without-key"),
        (Fault::PublicKeyIsNone, "device-key.makes-keys"),
    ];
    for (fault, expected) in faults {
        let report = device_key(&faulty_host::FaultyHost::new(fault)).await;
        assert_fails(&report, expected, fault);
    }
}

#[tokio::test]
async fn the_harness_stores_conform() {
    let directory = tempfile::tempdir().unwrap();
    let file_store = FileStore::open(directory.path().join("store")).unwrap();
    let stores: [&dyn SealedStore; 2] = [&MemoryStore::new(), &file_store];
    for store in stores {
        let report = sealed_store(store).await;
        assert!(report.passed(), "{report:?}");
        assert_eq!(report.checks.len(), 8);
    }
    let left: Vec<_> = std::fs::read_dir(directory.path().join("store")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_store_that_is_in_use_keeps_its_own_values() {
    let store = MemoryStore::new();
    let own = StoreKey::new("device").unwrap();
    store.write_atomic(&own, b"own").await.unwrap();
    assert!(sealed_store(&store).await.passed());
    assert_eq!(**store.read(&own).await.unwrap().unwrap(), *b"own");
}

#[tokio::test]
async fn every_fault_of_a_store_is_found() {
    use faulty_store::Fault;
    let faults = [
        (Fault::EmptyIsAbsent, "store.empty-is-a-value"),
        (Fault::KeepsTheTail, "store.overwrites-whole"),
        (Fault::ShortNames, "store.tells-names-apart"),
        (Fault::DotsAreDashes, "store.tells-names-apart"),
        (Fault::CutsLargeValues, "store.takes-large-values"),
        (Fault::TextOnly, "store.reads-what-was-written"),
        (Fault::DeletesNothing, "store.deletes"),
        (Fault::DeletingNothingFails, "store.deletes-what-is-absent"),
        (Fault::InventsValues, "store.absent-is-none"),
    ];
    for (fault, expected) in faults {
        let report = sealed_store(&faulty_store::FaultyStore::new(fault)).await;
        assert_fails(&report, expected, fault);
    }
}
