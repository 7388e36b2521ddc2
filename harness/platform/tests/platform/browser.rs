//! A browser played by hand, on the listener without TLS.

use eseal_qr::{LumaFrame, decode};
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

use crate::phone::{Reply, password};
use crate::world::World;

pub(crate) struct Browser {
    http: Client,
    pub(crate) base_url: String,
    pub(crate) cookie: String,
}

impl Browser {
    pub(crate) fn new(world: &World) -> Self {
        let base_url = world.platform.browser_url().unwrap().to_owned();
        Self { http: world.http.clone(), base_url, cookie: String::new() }
    }

    pub(crate) async fn signed_in(world: &World, account: &str) -> Self {
        let mut browser = Self::new(world);
        let url = format!("{}/portal/api/session", browser.base_url);
        let body = serde_json::json!({ "account": account, "password": password(account) });
        let reply = browser.http.post(url).header("eseal-portal", "1").json(&body).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::NO_CONTENT);
        let cookie = reply.headers().get(SET_COOKIE).unwrap().to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        cookie.split(';').next().unwrap().clone_into(&mut browser.cookie);
        browser
    }

    pub(crate) async fn call(&self, method: Method, path: &str) -> Reply {
        self.call_with(method, path, &[("eseal-portal", "1")]).await
    }

    pub(crate) async fn call_with(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut call = self.http.request(method, format!("{}{path}", self.base_url)).header(COOKIE, &self.cookie);
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        Reply::of(call.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).await
    }

    pub(crate) async fn overview(&self) -> Value {
        self.get("/portal/api/overview").await.json()
    }

    pub(crate) async fn take(&self, claim_id: &str) -> Reply {
        self.call(Method::POST, &format!("/portal/api/claims/{claim_id}/take")).await
    }

    pub(crate) async fn frame(&self, claim_id: &str) -> Reply {
        self.get(&format!("/portal/api/claims/{claim_id}/frame.svg")).await
    }

    /// The link in the present frame, read as a phone would: the picture's dark modules, drawn and decoded.
    pub(crate) async fn scan(&self, claim_id: &str) -> String {
        let reply = self.frame(claim_id).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", String::from_utf8_lossy(&reply.body));
        read_svg(&String::from_utf8(reply.body).unwrap())
    }

    /// Waits until the overview fits.
    pub(crate) async fn until(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let mut seen = self.overview().await;
        for _ in 0..20 {
            if fits(&seen["overview"]) {
                return seen["overview"].clone();
            }
            let version = seen["version"].as_str().unwrap();
            seen = self.get(&format!("/portal/api/overview?since={version}")).await.json();
        }
        panic!("never came: {seen:#}");
    }
}

/// Draws the runs of the code's one black path at four pixels a module and reads the code.
fn read_svg(svg: &str) -> String {
    const PX: usize = 4;
    let modules: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = svg.split("fill=\"#000\" d=\"M").nth(1).unwrap().split("z\"").next().unwrap();
    let side = modules * PX;
    let mut luma = vec![255; side * side];
    for run in path.split("zM") {
        let (start, rest) = run.split_once('h').unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
        for row in y * PX..(y + 1) * PX {
            luma[row * side + x * PX..row * side + (x + length) * PX].fill(0);
        }
    }
    let side = u32::try_from(side).unwrap();
    let frame = LumaFrame::new(side, side, side, &luma).unwrap();
    decode(&frame).unwrap().remove(0).text
}
