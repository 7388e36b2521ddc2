//! The person at the portal, without a browser: the same calls that the page makes, and the code as a picture.

use eseal_platform::Platform;
use eseal_sdk::Error;
use eseal_sdk::client::{HttpsTransport, Method, Reply, Request, Transport};
use eseal_sdk::crypto::cert::TrustAnchors;
use serde_json::{Value, json};

use super::DemoError;

const TIMEOUT_MS: u64 = 30_000;

/// A signed-in session.
pub struct PortalSession {
    transport: HttpsTransport,
    cookie: String,
}

impl PortalSession {
    /// Signs in.
    ///
    /// # Errors
    /// [`DemoError::Portal`] with the portal's answer, as every call of a session.
    pub async fn sign_in(platform: &Platform, account: &str, password: &str) -> Result<Self, DemoError> {
        let roots = TrustAnchors::from_pem(platform.tls_root_pem()).map_err(Error::from)?;
        let transport = HttpsTransport::new(platform.base_url(), &roots).map_err(Error::from)?;
        let mut session = Self { transport, cookie: String::new() };
        let body = json!({ "account": account, "password": password });
        let reply = session.call(Method::Post, "/portal/api/session", &body).await?;
        let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        cookie.unwrap_or_default().clone_into(&mut session.cookie);
        Ok(session)
    }

    /// Presses 立即领取 for the newest claim; its name.
    ///
    /// # Errors
    /// As [`Self::sign_in`].
    pub async fn take(&self) -> Result<String, DemoError> {
        let overview = self.call(Method::Get, "/portal/api/overview", &Value::Null).await?;
        let overview: Value =
            serde_json::from_slice(&overview.body).map_err(|error| DemoError::Portal(error.to_string()))?;
        let claim = overview["overview"]["claim"]["claim_id"].as_str();
        let claim = claim.ok_or_else(|| DemoError::Portal("the portal shows no claim".to_owned()))?.to_owned();
        self.call(Method::Post, &format!("/portal/api/claims/{claim}/take"), &Value::Null).await?;
        Ok(claim)
    }

    /// The frame that the page shows in this second, as a picture.
    ///
    /// # Errors
    /// As [`Self::sign_in`].
    pub async fn frame_png(&self, claim: &str) -> Result<Vec<u8>, DemoError> {
        let path = format!("/portal/api/claims/{claim}/frame.png");
        Ok(self.call(Method::Get, &path, &Value::Null).await?.body)
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Reply, DemoError> {
        let headers = [("eseal-portal", "1"), ("cookie", &self.cookie), ("content-type", "application/json")];
        let headers = headers.into_iter().filter(|(_, value)| !value.is_empty());
        let request = Request {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
            timeout_ms: TIMEOUT_MS,
        };
        let reply = self.transport.send(request).await.map_err(Error::from)?;
        if (200..300).contains(&reply.status) {
            Ok(reply)
        } else {
            Err(DemoError::Portal(format!("{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.body))))
        }
    }
}
