//! The integrity manifest (`OFDEntries.xml`; GM/T 0099-2020, 7.4 and annex D): every file of the package by name, signed, so that
//! a file that is smuggled in is one that is not there. It says nothing of what is in the files.

use eseal_crypto::cert::UnixTime;

use super::document::Ofd;
use super::error::OfdError;
use super::limits::MAX_ENTRIES;
use super::{path, xml};
use crate::source::ReadAt;

/// Where it lies: beside `OFD.xml`.
pub(crate) const MANIFEST_FILE: &str = "OFDEntries.xml";

const BAD: OfdError = OfdError::Malformed { what: "the integrity manifest" };

/// What a manifest says.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// Its bytes: what was signed.
    pub(crate) bytes: Vec<u8>,
    /// Where its signature's value lies, as written.
    pub(crate) value: String,
    /// Names of files, as written.
    pub(crate) files: Vec<String>,
}

impl Manifest {
    /// That of a package; `None` where there is none.
    pub(crate) fn of<S: ReadAt>(ofd: &Ofd<S>) -> Result<Option<Self>, OfdError> {
        if !ofd.archive.contains(MANIFEST_FILE) {
            return Ok(None);
        }
        ofd.read_xml(MANIFEST_FILE).and_then(Self::parse).map(Some)
    }

    /// The root is called `DocEntries` in the standard's table and `OFDEntries` in its text: what it holds tells.
    fn parse(bytes: Vec<u8>) -> Result<Self, OfdError> {
        let document = xml::parse(xml::text(&bytes)?)?;
        let root = document.root_element();
        let value = xml::child_text(root, "SignedValueLoc").ok_or(BAD)?.to_owned();
        let list = xml::child(root, "FileList").ok_or(BAD)?;
        let mut files = Vec::new();
        for file in xml::children(list, "File") {
            if files.len() == MAX_ENTRIES {
                return Err(OfdError::LimitExceeded { what: "files in the integrity manifest" });
            }
            files.push(file.attribute("FileLoc").ok_or(BAD)?.to_owned());
        }
        drop(document);
        Ok(Self { bytes, value, files })
    }

    /// The name of a file that it names, if that is there.
    pub(crate) fn find<S: ReadAt>(ofd: &Ofd<S>, location: &str) -> Option<String> {
        path::find(MANIFEST_FILE, location, |name| ofd.archive.contains(name)).ok().flatten()
    }
}

/// The files that a manifest consists of, as far as they are there.
pub(crate) fn parts<S: ReadAt>(ofd: &Ofd<S>) -> Vec<String> {
    let value = Manifest::of(ofd).ok().flatten().and_then(|manifest| Manifest::find(ofd, &manifest.value));
    value.into_iter().chain(ofd.archive.contains(MANIFEST_FILE).then(|| MANIFEST_FILE.to_owned())).collect()
}

/// A manifest that names `files`, with its signature in the file `value`.
pub(crate) fn write<'a>(files: impl Iterator<Item = &'a str>, value: &str, time: UnixTime) -> Vec<u8> {
    let (version, time) = (env!("CARGO_PKG_VERSION"), time.to_string());
    let day = time.get(..10).unwrap_or(&time);
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:DocEntries xmlns:ofd=\"{}\" ID=\"1\" CreatorName=\"eseal\" \
         Version=\"{version}\" CreationDate=\"{day}\"><ofd:SignedValueLoc>/{}</ofd:SignedValueLoc><ofd:FileList>",
        xml::NAMESPACE,
        xml::escape(value)
    );
    let files = (2_usize..).zip(files);
    let files = files.map(|(id, name)| format!("<ofd:File ID=\"{id}\" FileLoc=\"/{}\"/>", xml::escape(name)));
    let tail = "</ofd:FileList></ofd:DocEntries>".to_owned();
    [head].into_iter().chain(files).chain([tail]).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let names = ["OFD.xml", "Doc_0/a&b.xml"];
        let manifest = Manifest::parse(write(names.into_iter(), "signedvalue.dat", UnixTime(1_795_332_600))).unwrap();
        assert_eq!(manifest.value, "/signedvalue.dat");
        assert_eq!(manifest.files, ["/OFD.xml", "/Doc_0/a&b.xml"]);
        assert!(String::from_utf8_lossy(&manifest.bytes).contains("CreationDate=\"2026-11-22\""));
    }

    #[test]
    fn what_lacks_its_parts_is_none() {
        let file = "<FileList><File FileLoc='/a'/></FileList>";
        let value = "<SignedValueLoc>/b</SignedValueLoc>";
        assert_eq!(Manifest::parse(format!("<OFDEntries>{value}{file}</OFDEntries>").into()).unwrap().files, ["/a"]);
        for bad in [value, file, &format!("{value}<FileList><File/></FileList>")] {
            let bytes = format!("<DocEntries>{bad}</DocEntries>").into_bytes();
            assert_eq!(Manifest::parse(bytes).unwrap_err().code(), "ofd.malformed", "{bad}");
        }
    }
}
