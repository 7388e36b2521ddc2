//! OFD documents: sealed with seal data, which has the face.

use std::fs::File;
use std::path::Path;

use eseal_crypto::ses::Seal;
use eseal_document::ofd::{CrossPage, Grouping, Mark, Ofd, OfdError, Prepared, SignRequest, StampRequest};

use super::Means;
use super::look::as_keyword;
use crate::args::{ProfileName, Stamp};
use crate::commands::Refusal;

/// Seals one document, and answers with the identifier of the signature.
pub(super) async fn stamp(file: File, output: &Path, arguments: &Stamp, means: &Means) -> Result<String, Refusal> {
    let unreadable = |error: OfdError| match error {
        OfdError::Read(error) => Refusal::unreadable("file.unreadable", error),
        other => Refusal::unreadable(other.code(), other),
    };
    let refused = |error: OfdError| Refusal::no(error.code(), error);
    if let Some(option) = foreign(arguments, means) {
        return Err(Refusal::unreadable("sdk.bad-argument", format!("{option} is not for OFD documents")));
    }
    let ofd = Ofd::open(file).map_err(unreadable)?;
    let prepared = match (&means.data, arguments.profile) {
        (Some(seal), _) => sealing(ofd, seal, arguments, means)?,
        (None, ProfileName::Gbt35275) if !arguments.look.is_seen() => {
            let mut request = SignRequest::new(&means.chain, means.time.at);
            if let Some(protection) = arguments.protection {
                request = request.protection(protection.into());
            }
            if arguments.manifest {
                request = request.replace_manifest();
            }
            ofd.prepare_signature(&request).map_err(refused)?
        }
        (None, _) => {
            let detail = "an OFD document needs --seal, or without one --profile gbt-35275 and nothing to be seen";
            return Err(Refusal::unreadable("sdk.bad-argument", detail));
        }
    };
    let mut sealed = means.level.seal_ofd(prepared, &means.key).await?;
    if arguments.manifest {
        let prepared = sealed.prepare_manifest(&means.chain, means.time.at).map_err(refused)?;
        sealed = means.level.seal_ofd(prepared, &means.key).await?;
    }
    sealed.save_as(output).map_err(refused)?;
    Ok(sealed.id().to_owned())
}

fn sealing(ofd: Ofd<File>, seal: &Seal, arguments: &Stamp, means: &Means) -> Result<Prepared<File>, Refusal> {
    let refused = |error: OfdError| Refusal::no(error.code(), error);
    let mut request = StampRequest::new(seal, means.chain.leaf(), means.time.at);
    for at in &arguments.look.at {
        request = request.mark(Mark::new(at.page, at.corner, at.size).map_err(refused)?);
    }
    let own = [seal.picture().width_mm, seal.picture().height_mm].map(f64::from);
    let size = arguments.look.size.map_or(own, |size| size.0);
    for keyword in &arguments.look.keyword {
        let keyword = as_keyword(keyword).map_err(|error| Refusal::no(error.code(), error))?;
        request = request.marks(ofd.find_keyword(&keyword, size).map_err(refused)?);
    }
    if let Some(side) = arguments.look.cross_page {
        let grouping = arguments.look.pages_per_seal.map_or(Grouping::Thickness, Grouping::AtMost);
        let cross = CrossPage::new(side.into(), size).grouping(grouping);
        request = request.marks(cross.marks(&ofd).map_err(refused)?);
    }
    if let Some(protection) = arguments.protection {
        request = request.protection(protection.into());
    }
    if arguments.manifest {
        request = request.replace_manifest();
    }
    ofd.prepare(&request).map_err(refused)
}

/// What was asked for that only PDF has: nothing is left out in silence.
fn foreign(arguments: &Stamp, means: &Means) -> Option<&'static str> {
    let asked = [
        (arguments.look.free.is_some(), "--free"),
        (arguments.look.font.is_some(), "--font"),
        (means.level.is_archival(), "this --level"),
        (arguments.field.is_some(), "--field"),
        (arguments.certify.is_some(), "--certify"),
        (arguments.dual.dual_key.is_some(), "--dual-key"),
    ];
    asked.into_iter().find_map(|(is_asked, option)| is_asked.then_some(option))
}
