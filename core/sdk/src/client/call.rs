//! One call to the platform: body to JSON, signature, repeat where that is safe, problem to error.

use std::sync::{Arc, Mutex, PoisonError};

use eseal_custody::{KeyPurpose, Prompt};
use eseal_protocol::http_signature::{IDEMPOTENCY_HEADER, NONCE_HEADER, RequestParts, RequestToSign};
use eseal_protocol::ids::DeviceId;
use eseal_protocol::problem::{Problem, ProblemCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::retry;
use super::transport::{Method, Reply, Request, Transport};
use crate::error::Error;
use crate::keys::PhoneKeys;
use crate::random::{Entropy, generator};

const TIMEOUT_MS: u64 = 30_000;
/// Sent until the platform has given a nonce; it answers with one.
const NO_NONCE: &str = "none";
const PROBLEM: &str = "application/problem+json";

/// A call, before it is signed.
pub(crate) struct Call {
    method: Method,
    path: String,
    query: String,
    /// Wiped with the call: it may hold a password.
    body: Zeroizing<Vec<u8>>,
    idempotency_key: String,
    timeout_ms: u64,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path.into(), Vec::new())
    }

    pub(crate) fn post<T: Serialize>(path: impl Into<String>, body: &T) -> Result<Self, Error> {
        Ok(Self::new(Method::Post, path.into(), to_json(body)?))
    }

    pub(crate) fn post_empty(path: impl Into<String>) -> Self {
        Self::new(Method::Post, path.into(), Vec::new())
    }

    pub(crate) fn put<T: Serialize>(path: impl Into<String>, body: &T) -> Result<Self, Error> {
        Ok(Self::new(Method::Put, path.into(), to_json(body)?))
    }

    fn new(method: Method, path: String, body: Vec<u8>) -> Self {
        let body = Zeroizing::new(body);
        Self { method, path, query: String::new(), body, idempotency_key: String::new(), timeout_ms: TIMEOUT_MS }
    }

    /// Makes the platform answer a repetition with the first answer.
    pub(crate) fn once(mut self, idempotency_key: impl Into<String>) -> Self {
        self.idempotency_key = idempotency_key.into();
        self
    }

    /// A long poll: the platform may hold the reply for `wait_s`.
    pub(crate) fn waiting(mut self, query: String, wait_s: u64) -> Self {
        self.query = query;
        self.timeout_ms = TIMEOUT_MS.max(wait_s.saturating_mul(1000).saturating_add(TIMEOUT_MS / 2));
        self
    }

    fn repeatable(&self) -> bool {
        self.method != Method::Post || !self.idempotency_key.is_empty()
    }
}

