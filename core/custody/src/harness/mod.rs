//! Stand-ins for a phone's ports on machines that are none: the command line, the reference platform's tests, our own tests.
//! They protect nothing, and say so.

mod file_store;
mod memory_store;
mod software_key;
mod system_clock;

pub use file_store::FileStore;
pub use memory_store::MemoryStore;
pub use software_key::{Behaviour, SoftwareDeviceKey, SoftwareDeviceKeyBuilder};
pub use system_clock::SystemClock;
