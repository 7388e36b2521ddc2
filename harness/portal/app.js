// The page's one loop: ask for the overview, draw it, wait for the next change.

import * as api from "./api.js";
import * as code from "./code.js";
import { h } from "./dom.js";
import { LANGUAGES, preferredLanguage, rememberLanguage, sayRefused, textsOf } from "./texts.js";
import { announce, overviewView, sceneOf, signInView } from "./views.js";

const RETRY_MS = [1000, 2000, 4000, 8000];
const at = (id) => document.getElementById(id);

let language = preferredLanguage();
let followed = null;
/** Server's clock minus ours, in ms. */
let clockSkew = 0;
let shown = new AbortController();
let following = new AbortController();

const t = () => textsOf(language);

function drawFrame() {
  document.documentElement.lang = language;
  document.title = `${t().claimTitle} · ${t().site}`;
  at("site").textContent = t().site;
  at("site-note").textContent = t().siteNote;
  at("skip").textContent = t().skip;
  at("foot").textContent = t().foot;
  at("offline").textContent = t().offline;
  const languages = Object.entries(LANGUAGES).map(([tag, name]) =>
    h("button", { type: "button", lang: tag, id: `language-${tag}`, "aria-pressed": String(tag === language), onclick: () => chooseLanguage(tag) }, name));
  at("tools").replaceChildren(
    h("div", { class: "languages", role: "group", "aria-label": t().language }, languages),
    ...(followed ? [h("button", { type: "button", class: "plain", id: "sign-out", onclick: signOut }, t().signOut)] : []));
}

/** Draws what was last heard. Keeps the keyboard's place, or brings it to the new heading when its element is gone. */
function draw() {
  shown.abort();
  shown = new AbortController();
  const focused = document.activeElement?.id;
  drawFrame();
  const main = at("main");
  if (!followed) {
    main.replaceChildren(signInView(t(), signIn));
    at("account").focus();
    return;
  }
  const { overview } = followed;
  const before = at("claim")?.dataset.scene;
  main.replaceChildren(overviewView(t(), language, overview, actions));
  if (focused) (at(focused) ?? at("claim-title"))?.focus({ preventScroll: true });
  if (before !== undefined && before !== sceneOf(overview.claim)) at("status").textContent = announce(t(), overview);
  if (sceneOf(overview.claim) === "code") startCode(overview.claim.claim_id);
  countDown();
}

function startCode(claimId) {
  const left = at("code-left");
  code.show(claimId, at("code"), (state) => {
    left.dataset.text = { fresh: "codeLeft", stale: "codeStale", over: "codeOver" }[state];
    countDown();
  }, shown.signal);
}

/** Fills every remaining time on the page; called each second, so nothing is drawn anew for it. */
function countDown() {
  const now = Math.floor((Date.now() + clockSkew) / 1000);
  for (const element of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Number(element.dataset.until) - now);
    if (element instanceof HTMLProgressElement) {
      element.value = left;
      continue;
    }
    const text = t()[element.dataset.text];
    const said = element.dataset.text === "answerLeft" ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : left;
    element.textContent = typeof text === "function" ? text(said) : text;
  }
}

function take(news) {
  clockSkew = news.server_time * 1000 - Date.now();
  const changed = followed?.version !== news.version;
  followed = news;
  at("offline").hidden = true;
  if (changed) draw();
}

function leave() {
  followed = null;
  at("offline").hidden = true;
  draw();
}

const pause = (failures) =>
  new Promise((resume) => setTimeout(resume, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));

/** Follows the overview until the session ends or another loop takes over. */
async function follow() {
  following.abort();
  following = new AbortController();
  const { signal } = following;
  let failures = 0;
  while (!signal.aborted) {
    try {
      take(await api.overview(followed?.version, signal));
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (error.code === "auth.no-session") return leave();
      at("offline").hidden = followed === null;
      await pause(failures);
      failures += 1;
    }
  }
}

async function signIn(account, password) {
  try {
    await api.signIn(account, password);
    take(await api.overview());
    follow();
    return undefined;
  } catch (error) {
    return sayRefused(t(), error);
  }
}

async function signOut() {
  following.abort();
  await api.signOut().catch(() => undefined);
  leave();
}

/** Does what a button says; answers with what to complain about, if anything. The page follows by itself. */
const attempt = (call) => async (claimId) => {
  try {
    await call(claimId);
    return undefined;
  } catch (error) {
    if (error.code === "auth.no-session") leave();
    return sayRefused(t(), error);
  }
};

const actions = { take: attempt(api.take), cancel: attempt(api.cancel) };

function chooseLanguage(tag) {
  language = tag;
  rememberLanguage(tag);
  draw();
}

/** What a page that was just opened does: go on with the session if there is one. */
async function begin() {
  drawFrame();
  for (let failures = 0; ; failures += 1) {
    try {
      if ((await api.who()) === null) return leave();
      take(await api.overview());
      return follow();
    } catch (error) {
      if (error.code === "auth.no-session") return leave();
      at("offline").hidden = false;
      await pause(failures);
    }
  }
}

setInterval(countDown, 1000);
begin();
