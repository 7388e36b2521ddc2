//! What phone and platform say to each other: wire types and the consent state machine, without I/O.
//!
//! Everything signed is a [`jws`] with a type of its own; everything received is checked over the bytes that arrived.
//! The phone's side of a consent is [`machine`]: each state hands out the only calls allowed next. What a third party
//! needs to be convinced offline is [`evidence`].

pub mod api;
pub mod consent;
pub mod enrol;
pub mod evidence;
pub mod http_signature;
pub mod ids;
pub mod intent;
pub mod jws;
pub mod machine;
pub mod operator;
pub mod problem;
pub mod qr;
pub mod seal;
pub mod template;
pub mod text;
pub mod time;
pub mod trust;
pub mod usage;
