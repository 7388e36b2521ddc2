//! Objects of the file that strict readers could not read where they stand, and that the appended revision says anew: what
//! was read to seal is then what everybody reads.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pdf::error::PdfError;
use crate::pdf::limits::MAX_RENEWED_BYTES;
use crate::pdf::syntax::object::Object;
use crate::pdf::syntax::token::ObjectId;

/// What an object counts for, however short it is.
const MIN_SIZE: usize = 16;

/// Objects put right, by what they are called.
#[derive(Default)]
pub(crate) struct Renewed(RefCell<Kept>);

#[derive(Default)]
struct Kept {
    objects: BTreeMap<ObjectId, Arc<Object>>,
    size: usize,
}

impl Renewed {
    pub(super) fn add(&self, id: ObjectId, object: &Arc<Object>) -> Result<(), PdfError> {
        let mut kept = self.0.borrow_mut();
        kept.size += MIN_SIZE + object.bytes().len();
        if kept.size > MAX_RENEWED_BYTES {
            return Err(PdfError::LimitExceeded { what: "objects that are not well-formed" });
        }
        kept.objects.insert(id, Arc::clone(object));
        Ok(())
    }

    pub(super) fn get(&self, id: ObjectId) -> Option<Arc<Object>> {
        self.0.borrow().objects.get(&id).map(Arc::clone)
    }

    /// Behind the highest number.
    pub(super) fn next_number(&self) -> u32 {
        self.0.borrow().objects.keys().map(|id| id.number + 1).max().unwrap_or(0)
    }

    pub(super) fn first(&self) -> Option<Arc<Object>> {
        self.0.borrow().objects.values().next().map(Arc::clone)
    }

    pub(super) fn clear(&self) {
        *self.0.borrow_mut() = Kept::default();
    }

    /// All there are so far.
    pub(crate) fn objects(&self) -> Vec<(ObjectId, Arc<Object>)> {
        self.0.borrow().objects.iter().map(|(id, object)| (*id, Arc::clone(object))).collect()
    }
}
