use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{SealedStore, StoreError, StoreKey};

/// A store that forgets when the program ends.
#[derive(Default)]
pub struct MemoryStore {
    values: Mutex<HashMap<StoreKey, Zeroizing<Vec<u8>>>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn values(&self) -> MutexGuard<'_, HashMap<StoreKey, Zeroizing<Vec<u8>>>> {
        // A panic elsewhere leaves the map whole: each change is one call.
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SealedStore for MemoryStore {
    async fn read(&self, name: &StoreKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.values().get(name).cloned())
    }

    async fn write_atomic(&self, name: &StoreKey, bytes: &[u8]) -> Result<(), StoreError> {
        self.values().insert(name.clone(), Zeroizing::new(bytes.to_vec()));
        Ok(())
    }

    async fn delete(&self, name: &StoreKey) -> Result<(), StoreError> {
        self.values().remove(name);
        Ok(())
    }
}
