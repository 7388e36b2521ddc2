//! `eseal scan`.

use std::path::Path;

use eseal_protocol::qr::Frame;
use eseal_qr::{Decoded, Foreign, ForeignKind, Payload, QrError, decode_picture, judge};
use serde_json::{Value, json};

use super::{Refusal, print_json, progress, read};
use crate::args::Scan;
use crate::exit::Exit;

pub(super) fn run(arguments: &Scan) -> Exit {
    let host = arguments.host.as_deref();
    let read: Vec<_> = progress(&arguments.pictures).map(|picture| (picture, codes(picture))).collect();
    if arguments.json {
        print_json(&read.iter().map(|(path, codes)| as_json(path, codes, host)).collect());
        return exit_of(&read);
    }
    for (path, codes) in &read {
        match codes {
            Ok(codes) => {
                let texts: Vec<String> = codes.iter().map(|code| as_text(&code.text, host)).collect();
                println!("{}\t{}", path.display(), texts.join("\t"));
            }
            Err(refusal) => refusal.say(path),
        }
    }
    exit_of(&read)
}

fn exit_of<T>(read: &[(T, Result<Vec<Decoded>, Refusal>)]) -> Exit {
    if read.iter().all(|(_, codes)| codes.is_ok()) { Exit::Done } else { Exit::No }
}

/// `texts` are as they are printed without JSON; `codes` have them whole, with their corners in pixels of the picture.
fn as_json(path: &Path, codes: &Result<Vec<Decoded>, Refusal>, host: Option<&str>) -> Value {
    match codes {
        Ok(codes) => {
            let texts: Vec<String> = codes.iter().map(|code| as_text(&code.text, host)).collect();
            let codes: Vec<Value> = codes.iter().map(|code| code_as_json(code, host)).collect();
            json!({ "path": path, "texts": texts, "codes": codes })
        }
        Err(refusal) => json!({ "path": path, "texts": [], "codes": [], "error": refusal.to_json() }),
    }
}

fn code_as_json(code: &Decoded, host: Option<&str>) -> Value {
    let part = code.part.map(|part| json!({ "index": part.index, "total": part.total, "parity": part.parity }));
    let payload = host.map(|host| match gate(&code.text, host) {
        Payload::Ours(frame) => json!({ "ours": true, "intent_id": frame.intent_id.to_base32(), "t": frame.t }),
        Payload::NotOurs(Foreign { kind, shown }) => {
            json!({ "ours": false, "kind": name(kind), "shown": shown.as_str() })
        }
    });
    json!({
        "text": code.text,
        "corners": code.corners.map(|corner| [corner.x, corner.y]),
        "part": part,
        "payload": payload,
    })
}

/// One field of a line: the text, or against a host, what the gate says of it.
fn as_text(text: &str, host: Option<&str>) -> String {
    let Some(host) = host else { return one_line(text) };
    match gate(text, host) {
        // Not the secret: whoever has it can answer the request's code for a while.
        Payload::Ours(frame) => format!("ours: {}", frame.intent_id.to_base32()),
        Payload::NotOurs(Foreign { kind, shown }) => format!("not ours ({}): {shown}", name(kind)),
    }
}

fn gate(text: &str, host: &str) -> Payload<Frame> {
    judge(text, host, |text| Frame::parse(text, host).ok())
}

const fn name(kind: ForeignKind) -> &'static str {
    match kind {
        ForeignKind::LookAlike => "look-alike",
        ForeignKind::Link => "link",
        ForeignKind::Text => "text",
    }
}

fn codes(picture: &Path) -> Result<Vec<Decoded>, Refusal> {
    let refused = |error: QrError| Refusal::no(error.code(), error);
    decode_picture(&read(picture)?).map_err(refused)
}

/// A code can hold anything; what is printed stays one field of one line, and cannot steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
