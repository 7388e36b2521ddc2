//! Timestamps, OCSP answers, CRLs and issuers' certificates, fetched from whoever offers them. `eseal_crypto` makes and reads
//! the bytes; here they are only carried.
//!
//! These services are not the platform: they belong to other authorities, are reached by addresses that a configuration or
//! a certificate names, and by custom speak `http`. That is enough, because everything they answer is signed and checked
//! (RFC 3161, RFC 6960, RFC 5280): whoever stands in between can withhold an answer and see which certificate is asked
//! about, but not make one up. `https` is taken where an address says so, and then judged by the roots handed in.

use std::net::IpAddr;
use std::time::Duration;

use eseal_crypto::cert::{Certificate, MAX_CERTIFICATE_LEN, TrustAnchors, UnixTime};
use eseal_crypto::digest::Digest;
use eseal_crypto::revocation::{
    Crl, MAX_CRL_LEN, MAX_OCSP_RESPONSE_LEN, OcspRequest, OcspResponse, RevocationData, RevocationStatus,
};
use eseal_crypto::tsp::{MAX_TIMESTAMP_RESPONSE_LEN, TimestampRequest, TimestampToken};
use reqwest::{Client, RequestBuilder, Url};

use super::transport::{TransportError, classify, misconfigured, tls_config};
use crate::cancel::Cancel;
use crate::error::Error;
use crate::random::{Entropy, generator};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// The whole of one exchange.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest address, in bytes.
const MAX_URL_LEN: usize = 2048;

/// Which addresses are asked. What a certificate names is named by whoever made the file: it must not let them have requests
/// sent into the network that the phone or server happens to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Names, and addresses that everybody can reach.
    Public,
    /// Any, loopback and private networks too: for a platform in the house, and for tests.
    Any,
}

impl Reach {
    /// Of services beside the one at `base_url`.
    pub(crate) fn beside(base_url: &str) -> Self {
        let is_inside = Url::parse(base_url).is_ok_and(|url| url.host_str().is_some_and(|host| !is_public(host)));
        if is_inside { Self::Any } else { Self::Public }
    }
}

/// Fetches what signatures need to be believed later. It needs no enrolled phone.
pub struct TrustServices {
    client: Client,
    reach: Reach,
}

impl TrustServices {
    /// A client; `https` services must be certified under `roots`, of which there may be none.
    ///
    /// # Errors
    /// [`TransportError::Misconfigured`].
    pub fn new(roots: &TrustAnchors, reach: Reach) -> Result<Self, Error> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls_config(roots)?)
            // Who answers elsewhere is someone else.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .no_proxy()
            .build()
            .map_err(|error| misconfigured(&error))?;
        Ok(Self { client, reach })
    }

    /// Asks a timestamp authority (RFC 3161 §3.4) for a timestamp on what has this digest. The token is one that verifies,
    /// is about the digest and answers this very request; whether the authority is believed is for the caller.
    ///
    /// # Errors
    /// `tsp.*`, `cms.*`, `network.*`, `service.bad-reply`, `sdk.misconfigured` for an address that is not asked, `sdk.no-randomness`,
    /// `sdk.cancelled`.
    pub async fn timestamp(
        &self,
        url: &str,
        imprint: Digest,
        entropy: &dyn Entropy,
        cancel: &Cancel,
    ) -> Result<TimestampToken, Error> {
        let request = TimestampRequest::new(imprint, &mut generator(entropy)?)?;
        let asked = self
            .client
            .post(self.address(url)?)
            .header("content-type", "application/timestamp-query")
            .body(request.to_der().to_vec());
        let reply = Expected { media_type: "application/timestamp-reply", longest: MAX_TIMESTAMP_RESPONSE_LEN };
        let body = cancel.or(exchange(asked, reply)).await?;
        Ok(request.accept(&body)?)
    }

    /// Asks an OCSP responder (RFC 6960 appendix A) about a certificate. The response is read, and believed or not by
    /// [`OcspResponse::evidence`].
    ///
    /// # Errors
    /// `revocation.*`, `network.*`, `service.bad-reply`, `sdk.misconfigured`, `sdk.cancelled`.
    pub async fn ocsp(
        &self,
        url: &str,
        certificate: &Certificate,
        issuer: &Certificate,
        cancel: &Cancel,
    ) -> Result<OcspResponse, Error> {
        let request = OcspRequest::new(certificate, issuer)?;
        let asked = self
            .client
            .post(self.address(url)?)
            .header("content-type", "application/ocsp-request")
            .body(request.to_der().to_vec());
        let reply = Expected { media_type: "application/ocsp-response", longest: MAX_OCSP_RESPONSE_LEN };
        let body = cancel.or(exchange(asked, reply)).await?;
        Ok(OcspResponse::from_der(&body)?)
    }

    /// Fetches a CRL (RFC 5280 §4.2.1.13). It is read, and believed or not by [`Crl::evidence`].
    ///
    /// # Errors
    /// As [`Self::ocsp`].
    pub async fn crl(&self, url: &str, cancel: &Cancel) -> Result<Crl, Error> {
        // Of lists and certificates servers often do not know the type.
        let body = self.fetch(url, MAX_CRL_LEN, cancel).await?;
        Ok(Crl::from_der(&body)?)
    }

    /// Fetches an issuer's certificate (`id-ad-caIssuers`, RFC 5280 §4.2.2.1); a bundle (`.p7c`) is not read.
    ///
    /// # Errors
    /// `cert.*`, `network.*`, `service.bad-reply`, `sdk.misconfigured`, `sdk.cancelled`.
    pub async fn certificate(&self, url: &str, cancel: &Cancel) -> Result<Certificate, Error> {
        let body = self.fetch(url, MAX_CERTIFICATE_LEN, cancel).await?;
        Ok(Certificate::from_der(&body)?)
    }

    /// Asks about every certificate of a path ([`eseal_crypto::cert::Chain::path`]) but its last, the trust anchor: first
    /// the OCSP responders that it names, and where none gives word the CRLs. All of it goes into `data`, with what is there
    /// already; who has word there that still holds at `at` is not asked about.
    ///
    /// # Errors
    /// Why the last service asked gave no word about a certificate; one that names no service has none, and is no error.
    /// `sdk.cancelled`.
    pub async fn revocation(
        &self,
        path: &[&Certificate],
        at: UnixTime,
        data: &mut RevocationData,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        for (certificate, issuer) in path.iter().zip(path.iter().skip(1)) {
            if data.status_at(certificate, issuer, at).status == RevocationStatus::Unknown {
                self.word_about(certificate, issuer, data, cancel).await?;
            }
        }
        Ok(())
    }

    async fn word_about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        data: &mut RevocationData,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let mut last = Ok(());
        for url in &certificate.services().ocsp {
            let word = self.ocsp(url, certificate, issuer, cancel).await;
            last = word.and_then(|word| {
                word.evidence(certificate, issuer)?;
                data.add_ocsp(word);
                Ok(())
            });
            if matches!(last, Ok(()) | Err(Error::Cancelled)) {
                return last;
            }
        }
        for url in &certificate.services().crls {
            let word = self.crl(url, cancel).await;
            last = word.and_then(|word| {
                word.evidence(certificate, issuer)?;
                data.add_crl(word);
                Ok(())
            });
            if matches!(last, Ok(()) | Err(Error::Cancelled)) {
                return last;
            }
        }
        last
    }

    async fn fetch(&self, url: &str, longest: usize, cancel: &Cancel) -> Result<Vec<u8>, Error> {
        let asked = self.client.get(self.address(url)?);
        cancel.or(exchange(asked, Expected { media_type: "", longest })).await
    }

    fn address(&self, url: &str) -> Result<Url, Error> {
        let refused = |detail: &str| TransportError::Misconfigured { detail: detail.to_owned() };
        let parsed = Url::parse(url).map_err(|error| misconfigured(&error))?;
        let is_plain = parsed.username().is_empty() && parsed.password().is_none();
        if !matches!(parsed.scheme(), "http" | "https") || url.len() > MAX_URL_LEN || !is_plain {
            return Err(refused("the address of a service is not http:// or https://").into());
        }
        let host = parsed.host_str().ok_or_else(|| refused("the address of a service has no host"))?;
        if self.reach == Reach::Public && !is_public(host) {
            return Err(refused("the address of a service is inside a private network").into());
        }
        Ok(parsed)
    }
}

