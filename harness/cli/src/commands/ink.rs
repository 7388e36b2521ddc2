//! `eseal ink render`.

use std::path::{Path, PathBuf};

use eseal_face::{Dpi, Face};
use eseal_ink::{Ink, InkError, RenderOptions, render as render_ink};

use super::{Refusal, read_text, write_whole};
use crate::args::InkRender;
use crate::exit::Exit;

pub(super) fn render(arguments: &InkRender) -> Exit {
    let is_folder = arguments.output.is_dir() || arguments.strokes.len() > 1;
    let mut worst = Exit::Done;
    for strokes in &arguments.strokes {
        let output = if is_folder { png_in(&arguments.output, strokes) } else { arguments.output.clone() };
        if let Err(refusal) = render_one(strokes, &output, arguments) {
            refusal.say(strokes);
            worst = worst.max(refusal.exit);
        }
    }
    worst
}

fn png_in(folder: &Path, strokes: &Path) -> PathBuf {
    folder.join(strokes.with_extension("png").file_name().unwrap_or_default())
}

fn render_one(strokes: &Path, output: &Path, arguments: &InkRender) -> Result<(), Refusal> {
    let ink = Ink::from_json(&read_text(strokes)?).map_err(|error| Refusal::unreadable(error.code(), error))?;
    let refused = |error: InkError| Refusal::no(error.code(), error);
    let face =
        render_ink(&ink, &RenderOptions { pen: arguments.pen.into(), ..RenderOptions::default() }).map_err(refused)?;
    write_whole(output, &encode(&face, output, arguments.dpi)?)
}

fn encode(face: &Face, output: &Path, dpi: u32) -> Result<Vec<u8>, Refusal> {
    let extension = output.extension().and_then(|text| text.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "png" => {
            let dpi = Dpi::new(dpi).map_err(|error| Refusal::unreadable(error.code(), error))?;
            face.to_png(dpi).map_err(|error| Refusal::no(error.code(), error))
        }
        "svg" => Ok(face.to_svg().into_bytes()),
        "pdf" => Ok(face.to_pdf_file()),
        _ => Err(Refusal::unreadable("output.unknown-kind", "the output must end in .png, .svg or .pdf")),
    }
}