/// How a call proves who is calling.
#[derive(Clone, Copy)]
enum Proof<'a> {
    Nobody,
    Bearer(&'a str),
    Device(&'a DeviceId),
}

/// Sends calls.
pub(crate) struct Caller {
    transport: Arc<dyn Transport>,
    keys: PhoneKeys,
    entropy: Arc<dyn Entropy>,
    nonce: Mutex<Option<String>>,
}

impl Caller {
    pub(crate) fn new(transport: Arc<dyn Transport>, keys: PhoneKeys, entropy: Arc<dyn Entropy>) -> Self {
        Self { transport, keys, entropy, nonce: Mutex::new(None) }
    }

    /// A call by nobody in particular.
    pub(crate) async fn anonymous<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        from_json(&self.exchange(call, Proof::Nobody).await?)
    }

    /// A call by a signed-in account.
    pub(crate) async fn as_account<T: DeserializeOwned>(&self, call: &Call, token: &str) -> Result<T, Error> {
        from_json(&self.exchange(call, Proof::Bearer(token)).await?)
    }

    /// A call signed by the enrolled phone.
    pub(crate) async fn as_device<T: DeserializeOwned>(&self, call: &Call, device: &DeviceId) -> Result<T, Error> {
        from_json(&self.exchange(call, Proof::Device(device)).await?)
    }

    /// As [`Self::as_device`], for a reply that is no JSON.
    pub(crate) async fn bytes_as_device(&self, call: &Call, device: &DeviceId) -> Result<Vec<u8>, Error> {
        Ok(self.exchange(call, Proof::Device(device)).await?.body)
    }

    async fn exchange(&self, call: &Call, proof: Proof<'_>) -> Result<Reply, Error> {
        let mut tried = 0;
        let mut asked_for_nonce = false;
        loop {
            let error = match self.send(call, proof).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            if is_nonce_problem(&error) && !asked_for_nonce {
                asked_for_nonce = true;
                continue;
            }
            tried += 1;
            if !call.repeatable() {
                return Err(error);
            }
            match retry::pause(&error, tried, &mut generator(&*self.entropy)?) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            }
        }
    }

    async fn send(&self, call: &Call, proof: Proof<'_>) -> Result<Reply, Error> {
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        if !call.body.is_empty() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        if !call.idempotency_key.is_empty() || matches!(proof, Proof::Device(_)) {
            headers.push((IDEMPOTENCY_HEADER.to_owned(), call.idempotency_key.clone()));
        }
        match proof {
            Proof::Nobody => {}
            Proof::Bearer(token) => headers.push(("authorization".to_owned(), format!("Bearer {token}"))),
            Proof::Device(device) => {
                let signed = self.sign(call, device).await?;
                headers.extend(signed.into_iter().map(|(name, value)| (name.to_owned(), value)));
            }
        }
        let request = Request {
            method: call.method,
            path: call.path.clone(),
            query: call.query.clone(),
            headers,
            body: call.body.to_vec(),
            timeout_ms: call.timeout_ms,
        };
        let reply = self.transport.send(request).await?;
        if let Some(nonce) = reply.header(NONCE_HEADER) {
            *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
        if (200..300).contains(&reply.status) { Ok(reply) } else { Err(problem(&reply)) }
    }

    async fn sign(&self, call: &Call, device: &DeviceId) -> Result<Vec<(&'static str, String)>, Error> {
        let nonce = self.nonce.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let parts = RequestParts {
            method: call.method.as_str(),
            path: &call.path,
            query: &call.query,
            body: &call.body,
            idempotency_key: &call.idempotency_key,
        };
        let to_sign = RequestToSign::new(&parts, device, nonce.as_deref().unwrap_or(NO_NONCE))
            .map_err(|error| Error::BadReply { detail: error.to_string() })?;
        let signature = self.keys.sign(KeyPurpose::Request, to_sign.signing_input(), &Prompt::Request).await?;
        Ok(to_sign.finish(&signature).into())
    }
}

fn is_nonce_problem(error: &Error) -> bool {
    matches!(error, Error::Platform(problem) if problem.code == ProblemCode::NonceRequired)
}

/// A reply that is no problem of our platform's making comes from something in between, or from a platform that fell over.
fn problem(reply: &Reply) -> Error {
    let stated = reply.header("content-type").is_some_and(|value| value.starts_with(PROBLEM));
    let problem = serde_json::from_slice::<Problem>(&reply.body).ok().filter(|_| stated);
    let unstated = || Problem {
        status: reply.status,
        code: if reply.status == 503 { ProblemCode::Unavailable } else { ProblemCode::Internal },
        detail: format!("status {} without a problem body", reply.status),
        retryable: reply.status >= 500,
        retry_after_ms: None,
        trace_id: String::new(),
    };
    Error::Platform(Box::new(problem.unwrap_or_else(unstated)))
}

fn to_json<T: Serialize>(body: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(body).map_err(|error| Error::BadReply { detail: error.to_string() })
}

fn from_json<T: DeserializeOwned>(reply: &Reply) -> Result<T, Error> {
    serde_json::from_slice(&reply.body).map_err(|error| Error::BadReply { detail: error.to_string() })
}
