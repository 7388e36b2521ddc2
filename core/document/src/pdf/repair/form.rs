//! Forms that run in a circle: readers that follow them never end, or give up.

use crate::source::ReadAt;

use crate::pdf::error::PdfError;
use crate::pdf::form::{self, Circle};
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;
use crate::pdf::write::splice::Draft;

/// Takes from fields what they are below of. Whether there was any.
pub(super) fn cut_circles<S: ReadAt>(reader: &Reader<S>) -> Result<bool, PdfError> {
    let circles = form::walk(reader)?.circles;
    let mut is_repaired = false;
    for Circle { id, field, kids } in &circles {
        let (list_id, list) = reader.locate(field.get("Kids"))?;
        if list.object().stream.is_some() {
            continue;
        }
        let stays = |kid: &Value| kid.reference().is_none_or(|id| !kids.contains(&id));
        let kept: Vec<Vec<u8>> =
            list.elements().iter().filter(|kid| stays(kid)).map(|kid| kid.raw().to_vec()).collect();
        let mut draft = Draft::new(&list);
        draft.replace(&list, &[b"[", kept.join(&b' ').as_slice(), b"]"].concat());
        reader.renew(list_id.unwrap_or(*id), draft.finish())?;
        is_repaired = true;
    }
    Ok(is_repaired)
}
