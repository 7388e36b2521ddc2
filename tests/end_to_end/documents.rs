use std::path::PathBuf;
use std::sync::Arc;

use eseal_document::pdf::{Corner, PageIndex, Password, Placement, Profile};
use eseal_document::report::{Changes, Coverage, Integrity, Level, TimeSource, Verdict};
use eseal_protocol::ids::SealId;
use eseal_protocol::text::DisplayText;
use eseal_sdk::{Cancel, Config, NoProgress, Seal, SealPlace, StampJob, VerifiedSeal};

use crate::world::{CONTRACT, JIANG, World, code, honest};

fn at(page: i32) -> SealPlace {
    SealPlace::At(Placement::new(PageIndex::new(page), Corner::TopLeft, [112.0, 128.0], [45.0, 22.0]).unwrap())
}

fn job(world: &World, seal: &Seal, input: PathBuf) -> StampJob {
    StampJob {
        input,
        output: world.folder.path().join("sealed.pdf"),
        name: DisplayText::new("合同.pdf").unwrap(),
        seal_id: seal.record().seal_id.clone(),
        places: vec![at(4)],
        profile: Profile::Pades,
        level: Level::BaselineB,
        password: None,
        reason: None,
        utc_offset_minutes: 480,
    }
}

#[tokio::test]
async fn a_sealed_contract_is_valid_recorded_and_names_its_seal() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let job = job(&world, &seal, world.file("in.pdf", CONTRACT));
    let stamped = phone.stamp(&job, &NoProgress, &Cancel::new()).await.unwrap();
    let found = phone.verify(&job.output, &NoProgress).await.unwrap();
    assert_eq!(found.report.verdict, Verdict::Valid);
    let [signature] = &found.report.signatures[..] else { panic!("one signature") };
    assert_eq!(signature.signer.as_deref(), Some("江小满"));
    assert_eq!((signature.coverage, signature.changes), (Coverage::Whole, Changes::None));
    let Some(VerifiedSeal::Genuine(record)) = &found.seals[0] else { panic!("{:?}", found.seals) };
    assert_eq!(record.compact(), seal.record().compact());
    let uses = phone.usage_records(&Cancel::new()).await.unwrap();
    assert_eq!(uses.len(), 1);
    assert_eq!(uses[0].compact(), stamped.usage.compact());
    assert!(std::fs::read(&job.output).unwrap().starts_with(CONTRACT), "the old bytes are the beginning");
}

#[tokio::test]
async fn one_changed_byte_is_told() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let job = job(&world, &seal, world.file("in.pdf", CONTRACT));
    phone.stamp(&job, &NoProgress, &Cancel::new()).await.unwrap();
    let sealed = std::fs::read(&job.output).unwrap();
    for at in [11, 5_000, 100_000, CONTRACT.len() + 30] {
        let mut bytes = sealed.clone();
        bytes[at] ^= 0x01;
        let path = world.file("changed.pdf", &bytes);
        let found = phone.verify(&path, &NoProgress).await;
        let is_caught = found.as_ref().map_or(true, |found| {
            found.report.verdict != Verdict::Valid
                && found.report.signatures.iter().all(|signature| signature.integrity == Integrity::Broken)
        });
        assert!(is_caught, "byte {at}");
    }
}

#[tokio::test]
async fn each_unusable_document_has_its_reason_and_leaves_no_file() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let truncated = &CONTRACT[..CONTRACT.len() / 2];
    for (name, bytes, expected) in [
        ("text.pdf", b"just text".as_slice(), "pdf.not-a-pdf"),
        ("empty.pdf", b"".as_slice(), "pdf.not-a-pdf"),
        ("truncated.pdf", truncated, "pdf.truncated"),
    ] {
        let job = job(&world, &seal, world.file(name, bytes));
        assert_eq!(code(phone.stamp(&job, &NoProgress, &Cancel::new()).await), expected, "{name}");
        assert!(!job.output.exists(), "{name}");
    }
    let missing = job(&world, &seal, world.folder.path().join("missing.pdf"));
    assert_eq!(code(phone.stamp(&missing, &NoProgress, &Cancel::new()).await), "pdf.read-failed");
    let mut no_page = job(&world, &seal, world.file("in.pdf", CONTRACT));
    no_page.places = vec![at(9)];
    assert_eq!(code(phone.stamp(&no_page, &NoProgress, &Cancel::new()).await), "pdf.no-such-page");
    assert!(phone.usage_records(&Cancel::new()).await.unwrap().is_empty(), "nothing was recorded");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_keeps_everything_as_it_was() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let mut job = job(&world, &seal, world.file("in.pdf", CONTRACT));
    job.output = world.folder.path().join("no-such-folder").join("sealed.pdf");
    assert_eq!(code(phone.stamp(&job, &NoProgress, &Cancel::new()).await), "pdf.write-failed");
    assert_eq!(std::fs::read(&job.input).unwrap(), CONTRACT);
}

