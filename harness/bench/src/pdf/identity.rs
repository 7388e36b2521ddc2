//! The key and the certificates that everybody signs with, made for this run.

use std::fs;
use std::path::{Path, PathBuf};

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, Issuer, Subject, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_face::{Color, Contour, Face, Layer, Point, Segment, SizeMm};
use getrandom::SysRng;
use rand_core::UnwrapErr;

use crate::error::BenchError;

/// Seconds of a year.
const YEAR: u64 = 31_557_600;

/// A signer, in memory and as files.
pub(crate) struct Identity {
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
    pub(crate) anchors: TrustAnchors,
    pub(crate) now: UnixTime,
    pub(crate) key_file: PathBuf,
    pub(crate) chain_file: PathBuf,
    pub(crate) root_file: PathBuf,
    pub(crate) face_file: PathBuf,
    pub(crate) face: Face,
}

impl Identity {
    pub(crate) fn make(folder: &Path) -> Result<Self, BenchError> {
        let mut rng = UnwrapErr(SysRng);
        let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = UnixTime(elapsed.map_err(|error| BenchError::failed("clock", error))?.as_secs());
        let validity = Validity { not_before: UnixTime(now.0 - YEAR), not_after: UnixTime(now.0 + YEAR) };
        let root_key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng)?;
        let root = Issuer::new_root(root_key, &Subject::named("Bench Root"), validity, &mut rng)?;
        let key = SigningKey::generate(Suite::EcdsaP256Sha256, &mut rng)?;
        let profile = CertificateProfile::DocumentSigning;
        let issued = root.issue(&profile, &Subject::named("Bench"), key.public_key(), validity, &mut rng)?;
        let chain = root.chain_of(issued)?;
        let anchors = TrustAnchors::new([root.certificate().clone()]);
        let face = face()?;
        let file = |name: &str, text: &str| -> Result<PathBuf, BenchError> {
            let path = folder.join(name);
            fs::write(&path, text)?;
            Ok(path)
        };
        Ok(Self {
            key_file: file("key.pem", &key.to_pkcs8_pem()?)?,
            chain_file: file("chain.pem", &chain.to_pem())?,
            root_file: file("root.pem", &root.certificate().to_pem())?,
            face_file: file("face.svg", &face.to_svg())?,
            face,
            key,
            chain,
            anchors,
            now,
        })
    }
}

/// Some red lines, 40 mm by 20 mm: about as many points as a drawn name has.
fn face() -> Result<Face, BenchError> {
    let bar = |left: f64, top: f64| {
        let at = |x: f64, y: f64| Point::new(left + x, top + y);
        let segments = vec![
            Segment::Line(at(1.5, 0.3)),
            Segment::Line(at(1.5, 1.0)),
            Segment::Cubic(at(1.0, 1.2), at(0.5, 0.8), at(0.0, 1.0)),
        ];
        eseal_face::Path { contours: vec![Contour { start: at(0.0, 0.0), segments }] }
    };
    let paths = (0..100_u32).map(|index| bar(f64::from(index % 20) * 2.0, f64::from(index / 20) * 4.0)).collect();
    Ok(Face::new(SizeMm::new(40.0, 20.0)?, vec![Layer { color: Color::rgb(200, 0, 0), paths }])?)
}
