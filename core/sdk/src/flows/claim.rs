//! Claim a hand-drawn seal: hand in the face, then wait until the person has asked for it on the portal and consented.

use eseal_face::Face;
use eseal_protocol::api::{Claim, ClaimRequest, ClaimState};
use eseal_protocol::ids::{ClaimId, Nonce, SealId, Sha256Hex};

use crate::app::Client;
use crate::cancel::Cancel;
use crate::client::Call;
use crate::error::Error;
use crate::flows::Seal;
use crate::progress::{Progress, Step};

const WAIT_S: u64 = 25;

/// A claim under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimHandle {
    claim_id: ClaimId,
    seal_id: SealId,
}

impl ClaimHandle {
    /// The claim's name.
    #[must_use]
    pub const fn claim_id(&self) -> &ClaimId {
        &self.claim_id
    }

    /// The seal that will be made.
    #[must_use]
    pub const fn seal_id(&self) -> &SealId {
        &self.seal_id
    }
}

impl Client {
    /// Hands in the drawn face. On the portal, the person now asks for the seal (立即领取) and scans its code.
    ///
    /// # Errors
    /// `claim.bad-face`, `sdk.not-enrolled`, or that of the network.
    pub async fn claim_handwritten(
        &self,
        face: &Face,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<ClaimHandle, Error> {
        cancel
            .or(async {
                let enrolled = self.records.enrolled().await?;
                progress.step(Step::HandingInFace);
                let face_svg = face.to_svg();
                let sha256 = Sha256Hex::of(face_svg.as_bytes());
                let once = Nonce::random(&mut self.generator()?).to_string();
                let call = Call::post("/v1/claims", &ClaimRequest { face_svg })?.once(once);
                let claim: Claim = self.caller.as_device(&call, &enrolled.device_id).await?;
                if claim.face_sha256 != sha256 {
                    return Err(Error::BadReply { detail: "a claim for another face".to_owned() });
                }
                progress.step(Step::Done);
                Ok(ClaimHandle { claim_id: claim.claim_id, seal_id: claim.seal_id })
            })
            .await
    }

    /// Waits until the claim is decided: the seal that was made.
    ///
    /// # Errors
    /// [`Error::ClaimWithdrawn`] when the person said no or drew anew, `sdk.not-enrolled`, or that of the network.
    pub async fn await_seal(
        &self,
        claim: &ClaimHandle,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Seal, Error> {
        cancel
            .or(async {
                let enrolled = self.records.enrolled().await?;
                progress.step(Step::AwaitingConsent);
                let mut since = None;
                loop {
                    let call = Call::get(format!("/v1/claims/{}", claim.claim_id))
                        .waiting(since.map_or(String::new(), |since| format!("wait={WAIT_S}&since={since}")), WAIT_S);
                    let now: Claim = self.caller.as_device(&call, &enrolled.device_id).await?;
                    since = match now.state {
                        ClaimState::Drawn => Some("drawn"),
                        ClaimState::AwaitingConsent => Some("awaiting-consent"),
                        ClaimState::Withdrawn => return Err(Error::ClaimWithdrawn),
                        ClaimState::Made => break,
                    };
                }
                progress.step(Step::Done);
                self.seal_now(claim.seal_id()).await
            })
            .await
    }
}
