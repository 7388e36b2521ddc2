use crate::pdf::PdfError;
use crate::report::Format;
use crate::source::ReadAt;

/// Where a document says what it is (ISO 32000-2, annex I): what stands before is somebody's litter.
const START: usize = 1024;
/// The first entry of a zip file.
const ZIP: &[u8] = b"PK\x03\x04";
const PDF: &[u8] = b"%PDF-";

/// What a document is, by its first KiB, whatever its name: OFD if the header of a zip file comes first there, PDF if that of a
/// PDF does. What is neither is taken for a PDF, which then says `pdf.not-a-pdf`.
///
/// Of a file that is both, the one that begins first counts: an OFD package may hold a PDF, and behind a PDF anything can
/// stand.
///
/// # Errors
/// `pdf.read-failed`.
pub fn format_of<S: ReadAt>(source: S) -> Result<Format, PdfError> {
    let size = source.size().map_err(PdfError::Read)?;
    let mut start = vec![0; usize::try_from(size).unwrap_or(START).min(START)];
    source.read_exact_at(0, &mut start).map_err(PdfError::Read)?;
    let find = |header: &[u8]| start.windows(header.len()).position(|window| window == header);
    Ok(match (find(ZIP), find(PDF)) {
        (Some(zip), pdf) if pdf.is_none_or(|pdf| zip < pdf) => Format::Ofd,
        _ => Format::Pdf,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_first_counts() {
        let long = [vec![b' '; START], b"PK\x03\x04".to_vec()].concat();
        let cases: [(&[u8], Format); 8] = [
            (b"", Format::Pdf),
            (b"hello", Format::Pdf),
            (b"%PDF-1.7", Format::Pdf),
            (b"PK\x03\x04", Format::Ofd),
            (b"litter\nPK\x03\x04", Format::Ofd),
            (b"PK\x03\x04 %PDF-1.7", Format::Ofd),
            (b"%PDF-1.7 PK\x03\x04", Format::Pdf),
            (&long, Format::Pdf),
        ];
        for (bytes, format) in cases {
            assert_eq!(format_of(bytes).unwrap(), format, "{bytes:?}");
        }
    }
}
