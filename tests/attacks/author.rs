//! Who seals the files that are attacked: we and, where it is set up, pyHanko.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, TrustAnchors, UnixTime, Validity};
use eseal_crypto::key::SigningKey;
use eseal_document::pdf::{
    Certification, Corner, FieldChoice, Mark, PageIndex, Pdf, Placement, SigningTime, StampRequest,
};
use eseal_document::report::Report;
use eseal_face::{Color, Contour, Face, Layer, Path as Outline, Point, Segment, SizeMm};
use eseal_testkit::{Authority, DAY, Party};
use eseal_tests::checkout;

use crate::file;

/// A sealed contract.
pub(crate) struct Sealed {
    pub(crate) name: String,
    /// `/P`, if it is certified.
    pub(crate) level: Option<i64>,
    pub(crate) bytes: Vec<u8>,
}

/// One who seals.
pub(crate) struct Author {
    pub(crate) name: &'static str,
    pub(crate) anchor: PathBuf,
    anchors: TrustAnchors,
    pub(crate) sealed: Vec<Sealed>,
    /// Files that the author itself extended lawfully.
    pub(crate) extended: Vec<(String, Vec<u8>)>,
    own: Option<Own>,
}

struct Own {
    key: SigningKey,
    chain: Chain,
    face: Face,
}

impl Author {
    pub(crate) fn ours(folder: &Path) -> Self {
        let validity = Validity::lasting(now(), 30 * DAY);
        let mut authority = Authority::new(Suite::EcdsaP256Sha256, "eseal attacks root", validity, 1);
        let Party { key, chain } = authority.issue(&CertificateProfile::DocumentSigning, "Author", validity);
        let own = Own { key, chain, face: face() };
        let anchor = folder.join("ours.pem");
        fs::write(&anchor, authority.root.certificate().to_pem()).unwrap();
        let base = file::base();
        let levels =
            [None, Some(Certification::NoChanges), Some(Certification::FillIn), Some(Certification::FillInAndAnnotate)];
        let sealed = levels.into_iter().enumerate().map(|(level, certification)| Sealed {
            name: if level == 0 { "approval".to_owned() } else { format!("certified-{level}") },
            level: certification.map(|_| i64::try_from(level).unwrap()),
            bytes: own.seal(&base, certification, None, [60.0, 60.0]).unwrap(),
        });
        let sealed: Vec<Sealed> = sealed.collect();
        let anchors = authority.anchors();
        Self { name: "eseal", anchor, anchors, sealed, extended: Vec::new(), own: Some(own) }
    }

    /// pyHanko; `Err` is why it cannot be asked on this machine.
    pub(crate) fn pyhanko(folder: &Path) -> Result<Self, String> {
        let python = python()?;
        let (base, out) = (folder.join("base.pdf"), folder.join("pyhanko"));
        fs::write(&base, file::base()).unwrap();
        fs::create_dir_all(&out).unwrap();
        let script = checkout("tests/attacks/pyhanko_author.py");
        let said = Command::new(python).arg(script).arg(&base).arg(&out).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let (mut sealed, mut extended) = (Vec::new(), Vec::new());
        let mut paths: Vec<PathBuf> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "pdf")) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let bytes = fs::read(path).unwrap();
            if name.starts_with("legal ") {
                extended.push((name, bytes));
            } else {
                let level = name.strip_prefix("certified-").map(|level| level.parse().unwrap());
                sealed.push(Sealed { name, level, bytes });
            }
        }
        let anchor = out.join("root.pem");
        let anchors = TrustAnchors::from_pem(&fs::read_to_string(&anchor).unwrap()).unwrap();
        Ok(Self { name: "pyHanko", anchor, anchors, sealed, extended, own: None })
    }

    pub(crate) fn verify(&self, file: &[u8]) -> Result<Report, String> {
        eseal_document::verify(file, &self.anchors, now()).map_err(|error| error.code().to_owned())
    }

    /// Seals once more; `None` where this author cannot be asked for it here, or refuses.
    pub(crate) fn seal_again(&self, file: &[u8], field: Option<&str>) -> Option<Vec<u8>> {
        self.own.as_ref()?.seal(file, None, field, [120.0, 200.0])
    }
}

impl Own {
    fn seal(
        &self,
        file: &[u8],
        certification: Option<Certification>,
        field: Option<&str>,
        at: [f64; 2],
    ) -> Option<Vec<u8>> {
        let place = Placement::new(PageIndex::new(1), Corner::TopLeft, at, [30.0, 15.0]).unwrap();
        let mut request = StampRequest::new(&self.chain, SigningTime { at: now(), offset_minutes: 480 });
        request = match field {
            Some(name) => request.field(FieldChoice::Named(name)),
            None => request.mark(Mark::new(&self.face, place)),
        };
        if let Some(certification) = certification {
            request = request.certify(certification);
        }
        let prepared = Pdf::open(file).unwrap().prepare(&request).ok()?;
        let signature = self.key.sign(prepared.to_be_signed());
        let mut out = Vec::new();
        prepared.complete(&signature).unwrap().write_to(&mut out).unwrap();
        Some(out)
    }
}

/// The Python that pyHanko is set up in.
pub(crate) fn python() -> Result<PathBuf, String> {
    let python = checkout("target/tools/pyhanko/bin/python");
    if python.exists() { Ok(python) } else { Err("pyHanko is not set up: cargo xtask test --setup".to_owned()) }
}

fn now() -> UnixTime {
    UnixTime(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

/// One stroke.
fn face() -> Face {
    let stroke = Contour {
        start: Point::new(2.0, 12.0),
        segments: vec![
            Segment::Line(Point::new(38.0, 5.0)),
            Segment::Line(Point::new(38.5, 6.0)),
            Segment::Line(Point::new(2.0, 12.8)),
        ],
    };
    let layer = Layer { color: Color::BLACK, paths: vec![Outline { contours: vec![stroke] }] };
    Face::new(SizeMm::new(40.0, 20.0).unwrap(), vec![layer]).unwrap()
}
