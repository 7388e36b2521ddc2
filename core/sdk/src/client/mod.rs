//! The thin client: requests out, replies in, signed by the phone's request key.

mod call;
mod retry;
mod transport;
mod trust_services;

pub use transport::{HttpsTransport, Method, REPLY_MAX, Reply, Request, Transport, TransportError};
pub use trust_services::{Reach, TrustServices};

pub(crate) use call::{Call, Caller};
