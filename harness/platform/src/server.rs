//! Starting, serving, stopping.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::middleware::from_fn_with_state;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use eseal_crypto::cert::Certificate;
use eseal_crypto::revocation::RevocationReason;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::{self, Passwords};
use crate::app::{App, SharedApp};
use crate::authority::Authority;
use crate::claims::relying_party::RelyingParty;
use crate::config::PlatformConfig;
use crate::consents::ConsentService;
use crate::db::Db;
use crate::error::PlatformError;
use crate::faults::{Fault, FaultSwitch};
use crate::http::body::BODY_MAX;
use crate::http::envelope::envelope;
use crate::http::nonce::Nonces;
use crate::http::poll::Hub;
use crate::http::refusal::Refusal;
use crate::keys::KeyFolder;
use crate::operator::OperatorToken;
use crate::pki::PkiAddress;
use crate::portal::Channel;
use crate::seals::SealMaker;
use crate::tls::Tls;
use crate::{api, audit, pki, portal};

/// How long calls that are under way may take to end when the platform stops.
const GRACE: Duration = Duration::from_secs(5);
/// How long a connection may take to say what it wants.
const FIRST_REQUEST: Duration = Duration::from_secs(15);
/// How often expiry is looked for when nothing else happens.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A running platform. Dropping it leaves it running until the runtime ends; [`Platform::stop`] ends it in order.
pub struct Platform {
    app: SharedApp,
    base_url: String,
    browser_url: Option<String>,
    pki_url: Option<String>,
    tls_root_pem: String,
    stop: watch::Sender<bool>,
    handles: Vec<Handle<SocketAddr>>,
    tasks: Vec<JoinHandle<()>>,
}

/// Starts a platform: opens or makes what is in its data directory, then listens.
///
/// # Errors
/// [`PlatformError`] when the data directory, a key, the database, the audit log or an address cannot be used.
pub async fn start(config: PlatformConfig) -> Result<Platform, PlatformError> {
    if let Some(address) = config.browser_listen.filter(|address| !address.ip().is_loopback()) {
        return Err(PlatformError::NotLoopback { address });
    }
    let keys = KeyFolder::open(&config.data_dir)?;
    let tls = Tls::open(&keys, config.listen)?;
    let (stop, stopping) = watch::channel(false);
    let pki = PkiAddress::open(&config)?;
    let pki_url = pki.as_ref().map(|pki| pki.base_url.clone());
    let app = Arc::new(open(&config, &keys, pki_url.as_deref(), stopping.clone()).await?);

    let (listener, address) = listen(config.listen)?;
    let browser = config.browser_listen.map(listen).transpose()?;
    let mut platform = Platform {
        app: Arc::clone(&app),
        base_url: format!("https://{address}"),
        browser_url: browser.as_ref().map(|(_, address)| format!("http://{address}")),
        pki_url,
        tls_root_pem: tls.root_pem,
        stop,
        handles: Vec::new(),
        tasks: vec![tokio::spawn(settle(Arc::clone(&app), stopping))],
    };
    let secure = axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(tls.config));
    let secure = secure.map_err(|source| PlatformError::Listen { address, source })?;
    let router = api::router().merge(portal::router(Channel::Tls));
    let handle = Handle::new();
    platform.serve(
        handle.clone(),
        secure.handle(handle).first_request_timeout(FIRST_REQUEST).serve(finished(router, &app)),
    );
    if let Some((listener, address)) = browser {
        let plain = axum_server::from_tcp(listener).map_err(|source| PlatformError::Listen { address, source })?;
        let (handle, router) = (Handle::new(), portal::router(Channel::Loopback));
        platform.serve(
            handle.clone(),
            plain.handle(handle).first_request_timeout(FIRST_REQUEST).serve(finished(router, &app)),
        );
    }
    if let Some(PkiAddress { listener, address, .. }) = pki {
        let plain = axum_server::from_tcp(listener).map_err(|source| PlatformError::Listen { address, source })?;
        let (handle, router) = (Handle::new(), pki::router(Arc::clone(&app)));
        let plain = plain.handle(handle.clone()).first_request_timeout(FIRST_REQUEST);
        platform.serve(handle, plain.serve(router.into_make_service()));
    }
    Ok(platform)
}

impl Platform {
    /// Where `/v1` and the portal are served over TLS, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where a person's browser finds the portal on this machine, if it is served there.
    #[must_use]
    pub fn browser_url(&self) -> Option<&str> {
        self.browser_url.as_deref()
    }

    /// Where the timestamp authority (`/tsa`), the OCSP responder (`/ocsp`) and the CRLs (`/crl/…`) are, if they are served;
    /// without a slash at the end.
    #[must_use]
    pub fn pki_url(&self) -> Option<&str> {
        self.pki_url.as_deref()
    }

    /// The root that the TLS certificate is issued under, PEM: what a client pins for the connection.
    #[must_use]
    pub fn tls_root_pem(&self) -> &str {
        &self.tls_root_pem
    }

    /// The root of persons, relying party, consent service and seal maker, PEM: what an app or a verifier pins.
    #[must_use]
    pub fn trust_root_pem(&self) -> &str {
        self.app.authority.root_pem()
    }

    /// The root of what is of SM2, PEM: what a verifier of electronic seals and national timestamps pins.
    #[must_use]
    pub fn national_root_pem(&self) -> String {
        self.app.authority.national_root_pem()
    }

    /// What a call of an operator (`/v1/operator/…`) carries as its bearer token; whoever has it can have seals made.
    #[must_use]
    pub fn operator_token(&self) -> &str {
        self.app.operator.expose()
    }