#[tokio::test]
async fn only_ones_own_seal_on_the_phone_that_has_its_key() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let mut job = job(&world, &seal, world.file("in.pdf", CONTRACT));
    let second = world.phone_of(JIANG).await;
    assert_eq!(code(second.stamp(&job, &NoProgress, &Cancel::new()).await), "seal.of-another-phone");
    job.seal_id = "seal-none".parse::<SealId>().unwrap();
    assert_eq!(code(phone.stamp(&job, &NoProgress, &Cancel::new()).await), "seal.not-found");
}

#[tokio::test]
async fn a_signature_brings_what_its_level_asks_for() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    for (level, coverage, changes) in [
        (Level::BaselineT, Coverage::Whole, Changes::None),
        (Level::BaselineLt, Coverage::Revision, Changes::Permitted),
        (Level::BaselineLta, Coverage::Revision, Changes::Permitted),
    ] {
        let job = StampJob { level, ..job(&world, &seal, world.file("in.pdf", CONTRACT)) };
        phone.stamp(&job, &NoProgress, &Cancel::new()).await.unwrap();
        let found = phone.verify(&job.output, &NoProgress).await.unwrap();
        assert_eq!(found.report.verdict, Verdict::Valid, "{level}");
        let signature = &found.report.signatures[0];
        assert_eq!((signature.level, signature.coverage, signature.changes), (Some(level), coverage, changes));
        assert_eq!(signature.time.unwrap().source, TimeSource::Timestamp);
    }
}

/// What a level needs is fetched before the use is recorded: neither file nor record comes of a service that is not there.
#[tokio::test]
async fn a_level_that_nobody_vouches_for_leaves_no_file_and_no_record() {
    let world = World::new().await;
    for (timestamp_url, expected) in
        [(None, "sdk.misconfigured"), (Some("http://127.0.0.1:9/tsa".to_owned()), "network.offline")]
    {
        let (phone, seal) = world.sealed_phone_of(Config { timestamp_url, ..world.config() }, honest()).await;
        let job = StampJob { level: Level::BaselineT, ..job(&world, &seal, world.file("in.pdf", CONTRACT)) };
        assert_eq!(code(phone.stamp(&job, &NoProgress, &Cancel::new()).await), expected);
        assert!(!job.output.exists());
        assert!(phone.usage_records(&Cancel::new()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_encrypted_document_is_sealed_and_verified_with_its_password() {
    let world = World::new().await;
    let (phone, seal) = world.sealed_phone().await;
    let input = eseal_tests::fixture("contract/contract-encrypted.pdf");
    let with = |password: Option<&str>| password.map(|password| Arc::new(Password::new(password)));
    for (password, expected) in [(None, "pdf.password-needed"), (Some("wrong"), "pdf.wrong-password")] {
        let job = StampJob { password: with(password), ..job(&world, &seal, input.clone()) };
        assert_eq!(code(phone.stamp(&job, &NoProgress, &Cancel::new()).await), expected);
    }
    let job = StampJob { password: with(Some("user")), ..job(&world, &seal, input) };
    phone.stamp(&job, &NoProgress, &Cancel::new()).await.unwrap();
    assert_eq!(code(phone.verify(&job.output, &NoProgress).await), "pdf.password-needed");
    let found = phone.verify_with(&job.output, with(Some("owner")).as_ref(), &NoProgress).await.unwrap();
    assert_eq!(found.report.verdict, Verdict::Valid);
}
