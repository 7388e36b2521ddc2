//! `eseal seal make`: a maker's key and certificate in files; the platform makes seals by the same `SealMaker`.

use std::path::Path;

use eseal_crypto::cert::{Certificate, Chain, UnixTime};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{MakeError, Seal, SealMaker, SealNumber, SealOrder, SealPicture, SealSigners};
use eseal_face::{FaceError, Imprint};

use crate::args::{BoxMm, SealMake};
use crate::commands::{Refusal, now, read, read_text, write_whole};
use crate::exit::Exit;

pub(in crate::commands) fn run(arguments: &SealMake) -> Exit {
    let made = make(arguments, now());
    let written = made.and_then(|seal| {
        write_whole(&arguments.output, seal.to_der()).map_err(|refusal| (arguments.output.as_path(), refusal))
    });
    match written {
        Ok(()) => Exit::Done,
        Err((path, refusal)) => {
            refusal.say(path);
            refusal.exit
        }
    }
}

fn make(arguments: &SealMake, now: UnixTime) -> Result<Seal, (&Path, Refusal)> {
    let picture = at(&arguments.face, |path| picture(path, arguments.size))?;
    let key = at(&arguments.key, |path| {
        SigningKey::from_pkcs8_pem(&read_text(path)?).map_err(|error| Refusal::unreadable(error.code(), error))
    })?;
    let refused = |error: MakeError| (arguments.cert.as_path(), Refusal::no(error.code(), error));
    let maker = SealMaker::new(key, at(&arguments.cert, certificate)?).map_err(refused)?;
    let signers = arguments.signers.iter().map(|path| at(path, certificate)).collect::<Result<Vec<_>, _>>()?;
    let order = SealOrder {
        version: arguments.version.into(),
        number: number(arguments.id.as_ref()).map_err(|refusal| (Path::new("--id"), refusal))?,
        kind: arguments.kind.into(),
        name: arguments.name.clone(),
        signers: if arguments.digests { SealSigners::digests(&signers) } else { SealSigners::whole(&signers) },
        picture,
        days: arguments.valid_days,
    };
    maker.make(order, now).map_err(refused)
}

/// The face at `path`, in the size asked for or its own.
fn picture(path: &Path, size: Option<BoxMm>) -> Result<SealPicture, Refusal> {
    let imprint = Imprint::read(read(path)?, size.map(|size| size.0)).map_err(|error| match error {
        FaceError::Picture { .. } | FaceError::Svg { .. } => Refusal::unreadable(error.code(), error),
        _ => Refusal::no(error.code(), error),
    })?;
    let [width_mm, height_mm] = imprint.size_mm();
    Ok(SealPicture { kind: Imprint::KIND.to_owned(), data: imprint.into_png(), width_mm, height_mm })
}

/// What is done with a file, and its name where that fails.
fn at<T>(path: &Path, read: impl FnOnce(&Path) -> Result<T, Refusal>) -> Result<T, (&Path, Refusal)> {
    read(path).map_err(|refusal| (path, refusal))
}

fn certificate(path: &Path) -> Result<Certificate, Refusal> {
    let chain = Chain::from_pem(&read_text(path)?).map_err(|error| Refusal::unreadable(error.code(), error))?;
    Ok(chain.leaf().clone())
}

fn number(asked: Option<&SealNumber>) -> Result<SealNumber, Refusal> {
    if let Some(number) = asked {
        return Ok(number.clone());
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| Refusal::no("sdk.no-randomness", error))?;
    Ok(SealNumber::drawn(random))
}
