use super::Report;
use super::report::{Finding, Recorder, require};
use crate::{SealedStore, StoreError, StoreKey, TokenError};

/// Long enough to not fit one block, row or message of anything.
const LARGE: usize = 1024 * 1024;

/// Checks a store. It uses names that start with `conformance` and removes them again.
pub async fn sealed_store(store: &dyn SealedStore) -> Report {
    let mut recorder = Recorder::default();
    recorder.record("store.absent-is-none", absent_is_none(store).await);
    recorder.record("store.reads-what-was-written", reads_what_was_written(store).await);
    recorder.record("store.empty-is-a-value", empty_is_a_value(store).await);
    recorder.record("store.overwrites-whole", overwrites_whole(store).await);
    recorder.record("store.takes-large-values", takes_large_values(store).await);
    recorder.record("store.tells-names-apart", tells_names_apart(store).await);
    recorder.record("store.deletes", deletes(store).await);
    recorder.record("store.deletes-what-is-absent", deletes_what_is_absent(store).await);
    recorder.finish()
}

fn name(text: &str) -> Result<StoreKey, String> {
    StoreKey::new(text).map_err(|error: TokenError| error.to_string())
}

async fn absent_is_none(store: &dyn SealedStore) -> Finding {
    let name = name("conformance.absent")?;
    store.delete(&name).await.map_err(said)?;
    require(store.read(&name).await.map_err(said)?.is_none(), "a value that nobody wrote")
}

async fn reads_what_was_written(store: &dyn SealedStore) -> Finding {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    round_trip(store, "conformance.bytes", &every_byte).await
}

async fn empty_is_a_value(store: &dyn SealedStore) -> Finding {
    round_trip(store, "conformance.empty", &[]).await
}

async fn takes_large_values(store: &dyn SealedStore) -> Finding {
    let pattern: Vec<u8> = (0..LARGE).map(|index| index.to_le_bytes()[index % 3]).collect();
    round_trip(store, "conformance.large", &pattern).await
}

async fn overwrites_whole(store: &dyn SealedStore) -> Finding {
    let name = name("conformance.overwritten")?;
    store.write_atomic(&name, b"a first and longer value").await.map_err(said)?;
    store.write_atomic(&name, b"second").await.map_err(said)?;
    let found = store.read(&name).await.map_err(said)?;
    store.delete(&name).await.map_err(said)?;
    require(found.is_some_and(|found| *found == b"second"), "not the second value alone")
}

async fn tells_names_apart(store: &dyn SealedStore) -> Finding {
    let texts = ["conformance", "conformance.a", "conformance.a.b", "conformance-a", "conformance.ab", "conformance.0"];
    let names = texts.into_iter().map(name).collect::<Result<Vec<_>, _>>()?;
    for name in &names {
        store.write_atomic(name, name.as_str().as_bytes()).await.map_err(said)?;
    }
    let mut found = Vec::new();
    for name in &names {
        found.push(store.read(name).await.map_err(said)?);
        store.delete(name).await.map_err(said)?;
    }
    let own = |(name, found): (&StoreKey, &Option<_>)| -> bool {
        found.as_ref().is_some_and(|found: &zeroize::Zeroizing<Vec<u8>>| found.as_slice() == name.as_str().as_bytes())
    };
    require(names.iter().zip(&found).all(own), "a value under another's name")
}

async fn deletes(store: &dyn SealedStore) -> Finding {
    let (removed, kept) = (name("conformance.removed")?, name("conformance.kept")?);
    store.write_atomic(&removed, b"removed").await.map_err(said)?;
    store.write_atomic(&kept, b"kept").await.map_err(said)?;
    store.delete(&removed).await.map_err(said)?;
    let (gone, still) = (store.read(&removed).await.map_err(said)?, store.read(&kept).await.map_err(said)?);
    store.delete(&kept).await.map_err(said)?;
    require(gone.is_none(), "the deleted value is still there")?;
    require(still.is_some(), "a value that was not deleted is gone")
}

async fn deletes_what_is_absent(store: &dyn SealedStore) -> Finding {
    let name = name("conformance.never-written")?;
    store.delete(&name).await.map_err(said)?;
    store.delete(&name).await.map_err(said)
}

async fn round_trip(store: &dyn SealedStore, text: &str, value: &[u8]) -> Finding {
    let name = name(text)?;
    store.write_atomic(&name, value).await.map_err(said)?;
    let found = store.read(&name).await.map_err(said)?;
    store.delete(&name).await.map_err(said)?;
    match found {
        None => Err("no value where one was written".to_owned()),
        Some(found) => require(found.as_slice() == value, "another value than was written"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn said(error: StoreError) -> String {
    format!("the store said {}", error.code())
}
