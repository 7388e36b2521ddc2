//! The client: the one object that an app starts with.

use std::path::Path;
use std::sync::Arc;

use eseal_sdk::crypto::cert::TrustAnchors;
use eseal_sdk::document::pdf::Password;
use eseal_sdk::protocol::template::Locale;
use eseal_sdk::{Client, Config, Error, Host};

use crate::batch::{BatchListener, HeardBatch, StampBatch};
use crate::consent::{ConsentSession, TextLocale};
use crate::documents::{DocumentVerification, StampOrder, StampedDocument};
use crate::error::{SdkError, bad_argument};
use crate::flow::{CancelHandle, Heard, StepListener, cancel};
use crate::host::{Clocks, HostClock, HostKeys, HostStore, Keys, Store, secret_text};
use crate::ink::SealFace;
use crate::scan::ScannedText;
use crate::seals::{ClaimTicket, SealSummary, UsageSummary};

/// Which platform an app belongs to. All of it is pinned in the app.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PlatformPins {
    /// `https://host[:port]`.
    pub base_url: String,
    /// Roots of the platform's TLS certificate, PEM; nothing else is believed.
    pub tls_roots_pem: String,
    /// Roots of relying parties, the consent service and the seal maker, PEM.
    pub platform_roots_pem: String,
    /// The host in the platform's QR codes.
    pub link_host: String,
    /// Who timestamps signatures above B-B (RFC 3161), `http` or `https`.
    pub timestamp_url: Option<String>,
}

/// Who this phone is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct EnrolmentSummary {
    /// The person's name as registered.
    pub person_name: String,
    /// The phone's name at the platform.
    pub device_id: String,
}

impl From<eseal_sdk::Enrolment> for EnrolmentSummary {
    fn from(enrolment: eseal_sdk::Enrolment) -> Self {
        Self { person_name: enrolment.person.name.to_string(), device_id: enrolment.device_id.to_string() }
    }
}

/// The SDK. One for the whole app; safe to use from any thread. A cancelled or failed call can be repeated.
#[derive(uniffi::Object)]
pub struct EsealClient {
    client: Client,
}

#[uniffi::export(async_runtime = "tokio")]
impl EsealClient {
    /// A client over HTTPS with the pinned roots. Reaches for nothing yet.
    ///
    /// # Errors
    /// `sdk.misconfigured`, `cert.…`.
    #[uniffi::constructor]
    pub fn new(
        pins: PlatformPins,
        keys: Arc<dyn HostKeys>,
        store: Arc<dyn HostStore>,
        clock: Arc<dyn HostClock>,
    ) -> Result<Arc<Self>, SdkError> {
        let roots = |pem: &str| TrustAnchors::from_pem(pem).map_err(Error::from);
        let config = Config {
            base_url: pins.base_url,
            tls_roots: roots(&pins.tls_roots_pem)?,
            platform_roots: roots(&pins.platform_roots_pem)?,
            link_host: pins.link_host,
            timestamp_url: pins.timestamp_url,
        };
        let host =
            Host { device_key: Arc::new(Keys(keys)), store: Arc::new(Store(store)), clock: Arc::new(Clocks(clock)) };
        Ok(Arc::new(Self { client: Client::new(config, host)? }))
    }

