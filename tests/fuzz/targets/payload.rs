//! The gate before scanned texts: what passes is ours to the byte, what does not can be shown.
#![no_main]

use eseal_protocol::qr::Frame;
use eseal_qr::{MOST_SHOWN_CHARS, Payload, judge};

const HOST: &str = "eseal.example.gov.cn";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match judge(&text, HOST, |text| Frame::parse(text, HOST).ok()) {
        Payload::Ours(frame) => assert_eq!(frame.to_link(HOST), text),
        Payload::NotOurs(foreign) => {
            let shown = foreign.shown.as_str();
            assert!(shown.chars().count() <= MOST_SHOWN_CHARS && !shown.chars().any(char::is_control), "{shown:?}");
        }
    }
});
