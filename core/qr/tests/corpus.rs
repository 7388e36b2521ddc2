//! Photographs, where the corpus lies beside the checkout: what other readers fell over, and what holds no code.
#![cfg(feature = "picture")]
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs, reason = "test code")]

use std::path::{Path, PathBuf};

use eseal_qr::{QrError, decode_picture};

fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/qr");
    if !corpus.exists() {
        eprintln!("SKIPPED: there is no corpus at {}", corpus.display());
    }
    Some(corpus).filter(|corpus| corpus.exists())
}

#[test]
fn the_pictures_that_other_readers_panic_on() {
    let Some(corpus) = corpus() else { return };
    for name in ["zxing-6/6.png", "zxing-6/7.png"] {
        let found = decode_picture(&std::fs::read(corpus.join(name)).unwrap()).unwrap();
        assert!(!found[0].text.is_empty(), "{name}");
    }
}

#[test]
fn symbols_of_model_1() {
    let Some(corpus) = corpus() else { return };
    for name in ["cpp-2/qr-model-1.png", "cpp-2/N940.png"] {
        let found = decode_picture(&std::fs::read(corpus.join(name)).unwrap()).unwrap();
        assert!(!found[0].text.is_empty(), "{name}");
    }
}

#[test]
fn a_curled_symbol_of_version_34() {
    let Some(corpus) = corpus() else { return };
    let found = decode_picture(&std::fs::read(corpus.join("cpp-2/high-res-1.jpg")).unwrap()).unwrap();
    assert!(found[0].text.starts_with("QR code (abbreviated from Quick Response Code)"));
}

#[test]
fn pictures_without_a_code_have_none() {
    let Some(corpus) = corpus() else { return };
    let mut pictures = 0;
    for set in ["falsepositives", "falsepositives-2"] {
        for file in std::fs::read_dir(corpus.join(set)).unwrap() {
            let path = file.unwrap().path();
            assert_eq!(
                decode_picture(&std::fs::read(&path).unwrap()).unwrap_err(),
                QrError::NotFound,
                "{}",
                path.display()
            );
            pictures += 1;
        }
    }
    assert_eq!(pictures, 47);
}
