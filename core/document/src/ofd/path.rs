//! Where the files are that files name (`ST_Loc`, GB/T 33190-2016, 7.3).

use super::error::OfdError;

/// The name in the archive of what `location` means in the file `base`: from the root with a slash before it, else from the
/// folder of `base`.
pub(crate) fn resolve(base: &str, location: &str) -> Result<String, OfdError> {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    if location.starts_with(['/', '\\']) { join("", location) } else { join(folder, location) }
}

/// As [`resolve`], but as sloppy writers mean it: if nothing is at the one place, from the root.
pub(crate) fn find(base: &str, location: &str, exists: impl Fn(&str) -> bool) -> Result<Option<String>, OfdError> {
    let named = resolve(base, location);
    if let Ok(name) = &named
        && exists(name)
    {
        return named.map(Some);
    }
    let from_root = join("", location)?;
    Ok(exists(&from_root).then_some(from_root))
}

fn join(folder: &str, location: &str) -> Result<String, OfdError> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in location.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(OfdError::UnsafeName { what: "leads out of the package" })?;
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_resolved_and_none_leads_out() {
        let cases = [
            ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Document.xml"),
            ("OFD.xml", "/Doc_0/Document.xml", "Doc_0/Document.xml"),
            ("Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
            ("Doc_0/Signs/Signatures.xml", "./Sign_0/../Sign_1/Signature.xml", "Doc_0/Signs/Sign_1/Signature.xml"),
            ("Doc_0/Document.xml", "Res\\a.png", "Doc_0/Res/a.png"),
        ];
        for (base, location, name) in cases {
            assert_eq!(resolve(base, location).unwrap(), name);
        }
        for bad in ["..", "/..", "a/../../b", "..\\x"] {
            assert_eq!(resolve("OFD.xml", bad).unwrap_err().code(), "ofd.unsafe-name", "{bad}");
        }
    }

    #[test]
    fn what_is_named_sloppily_is_found_from_the_root() {
        let exists = |name: &str| ["Doc_0/a", "Doc_0/Signs/b", "b"].contains(&name);
        let find = |location| find("Doc_0/Signs/Signatures.xml", location, exists).unwrap();
        assert_eq!(find("Doc_0/a"), Some("Doc_0/a".to_owned()));
        assert_eq!(find("b"), Some("Doc_0/Signs/b".to_owned()));
        assert_eq!(find("c"), None);
    }
}
