//! The portal that a person opens in a browser: the page, and the interface that only the page uses.
//!
//! The page shows one thing, the [`overview`] of the signed-in person, and follows it by long poll. The frames of the moving
//! QR code are drawn here; their secret never reaches the browser.

mod assets;
mod browser;
mod channel;
mod overview;
mod routes;
mod screen;
mod session;

pub(crate) use channel::Channel;
pub(crate) use routes::router;
pub(crate) use screen::code_shown_to;
