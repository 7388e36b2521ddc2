//! Objects that were read, for whoever asks next: revisions of a file share most of theirs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::pdf::syntax::object::Object;
use crate::pdf::syntax::token::ObjectId;

/// Bytes of objects that are kept; then one begins anew.
const MAX_BYTES: usize = 2 << 20;
/// Larger objects are not asked for so often.
const MAX_OBJECT: usize = 16 << 10;

/// Objects by where they stand, shared by all views of one file. Not for encrypted files: there, what an object says also
/// depends on who reads it.
#[derive(Clone, Default)]
pub(super) struct KeptObjects(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    objects: HashMap<u64, (ObjectId, Arc<Object>)>,
    size: usize,
}

impl KeptObjects {
    /// The object at `offset` of a file that ends at `end`: one that ends there or before, and so would be read the same.
    pub(super) fn find(&self, id: ObjectId, offset: u64, end: u64) -> Option<Arc<Object>> {
        let kept = self.kept();
        let (known, object) = kept.objects.get(&offset)?;
        let behind = object.end.or(object.stream)?;
        (*known == id && behind < end).then(|| Arc::clone(object))
    }

    pub(super) fn keep(&self, id: ObjectId, offset: u64, object: &Arc<Object>) {
        let size = object.memory();
        if size > MAX_OBJECT {
            return;
        }
        let mut kept = self.kept();
        if kept.size + size > MAX_BYTES {
            *kept = Kept::default();
        }
        kept.size += size;
        kept.objects.insert(offset, (id, Arc::clone(object)));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_only_found_where_all_of_it_is() {
        let id = ObjectId { number: 1, generation: 0 };
        let mut object = Object::parse(b"<</A 1>>".to_vec(), 0).unwrap();
        object.end = Some(30);
        let kept = KeptObjects::default();
        kept.keep(id, 10, &Arc::new(object));
        assert!(kept.find(id, 10, 31).is_some());
        assert!(kept.find(id, 10, 30).is_none());
        assert!(kept.find(id, 11, 100).is_none());
        assert!(kept.find(ObjectId { number: 2, ..id }, 10, 100).is_none());
    }

    #[test]
    fn what_is_kept_is_limited() {
        let kept = KeptObjects::default();
        let mut most = 0;
        for number in 0..100_000 {
            let mut object = Object::parse(vec![b' '; 100].into_iter().chain(*b"1").collect(), 0).unwrap();
            object.end = Some(0);
            kept.keep(ObjectId { number, generation: 0 }, u64::from(number), &Arc::new(object));
            assert!(kept.kept().size <= MAX_BYTES);
            most = most.max(kept.kept().objects.len());
        }
        // Once full it starts anew, so how many are left at the end says nothing.
        assert!(most > 1_000 && most < 100_000, "{most}");
    }
}
