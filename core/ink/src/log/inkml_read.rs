//! Reads InkML: ours, and what office programs and digitisers write.

use std::f64::consts::PI;

use roxmltree::{Document, Node, NodeId, ParsingOptions};

use super::inkml::{NAMESPACE, name};
use super::sample::single;
use super::{Gathered, Tilt};
use crate::{Ink, InkError, Sample, Tool};

/// The longest text [`Ink::from_inkml`] reads, bytes.
pub const MAX_INKML_BYTES: usize = 4 << 20;
/// The most nodes it may have: a trace has two, and there is little else.
const MAX_NODES: u32 = 20_000;
/// The most channels of a trace, and the most different formats.
const MAX_CHANNELS: usize = 32;
const MAX_FORMATS: usize = 8;

impl Ink {
    /// Reads the traces of an InkML document, in the order of the document.
    ///
    /// X, Y and T are needed, F (force) and OE, OA or `OTx`, `OTy` (tilt) are read, other channels are left aside. Lengths need
    /// a physical unit, of the channel itself or of its `resolution`; force needs none: it is scaled by the channel's
    /// `max`, or else by the largest found. Explicit values, differences and differences of differences are read. A trace's
    /// `timeOffset` is added to its T. Jumps that only a faulty digitiser makes are left out.
    ///
    /// # Errors
    /// [`InkError::InkMl`] if the text is over [`MAX_INKML_BYTES`], not InkML, has a document type, or lacks a channel
    /// or unit; [`InkError::OutOfRange`], [`InkError::TimeBack`], [`InkError::TooManyPoints`],
    /// [`InkError::TooManyStrokes`] for what it says.
    pub fn from_inkml(inkml: &str) -> Result<Self, InkError> {
        if inkml.len() > MAX_INKML_BYTES {
            return Err(refused(format!("{} bytes, at most {MAX_INKML_BYTES} are read", inkml.len())));
        }
        let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
        let document = Document::parse_with_options(inkml, options).map_err(|error| refused(error.to_string()))?;
        let root = document.root_element();
        if !is(root, "ink") {
            return Err(refused("the root is not an ink element".to_owned()));
        }
        let mut gathered = Gathered::default();
        let mut formats = Formats::default();
        for trace in root.descendants().filter(|node| is(*node, "trace")) {
            let context = trace.attribute("contextRef").and_then(|reference| referred(root, reference));
            let format = formats.of(root, context)?;
            let offset_ms = trace.attribute("timeOffset").map_or(Ok(0.0), number)?;
            gathered.next_stroke();
            for point in points(trace.text().unwrap_or_default(), format.channels.len()) {
                let mut sample = format.sample(&point?)?;
                sample.t_ms += offset_ms;
                gathered.add(tool(context), &sample)?;
            }
        }
        Ok(gathered.ink)
    }
}

fn refused(detail: String) -> InkError {
    InkError::InkMl { detail }
}

/// Documents without a namespace are InkML, too: many were written before the Recommendation.
fn is(node: Node<'_, '_>, name: &str) -> bool {
    let tag = node.tag_name();
    node.is_element() && tag.name() == name && tag.namespace().is_none_or(|namespace| namespace == NAMESPACE)
}

fn referred<'a, 'input>(root: Node<'a, 'input>, reference: &str) -> Option<Node<'a, 'input>> {
    let id = reference.strip_prefix('#')?;
    root.descendants().find(|node| node.attributes().any(|one| one.name() == "id" && one.value() == id))
}

fn tool(context: Option<Node<'_, '_>>) -> Tool {
    let id = context.and_then(|node| node.attributes().find(|one| one.name() == "id")).map_or("", |id| id.value());
    // What InkML of other programs holds was drawn with pens.
    [Tool::Finger, Tool::Mouse].into_iter().find(|tool| name(*tool) == id).unwrap_or(Tool::Pen)
}

/// The formats met so far: each is worked out once.
#[derive(Default)]
struct Formats(Vec<(NodeId, Format)>);

impl Formats {
    /// The format of a context: its own, that of what it refers to, or the document's first.
    fn of(&mut self, root: Node<'_, '_>, context: Option<Node<'_, '_>>) -> Result<&Format, InkError> {
        let own = context.and_then(format_within);
        let far = || {
            let context = context?;
            let names = ["traceFormatRef", "inkSourceRef"];
            names.iter().filter_map(|name| referred(root, context.attribute(*name)?)).find_map(format_within)
        };
        let node = own.or_else(far).or_else(|| format_within(root));
        let node = node.ok_or_else(|| refused("no traceFormat says which channels there are".to_owned()))?;
        let at = match self.0.iter().position(|(id, _)| *id == node.id()) {
            Some(at) => at,
            None if self.0.len() == MAX_FORMATS => return Err(refused(format!("over {MAX_FORMATS} formats"))),
            None => {
                self.0.push((node.id(), Format::read(root, node)?));
                self.0.len() - 1
            }
        };
        Ok(&self.0[at].1)
    }
}

