//! What every call has in common: refusals, traces, nonces, signed requests.

pub(crate) mod body;
pub(crate) mod envelope;
pub(crate) mod idempotency;
pub(crate) mod nonce;
pub(crate) mod poll;
pub(crate) mod query;
pub(crate) mod refusal;
pub(crate) mod signed;
