//! `eseal ink`.

use std::path::Path;

use eseal_ink::{
    CheckReport, Direction, Expected, FaceSize, Finding, Ink, InkDigest, InkError, Limit, RenderOptions, Verdict,
    render as render_ink,
};
use serde_json::{Value, json};

use super::{Refusal, encode, extension_of, output_of, print_json, progress, read, write_whole};
use crate::args::{InkCheck, InkConvert, InkRender};
use crate::exit::Exit;

pub(super) fn render(arguments: &InkRender) -> Exit {
    if let Some(way) = arguments.compose {
        let composed = composed(arguments, way.into());
        return said(&arguments.output, composed.and_then(|ink| draw(&ink, &arguments.output, arguments)));
    }
    each(&arguments.strokes, |strokes| {
        let output = output_of(strokes, &arguments.output, arguments.strokes.len(), "png");
        draw(&ink_in(strokes)?, &output, arguments)
    })
}

pub(super) fn convert(arguments: &InkConvert) -> Exit {
    each(&arguments.strokes, |strokes| {
        let output = output_of(strokes, &arguments.output, arguments.strokes.len(), "ink");
        let ink = ink_in(strokes)?;
        let bytes = match extension_of(&output).as_str() {
            "json" => ink.to_json().into_bytes(),
            "inkml" => ink.to_inkml().into_bytes(),
            "ink" => ink.to_bytes(),
            _ => {
                let wanted = "the output must end in .json, .inkml or .ink";
                return Err(Refusal::unreadable("output.unknown-kind", wanted));
            }
        };
        write_whole(&output, &bytes)
    })
}

pub(super) fn check(arguments: &InkCheck) -> Exit {
    let mut earlier = Vec::new();
    for strokes in &arguments.earlier {
        match ink_in(strokes) {
            Ok(ink) => earlier.push(ink.digest()),
            Err(refusal) => return said(strokes, Err(refusal)),
        }
    }
    let (mut worst, mut documents) = (Exit::Done, Vec::new());
    for strokes in progress(&arguments.strokes) {
        let report = ink_in(strokes).map(|ink| judge(&ink, arguments, &earlier));
        worst = worst.max(match &report {
            Ok(report) if report.verdict() == Verdict::Reject => Exit::No,
            Ok(_) => Exit::Done,
            Err(refusal) => refusal.exit,
        });
        match report {
            _ if arguments.json => documents.push(as_json(strokes, &report)),
            Ok(report) => print_report(strokes, &report),
            Err(refusal) => refusal.say(strokes),
        }
    }
    if arguments.json {
        print_json(&documents.into());
    }
    worst
}

/// Does this to every input and says what went wrong; the worst counts.
fn each(inputs: &[std::path::PathBuf], work: impl Fn(&Path) -> Result<(), Refusal>) -> Exit {
    progress(inputs).fold(Exit::Done, |worst, input| worst.max(said(input, work(input))))
}

fn said(path: &Path, outcome: Result<(), Refusal>) -> Exit {
    match outcome {
        Ok(()) => Exit::Done,
        Err(refusal) => {
            refusal.say(path);
            refusal.exit
        }
    }
}

/// The strokes in a file, whatever their form.
fn ink_in(path: &Path) -> Result<Ink, Refusal> {
    let unreadable = |error: InkError| Refusal::unreadable(error.code(), error);
    let bytes = read(path)?;
    if bytes.starts_with(b"INK") {
        return Ink::from_bytes(&bytes).map_err(unreadable);
    }
    let text = String::from_utf8(bytes).map_err(|_| Refusal::unreadable("file.not-text", "not UTF-8"))?;
    let is_markup = text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<');
    let ink = if is_markup { Ink::from_inkml(&text) } else { Ink::from_json(&text) };
    ink.map_err(unreadable)
}

fn composed(arguments: &InkRender, direction: Direction) -> Result<Ink, Refusal> {
    let characters = arguments.strokes.iter().map(|strokes| ink_in(strokes)).collect::<Result<Vec<_>, _>>()?;
    Ink::composed(&characters, direction).map_err(|error| Refusal::no(error.code(), error))
}

fn draw(ink: &Ink, output: &Path, arguments: &InkRender) -> Result<(), Refusal> {
    let options = RenderOptions {
        pen: arguments.pen.into(),
        color: arguments.color.into(),
        size: arguments.size.map_or(FaceSize::Natural, |size| FaceSize::FitWithin(size.0)),
        ..RenderOptions::default()
    };
    let face = render_ink(ink, &options).map_err(|error| Refusal::no(error.code(), error))?;
    write_whole(output, &encode(&face, output, arguments.dpi)?)
}

fn judge(ink: &Ink, arguments: &InkCheck, earlier: &[InkDigest]) -> CheckReport {
    let (characters, direction) = (arguments.characters, arguments.way.into());
    ink.judge(&Expected { characters, direction, earlier, ..Expected::default() })
}

fn print_report(path: &Path, report: &CheckReport) {
    println!("{}\t{}", path.display(), verdict_name(report.verdict()));
    let wrong = report.findings().iter().filter(|finding| finding.verdict != Verdict::Pass);
    for Finding { rule, value, limit, verdict } in wrong {
        println!("  {}\t{}\t{value:.2}, wanted {}", verdict_name(*verdict), rule.code(), wanted(*limit));
    }
}

fn as_json(path: &Path, report: &Result<CheckReport, Refusal>) -> Value {
    match report {
        Ok(report) => {
            let findings: Vec<Value> = report.findings().iter().map(finding_as_json).collect();
            json!({ "path": path, "verdict": verdict_name(report.verdict()), "checks": findings })
        }
        Err(refusal) => json!({ "path": path, "error": refusal.to_json() }),
    }
}

fn finding_as_json(finding: &Finding) -> Value {
    json!({
        "code": finding.rule.code(),
        "value": finding.value,
        "wanted": wanted(finding.limit),
        "verdict": verdict_name(finding.verdict),
    })
}

fn wanted(limit: Limit) -> String {
    match limit {
        Limit::AtLeast(least) => format!("at least {least}"),
        Limit::AtMost(most) => format!("at most {most}"),
        Limit::Below(most) => format!("below {most}"),
        Limit::Between(least, most) => format!("{least} to {most}"),
    }
}

const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Reject => "fail",
    }
}
