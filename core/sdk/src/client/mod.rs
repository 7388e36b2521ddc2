//! The thin client: requests out, replies in, signed by the phone's request key.

mod call;
mod retry;
mod transport;

pub use transport::{HttpsTransport, Method, REPLY_MAX, Reply, Request, Transport, TransportError};

pub(crate) use call::{Call, Caller};
