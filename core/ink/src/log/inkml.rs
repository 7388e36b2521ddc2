//! The log as InkML (W3C Recommendation of 20 September 2011): what other programs read.

use std::fmt::Write as _;

use crate::{Ink, Sample, Tool};

/// The namespace of InkML.
pub(super) const NAMESPACE: &str = "http://www.w3.org/2003/InkML";

impl Ink {
    /// The ink as InkML: a `trace` per stroke with the channels X, Y (mm) and T (ms) and, where any sample has them, F
    /// (0 to 1), OE and OA (altitude and azimuth, degrees); `?` where a sample has none. The tool is the trace's context.
    ///
    /// This is the biometric log itself: not for documents. [`Ink::from_inkml`] gives the same ink back.
    #[must_use]
    pub fn to_inkml(&self) -> String {
        let has_force = self.samples().any(|sample| sample.force.is_some());
        let has_tilt = self.samples().any(|sample| sample.tilt.is_some());
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ink xmlns=\"{NAMESPACE}\">\n<definitions>\n\
             <timestamp xml:id=\"origin\"/>\n<inkSource xml:id=\"pad\">\n<traceFormat>\n\
             <channel name=\"X\" type=\"decimal\" units=\"mm\"/>\n<channel name=\"Y\" type=\"decimal\" units=\"mm\"/>\n\
             <channel name=\"T\" type=\"decimal\" units=\"ms\" respectTo=\"#origin\"/>\n"
        );
        if has_force {
            out.push_str("<channel name=\"F\" type=\"decimal\" min=\"0\" max=\"1\" units=\"dev\"/>\n");
        }
        if has_tilt {
            out.push_str("<channel name=\"OE\" type=\"decimal\" units=\"deg\"/>\n");
            out.push_str("<channel name=\"OA\" type=\"decimal\" units=\"deg\"/>\n");
        }
        out.push_str("</traceFormat>\n</inkSource>\n");
        for tool in [Tool::Finger, Tool::Pen, Tool::Mouse] {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "<context xml:id=\"{}\" inkSourceRef=\"#pad\"/>", name(tool));
        }
        out.push_str("</definitions>\n");
        for stroke in self.strokes() {
            let _ = write!(out, "<trace contextRef=\"#{}\">", name(stroke.tool()));
            for (nth, sample) in stroke.samples().iter().enumerate() {
                if nth > 0 {
                    out.push_str(", ");
                }
                push_point(&mut out, sample, has_force, has_tilt);
            }
            out.push_str("</trace>\n");
        }
        out.push_str("</ink>\n");
        out
    }
}

/// With the fewest digits that give the same steps of the grid back.
fn push_point(out: &mut String, sample: &Sample, has_force: bool, has_tilt: bool) {
    push(out, Some(sample.x_mm), 3);
    out.push(' ');
    push(out, Some(sample.y_mm), 3);
    out.push(' ');
    push(out, Some(sample.t_ms), 2);
    if has_force {
        out.push(' ');
        push(out, sample.force.map(f64::from), 4);
    }
    if has_tilt {
        out.push(' ');
        push(out, sample.tilt.map(|tilt| f64::from(tilt.altitude_deg)), 2);
        out.push(' ');
        push(out, sample.tilt.map(|tilt| f64::from(tilt.azimuth_deg)), 2);
    }
}

fn push(out: &mut String, value: Option<f64>, decimals: usize) {
    let Some(value) = value else {
        out.push('?');
        return;
    };
    let start = out.len();
    let _ = write!(out, "{value:.decimals$}");
    let short = out[start..].trim_end_matches('0').trim_end_matches('.').len();
    out.truncate(start + short);
}

/// The identifier of a tool's context.
pub(super) const fn name(tool: Tool) -> &'static str {
    match tool {
        Tool::Finger => "finger",
        Tool::Pen => "pen",
        Tool::Mouse => "mouse",
    }
}
