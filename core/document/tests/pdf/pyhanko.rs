//! pyHanko as a judge, where the workspace has set it up.

use std::path::Path;
use std::process::Command;

use crate::party::NOW;

const JUDGE: &str = r"
import sys
from datetime import datetime, timezone
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

def describe(kind, status):
    stamp = getattr(status, 'timestamp_validity', None)
    print(kind, 'intact' if status.intact else 'broken', 'valid' if status.valid else 'invalid',
          'trusted' if status.trusted else 'untrusted', status.coverage.name,
          getattr(status.modification_level, 'name', 'NONE'),
          'docmdp_ok' if status.docmdp_ok else 'docmdp_broken',
          'stamped' if stamp and stamp.valid and stamp.trusted else 'unstamped',
          'ok' if getattr(status, 'bottom_line', status.intact and status.valid and status.trusted) else 'not-ok')

_, pdf, roots, mode, now = sys.argv
trust = {'trust_roots': list(load_certs_from_pemder([roots])), 'allow_fetching': False,
         'moment': datetime.fromtimestamp(int(now), timezone.utc)}
with open(pdf, 'rb') as file:
    reader = PdfFileReader(file, strict=False)
    if mode == 'PLAIN':
        context = lambda: ValidationContext(**trust)
    else:
        store = DocumentSecurityStore.read_dss(reader)
        context = lambda: store.as_validation_context(trust | {'revocation_mode': 'require'})
    for signature in reader.embedded_signatures:
        if signature.sig_object.get('/Type') == '/DocTimeStamp':
            describe('timestamp', validate_pdf_timestamp(signature, context()))
        else:
            describe('signature', validate_pdf_signature(signature, context()))
";

/// How signatures are judged.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mode {
    /// Against the given roots.
    Plain,
    /// By what the document holds about revocation, all of which must be known.
    LongTerm,
}

/// A line for each signature and timestamp, in order; `None` where there is no pyHanko.
pub(crate) fn judge(file: &[u8], roots_pem: &str, mode: Mode) -> Option<Vec<String>> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/pyhanko/bin/python");
    if !python.exists() {
        println!("SKIPPED pyhanko::judge: pyHanko is not set up");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (pdf, roots) = (folder.path().join("file.pdf"), folder.path().join("roots.pem"));
    std::fs::write(&pdf, file).unwrap();
    std::fs::write(&roots, roots_pem).unwrap();
    let mode = match mode {
        Mode::Plain => "PLAIN",
        Mode::LongTerm => "STORED",
    };
    let output = Command::new(python)
        .args(["-c", JUDGE])
        .arg(&pdf)
        .arg(&roots)
        .args([mode, &NOW.0.to_string()])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