    /// Host in the QR codes' links.
    #[must_use]
    pub fn link_host(&self) -> &str {
        &self.app.link_host
    }

    /// The code that the portal shows to an account now, as a picture (PNG): what a camera before that person's screen sees.
    /// Nothing when no code is shown. For a harness whose phone has no camera.
    pub async fn code_shown_to(&self, account: &str) -> Option<Vec<u8>> {
        portal::code_shown_to(&self.app, account).await.ok().flatten()
    }

    /// Takes a certificate back, as an administrator does; answers whether it was one of this platform's and good until now.
    ///
    /// # Errors
    /// [`PlatformError::Database`] or [`PlatformError::Refused`] when the database is busy or fails.
    pub async fn revoke_certificate(
        &self,
        certificate: &Certificate,
        reason: RevocationReason,
    ) -> Result<bool, PlatformError> {
        let mut tx = self.app.db.begin().await?;
        let revoked = pki::revoke(&mut tx, certificate, reason, self.app.now()).await?;
        tx.commit().await?;
        Ok(revoked)
    }

    /// Makes every call fail in one way, or none again. For tests of clients.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.app.faults.set(fault);
        self.app.hub.changed();
    }

    /// Follows the audit log from its first row to its last; answers with the number of rows.
    ///
    /// # Errors
    /// [`PlatformError::AuditBroken`] names the first row that does not fit.
    pub async fn verify_audit(&self) -> Result<u64, PlatformError> {
        audit::verify(&self.app.db).await
    }

    /// Stops in order: no new calls, those under way end, the database is closed.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for handle in &self.handles {
            handle.graceful_shutdown(Some(GRACE));
        }
        for task in self.tasks {
            // A task that failed has nothing left to wait for.
            let _ = task.await;
        }
        self.app.db.close().await;
    }

    fn serve(&mut self, handle: Handle<SocketAddr>, run: impl Future<Output = std::io::Result<()>> + Send + 'static) {
        self.handles.push(handle);
        self.tasks.push(tokio::spawn(async move {
            if let Err(error) = run.await {
                tracing::error!(%error, "the listener failed");
            }
        }));
    }
}

async fn open(
    config: &PlatformConfig,
    keys: &KeyFolder,
    pki_url: Option<&str>,
    stopping: watch::Receiver<bool>,
) -> Result<App, PlatformError> {
    let clock = Arc::clone(&config.clock);
    let authority = Authority::open(keys, pki_url, clock.now())?;
    let voices = authority.voices(keys, clock.now())?;
    let pki = Box::new(authority.pki(keys, clock.now())?);
    write_root(config, "trust-root.pem", authority.root_pem())?;
    write_root(config, "national-root.pem", &authority.national_root_pem())?;
    let db = Db::open(&config.data_dir.join("platform.sqlite")).await?;
    audit::verify(&db).await?;
    pki::record_known(&db, &authority, &voices, &pki).await?;
    let passwords = Passwords::new().await.map_err(|_| PlatformError::BadAccount { account: String::new() })?;
    accounts::seed(&db, &passwords, &config.accounts).await?;
    let hub = Hub::new();
    let consent_key = Arc::new(voices.consent_service);
    let anchors = authority.anchors().clone();
    let consents = Arc::new(ConsentService::new(
        db.clone(),
        hub.clone(),
        Arc::clone(&clock),
        Arc::clone(&consent_key),
        anchors.clone(),
    ));
    let relying_party = RelyingParty {
        db: db.clone(),
        hub: hub.clone(),
        clock: Arc::clone(&clock),
        key: voices.relying_party,
        anchors,
        consents: Arc::clone(&consents),
        seal_maker: SealMaker::new(voices.seal_maker),
    };
    Ok(App {
        db,
        clock,
        hub,
        nonces: Nonces::new(keys.secret("nonce")?),
        passwords,
        authority,
        pki,
        consents,
        relying_party,
        electronic_seals: voices.electronic_seals,
        operator: OperatorToken::new(&keys.secret("operator")?),
        consent_key,
        link_host: config.link_host.clone(),
        faults: FaultSwitch::default(),
        stopping,
    })
}

/// A root as a file, for whoever verifies what this platform's people sealed.
fn write_root(config: &PlatformConfig, name: &str, root_pem: &str) -> Result<(), PlatformError> {
    let path: PathBuf = config.data_dir.join(name);
    std::fs::write(&path, root_pem).map_err(|source| PlatformError::File { path, source })
}

pub(crate) fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), PlatformError> {
    let open = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    open().map_err(|source| PlatformError::Listen { address, source })
}

fn finished(router: Router<SharedApp>, app: &SharedApp) -> IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
    router
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .fallback(|| async { Refusal::not_found() })
        .method_not_allowed_fallback(|| async { Refusal::not_found() })
        .layer(from_fn_with_state(Arc::clone(app), envelope))
        .with_state(Arc::clone(app))
        .into_make_service_with_connect_info()
}

/// Lets the relying party act on outcomes: at each change, at expiry, and on what was left from before a restart.
async fn settle(app: SharedApp, mut stopping: watch::Receiver<bool>) {
    let mut changes = app.hub.subscribe();
    while !*stopping.borrow() {
        if let Err(refusal) = app.relying_party.settle_all().await {
            tracing::warn!(code = refusal.code.as_str(), "requests could not be settled");
        }
        tokio::select! {
            _ = tokio::time::timeout(LOOK_AGAIN, changes.changed()) => {},
            _ = stopping.changed() => {},
        }
    }
}