/// What an answer must be.
struct Expected {
    /// Its media type; empty where any will do.
    media_type: &'static str,
    /// In bytes.
    longest: usize,
}

async fn exchange(request: RequestBuilder, expected: Expected) -> Result<Vec<u8>, Error> {
    let mut response = request.send().await.map_err(|error| classify(&error))?;
    let status = response.status();
    if !status.is_success() {
        return Err(Error::BadServiceReply { detail: format!("a service answered with status {}", status.as_u16()) });
    }
    let stated = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = stated.split(';').next().unwrap_or_default().trim();
    if !expected.media_type.is_empty() && !media_type.eq_ignore_ascii_case(expected.media_type) {
        return Err(Error::BadServiceReply {
            detail: format!("a service answered with another type: {media_type:.64}"),
        });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > expected.longest {
            return Err(TransportError::ReplyTooLarge.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether a host is a name, or an address of the internet. A name may still lead inside; what is sent there is a question
/// about a certificate, and nothing of the answer is shown.
fn is_public(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse() {
        Ok(IpAddr::V4(address)) => {
            !(address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.is_multicast())
        }
        Ok(IpAddr::V6(address)) => {
            let is_inside = address.is_unique_local() || address.is_unicast_link_local();
            let mapped = address.to_ipv4_mapped().is_none_or(|inner| is_public(&inner.to_string()));
            mapped && !(address.is_loopback() || is_inside || address.is_unspecified() || address.is_multicast())
        }
        Err(_) => host != "localhost" && !host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_names_does_not_lead_into_the_house() {
        let public = TrustServices::new(&TrustAnchors::default(), Reach::Public).unwrap();
        let any = TrustServices::new(&TrustAnchors::default(), Reach::Any).unwrap();
        for inside in [
            "http://127.0.0.1/",
            "http://localhost:8080/ocsp",
            "http://a.localhost/",
            "http://10.0.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://0.0.0.0/",
            "http://0x7f.1/",
            "http://2130706433/",
        ] {
            assert_eq!(public.address(inside).unwrap_err().code(), "sdk.misconfigured", "{inside}");
            assert!(any.address(inside).is_ok(), "{inside}");
        }
        for outside in
            ["http://tsa.example/", "https://ocsp.example:8443/a", "http://8.8.8.8/", "http://[2001:db8::1]/"]
        {
            assert!(public.address(outside).is_ok(), "{outside}");
        }
        let long = format!("http://a.example/{}", "a".repeat(MAX_URL_LEN));
        for bad in [
            "",
            "tsa.example",
            "ftp://tsa.example/",
            "file:///etc/passwd",
            "ldap://x/",
            "http://u:p@tsa.example/",
            &long,
        ] {
            for services in [&public, &any] {
                assert_eq!(services.address(bad).unwrap_err().code(), "sdk.misconfigured", "{bad}");
            }
        }
    }
}
