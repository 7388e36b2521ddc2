//! Where the services are reached: written into certificates, so it should be the same after a restart.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use crate::config::PlatformConfig;
use crate::error::PlatformError;
use crate::server::listen;

/// The listener of the services, and their URL.
pub(crate) struct PkiAddress {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
    pub(crate) base_url: String,
}

impl PkiAddress {
    /// Listens where the configuration says. A free port, once taken, is taken again if it is still free.
    pub(crate) fn open(config: &PlatformConfig) -> Result<Option<Self>, PlatformError> {
        let Some(wanted) = config.pki_listen else { return Ok(None) };
        let path = config.data_dir.join("pki-address");
        let earlier = remembered(&path).filter(|earlier| wanted.port() == 0 && earlier.ip() == wanted.ip());
        let (listener, address) = match earlier.map(listen) {
            Some(Ok(taken)) => taken,
            _ => listen(wanted)?,
        };
        fs::write(&path, address.to_string())
            .map_err(|source| PlatformError::File { path: PathBuf::from(&path), source })?;
        let base_url = config.pki_url.clone().unwrap_or_else(|| format!("http://{address}"));
        Ok(Some(Self { listener, address, base_url }))
    }
}

fn remembered(path: &Path) -> Option<SocketAddr> {
    fs::read_to_string(path).ok()?.parse().ok()
}
