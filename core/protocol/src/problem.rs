//! How the platform says no: RFC 9457 problem details with stable codes.

use serde::{Deserialize, Serialize};

/// The body of an answer of media type `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Which problem.
    pub code: ProblemCode,
    /// For developers; never shown to users.
    pub detail: String,
    /// Whether the same call may go through later.
    pub retryable: bool,
    /// How long to wait before that, in ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// To find the call in the platform's log.
    pub trace_id: String,
}

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// Every problem that the platform states. A code that this version does not know is kept as text.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $($(#[$doc])* $name,)*
            /// A code of a newer platform.
            Other(String),
        }

        impl ProblemCode {
            /// Every known code.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),*];

            /// The stable text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }

            /// The HTTP status that goes with it; 500 for an unknown one.
            #[must_use]
            pub const fn status(&self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                    Self::Other(_) => 500,
                }
            }

            fn from_text(code: String) -> Self {
                match code.as_str() {
                    $($code => Self::$name,)*
                    _ => Self::Other(code),
                }
            }
        }
    };
}

problem_codes! {
    /// Account or password is wrong.
    BadCredentials = "auth.bad-credentials", 401;
    /// No session, or it is over.
    NoSession = "auth.no-session", 401;
    /// The request's signature is missing or does not fit.
    BadRequestSignature = "auth.bad-request-signature", 401;
    /// The request's nonce is missing, too old or used; the answer carries a fresh one.
    NonceRequired = "auth.nonce-required", 401;
    /// The caller may not do this.
    Forbidden = "auth.forbidden", 403;
    /// Too many tries.
    TooManyTries = "auth.too-many-tries", 429;
    /// The body is not what this call takes.
    BadRequest = "request.malformed", 400;
    /// The body is larger than this call takes.
    TooLarge = "request.too-large", 413;
    /// There is no such thing, or not for this caller.
    NotFound = "request.not-found", 404;
    /// The idempotency key was used with another body.
    IdempotencyConflict = "request.idempotency-conflict", 422;
    /// A key's proof of possession does not hold.
    BadKeyProof = "enrol.bad-key-proof", 422;
    /// The enrolment is over or was used.
    EnrolmentOver = "enrol.over", 409;
    /// The drawn face cannot be used.
    BadFace = "claim.bad-face", 422;
    /// The frame is not authentic.
    BadFrame = "consent.bad-frame", 403;
    /// The frame is too old.
    FrameExpired = "consent.frame-expired", 410;
    /// The request is addressed to another person.
    NotForYou = "consent.not-for-you", 403;
    /// Another phone has opened the request.
    AnsweredElsewhere = "consent.answered-elsewhere", 409;
    /// The request was answered otherwise, withdrawn, or used.
    ConsentOver = "consent.over", 409;
    /// The time to answer is over.
    ConsentExpired = "consent.expired", 410;
    /// The signed answer does not fit the request.
    BadConsent = "consent.bad-answer", 422;
    /// The seal cannot be used: replaced, expired, or not this person's.
    SealNotUsable = "seal.not-usable", 409;
    /// A certificate that may not use an electronic seal.
    BadSigner = "seal.bad-signer", 422;
    /// The maker of electronic seals refuses.
    SealNotMade = "seal.not-made", 409;
    /// The platform failed.
    Internal = "platform.internal", 500;
    /// The platform is busy.
    Unavailable = "platform.unavailable", 503;
}

impl Serialize for ProblemCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ProblemCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from_text)
    }
}
