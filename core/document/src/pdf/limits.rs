//! How much of a hostile file is followed before it is refused with `pdf.limit-exceeded`.

/// Nesting of arrays and dictionaries in one object.
pub const MAX_DEPTH: usize = 256;
/// Size of one object without its stream data, bytes.
pub const MAX_OBJECT_BYTES: usize = 16 << 20;
/// Tokens in one object.
pub const MAX_NODES: usize = 1 << 20;
/// Objects in a file (ISO 32000-1 Annex C).
pub const MAX_OBJECTS: u32 = 8_388_607;
/// Cross-reference sections in a file, that is about as many revisions.
pub const MAX_SECTIONS: usize = 4_096;
/// Bytes of a stream's data, as stored and as decompressed.
pub const MAX_STREAM_BYTES: usize = 64 << 20;
/// Bytes of all cross-reference and object streams of a file, as decompressed, an object stream counting each time that it
/// is unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// Objects found in a file whose cross-references are damaged.
pub const MAX_FOUND_OBJECTS: usize = 1 << 20;
/// Bytes of the objects that are not well-formed and are written anew when such a file is sealed, and of what is read again
/// to find that out.
pub const MAX_RENEWED_BYTES: usize = 64 << 20;
/// Filters applied to one stream.
pub const MAX_FILTERS: usize = 4;
/// References followed in a row to reach one value.
pub const MAX_REFERENCE_CHAIN: usize = 32;
/// Levels of the page tree.
pub const MAX_PAGE_TREE_DEPTH: usize = 256;
/// Nodes of the page tree, and of the tree of form fields.
pub const MAX_TREE_NODES: usize = 1 << 20;
/// Levels of the tree of form fields.
pub const MAX_FIELD_DEPTH: usize = 64;
/// Where `%PDF-` must begin (ISO 32000-1 Annex H, implementation note 13).
pub const HEADER_WINDOW: u64 = 1_024;
/// From where on, counted from the end, `startxref` is looked for.
pub const TRAILER_WINDOW: u64 = 4_096;
/// Signatures verified in one file.
pub const MAX_SIGNATURES: usize = 1_024;
/// Bytes of a seal record that a signature carries.
pub const MAX_SEAL_RECORD_BYTES: usize = 1 << 20;
/// Characters of each free text (name, reason, location).
pub const MAX_TEXT_CHARS: usize = 1_024;
/// Certificates, OCSP responses and CRLs each that are read from a document security store.
pub const MAX_VALIDATION_OBJECTS: usize = 4_096;
/// Bytes of those of one kind together.
pub const MAX_VALIDATION_BYTES: usize = 64 << 20;
/// Marks of one signature, slices of a cross-page seal among them.
pub const MAX_MARKS: usize = 10_000;
/// Bytes of an image that is a seal's picture.
pub const MAX_IMAGE_BYTES: usize = 32 << 20;
/// Pixels of such an image: about 170 mm square at 600 dpi.
pub const MAX_IMAGE_PIXELS: u32 = 16_000_000;
/// Bytes of a font for text in a mark.
pub const MAX_FONT_BYTES: usize = 64 << 20;
/// Lines of text in a mark, each of at most [`MAX_TEXT_CHARS`].
pub const MAX_TEXT_LINES: usize = 16;
/// Bytes of everything that is unpacked to follow the content of one page: its streams, forms, fonts and their maps.
pub const MAX_CONTENT_BYTES: usize = 128 << 20;
/// Content streams of one page.
pub const MAX_CONTENT_STREAMS: usize = 1 << 16;
/// Operators followed on one page.
pub const MAX_OPERATORS: usize = 1 << 22;
/// Operands of one operator, elements of arrays among them.
pub const MAX_OPERANDS: usize = 1 << 16;
/// Graphics states saved at once.
pub const MAX_GRAPHICS_STATES: usize = 4_096;
/// Form `XObject`s inside each other.
pub const MAX_FORM_DEPTH: usize = 24;
/// Codes in the strings that one page shows.
pub const MAX_SHOWN_CODES: usize = 1 << 21;
/// Glyphs on one page, those outside of what is seen left out.
pub const MAX_PAGE_GLYPHS: usize = 1 << 18;
/// Segments of one path.
pub const MAX_PATH_SEGMENTS: usize = 1 << 18;
/// Entries of one `CMap`.
pub const MAX_CMAP_ENTRIES: usize = 1 << 18;
/// Entries of all `CMap`s that are read for one page.
pub const MAX_PAGE_CMAP_ENTRIES: usize = 1 << 19;
/// Characters of a keyword.
pub const MAX_KEYWORD_CHARS: usize = 256;
/// Places where a keyword is found, when all are asked for.
pub const MAX_OCCURRENCES: usize = 1_000;
