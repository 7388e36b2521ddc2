//! Widths and vertical metrics by CID (ISO 32000-2, 9.7.4.3), in units of the font size.

use crate::source::ReadAt;

use crate::pdf::content::font::Flow;
use crate::pdf::error::PdfError;
use crate::pdf::read::reader::Reader;
use crate::pdf::syntax::object::Value;

const PER_EM: f64 = 1_000.0;

/// Values by CID.
#[derive(Debug)]
struct Table<const N: usize> {
    /// By first CID.
    ranges: Vec<(u32, u32, [f32; N])>,
}

impl<const N: usize> Table<N> {
    /// `c [v …]` and `c₁ c₂ v`, each value being `N` numbers.
    fn read<S: ReadAt>(reader: &Reader<S>, array: &Value) -> Result<Self, PdfError> {
        let mut ranges = Vec::new();
        let mut elements = array.elements().into_iter();
        let mut next = || elements.next().map(|element| reader.resolve(element)).transpose();
        while let Some(first) = next()? {
            let Some(low) = first.unsigned::<u32>() else { break };
            let Some(second) = next()? else { break };
            if second.is_array() {
                let numbers = second.elements().into_iter().map(|value| number(reader, value));
                let numbers = numbers.collect::<Result<Vec<f32>, PdfError>>()?;
                for (cid, values) in (low..).zip(numbers.chunks_exact(N)) {
                    ranges.push((cid, cid, std::array::from_fn(|index| values[index])));
                }
                continue;
            }
            let Some(high) = second.unsigned::<u32>() else { break };
            let mut values = [0.0; N];
            for value in &mut values {
                *value = next()?.map_or(Ok(0.0), |element| number(reader, element))?;
            }
            ranges.push((low, high, values));
        }
        ranges.sort_by_key(|(low, ..)| *low);
        Ok(Self { ranges })
    }

    fn get(&self, cid: u32) -> Option<[f64; N]> {
        let behind = self.ranges.partition_point(|(low, ..)| *low <= cid);
        let (_, high, values) = self.ranges[..behind].last()?;
        (cid <= *high).then(|| values.map(|value| f64::from(value) / PER_EM))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a width needs no more digits")]
fn number<S: ReadAt>(reader: &Reader<S>, value: Value) -> Result<f32, PdfError> {
    Ok(reader.resolve(value)?.number().unwrap_or(0.0) as f32)
}

/// `/W`, `/DW`, `/W2` and `/DW2`.
#[derive(Debug)]
pub(crate) struct CidWidths {
    default: f64,
    across: Table<1>,
    /// Where the origin for vertical writing is, and how far the pen goes down.
    default_down: [f64; 2],
    down: Table<3>,
}

impl CidWidths {
    pub(crate) fn load<S: ReadAt>(reader: &Reader<S>, font: &Value) -> Result<Self, PdfError> {
        let default = reader.lookup(font, "DW")?.number().unwrap_or(PER_EM) / PER_EM;
        let default_down = match reader.lookup(font, "DW2")?.elements().as_slice() {
            [origin, advance, ..] => [origin, advance].map(|value| value.number().map(|number| number / PER_EM)),
            _ => [None; 2],
        };
        Ok(Self {
            default,
            across: Table::read(reader, &reader.lookup(font, "W")?)?,
            default_down: [default_down[0].unwrap_or(0.88), default_down[1].unwrap_or(-1.0)],
            down: Table::read(reader, &reader.lookup(font, "W2")?)?,
        })
    }

    pub(crate) fn width(&self, cid: Option<u32>) -> f64 {
        cid.and_then(|cid| self.across.get(cid)).map_or(self.default, |[width]| width)
    }

    pub(crate) fn down(&self, cid: Option<u32>) -> Flow {
        if let Some([advance, x, y]) = cid.and_then(|cid| self.down.get(cid)) {
            return Flow::Down { origin: [x, y], advance };
        }
        let [y, advance] = self.default_down;
        Flow::Down { origin: [self.width(cid) / 2.0, y], advance }
    }
}