/// What the values of a point mean.
struct Format {
    channels: Vec<Channel>,
}

#[derive(Clone, Copy)]
struct Channel {
    kind: Kind,
    /// What a value is multiplied with to become mm, ms, a share, or degrees.
    unit: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    X,
    Y,
    Time,
    Force,
    Altitude,
    Azimuth,
    TiltX,
    TiltY,
    Other,
}

impl Format {
    fn read(root: Node<'_, '_>, format: Node<'_, '_>) -> Result<Self, InkError> {
        let nodes: Vec<Node> = format.children().filter(|node| is(*node, "channel")).take(MAX_CHANNELS + 1).collect();
        if nodes.len() > MAX_CHANNELS {
            return Err(refused(format!("over {MAX_CHANNELS} channels")));
        }
        let channels = nodes.into_iter().map(|node| Channel::of(root, node)).collect::<Result<Vec<_>, _>>()?;
        for (kind, name) in [(Kind::X, "X"), (Kind::Y, "Y"), (Kind::Time, "T")] {
            if channels.iter().all(|channel| channel.kind != kind) {
                return Err(refused(format!("no channel {name}")));
            }
        }
        Ok(Self { channels })
    }

    fn sample(&self, point: &[Option<f64>]) -> Result<Sample, InkError> {
        let get = |kind| {
            let at = self.channels.iter().position(|channel| channel.kind == kind)?;
            Some(point.get(at).copied()?? * self.channels.get(at)?.unit)
        };
        let needed = |kind| get(kind).ok_or_else(|| refused("a point without X, Y or T".to_owned()));
        let mut sample = Sample::new(needed(Kind::X)?, needed(Kind::Y)?, needed(Kind::Time)?);
        sample.force = get(Kind::Force).map(single);
        sample.tilt = match (get(Kind::Altitude), get(Kind::Azimuth), get(Kind::TiltX), get(Kind::TiltY)) {
            (Some(altitude), Some(azimuth), _, _) => {
                Some(Tilt { altitude_deg: single(altitude), azimuth_deg: single(azimuth.rem_euclid(360.0)) })
            }
            (_, _, Some(x), Some(y)) => Some(leaning(x, y)),
            _ => None,
        };
        Ok(sample)
    }
}

fn format_within<'a, 'input>(node: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    node.descendants().find(|node| is(*node, "traceFormat"))
}

/// From the leaning along the axes, degrees.
fn leaning(x: f64, y: f64) -> Tilt {
    let (x, y) = (x.to_radians().tan(), y.to_radians().tan());
    let altitude = x.hypot(y).recip().atan().to_degrees();
    let azimuth = y.atan2(x).to_degrees().rem_euclid(360.0);
    Tilt { altitude_deg: single(altitude), azimuth_deg: single(azimuth) }
}

impl Channel {
    fn of(root: Node<'_, '_>, node: Node<'_, '_>) -> Result<Self, InkError> {
        let name = node.attribute("name").unwrap_or_default();
        let kind = match name {
            "X" => Kind::X,
            "Y" => Kind::Y,
            "T" => Kind::Time,
            "F" => Kind::Force,
            "OE" => Kind::Altitude,
            "OA" => Kind::Azimuth,
            "OTx" => Kind::TiltX,
            "OTy" => Kind::TiltY,
            _ => return Ok(Self { kind: Kind::Other, unit: 1.0 }),
        };
        let unknown = |units: &str| refused(format!("the channel {name} is in {units:?}, which is not known"));
        let unit = if kind == Kind::Force {
            match node.attribute("max").map(number).transpose()? {
                Some(most) if most > 0.0 => 1.0 / most,
                _ => 1.0 / largest(root, node),
            }
        } else if let Some((value, units)) = resolution(root, name)? {
            let units = units.strip_prefix("1/").ok_or_else(|| unknown(units))?;
            size(kind, units).ok_or_else(|| unknown(units))? / value
        } else {
            let units = node.attribute("units").unwrap_or(if kind == Kind::Time { "ms" } else { "dev" });
            size(kind, units).ok_or_else(|| unknown(units))?
        };
        Ok(Self { kind, unit })
    }
}

