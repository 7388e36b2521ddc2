//! Appearance streams (ISO 32000-2, 8.10 and 12.5.5), each picture and font written once however often it is shown.

use std::collections::HashMap;

use crate::pdf::appearance::conformance::{Archival, Conformance};
use crate::pdf::appearance::embed::{Embedded, GlyphList};
use crate::pdf::appearance::font::Font;
use crate::pdf::appearance::picture::{Part, Picture};
use crate::pdf::appearance::text::TextBlock;
use crate::pdf::appearance::{numbers, raster};
use crate::pdf::error::PdfError;
use crate::pdf::place::Placed;
use crate::pdf::read::filter::deflate;
use crate::pdf::syntax::token::ObjectId;
use crate::pdf::write::revision::Revision;
use crate::pdf::write::splice::reference;

/// What is shown at a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) picture: Picture<'a>,
    /// Which part of the picture; the rest is cut off.
    pub(crate) part: Part,
    pub(crate) text: Option<&'a TextBlock<'a>>,
}

/// A picture that is in the file.
struct Written<'a> {
    picture: Picture<'a>,
    id: ObjectId,
    /// Width and height of what the object draws, in its own coordinates.
    extent: [f64; 2],
}

/// The appearances of one revision.
pub(crate) struct Drawing<'a> {
    conformance: Conformance,
    pictures: Vec<Written<'a>>,
    fonts: Vec<Embedded<'a>>,
    /// Appearance streams by their bytes.
    streams: HashMap<(String, Vec<u8>), ObjectId>,
}

impl<'a> Drawing<'a> {
    pub(crate) fn new(conformance: Conformance) -> Self {
        Self { conformance, pictures: Vec::new(), fonts: Vec::new(), streams: HashMap::new() }
    }

    /// Draws in the box that was placed: upright, the picture in its own proportions, as large as fits, in the middle.
    /// Answers which object the appearance is.
    pub(crate) fn draw(
        &mut self,
        revision: &mut Revision,
        content: &Content<'a>,
        placed: &Placed,
    ) -> Result<ObjectId, PdfError> {
        let [width, height] = placed.size;
        let mut boxed = [0.0, 0.0, width, height];
        let mut fonts = String::new();
        let mut text = String::new();
        if let Some(block) = content.text {
            let [picture_width, picture_height] = content.picture.size();
            let shared = block.share(placed.size, picture_width / picture_height);
            boxed = shared.picture;
            let font = self.embedded(revision, block.embeddable()?)?;
            text = block.content(font, shared.text, placed.user_unit)?;
            fonts = format!(" /Font <</F {}>>", reference(font.id));
        }
        let (picture, extent) = self.picture(revision, &content.picture)?;
        let matrix = fitted(content, extent, boxed);
        let drawn = format!("q\n{} cm\n/P Do\nQ\n{text}", numbers(&matrix)).into_bytes();
        let defaults = if text.is_empty() { String::new() } else { self.conformance.rendering.default_space() };
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 {}] /Matrix [{}] \
             /Resources <</XObject <</P {}>>{fonts}{defaults}>>",
            numbers(&placed.size),
            numbers(&placed.matrix),
            reference(picture),
        );
        if let Some(id) = self.streams.get(&(entries.clone(), drawn.clone())) {
            return Ok(*id);
        }
        let id = revision.allocate()?;
        write_stream(revision, id, &entries, &drawn);
        self.streams.insert((entries, drawn), id);
        Ok(id)
    }

    /// Writes what is known only when everything is drawn: the fonts.
    pub(crate) fn finish(self, revision: &mut Revision) -> Result<(), PdfError> {
        let list = match self.conformance.archival {
            Some(Archival::First) => GlyphList::Written,
            _ => GlyphList::LeftOut,
        };
        self.fonts.iter().try_for_each(|font| font.write(revision, list))
    }

    fn embedded(&mut self, revision: &mut Revision, font: &'a Font) -> Result<&mut Embedded<'a>, PdfError> {
        let known = self.fonts.iter().position(|embedded| std::ptr::eq(embedded.font, font));
        let index = if let Some(index) = known {
            index
        } else {
            self.fonts.push(Embedded::new(font, revision.allocate()?));
            self.fonts.len() - 1
        };
        Ok(&mut self.fonts[index])
    }

    /// The object that draws a picture, and the extent of what it draws.
    fn picture(&mut self, revision: &mut Revision, picture: &Picture<'a>) -> Result<(ObjectId, [f64; 2]), PdfError> {
        if let Some(written) = self.pictures.iter().find(|written| written.picture.is(picture)) {
            return Ok((written.id, written.extent));
        }
        let rendering = self.conformance.rendering;
        let (id, extent) = match picture {
            Picture::Image(image) => (raster::write(revision, image, rendering)?, [1.0, 1.0]),
            Picture::Vector(face) => {
                let id = revision.allocate()?;
                let form = face.to_pdf_form();
                let extent = [form.width_pt, form.height_pt];
                let entries = format!(
                    "/Type /XObject /Subtype /Form /BBox [0 0 {}] /Resources <<{}>>",
                    numbers(&extent),
                    rendering.default_space()
                );
                write_stream(revision, id, &entries, &form.content);
                (id, extent)
            }
        };
        self.pictures.push(Written { picture: *picture, id, extent });
        Ok((id, extent))
    }
}

/// What takes an object that draws within `extent` to where the wanted part of the picture fills the box.
fn fitted(content: &Content<'_>, extent: [f64; 2], [left, bottom, width, height]: [f64; 4]) -> [f64; 6] {
    let part = content.part;
    let [own_width, own_height] = content.picture.size();
    let scale = (width / (own_width * part.width())).min(height / (own_height * part.height()));
    let (whole_width, whole_height) = (own_width * scale, own_height * scale);
    let x = left + (width - whole_width * part.width()) / 2.0 - whole_width * part.left;
    let y = bottom + (height - whole_height * part.height()) / 2.0 - whole_height * (1.0 - part.bottom);
    [whole_width / extent[0], 0.0, 0.0, whole_height / extent[1], x, y]
}

/// Streams so short are not shorter with `/Filter /FlateDecode`.
const SHORT: usize = 64;

/// Compressed if that is shorter.
fn write_stream(revision: &mut Revision, id: ObjectId, entries: &str, data: &[u8]) {
    if data.len() < SHORT {
        return revision.write_stream(id, entries, data);
    }
    let packed = deflate(data);
    if packed.len() + " /Filter /FlateDecode".len() < data.len() {
        revision.write_stream(id, &format!("{entries} /Filter /FlateDecode"), &packed);
    } else {
        revision.write_stream(id, entries, data);
    }
}
