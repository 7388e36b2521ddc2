//! `eseal seal make`: a maker's key and certificate in files; the platform's own are in its signer module.

use std::path::Path;

use eseal_crypto::cert::{Certificate, Chain, UnixTime, Validity};
use eseal_crypto::digest::{Digest, DigestAlgorithm};
use eseal_crypto::key::SigningKey;
use eseal_crypto::ses::{Seal, SealDraft, SealKind, SealSigners, SesError};

use super::face::read_picture;
use crate::args::{SealId, SealMake};
use crate::commands::{Refusal, now, read_text, write_whole};
use crate::exit::Exit;

/// Whose software made it (`Vid`).
const VENDOR: &str = "eseal";
/// How the digests of a list are called (GB/T 38540-2020, 6.2.3).
const SM3: &str = "SM3";
const DAY_S: u64 = 24 * 60 * 60;
const USUAL_DAYS: u32 = 365;

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
    let picture = at(&arguments.face, |path| read_picture(path, arguments.size))?;
    let key = at(&arguments.key, |path| {
        SigningKey::from_pkcs8_pem(&read_text(path)?).map_err(|error| Refusal::unreadable(error.code(), error))
    })?;
    let maker = at(&arguments.cert, certificate)?;
    if maker.public_key().ok() != Some(key.public_key()) {
        let refusal = Refusal::no("seal.key-mismatch", "the certificate is for another key");
        return Err((&arguments.cert, refusal));
    }
    let signers = arguments.signers.iter().map(|path| at(path, certificate)).collect::<Result<Vec<_>, _>>()?;
    let validity =
        validity(arguments.valid_days, &maker, now).map_err(|refusal| (arguments.cert.as_path(), refusal))?;
    let id = seal_id(arguments.id.as_ref()).map_err(|refusal| (Path::new("--id"), refusal))?;
    let kind = SealKind::from(arguments.kind);
    let draft = SealDraft {
        version: arguments.version.into(),
        vendor_id: VENDOR.to_owned(),
        id: id.as_str().to_owned(),
        holder: kind.holder(),
        name: arguments.name.clone(),
        signers: if arguments.digests { digests(&signers) } else { whole(&signers) },
        created_at: now,
        validity,
        picture,
        extensions: kind.to_extension().into_iter().collect(),
    };
    sign(&draft, &maker, &key).map_err(|error| (arguments.cert.as_path(), Refusal::no(error.code(), error)))
}

fn sign(draft: &SealDraft, maker: &Certificate, key: &SigningKey) -> Result<Seal, SesError> {
    let prepared = draft.prepare(maker)?;
    let signature = key.sign(prepared.to_be_signed());
    prepared.finish(&signature)
}

/// What is done with a file, and its name where that fails.
fn at<T>(path: &Path, read: impl FnOnce(&Path) -> Result<T, Refusal>) -> Result<T, (&Path, Refusal)> {
    read(path).map_err(|refusal| (path, refusal))
}

fn certificate(path: &Path) -> Result<Certificate, Refusal> {
    let chain = Chain::from_pem(&read_text(path)?).map_err(|error| Refusal::unreadable(error.code(), error))?;
    Ok(chain.leaf().clone())
}

fn seal_id(asked: Option<&SealId>) -> Result<SealId, Refusal> {
    if let Some(id) = asked {
        return Ok(id.clone());
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| Refusal::no("sdk.no-randomness", error))?;
    Ok(SealId::drawn(random))
}

/// From now on, within the time of the maker's certificate: who asks for longer is refused, not cut short.
fn validity(days: Option<u32>, maker: &Certificate, now: UnixTime) -> Result<Validity, Refusal> {
    let makers = maker.validity();
    if !makers.includes(now) {
        return Err(Refusal::no("cert.expired", "the maker's certificate is not valid now"));
    }
    let lasting = |days: u32| Validity::lasting(now, u64::from(days) * DAY_S);
    match days.map(lasting) {
        Some(asked) if makers.contains(&asked) => Ok(asked),
        Some(_) => {
            let detail = format!("the maker's certificate ends at {}", makers.not_after);
            Err(Refusal::no("seal.validity-too-long", detail))
        }
        None => Ok(Validity { not_before: now, not_after: lasting(USUAL_DAYS).not_after.min(makers.not_after) }),
    }
}

fn whole(signers: &[Certificate]) -> SealSigners {
    SealSigners::Certificates(signers.iter().map(|signer| signer.to_der().to_vec()).collect())
}

fn digests(signers: &[Certificate]) -> SealSigners {
    let sm3 = |signer: &Certificate| Digest::of(DigestAlgorithm::Sm3, signer.to_der()).as_bytes().to_vec();
    SealSigners::Digests(signers.iter().map(|signer| (SM3.to_owned(), sm3(signer))).collect())
}
