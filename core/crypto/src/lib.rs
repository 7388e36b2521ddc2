//! Algorithm suites, certificates and CMS.
//!
//! Everything that depends on which algorithm is used is resolved here and nowhere else: [`Suite`] names the pairs of
//! signature and digest algorithm, [`key`] signs and verifies, [`cert`] reads, issues and judges certificates
//! (RFC 5280), [`cms`] writes and checks detached signatures (RFC 5652, PAdES attributes), [`tsp`] asks for, makes and
//! checks timestamps (RFC 3161), [`revocation`] asks, tells and judges whether certificates still hold (RFC 6960, RFC 5280).
//!
//! [`ses`] makes and reads the data of electronic seals (GB/T 38540-2020, GM/T 0031).
//!
//! Nothing here reads a clock, a file or a random source: times and generators come in as parameters.
//!
//! The curve arithmetic is `RustCrypto`'s `p256` and `sm2`, whose authors say that it has not been independently audited.

pub mod cert;
pub mod cms;
pub mod digest;
mod gen_time;
pub mod key;
mod oid;
mod pem;
pub mod revocation;
mod scheme;
pub mod ses;
mod suite;
pub mod tsp;

pub use suite::Suite;
