//! Encrypting the strings of a value that is about to be written (ISO 32000-2, 7.6.2).

use crate::pdf::encryption::ObjectCipher;
use crate::pdf::syntax::object::string_bytes;
use crate::pdf::syntax::token::{Kind, Scanner, Tail, is_delimiter, is_space, literal_end};
use crate::pdf::write::revision::hex;

/// A value with its strings encrypted, up to the data of a stream if it has any. As the standard wants it, `/Contents` of a
/// signature stays as it is: that is what follows `/ByteRange` in the same dictionary.
pub(crate) fn protect(value: &[u8], cipher: &ObjectCipher) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 64);
    // For each open dictionary, whether `/ByteRange` was seen in it.
    let mut signatures = Vec::new();
    let mut is_signature_value = false;
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        let end = token_end(value, at);
        let token = &value[at..end];
        match byte {
            b'<' if token == b"<<" => signatures.push(false),
            b'>' if token == b">>" => {
                signatures.pop();
            }
            b'(' | b'<' if !is_signature_value => {
                let kind = if byte == b'(' { Kind::Literal } else { Kind::Hex };
                let plain = string_bytes(kind, token).unwrap_or_default();
                out.extend_from_slice(hex(&cipher.encrypt_string(plain)).as_bytes());
                at = end;
                continue;
            }
            b's' if token == b"stream" => break,
            _ => {}
        }
        if token == b"/ByteRange" {
            signatures.last_mut().into_iter().for_each(|seen| *seen = true);
        }
        if !is_space(byte) {
            is_signature_value = token == b"/Contents" && signatures.last() == Some(&true);
        }
        out.extend_from_slice(token);
        at = end;
    }
    out.extend_from_slice(value.get(at..).unwrap_or_default());
    out
}

/// Behind the token, comment or white space that starts at `at`.
fn token_end(value: &[u8], at: usize) -> usize {
    let rest = &value[at..];
    let run = |is: &dyn Fn(u8) -> bool| at + rest.iter().take_while(|byte| is(**byte)).count();
    match rest[0] {
        b'(' => literal_end(value, at).unwrap_or(value.len()),
        b'<' if rest.get(1) == Some(&b'<') => at + 2,
        b'>' if rest.get(1) == Some(&b'>') => at + 2,
        b'<' => rest.iter().position(|byte| *byte == b'>').map_or(value.len(), |length| at + length + 1),
        b'%' => run(&|byte| !matches!(byte, b'\r' | b'\n')),
        b'/' => {
            let mut scanner = Scanner::new(value, at + 1, Tail::End);
            let _ = scanner.word();
            scanner.at
        }
        byte if is_space(byte) => run(&is_space),
        byte if is_delimiter(byte) => at + 1,
        _ => run(&|byte| !is_space(byte) && !is_delimiter(byte)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pdf::encryption::{Handler, Method, Methods, Password, Security};
    use crate::pdf::syntax::token::ObjectId;

    /// RC4, unlocked with the empty password.
    fn cipher() -> ObjectCipher {
        let user = [
            0x85, 0x44, 0x52, 0x0a, 0xb7, 0x4d, 0x04, 0x4e, 0x01, 0x3d, 0x4d, 0x50, 0xf1, 0x6a, 0x4e, 0x5d, 0x2a, 0x4c,
            0x0b, 0x56, 0x1b, 0x52, 0x3b, 0x4f, 0x6b, 0x56, 0x1a, 0x06, 0x8c, 0x08, 0x07, 0x4d,
        ];
        let handler = Handler {
            revision: 2,
            key_bytes: 5,
            owner: vec![0; 32],
            user: user.to_vec(),
            owner_key: Vec::new(),
            user_key: Vec::new(),
            permissions: -4,
            encrypts_metadata: true,
            file_id: Vec::new(),
        };
        // Where nothing is encrypted any password will do; what is encrypted is then set for the test.
        let mut methods =
            Methods { strings: Method::Identity, streams: Method::Identity, named: Vec::new(), metadata: true };
        let mut security = Security::unlock(&handler, &methods, &Password::new("")).unwrap();
        methods.strings = Method::Rc4;
        security.methods = methods;
        ObjectCipher::new(Arc::new(security), ObjectId { number: 7, generation: 0 })
    }

    #[test]
    fn strings_are_encrypted_and_nothing_else() {
        let cipher = cipher();
        let sealed = |text: &[u8]| hex(&cipher.encrypt_string(text.to_vec()));
        let value = b"<</T (a\\)b) /N/X /A[1 <4142> (c)] % (no)\n/D<</E()>>>>";
        let expected = format!(
            "<</T {} /N/X /A[1 {} {}] % (no)\n/D<</E{}>>>>",
            sealed(b"a)b"),
            sealed(b"AB"),
            sealed(b"c"),
            sealed(b"")
        );
        assert_eq!(String::from_utf8(protect(value, &cipher)).unwrap(), expected);
    }

    #[test]
    fn a_signature_stays_and_a_note_does_not() {
        let cipher = cipher();
        let signature = b"<</Type /Sig /ByteRange       /Contents <0000> /Filter /X>>";
        assert_eq!(protect(signature, &cipher), signature);
        for note in [&b"<</Subtype /Text /Contents <0000>>>"[..], b"<</A<</ByteRange[]>>/Contents <0000>>>"] {
            assert_ne!(protect(note, &cipher), note);
        }
    }

    #[test]
    fn the_data_of_a_stream_is_left_alone() {
        let value = b"<</Length 3>>stream\n(a)\nendstream";
        assert_eq!(protect(value, &cipher()), value);
    }
}
