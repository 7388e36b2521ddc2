//! The invented person of the demo, and the phone that stands in for hers.

use std::path::Path;
use std::sync::Arc;

use eseal_crypto::cert::TrustAnchors;
use eseal_custody::harness::{FileStore, SoftwareDeviceKey, SystemClock};
use eseal_platform::{AccountSeed, Platform, PlatformConfig, start};
use eseal_sdk::{Client, Config, Error, Host};
use rand_core::UnwrapErr;

use super::DemoError;

/// Account at the platform.
pub(crate) const ACCOUNT: &str = "zhou";
/// Its public password: a platform with this account is for trying out only.
pub(crate) const PASSWORD: &str = "demo-zhou-2026";
/// Registered name, as it stands in the contract and in the recorded strokes.
pub(crate) const NAME: &str = "周子涵";

/// A platform that knows the person, in `data`.
pub(crate) async fn platform(data: &Path, change: impl FnOnce(&mut PlatformConfig)) -> Result<Platform, DemoError> {
    let mut config = PlatformConfig::on_loopback(data);
    config.accounts.push(AccountSeed {
        account: ACCOUNT.to_owned(),
        name: NAME.to_owned(),
        password: PASSWORD.to_owned(),
    });
    change(&mut config);
    Ok(start(config).await?)
}

/// A phone in `data`, bound to the platform by what an app pins. Its keys are in memory and say so.
pub(crate) fn phone(platform: &Platform, data: &Path) -> Result<Client, DemoError> {
    let config = Config {
        base_url: platform.base_url().to_owned(),
        tls_roots: TrustAnchors::from_pem(platform.tls_root_pem()).map_err(Error::from)?,
        platform_roots: trust(platform)?,
        link_host: platform.link_host().to_owned(),
        timestamp_url: platform.pki_url().map(|pki| format!("{pki}/tsa")),
    };
    let host = Host {
        device_key: Arc::new(SoftwareDeviceKey::new(UnwrapErr(getrandom::SysRng))),
        store: Arc::new(FileStore::open(data).map_err(|error| DemoError::Check(error.to_string()))?),
        clock: Arc::new(SystemClock::start()),
    };
    Ok(Client::new(config, host)?)
}

/// The roots of what the platform signs.
pub(crate) fn trust(platform: &Platform) -> Result<TrustAnchors, DemoError> {
    Ok(TrustAnchors::from_pem(platform.trust_root_pem()).map_err(Error::from)?)
}
