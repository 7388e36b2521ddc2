//! The operators that paint, as far as they say which areas are taken.

use crate::source::ReadAt;

use crate::pdf::content::frame::Frame;
use crate::pdf::content::interpreter::{Canvas, Run};
use crate::pdf::content::lexer::Operand;
use crate::pdf::content::matrix::Rect;
use crate::pdf::content::state::{Paint, Space, Tone};
use crate::pdf::content::stream::readable;
use crate::pdf::error::PdfError;
use crate::pdf::syntax::object::Value;

impl<S: ReadAt, C: Canvas> Run<'_, S, C> {
    pub(super) fn image(&mut self, frame: &Frame<'_>) {
        if C::WANTS_AREAS {
            self.area(frame, frame.state.ctm.bounds([0.0, 0.0, 1.0, 1.0]));
        }
    }

    fn area(&mut self, frame: &Frame<'_>, area: Rect) {
        let visible = area.intersection(&frame.state.clip);
        if !visible.is_empty() {
            self.canvas.area(visible);
        }
    }

    /// Paths, colours and shadings: only followed for painted areas, and for clipping.
    pub(super) fn paint_operator(
        &mut self,
        frame: &mut Frame<'_>,
        operator: &[u8],
        operands: &[Operand<'_>],
    ) -> Result<(), PdfError> {
        if frame.path_operator(operator, operands)? || frame.color_operator(operator, operands) {
            return Ok(());
        }
        match operator {
            b"cs" | b"CS" => {
                let space = self.color_space(frame, operands)?;
                let paint = if operator == b"cs" { &mut frame.state.fill } else { &mut frame.state.stroke };
                *paint = Paint { space, tone: Tone::Visible };
            }
            b"sh" => self.area(frame, frame.state.clip),
            b"S" => self.paint(frame, Painting::Stroke),
            b"s" => {
                frame.path.close()?;
                self.paint(frame, Painting::Stroke);
            }
            b"f" | b"F" | b"f*" => self.paint(frame, Painting::Fill),
            b"B" | b"B*" => self.paint(frame, Painting::Both),
            b"b" | b"b*" => {
                frame.path.close()?;
                self.paint(frame, Painting::Both);
            }
            b"n" => self.paint(frame, Painting::Nothing),
            _ => {}
        }
        Ok(())
    }

    fn paint(&mut self, frame: &mut Frame<'_>, painting: Painting) {
        let path = std::mem::take(&mut frame.path);
        let fills = matches!(painting, Painting::Fill | Painting::Both) && frame.state.fill.tone == Tone::Visible;
        let strokes = matches!(painting, Painting::Stroke | Painting::Both) && frame.state.stroke.tone == Tone::Visible;
        if fills {
            path.filled().for_each(|area| self.area(frame, area));
        }
        if strokes {
            let width = frame.state.line_width * frame.state.ctm.height();
            path.stroked(width).for_each(|area| self.area(frame, area));
        }
        if std::mem::take(&mut frame.clips) {
            frame.state.clip = frame.state.clip.intersection(&path.bounds());
        }
        // The room is used again.
        frame.path = path;
        frame.path.clear();
    }

    fn color_space(&self, frame: &Frame<'_>, operands: &[Operand<'_>]) -> Result<Space, PdfError> {
        let Some(name) = operands.last().and_then(Operand::name) else { return Ok(Space::Other) };
        if let Some(space) = device_space(&name) {
            return Ok(space);
        }
        let Some(value) = self.resource(frame, "ColorSpace", &name)? else { return Ok(Space::Other) };
        let Some(value) = readable(self.reader.resolve(value))? else { return Ok(Space::Other) };
        let family = value.name().or_else(|| value.elements().first().and_then(Value::name)).unwrap_or_default();
        match family.as_slice() {
            b"CalGray" | b"CalRGB" => Ok(Space::Light),
            b"ICCBased" => {
                let profile = value.elements().get(1).cloned();
                let profile = readable(self.reader.locate(profile))?.map(|(_, profile)| profile);
                let components = profile.and_then(|profile| profile.get("N")).and_then(|count| count.integer());
                Ok(if components == Some(4) { Space::Ink } else { Space::Light })
            }
            other => Ok(device_space(other).unwrap_or(Space::Other)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Painting {
    Nothing,
    Fill,
    Stroke,
    Both,
}

fn device_space(name: &[u8]) -> Option<Space> {
    match name {
        b"DeviceGray" | b"DeviceRGB" => Some(Space::Light),
        b"DeviceCMYK" => Some(Space::Ink),
        _ => None,
    }
}
