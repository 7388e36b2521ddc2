//! The pad as bytes, to go on later where it was.

use super::clock::Clock;
use super::history::History;
use super::touch::Guard;
use super::{InkPad, Pen, PointerId};
use crate::log::{BitReader, BitWriter, read_ink, read_tool, write_ink, write_tool};
use crate::{InkError, MAX_BINARY_BYTES, Tool};

/// Three letters and the version.
const HEADER: &[u8] = b"PAD\x01";

impl InkPad {
    /// All of the pad's state: the ink, the stroke being drawn and by which pointer, what can be undone and redone.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = BitWriter::with_header(HEADER);
        match self.pen {
            Pen::Up => writer.bits(0, 2),
            Pen::Touching(pointer, tool) => write_pointer(&mut writer, 1, pointer, tool),
            Pen::Drawing(pointer, tool) => write_pointer(&mut writer, 2, pointer, tool),
        }
        writer.bit(self.guard.pen_lifted_ms.is_some());
        if let Some(lifted) = self.guard.pen_lifted_ms {
            writer.bits(lifted.to_bits(), u64::BITS);
        }
        writer.bits(self.clock.shift_ms.to_bits(), u64::BITS);
        write_ink(&mut writer, &self.ink);
        self.history.write(&mut writer);
        writer.finish()
    }

    /// The pad that [`InkPad::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`InkError::Bytes`] if they are anything else, or over [`MAX_BINARY_BYTES`]; [`InkError::OutOfRange`],
    /// [`InkError::TimeBack`] and [`InkError::TooManyPoints`] for what it says.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InkError> {
        let mut reader = BitReader::after_header(bytes, HEADER)?;
        if bytes.len() > MAX_BINARY_BYTES {
            return Err(reader.wrong("at most 1 MiB"));
        }
        let pen = match reader.bits(2)? {
            0 => Pen::Up,
            1 => read_pointer(&mut reader).map(|(pointer, tool)| Pen::Touching(pointer, tool))?,
            2 => read_pointer(&mut reader).map(|(pointer, tool)| Pen::Drawing(pointer, tool))?,
            _ => return Err(reader.wrong("a known state of the pen")),
        };
        let pen_lifted_ms = if reader.bit()? { Some(f64::from_bits(reader.bits(u64::BITS)?)) } else { None };
        let shift_ms = f64::from_bits(reader.bits(u64::BITS)?);
        if !shift_ms.is_finite() || pen_lifted_ms.is_some_and(|lifted| !lifted.is_finite()) {
            return Err(reader.wrong("a time"));
        }
        let ink = read_ink(&mut reader)?;
        let history = History::read(&mut reader)?;
        reader.end()?;
        if matches!(pen, Pen::Drawing(..)) && ink.strokes().is_empty() {
            return Err(reader.wrong("the stroke that is being drawn"));
        }
        Ok(Self { ink, history, pen, guard: Guard { pen_lifted_ms }, clock: Clock { shift_ms } })
    }
}

fn write_pointer(writer: &mut BitWriter, state: u64, pointer: PointerId, tool: Tool) {
    writer.bits(state, 2);
    writer.bits(pointer.0, u64::BITS);
    write_tool(writer, tool);
}

fn read_pointer(reader: &mut BitReader<'_>) -> Result<(PointerId, Tool), InkError> {
    Ok((PointerId(reader.bits(u64::BITS)?), read_tool(reader)?))
}
