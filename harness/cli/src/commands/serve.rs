//! `eseal serve`: a platform to try out.

use std::io;

use eseal_platform::{PlatformConfig, start};
use serde_json::json;

use crate::args::Serve;
use crate::exit::Exit;

pub(super) async fn run(arguments: Serve) -> Exit {
    match serve(arguments).await {
        Ok(()) => Exit::Done,
        Err(error) => {
            eprintln!("eseal: {error}");
            Exit::No
        }
    }
}

async fn serve(arguments: Serve) -> Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let data = arguments.data.unwrap_or_else(|| temporary.path().to_owned());
    let config = PlatformConfig {
        listen: arguments.listen,
        browser_listen: Some(arguments.browser),
        ..PlatformConfig::on_loopback(data)
    };
    let accounts: Vec<_> = config
        .accounts
        .iter()
        .map(|seed| json!({ "account": seed.account, "password": seed.password, "name": seed.name }))
        .collect();
    let platform = start(config).await?;
    if arguments.json {
        let ready = json!({
            "base_url": platform.base_url(),
            "browser_url": platform.browser_url(),
            "pki_url": platform.pki_url(),
            "tls_root_pem": platform.tls_root_pem(),
            "trust_root_pem": platform.trust_root_pem(),
            "national_root_pem": platform.national_root_pem(),
            "operator_token": platform.operator_token(),
            "link_host": platform.link_host(),
            "accounts": accounts,
        });
        println!("{ready}");
        tokio::task::spawn_blocking(|| io::copy(&mut io::stdin().lock(), &mut io::sink())).await??;
    } else {
        println!("platform {}", platform.base_url());
        println!("portal   {}", platform.browser_url().unwrap_or("-"));
        println!("pki      {}", platform.pki_url().unwrap_or("-"));
        tokio::signal::ctrl_c().await?;
    }
    platform.stop().await;
    Ok(())
}
