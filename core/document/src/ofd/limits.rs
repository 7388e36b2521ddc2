//! What is read at most of a package, whoever made it.

/// Most entries of a package.
pub const MAX_ENTRIES: usize = 100_000;
/// Longest package, in bytes: what offsets of 32 bits reach, so that what is written needs no others.
pub const MAX_PACKAGE_LEN: u64 = 0xFFFF_0000;
/// Most bytes that a package's entries may be when inflated, all together.
pub const MAX_INFLATED_LEN: u64 = 2 * 1024 * 1024 * 1024;
/// Inflated, entries may be this many times as long as the package: pages of vectors reach 20.
pub const MAX_INFLATION: u64 = 200;
/// Below this length how many times does not matter.
pub const FREE_INFLATED_LEN: u64 = 64 * 1024 * 1024;
/// Longest central directory, in bytes: [`MAX_ENTRIES`] of names of some length.
pub(crate) const MAX_DIRECTORY_LEN: u64 = 32 * 1024 * 1024;
/// Longest name of an entry, in bytes.
pub const MAX_NAME_LEN: usize = 1024;
/// Longest file in XML that is read as such, in bytes; content of pages is only digested.
pub const MAX_XML_LEN: u64 = 16 * 1024 * 1024;
/// Most nodes in a file in XML.
pub(crate) const MAX_XML_NODES: u32 = 1_000_000;
/// How deep elements may lie in each other.
pub(crate) const MAX_XML_DEPTH: usize = 64;
/// Most attributes of one element.
pub(crate) const MAX_ATTRIBUTES: usize = 64;
/// Most templates that lie under a page's content.
pub(crate) const MAX_TEMPLATES: usize = 64;
/// Longest signature value (`SignedValue.dat`), in bytes.
pub const MAX_SIGNED_VALUE_LEN: u64 = 8 * 1024 * 1024;
/// Most signatures of a package.
pub const MAX_SIGNATURES: usize = 1_000;
/// Most documents in a package.
pub(crate) const MAX_DOCUMENTS: usize = 1_000;
/// Most pages of a document.
pub const MAX_PAGES: usize = 100_000;
