//! `eseal demo --serve`: portal and phone page for a person who has no phone at hand.

use std::net::SocketAddr;
use std::sync::Arc;

use zeroize::Zeroizing;

use eseal_sdk::{Cancel, NoProgress};

use super::phone_page::{PhonePage, router};
use super::{DemoError, file_error, person};

/// Serves until interrupted.
///
/// # Errors
/// [`DemoError`] when the platform or the page cannot be served.
pub async fn serve(portal: SocketAddr, phone: SocketAddr) -> Result<(), DemoError> {
    let temporary = tempfile::tempdir().map_err(|error| file_error("temporary folder".as_ref())(error))?;
    let platform =
        person::platform(&temporary.path().join("platform"), |config| config.browser_listen = Some(portal)).await?;
    let client = person::phone(&platform, &temporary.path().join("phone"))?;
    let password = Zeroizing::new(person::PASSWORD.to_owned());
    client.enrol(person::ACCOUNT, password, &NoProgress, &Cancel::new()).await?;

    let listener = tokio::net::TcpListener::bind(phone).await.map_err(file_error(phone.to_string().as_ref()))?;
    let platform = Arc::new(platform);
    let page = PhonePage::new(client, Arc::clone(&platform), temporary.path().join("documents"))?;
    say(&format!(
        "portal  {}   (account {}, password {})",
        platform.browser_url().unwrap_or("-"),
        person::ACCOUNT,
        person::PASSWORD
    ));
    say(&format!("phone   http://{phone}   (draw, hand in, scan, consent, seal)"));
    say("stop with Ctrl-C");
    axum::serve(listener, router(page))
        .with_graceful_shutdown(async {
            // Without a signal handler the process simply ends at the signal.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await
        .map_err(file_error(phone.to_string().as_ref()))
}

#[expect(clippy::print_stdout, reason = "the addresses are what the person waits for")]
fn say(line: &str) {
    println!("{line}");
}
