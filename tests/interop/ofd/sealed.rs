//! A package, sealed by the library with software keys under a root that was made for it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use eseal_crypto::Suite;
use eseal_crypto::cert::{CertificateProfile, Chain, UnixTime, Validity};
use eseal_crypto::ses::{Seal, SealDraft, SealHolder, SealPicture, SealSigners, SesVersion};
use eseal_document::ofd::{CrossPage, Mark, Ofd, Protection, StampRequest};
use eseal_document::pdf::{PageIndex, Side};
use eseal_face::Dpi;
use eseal_testkit::ofd::{Item, Zip};
use eseal_testkit::{Authority, DAY, Party};
use eseal_tests::fixture;
use tempfile::TempDir;

use super::CONTRACT;
use crate::look::face;
use crate::peers::OfdQuestion;

/// When all of it happens.
const NOW: UnixTime = UnixTime(1_795_332_600);

/// Where the seal is seen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    Nowhere,
    Point,
    CrossPage(Side),
}

/// A sealed package, and the root to judge it by.
pub(super) struct Sealed {
    folder: TempDir,
    authority: Authority,
    version: SesVersion,
}

impl Sealed {
    pub(super) fn new(version: SesVersion, look: Look, protection: Protection) -> Self {
        let validity = Validity { not_before: UnixTime(NOW.0 - 300 * DAY), not_after: UnixTime(NOW.0 + 300 * DAY) };
        let authority = Authority::new(Suite::Sm2Sm3, "eseal interop test root", validity, 1);
        let mut sealed = Self { folder: tempfile::tempdir().unwrap(), authority, version };
        fs::copy(fixture(CONTRACT), sealed.ofd()).unwrap();
        sealed.seal(look, protection);
        sealed
    }

    /// Another one seals the sealed package.
    pub(super) fn seal(&mut self, look: Look, protection: Protection) {
        let maker = self.issue("Seal Maker");
        let party = self.issue("周子涵");
        let seal = make(self.version, &maker, &party.chain);
        let ofd = Ofd::open(File::open(self.ofd()).unwrap()).unwrap();
        let marks = match look {
            Look::Nowhere => Vec::new(),
            Look::Point => vec![Mark::new(PageIndex::LAST, [30.0, 180.0], [40.0, 20.0]).unwrap()],
            Look::CrossPage(side) => CrossPage::new(side, [40.0, 20.0]).marks(&ofd).unwrap(),
        };
        let request = StampRequest::new(&seal, party.chain.leaf(), NOW).marks(marks).protection(protection);
        let prepared = ofd.prepare(&request).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        prepared.complete(&signature).unwrap().save_as(&self.ofd()).unwrap();
    }

    /// Somebody closes the package with an integrity manifest.
    pub(super) fn close(&mut self) {
        let party = self.issue("Closer");
        let ofd = Ofd::open(File::open(self.ofd()).unwrap()).unwrap();
        let prepared = ofd.prepare_manifest(&party.chain, NOW).unwrap();
        let signature = party.key.sign(prepared.to_be_signed());
        prepared.complete(&signature).unwrap().save_as(&self.ofd()).unwrap();
    }

    /// Puts a file into the package.
    pub(super) fn smuggle(&self, name: &str) {
        let mut zip = Zip::read(&fs::read(self.ofd()).unwrap());
        zip.entries.push(Item::new(name, b"smuggled"));
        fs::write(self.ofd(), zip.write()).unwrap();
    }

    fn issue(&mut self, name: &str) -> Party {
        let validity = Validity { not_before: UnixTime(NOW.0 - 30 * DAY), not_after: UnixTime(NOW.0 + 100 * DAY) };
        self.authority.issue(&CertificateProfile::DocumentSigning, name, validity)
    }

    /// Does something to a file of the package.
    pub(super) fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut zip = Zip::read(&fs::read(self.ofd()).unwrap());
        change(&mut zip.item(name).bytes);
        fs::write(self.ofd(), zip.write()).unwrap();
    }

    /// Puts another root in the place of the one that vouches.
    pub(super) fn swap_the_root(&mut self) {
        let validity = Validity { not_before: UnixTime(NOW.0 - 300 * DAY), not_after: UnixTime(NOW.0 + 300 * DAY) };
        self.authority = Authority::new(Suite::Sm2Sm3, "eseal interop test root", validity, 2);
    }

    pub(super) fn ofd(&self) -> PathBuf {
        self.folder.path().join("sealed.ofd")
    }

    /// What a peer is asked about it.
    pub(super) fn asked<T>(&self, name: &str, ask: impl FnOnce(&OfdQuestion<'_>) -> T) -> T {
        let (ofd, root) = (self.ofd(), self.authority.root.certificate());
        let scratch: &Path = self.folder.path();
        ask(&OfdQuestion { name, ofd: &ofd, root, at: NOW, scratch })
    }
}

fn make(version: SesVersion, maker: &Party, signer: &Chain) -> Seal {
    let draft = SealDraft {
        version,
        vendor_id: "eseal".to_owned(),
        id: "36010000000001".to_owned(),
        holder: SealHolder::Person,
        name: "周子涵".to_owned(),
        signers: SealSigners::Certificates(vec![signer.leaf().to_der().to_vec()]),
        created_at: UnixTime(NOW.0 - DAY),
        validity: Validity { not_before: UnixTime(NOW.0 - DAY), not_after: UnixTime(NOW.0 + 50 * DAY) },
        picture: SealPicture {
            kind: "PNG".to_owned(),
            data: face().to_png(Dpi::new(300).unwrap()).unwrap(),
            width_mm: 40,
            height_mm: 20,
        },
        extensions: Vec::new(),
    };
    let prepared = draft.prepare(maker.chain.leaf()).unwrap();
    let signature = maker.key.sign(prepared.to_be_signed());
    prepared.finish(&signature).unwrap()
}
