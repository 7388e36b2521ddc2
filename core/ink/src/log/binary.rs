//! The log in few bytes: what to save, send and keep.
//!
//! After the header, bits. An ink is the count of its strokes and the strokes; a stroke is the count of its samples less
//! one, its tool, whether any sample has force and tilt, and its channels one after the other: x, y, t, then force,
//! altitude and azimuth where there are any (0 for none, else one more than the steps). A channel is its first value
//! (x, y, t: less that of the last sample of the stroke before) and then differences, or differences of differences,
//! whichever is less to write.

use super::bits::Order;
use super::{BitReader, BitWriter, MAX_SAMPLES, MAX_STROKES, Steps};
use crate::{Ink, InkError, Tool};

/// The most bytes [`Ink::from_bytes`] reads.
pub const MAX_BINARY_BYTES: usize = 1 << 20;

/// Three letters and the version.
const HEADER: &[u8] = b"INK\x01";

/// Orders of the codes for what comes once.
const COUNT_ORDER: u32 = 5;
const FIRST_ORDER: u32 = 11;

impl Ink {
    /// The ink as bytes, about two a sample; [`Ink::from_bytes`] gives the same ink back.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = BitWriter::with_header(HEADER);
        write_ink(&mut writer, self);
        writer.finish()
    }

    /// Reads what [`Ink::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`InkError::Bytes`] if they are anything else, or over [`MAX_BINARY_BYTES`]; [`InkError::OutOfRange`] and
    /// [`InkError::TooManyPoints`] for what it says.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InkError> {
        let mut reader = BitReader::after_header(bytes, HEADER)?;
        if bytes.len() > MAX_BINARY_BYTES {
            return Err(reader.wrong("at most 1 MiB"));
        }
        let ink = read_ink(&mut reader)?;
        reader.end()?;
        Ok(ink)
    }
}

pub(crate) fn write_ink(writer: &mut BitWriter, ink: &Ink) {
    writer.golomb(count(ink.strokes().len()), COUNT_ORDER);
    let mut before = Steps::default();
    for stroke in ink.strokes() {
        let steps: Vec<Steps> = stroke.samples().iter().map(Steps::of).collect();
        writer.golomb(count(steps.len() - 1), COUNT_ORDER);
        write_tool(writer, stroke.tool());
        let (has_force, has_tilt) =
            (steps.iter().any(|one| one.force.is_some()), steps.iter().any(|one| one.altitude.is_some()));
        writer.bit(has_force);
        writer.bit(has_tilt);
        write_channel(writer, before.x, steps.iter().map(|one| one.x));
        write_channel(writer, before.y, steps.iter().map(|one| one.y));
        write_channel(writer, before.t, steps.iter().map(|one| one.t));
        let or_none = |steps: Option<i64>| steps.map_or(0, |steps| steps + 1);
        if has_force {
            write_channel(writer, 0, steps.iter().map(|one| or_none(one.force)));
        }
        if has_tilt {
            write_channel(writer, 0, steps.iter().map(|one| or_none(one.altitude)));
            write_channel(writer, 0, steps.iter().map(|one| or_none(one.azimuth)));
        }
        before = steps.last().copied().unwrap_or(before);
    }
}

pub(crate) fn read_ink(reader: &mut BitReader<'_>) -> Result<Ink, InkError> {
    let mut ink = Ink::default();
    let mut before = Steps::default();
    for _ in 0..reader.count(COUNT_ORDER, MAX_STROKES)? {
        let length = reader.count(COUNT_ORDER, MAX_SAMPLES - 1)? + 1;
        if ink.sample_count() + length > MAX_SAMPLES {
            return Err(InkError::TooManyPoints);
        }
        let tool = read_tool(reader)?;
        let (has_force, has_tilt) = (reader.bit()?, reader.bit()?);
        let x = read_channel(reader, before.x, length)?;
        let y = read_channel(reader, before.y, length)?;
        let t = read_channel(reader, before.t, length)?;
        let mut optional =
            |is_there: bool| if is_there { read_channel(reader, 0, length) } else { Ok(vec![0; length]) };
        let (force, altitude, azimuth) = (optional(has_force)?, optional(has_tilt)?, optional(has_tilt)?);
        let or_none = |steps: i64| (steps != 0).then(|| steps.wrapping_sub(1));
        for nth in 0..length {
            let steps = Steps {
                x: x[nth],
                y: y[nth],
                t: t[nth],
                force: or_none(force[nth]),
                altitude: or_none(altitude[nth]),
                azimuth: or_none(azimuth[nth]),
            };
            if nth == 0 { ink.start(tool, &steps.sample()) } else { ink.extend(&steps.sample()) }?;
            before = steps;
        }
    }
    Ok(ink)
}

fn write_channel(writer: &mut BitWriter, before: i64, values: impl Iterator<Item = i64>) {
    let values: Vec<i64> = values.collect();
    writer.signed(values.first().map_or(0, |first| first - before), FIRST_ORDER);
    let differences: Vec<i64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut last = 0;
    let bends: Vec<i64> = differences.iter().map(|&next| next - std::mem::replace(&mut last, next)).collect();
    let size = |numbers: &[i64]| numbers.iter().map(|number| number.unsigned_abs()).sum::<u64>();
    let is_bent = size(&bends) < size(&differences);
    writer.bit(is_bent);
    let mut order = Order::expecting(16);
    for number in if is_bent { bends } else { differences } {
        writer.signed(number, order.get());
        order.learn(number);
    }
}

fn read_channel(reader: &mut BitReader<'_>, before: i64, length: usize) -> Result<Vec<i64>, InkError> {
    // Sums wrap: what has wrapped is out of range, and refused as a sample.
    let mut value = before.wrapping_add(reader.signed(FIRST_ORDER)?);
    let is_bent = reader.bit()?;
    let mut values = vec![value];
    let (mut order, mut difference) = (Order::expecting(16), 0_i64);
    while values.len() < length {
        let number = reader.signed(order.get())?;
        order.learn(number);
        difference = if is_bent { difference.wrapping_add(number) } else { number };
        value = value.wrapping_add(difference);
        values.push(value);
    }
    Ok(values)
}

pub(crate) fn write_tool(writer: &mut BitWriter, tool: Tool) {
    let number = match tool {
        Tool::Finger => 0,
        Tool::Pen => 1,
        Tool::Mouse => 2,
    };
    writer.bits(number, 2);
}

pub(crate) fn read_tool(reader: &mut BitReader<'_>) -> Result<Tool, InkError> {
    match reader.bits(2)? {
        0 => Ok(Tool::Finger),
        1 => Ok(Tool::Pen),
        2 => Ok(Tool::Mouse),
        _ => Err(reader.wrong("a known tool")),
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
