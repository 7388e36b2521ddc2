//! OFD packages: peers judge what we seal, and we judge what ofdrw signs.

mod manifest;
mod ours;
mod sealed;
mod theirs;

/// Ten pages.
const CONTRACT: &str = "ofd/contract.ofd";
