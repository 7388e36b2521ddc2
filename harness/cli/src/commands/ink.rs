//! `eseal ink render`.

use std::path::Path;

use eseal_ink::{Ink, InkError, RenderOptions, render as render_ink};

use super::{Refusal, encode, output_of, progress, read_text, write_whole};
use crate::args::InkRender;
use crate::exit::Exit;

pub(super) fn render(arguments: &InkRender) -> Exit {
    let mut worst = Exit::Done;
    for strokes in progress(&arguments.strokes) {
        let output = output_of(strokes, &arguments.output, arguments.strokes.len());
        if let Err(refusal) = render_one(strokes, &output, arguments) {
            refusal.say(strokes);
            worst = worst.max(refusal.exit);
        }
    }
    worst
}

fn render_one(strokes: &Path, output: &Path, arguments: &InkRender) -> Result<(), Refusal> {
    let ink = Ink::from_json(&read_text(strokes)?).map_err(|error| Refusal::unreadable(error.code(), error))?;
    let refused = |error: InkError| Refusal::no(error.code(), error);
    let face =
        render_ink(&ink, &RenderOptions { pen: arguments.pen.into(), ..RenderOptions::default() }).map_err(refused)?;
    write_whole(output, &encode(&face, output, arguments.dpi)?)
}
