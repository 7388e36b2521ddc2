//! The port through which requests leave the phone, and its built-in form over reqwest and rustls.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use eseal_crypto::cert::TrustAnchors;
use reqwest::{Client, Url};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

/// Largest reply that is read, in bytes.
pub const REPLY_MAX: usize = 64 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
const READ_TIMEOUT: Duration = Duration::from_secs(15);
const POOL_IDLE: Duration = Duration::from_secs(30);

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something new.
    Post,
    /// Sets something, and may be repeated.
    Put,
}

impl Method {
    /// The method's name in HTTP.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// A request, complete with its headers.
#[derive(Clone)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Absolute path, without query.
    pub path: String,
    /// Query without the question mark; empty when there is none.
    pub query: String,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Body; empty when there is none.
    pub body: Vec<u8>,
    /// How long the whole exchange may take, in ms.
    pub timeout_ms: u64,
}

/// A reply of any status.
#[derive(Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, and values that are text.
    pub headers: Vec<(String, String)>,
    /// Body, at most [`REPLY_MAX`] bytes.
    pub body: Vec<u8>,
}

impl Reply {
    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Why no reply came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The platform could not be reached.
    #[error("the platform could not be reached")]
    Offline,
    /// The platform took too long.
    #[error("the platform took too long")]
    TimedOut,
    /// Whoever answered could not prove to be the platform.
    #[error("whoever answered is not the platform")]
    NotThePlatform,
    /// The reply is larger than [`REPLY_MAX`].
    #[error("the reply is too large")]
    ReplyTooLarge,
    /// The transport was set up wrongly.
    #[error("the transport cannot be used: {detail}")]
    Misconfigured {
        /// What is wrong, for developers.
        detail: String,
    },
    /// The exchange broke off.
    #[error("the exchange broke off")]
    Broken,
}

/// Carries requests to the platform. The built-in one is [`HttpsTransport`]; an app with a gateway of its own brings another.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request and waits for its reply.
    ///
    /// # Errors
    /// [`TransportError`] when no reply came. A reply of any status is not an error.
    async fn send(&self, request: Request) -> Result<Reply, TransportError>;
}

/// HTTPS with nothing but the pinned roots: neither the phone's own certificate store nor any other authority is asked.
pub struct HttpsTransport {
    client: Client,
    base: Url,
}

impl HttpsTransport {
    /// A transport to `base_url` (`https://host[:port]`), whose server must be certified under `roots`.
    ///
    /// # Errors
    /// [`TransportError::Misconfigured`].
    pub fn new(base_url: &str, roots: &TrustAnchors) -> Result<Self, TransportError> {
        let base = Url::parse(base_url).map_err(|error| misconfigured(&error))?;
        if base.scheme() != "https" || base.host_str().is_none() || !matches!(base.path(), "" | "/") {
            return Err(TransportError::Misconfigured {
                detail: "the base address is not https://host[:port]".to_owned(),
            });
        }
        let client = Client::builder()
            .tls_backend_preconfigured(tls_config(roots)?)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE)
            .build()
            .map_err(|error| misconfigured(&error))?;
        Ok(Self { client, base })
    }
}

pub(super) fn tls_config(roots: &TrustAnchors) -> Result<ClientConfig, TransportError> {
    let mut store = RootCertStore::empty();
    for root in roots.iter() {
        store.add(CertificateDer::from(root.to_der().to_vec())).map_err(|error| misconfigured(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| misconfigured(&error))?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

pub(super) fn misconfigured(error: &dyn Error) -> TransportError {
    TransportError::Misconfigured { detail: error.to_string() }
}

#[async_trait]
impl Transport for HttpsTransport {
    async fn send(&self, request: Request) -> Result<Reply, TransportError> {
        let mut url = self.base.clone();
        url.set_path(&request.path);
        url.set_query(Some(request.query.as_str()).filter(|query| !query.is_empty()));
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let timeout = Duration::from_millis(request.timeout_ms);
        let mut builder = self.client.request(method, url).timeout(timeout).body(request.body);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let mut response = builder.send().await.map_err(|error| classify(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let headers = headers.collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
            if body.len() + chunk.len() > REPLY_MAX {
                return Err(TransportError::ReplyTooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers, body })
    }
}

pub(super) fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::TimedOut
    } else if has_tls_cause(error) {
        TransportError::NotThePlatform
    } else if error.is_connect() {
        TransportError::Offline
    } else {
        TransportError::Broken
    }
}

/// Whether the peer's certificate was the reason, however deep below reqwest's own error.
fn has_tls_cause(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        match cause.downcast_ref::<rustls::Error>() {
            Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => return true,
            Some(_) => return false,
            None => {}
        }
        // An I/O error's `source` is that of the error inside it, which itself would be passed over.
        let inside = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match inside {
            Some(inside) => Some(inside),
            None => cause.source(),
        };
    }
    false
}