    /// Signs the account in and makes this phone one of the person's. `password` is UTF-8; the library wipes its copy.
    ///
    /// # Errors
    /// `auth.bad-credentials`, `device-key.…`, `store.…`, `network.…`.
    pub async fn enrol(
        &self,
        account: String,
        password: Vec<u8>,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<EnrolmentSummary, SdkError> {
        let password = secret_text(password).ok_or_else(|| bad_argument("the password is not UTF-8"))?;
        let cancel = cancel(cancel_handle.as_ref());
        Ok(self.client.enrol(&account, password, &Heard(listener), &cancel).await?.into())
    }

    /// Who this phone is.
    ///
    /// # Errors
    /// `sdk.not-enrolled`, `store.…`.
    pub async fn enrolment(&self) -> Result<EnrolmentSummary, SdkError> {
        Ok(self.client.enrolment().await?.into())
    }

    /// Hands in a drawn face. On the portal the person now asks for the seal and scans its code.
    ///
    /// # Errors
    /// `claim.bad-face`, `sdk.not-enrolled`, `network.…`.
    pub async fn claim_handwritten(
        &self,
        face: Arc<SealFace>,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<Arc<ClaimTicket>, SdkError> {
        let cancel = cancel(cancel_handle.as_ref());
        let claim = self.client.claim_handwritten(face.face(), &Heard(listener), &cancel).await?;
        Ok(Arc::new(ClaimTicket(claim)))
    }

    /// Waits until the claim is decided; the seal that was made.
    ///
    /// # Errors
    /// `claim.withdrawn`, `network.…`.
    pub async fn await_seal(
        &self,
        claim: Arc<ClaimTicket>,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<SealSummary, SdkError> {
        let cancel = cancel(cancel_handle.as_ref());
        Ok((&self.client.await_seal(&claim.0, &Heard(listener), &cancel).await?).into())
    }

    /// The person's seals, newest first.
    ///
    /// # Errors
    /// `sdk.not-enrolled`, `statement.…`, `network.…`.
    pub async fn seals(&self, cancel_handle: Option<Arc<CancelHandle>>) -> Result<Vec<SealSummary>, SdkError> {
        let seals = self.client.seals(&cancel(cancel_handle.as_ref())).await?;
        Ok(seals.iter().map(SealSummary::from).collect())
    }

    /// What the person's seals were used for, newest first.
    ///
    /// # Errors
    /// As [`Self::seals`].
    pub async fn usage_records(&self, cancel_handle: Option<Arc<CancelHandle>>) -> Result<Vec<UsageSummary>, SdkError> {
        let records = self.client.usage_records(&cancel(cancel_handle.as_ref())).await?;
        Ok(records.iter().map(|record| UsageSummary::from(&**record)).collect())
    }

    /// Tells the platform's codes from all others. Nobody is asked and nothing is opened.
    #[must_use]
    pub fn judge_scanned(&self, text: &str) -> ScannedText {
        self.client.judge_scanned(text).into()
    }

    /// Opens the request behind a scanned code and checks all of it.
    ///
    /// # Errors
    /// `consent.…`, `sdk.not-enrolled`, `network.…`.
    pub async fn open_consent(
        &self,
        scanned: String,
        locale: TextLocale,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<Arc<ConsentSession>, SdkError> {
        let cancel = cancel(cancel_handle.as_ref());
        let consent = self.client.open_consent(&scanned, Locale::from(locale), &Heard(listener), &cancel).await?;
        Ok(Arc::new(ConsentSession(consent)))
    }

    /// Seals a PDF, which never leaves the phone, and records the use.
    ///
    /// # Errors
    /// `pdf.…`, `seal.…`, `device-key.…`, `network.…`.
    pub async fn stamp(
        &self,
        order: StampOrder,
        listener: Option<Arc<dyn StepListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<StampedDocument, SdkError> {
        let job = order.try_into()?;
        Ok(self.client.stamp(&job, &Heard(listener), &cancel(cancel_handle.as_ref())).await?.into())
    }

    /// Reads and digests documents that are to be sealed together; nothing is asked of the person yet. What is wrong with one
    /// of them is that document's own and said by the batch.
    ///
    /// # Errors
    /// `batch.empty`, `batch.too-many-documents`, `sdk.not-enrolled`, `sdk.bad-argument`, `device-key.…`.
    pub async fn prepare_batch(
        &self,
        orders: Vec<StampOrder>,
        listener: Option<Arc<dyn BatchListener>>,
        cancel_handle: Option<Arc<CancelHandle>>,
    ) -> Result<Arc<StampBatch>, SdkError> {
        let jobs = orders.into_iter().map(TryInto::try_into).collect::<Result<Vec<_>, _>>()?;
        let cancel = cancel(cancel_handle.as_ref());
        Ok(Arc::new(self.client.prepare_batch(&jobs, &HeardBatch(listener), &cancel).await?.into()))
    }

    /// Verifies a document; needs neither an account nor the network. A signature that does not hold is a finding, no error.
    /// `password` is UTF-8, for a document that the empty one does not open; the library wipes its copy.
    ///
    /// # Errors
    /// `pdf.…` when the document cannot be read.
    pub async fn verify(
        &self,
        path: String,
        password: Option<Vec<u8>>,
        listener: Option<Arc<dyn StepListener>>,
    ) -> Result<DocumentVerification, SdkError> {
        let password = password.map(|password| Arc::new(Password::new(password)));
        Ok((&self.client.verify_with(Path::new(&path), password.as_ref(), &Heard(listener)).await?).into())
    }
}
