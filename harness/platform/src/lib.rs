//! The reference platform: accounts, devices, consents, seals, usage records, over HTTP and a SQLite file.
//!
//! It serves `/v1` as `eseal_protocol::api` describes it, and the web portal, and can be embedded:
//!
//! ```no_run
//! # async fn run() -> Result<(), eseal_platform::PlatformError> {
//! let platform = eseal_platform::start(eseal_platform::PlatformConfig::on_loopback("data")).await?;
//! println!("{} {:?}", platform.base_url(), platform.browser_url());
//! platform.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Each domain has its folder. The consent service (`consents`) and the relying party that uses it (`claims::relying_party`)
//! have keys of their own and meet through the few methods that carry the protocol's messages M2 and M12.

mod accounts;
mod api;
mod app;
mod audit;
mod authority;
mod claims;
mod config;
mod consents;
mod db;
mod devices;
mod error;
mod faults;
mod http;
mod keys;
mod operator;
mod pki;
mod portal;
mod random;
mod seals;
mod server;
mod throttle;
mod tls;
mod usages;

pub use config::{AccountSeed, DEMO_ACCOUNTS, DemoAccount, PlatformClock, PlatformConfig, SystemClock};
pub use error::PlatformError;
pub use faults::Fault;
pub use server::{Platform, start};
