//! `eseal face photo`.

use std::path::{Path, PathBuf};

use eseal_face::Color;
use eseal_ink::photo::{Crop, PaperInk, PhotoError, PhotoOptions, Picture, extract, sheet, straighten};
use serde_json::{Value, json};

use super::{Refusal, encode, output_of, print_json, progress, read, write_whole};
use crate::args::{Corners, FacePhoto};
use crate::exit::Exit;

pub(super) fn photo(arguments: &FacePhoto) -> Exit {
    let (mut worst, mut said) = (Exit::Done, Vec::new());
    for picture in progress(&arguments.pictures) {
        let output = output_of(picture, &arguments.output, arguments.pictures.len(), "png");
        let made = make(picture, &output, arguments);
        if let Err(refusal) = &made {
            worst = worst.max(refusal.exit);
            if !arguments.json {
                refusal.say(picture);
            }
        }
        said.push(as_json(picture, made));
    }
    if arguments.json {
        print_json(&said.into());
    }
    worst
}

fn make(picture: &Path, output: &Path, arguments: &FacePhoto) -> Result<(PathBuf, PaperInk), Refusal> {
    let file = read(picture)?;
    let picture = Picture::decode(&file).map_err(|error| Refusal::unreadable(error.code(), error))?;
    let refused = |error: PhotoError| Refusal::no(error.code(), told(&error));
    let picture = match arguments.straighten {
        None => picture,
        Some(corners) => straightened(&picture, corners).map_err(refused)?,
    };
    let options = PhotoOptions {
        crop: arguments.crop.map_or(Crop::Suggested, |crop| Crop::Rect(crop.0)),
        color: arguments.color.into(),
        ..PhotoOptions::within(arguments.size.0)
    };
    let ink = picture.pixels().and_then(|pixels| extract(&pixels, &options)).map_err(refused)?;
    write_whole(output, &encode(ink.face(), output, arguments.dpi)?)?;
    Ok((output.to_owned(), ink))
}

fn straightened(picture: &Picture, corners: Corners) -> Result<Picture, PhotoError> {
    let pixels = picture.pixels()?;
    let corners = match corners {
        Corners::Found => sheet(&pixels)?,
        Corners::Given(corners) => corners,
    };
    straighten(&pixels, &corners)
}

/// The error, and for several signatures what to type to choose one.
fn told(error: &PhotoError) -> String {
    let PhotoError::Several { found } = error else { return error.to_string() };
    let choices = found.iter().map(|at| format!("--crop {},{},{},{}", at.left, at.top, at.width, at.height));
    format!("{error}: {}", choices.collect::<Vec<_>>().join(" or "))
}

fn as_json(picture: &Path, made: Result<(PathBuf, PaperInk), Refusal>) -> Value {
    match made {
        Ok((output, ink)) => {
            let (rect, size, Color { red, green, blue }) = (ink.mask().rect, ink.face().size(), ink.own_color());
            json!({
                "path": picture,
                "output": output,
                "crop": [rect.left, rect.top, rect.width, rect.height],
                "size_mm": [size.width(), size.height()],
                "color": format!("#{red:02x}{green:02x}{blue:02x}"),
            })
        }
        Err(refusal) => json!({ "path": picture, "error": refusal.to_json() }),
    }
}
