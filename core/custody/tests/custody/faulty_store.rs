//! A store with one fault at a time.

use async_trait::async_trait;
use eseal_custody::harness::MemoryStore;
use eseal_custody::{SealedStore, StoreError, StoreKey};
use zeroize::Zeroizing;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    EmptyIsAbsent,
    KeepsTheTail,
    ShortNames,
    DotsAreDashes,
    CutsLargeValues,
    TextOnly,
    DeletesNothing,
    DeletingNothingFails,
    InventsValues,
}

pub(crate) struct FaultyStore {
    fault: Fault,
    inner: MemoryStore,
}

impl FaultyStore {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, inner: MemoryStore::new() }
    }

    fn place(&self, name: &StoreKey) -> StoreKey {
        let text = match self.fault {
            Fault::ShortNames => name.as_str().chars().take(13).collect(),
            Fault::DotsAreDashes => name.as_str().replace('.', "-"),
            _ => name.as_str().to_owned(),
        };
        StoreKey::new(text).unwrap()
    }
}

#[async_trait]
impl SealedStore for FaultyStore {
    async fn read(&self, name: &StoreKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let found = self.inner.read(&self.place(name)).await?;
        Ok(match self.fault {
            Fault::EmptyIsAbsent => found.filter(|value| !value.is_empty()),
            Fault::InventsValues => Some(found.unwrap_or_default()),
            _ => found,
        })
    }

    async fn write_atomic(&self, name: &StoreKey, bytes: &[u8]) -> Result<(), StoreError> {
        let place = self.place(name);
        let mut bytes = bytes.to_vec();
        match self.fault {
            Fault::KeepsTheTail => {
                let old = self.inner.read(&place).await?.unwrap_or_default();
                bytes.extend(old.iter().skip(bytes.len()));
            }
            Fault::CutsLargeValues => bytes.truncate(64 * 1024),
            Fault::TextOnly => bytes = String::from_utf8_lossy(&bytes).into_owned().into_bytes(),
            _ => {}
        }
        self.inner.write_atomic(&place, &bytes).await
    }

    async fn delete(&self, name: &StoreKey) -> Result<(), StoreError> {
        let place = self.place(name);
        let absent = self.inner.read(&place).await?.is_none();
        match self.fault {
            Fault::DeletesNothing => Ok(()),
            Fault::DeletingNothingFails if absent => Err(StoreError::Unexpected { detail: "no such file".to_owned() }),
            _ => self.inner.delete(&place).await,
        }
    }
}