/// One such unit in mm, ms or degrees.
fn size(kind: Kind, units: &str) -> Option<f64> {
    let sizes: &[(&str, f64)] = match kind {
        Kind::X | Kind::Y => &[
            ("m", 1000.0),
            ("cm", 10.0),
            ("mm", 1.0),
            ("himetric", 0.01),
            ("in", 25.4),
            ("pt", 25.4 / 72.0),
            ("pc", 25.4 / 6.0),
        ],
        Kind::Time => &[("s", 1000.0), ("ms", 1.0)],
        Kind::Altitude | Kind::Azimuth | Kind::TiltX | Kind::TiltY => &[("deg", 1.0), ("rad", 180.0 / PI)],
        Kind::Force | Kind::Other => &[],
    };
    sizes.iter().find(|(name, _)| *name == units).map(|(_, size)| *size)
}

/// The resolution that a channel property states, with its unit.
fn resolution<'a>(root: Node<'a, '_>, channel: &str) -> Result<Option<(f64, &'a str)>, InkError> {
    let is_it = |node: &Node| {
        is(*node, "channelProperty")
            && node.attribute("channel") == Some(channel)
            && node.attribute("name") == Some("resolution")
    };
    let Some(node) = root.descendants().find(is_it) else { return Ok(None) };
    let value = number(node.attribute("value").unwrap_or_default())?;
    if value <= 0.0 {
        return Err(refused(format!("a resolution of {value}")));
    }
    Ok(Some((value, node.attribute("units").unwrap_or_default())))
}

/// The largest value of a channel in the document, and 1 where none is positive.
fn largest(root: Node<'_, '_>, channel: Node<'_, '_>) -> f64 {
    let channels =
        || channel.parent().into_iter().flat_map(|format| format.children()).filter(|node| is(*node, "channel"));
    let Some(at) = channels().position(|node| node == channel) else { return 1.0 };
    let count = channels().count();
    let traces = root.descendants().filter(|node| is(*node, "trace"));
    let values = traces.flat_map(|trace| points(trace.text().unwrap_or_default(), count).filter_map(Result::ok));
    let largest = values.filter_map(|point| point.get(at).copied()?).fold(0.0, f64::max);
    if largest > 0.0 { largest } else { 1.0 }
}

fn number(text: &str) -> Result<f64, InkError> {
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| refused(format!("{:?} is no number", text.chars().take(24).collect::<String>())))
}

/// The points of a trace, with a value per channel, or none where the trace says that it is not known.
fn points(text: &str, channels: usize) -> impl Iterator<Item = Result<Vec<Option<f64>>, InkError>> {
    let mut states = vec![State::default(); channels];
    text.split(',').filter(|point| !point.trim().is_empty()).map(move |point| {
        let mut rest = point.trim();
        let mut values = Vec::with_capacity(states.len());
        for state in &mut states {
            let (value, after) = state.next(rest)?;
            values.push(value);
            rest = after.trim_start();
        }
        if rest.is_empty() { Ok(values) } else { Err(refused("a point has more values than channels".to_owned())) }
    })
}

/// How the values of one channel go on (6.2.1).
#[derive(Clone, Copy, Default)]
struct State {
    change: Change,
    value: Option<f64>,
    speed: f64,
}

#[derive(Clone, Copy, Default)]
enum Change {
    #[default]
    Explicit,
    First,
    Second,
}

impl State {
    /// Reads one value from the front of the text.
    fn next<'a>(&mut self, text: &'a str) -> Result<(Option<f64>, &'a str), InkError> {
        let mut rest = text;
        for (prefix, change) in [('!', Change::Explicit), ('\'', Change::First), ('"', Change::Second)] {
            if let Some(after) = rest.strip_prefix(prefix) {
                self.change = change;
                rest = after.trim_start();
                break;
            }
        }
        if let Some(after) = rest.strip_prefix('?') {
            return Ok((None, after));
        }
        if let Some(after) = rest.strip_prefix('*') {
            self.value = self.value.map(|value| value + self.speed);
            return Ok((self.value, after));
        }
        let (value, after) = read_number(rest)?;
        let before = self.value.unwrap_or(0.0);
        let value = match self.change {
            Change::Explicit => value,
            Change::First => before + value,
            Change::Second => before + self.speed + value,
        };
        self.speed = match self.change {
            Change::Explicit => 0.0,
            Change::First | Change::Second => value - before,
        };
        self.value = Some(value);
        Ok((self.value, after))
    }
}

/// A decimal, hexadecimal (`#1F`) or boolean (`T`, `F`) value.
fn read_number(text: &str) -> Result<(f64, &str), InkError> {
    if let Some(digits) = text.strip_prefix('#') {
        let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
        let value =
            u32::from_str_radix(&digits[..end], 16).map_err(|_| refused("a bad hexadecimal number".to_owned()))?;
        return Ok((f64::from(value), &digits[end..]));
    }
    if let Some(rest) = text.strip_prefix('T') {
        return Ok((1.0, rest));
    }
    if let Some(rest) = text.strip_prefix('F') {
        return Ok((0.0, rest));
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    Ok((sign * number(&digits[..end])?, &digits[end..]))
}
