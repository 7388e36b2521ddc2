//! The suites by which a host checks its own ports: run them on the device, look at the report.

mod device_key;
mod report;
mod sealed_store;

pub use device_key::device_key;
pub use report::{Check, Outcome, Report};
pub use sealed_store::sealed_store;
