//! Headless Chromium, driven over the `WebDriver` protocol.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

const PATIENCE: Duration = Duration::from_secs(20);

/// How a person looks at the page.
#[derive(Clone, Copy)]
pub struct Look {
    pub language: &'static str,
    pub width: u32,
    pub height: u32,
    pub theme: &'static str,
}

impl Look {
    pub const DESKTOP: Self = Self { language: "zh-CN", width: 1280, height: 900, theme: "light" };
    pub const PHONE: Self = Self { language: "en-GB", width: 390, height: 844, theme: "dark" };
}

/// One browser with one window. Ends its driver, and with it Chromium, when dropped.
pub struct Browser {
    pub page: Client,
    look: Look,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// A fresh browser; `None`, and a line that says so, on a machine that has none.
    pub async fn open(look: Look) -> Option<Self> {
        let (Some(chromedriver), Some(chromium)) = (on_path("chromedriver"), on_path("chromium")) else {
            println!("SKIPPED: portal in Chromium: chromium and chromedriver are not on PATH");
            return None;
        };
        let (driver, url) = start(&chromedriver);
        let profile = tempfile::tempdir().unwrap();
        let capabilities = capabilities(&chromium, profile.path(), look);
        let connected = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&url).await;
        let page = connected.expect("a WebDriver session");
        let browser = Self { page, look, driver, _profile: profile };
        browser.resize().await;
        Some(browser)
    }

    /// Headless Chromium's window does not go below 500 px: the size and theme of a phone are the device's, not the window's.
    async fn resize(&self) {
        let Look { width, height, theme, .. } = self.look;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let command = DriverCommand { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) };
        self.page.issue_cmd(command).await.unwrap()
    }

    /// Waits for an element that fits a CSS selector.
    pub async fn see(&self, selector: &str) -> Element {
        let found = self.page.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{selector} never came: {error}\n{}", self.page.source().await.unwrap()),
        }
    }

    /// Waits until the claim's card shows a scene.
    pub async fn see_scene(&self, scene: &str) {
        self.see(&format!("#claim[data-scene='{scene}']")).await;
    }

    pub async fn click(&self, id: &str) {
        self.see(&format!("#{id}:enabled")).await.click().await.unwrap();
    }

    pub async fn text(&self, selector: &str) -> String {
        self.see(selector).await.text().await.unwrap()
    }

    pub async fn sign_in(&self, (account, password): (&str, &str)) {
        self.see("#account").await.clear().await.unwrap();
        self.see("#account").await.send_keys(account).await.unwrap();
        self.see("#password").await.clear().await.unwrap();
        self.see("#password").await.send_keys(password).await.unwrap();
        self.click("sign-in").await;
    }

    /// What is on the screen, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.page.screenshot().await.unwrap()
    }

    /// Keeps a picture of the whole page for people to look at.
    pub async fn keep_picture(&self, name: &str) {
        let everything = json!({ "format": "png", "captureBeyondViewport": true });
        let shot = self.devtools("Page.captureScreenshot", everything).await;
        let png = decode_base64(shot["data"].as_str().unwrap());
        let Look { language, width, .. } = self.look;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/portal-screens");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}-{language}-{width}.png")), png).unwrap();
    }

    /// Reads what the screen's code says, from a screenshot, until a code can be read.
    pub async fn scan(&self) -> String {
        self.see("#code[data-code='fresh']").await;
        let until = Instant::now() + PATIENCE;
        loop {
            match eseal_qr::decode_picture(&self.screenshot().await) {
                Ok(found) => return found[0].text.clone(),
                Err(error) => assert!(Instant::now() < until, "no code on the screen: {error}"),
            }
        }
    }

    /// Errors and warnings of the page's script and of its policy.
    pub async fn complaints(&self) -> Vec<String> {
        let command = DriverCommand { path: "se/log", body: json!({ "type": "browser" }) };
        let log = self.page.issue_cmd(command).await.unwrap();
        log.as_array().unwrap().iter().map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Ends the session in order.
    pub async fn close(self) {
        self.page.clone().close().await.unwrap();
    }
}

/// A command of this driver beyond the standard's.
#[derive(Debug)]
struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// How often the driver is started before the test gives up on it.
const STARTS: usize = 5;

/// Starts the driver on a port of its own choice and learns the port from what it says.
///
/// The driver takes a free port on one address family and then wants the same number on the other; when somebody
/// holds that one it goes away without having said a port, and the next start takes another number.
fn start(chromedriver: &Path) -> (Child, String) {
    for _ in 0..STARTS {
        let mut driver = Command::new(chromedriver)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(driver.stdout.take().unwrap());
        let port = said.lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        if let Some(port) = port {
            return (driver, format!("http://127.0.0.1:{port}"));
        }
        let _ = driver.kill();
        let _ = driver.wait();
    }
    panic!("the driver said no port in {STARTS} starts");
}

fn capabilities(chromium: &Path, profile: &Path, look: Look) -> Map<String, Value> {
    let args = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ];
    let mut args: Vec<String> = args.map(str::to_owned).to_vec();
    args.push(format!("--user-data-dir={}", profile.display()));
    args.push(format!("--window-size={},{}", look.width, look.height));
    args.push(format!("--accept-lang={}", look.language));
    let options = json!({
        "binary": chromium,
        "args": args,
        "prefs": { "intl.accept_languages": look.language },
    });
    let mut capabilities = Map::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
    capabilities
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn decode_base64(text: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(text.as_bytes()).unwrap()
}
