//! What the page shows of a request: the code, as large as it stands on a screen.

use eseal_protocol::consent::ConsentState;
use eseal_qr::{ModulePx, QUIET_ZONE_MODULES, QrCode, Screen};

use crate::app::App;
use crate::claims::ClaimRow;
use crate::http::refusal::Refusal;

/// Widest that the code is shown, quiet zone included, in CSS px: it fits on a phone's screen.
const CODE_PX: u32 = 336;
/// How far people hold a phone from a monitor, mm.
const CAMERA_MM: f64 = 400.0;

/// A frame's modules and how large one is.
pub(super) struct Code {
    pub(super) matrix: QrCode,
    pub(super) module: ModulePx,
}

impl Code {
    pub(super) fn of(link: &str) -> Result<Self, Refusal> {
        let screen = Screen::of_css_px(CODE_PX, CAMERA_MM).map_err(Refusal::internal)?;
        let matrix = screen.encode(link).map_err(Refusal::internal)?;
        let modules = matrix.side() + 2 * QUIET_ZONE_MODULES;
        let module = ModulePx::new(CODE_PX / modules).unwrap_or(ModulePx::MIN);
        Ok(Self { matrix, module })
    }

    pub(super) fn png(&self) -> Vec<u8> {
        self.matrix.to_png(self.module)
    }
}

/// The picture of the code that is shown to an account now, PNG: what a camera before that person's screen sees. For the
/// harness, whose phone has no camera.
pub(crate) async fn code_shown_to(app: &App, account: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let claim: Option<(String,)> = sqlx::query_as("SELECT person_id FROM accounts WHERE account = ?")
        .bind(account)
        .fetch_optional(app.db.pool())
        .await?;
    let Some(person_id) = claim.and_then(|(person_id,)| person_id.parse().ok()) else { return Ok(None) };
    let newest = ClaimRow::newest_of(&mut *app.db.pool().acquire().await?, &person_id).await?;
    let Some(claim) = newest else { return Ok(None) };
    let request = app.relying_party.request_of(&claim.claim.claim_id).await?;
    let Some((request, _)) = request.filter(|(_, standing)| standing.state == ConsentState::Created) else {
        return Ok(None);
    };
    let link = app.relying_party.frame(&request, &app.link_host);
    link.map(|link| Ok(Code::of(&link)?.png())).transpose()
}
