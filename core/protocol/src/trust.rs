//! Whom the phone believes: pinned in the app, never fetched.

use eseal_crypto::cert::TrustAnchors;

/// What an app pins of the platform it belongs to.
#[derive(Clone)]
pub struct PlatformTrust {
    /// Roots under which relying parties, the consent service and the seal maker are certified.
    pub anchors: TrustAnchors,
    /// The one host whose QR codes are ours, as `host` or `host:port`; compared without regard to case.
    pub link_host: String,
}
