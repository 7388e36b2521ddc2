use std::sync::Arc;

use eseal_custody::harness::MemoryStore;
use eseal_custody::{EnvelopeError, Label, MAX_VALUE_LEN, SealedStore, StoreKey, Token, Vault, VaultError};

fn label(text: &str) -> Label {
    Token::new(text).unwrap().into()
}

fn name(text: &str) -> StoreKey {
    StoreKey::new(text).unwrap()
}

#[tokio::test]
async fn what_is_kept_comes_back_until_it_is_deleted() {
    let vault = Vault::new(Arc::new(MemoryStore::new()));
    let (name, label) = (name("device"), label("device.1"));
    assert_eq!(vault.read(&name, &label).await, Ok(None));
    for payload in [&b""[..], b"first", b"second, longer"] {
        vault.write(&name, &label, payload).await.unwrap();
        assert_eq!(vault.read(&name, &label).await.unwrap().unwrap().as_slice(), payload);
    }
    vault.delete(&name).await.unwrap();
    assert_eq!(vault.read(&name, &label).await, Ok(None));
}

#[tokio::test]
async fn what_is_something_else_is_refused() {
    let store = Arc::new(MemoryStore::new());
    let vault = Vault::new(Arc::clone(&store) as Arc<dyn SealedStore>);
    let (name, receipt) = (name("a"), label("receipt.1"));
    vault.write(&name, &receipt, b"payload").await.unwrap();
    let other = vault.read(&name, &label("receipt.2")).await.unwrap_err();
    assert_eq!((&other, other.code()), (&VaultError::Envelope(EnvelopeError::WrongLabel), "envelope.wrong-label"));
    let whole = store.read(&name).await.unwrap().unwrap();
    store.write_atomic(&name, &whole[..whole.len() - 1]).await.unwrap();
    assert_eq!(vault.read(&name, &receipt).await, Err(EnvelopeError::Truncated.into()));
    store.write_atomic(&name, b"").await.unwrap();
    assert_eq!(vault.read(&name, &receipt).await, Err(EnvelopeError::NotAnEnvelope.into()));
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_the_old_value_stays() {
    let vault = Vault::new(Arc::new(MemoryStore::new()));
    let (name, label) = (name("a"), label("x"));
    vault.write(&name, &label, b"old").await.unwrap();
    let refused = vault.write(&name, &label, &vec![0; MAX_VALUE_LEN]).await;
    assert_eq!(refused, Err(EnvelopeError::TooLong.into()));
    assert_eq!(vault.read(&name, &label).await.unwrap().unwrap().as_slice(), b"old");
}
