// What is on the page, as a function of the overview. Nothing here calls the platform: buttons call `act`.

import { claimFace, sealFace } from "./api.js";
import { h, icon } from "./dom.js";

const ICONS = {
  pen: "M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1zM14.5 6.5l3 3",
  phone: "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3zM11 18h2",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  windows: "M4 7.5h11v11H4zM9 7.5V4.5h11v11h-5",
  seal: "M6 19.5h12M7.5 16.5h9v-2l-2.5-2.5V8.5a2 2 0 1 0-4 0V12l-2.5 2.5z",
};

/** How far the claim is: 0 nothing drawn … 4 done. */
function stepOf(claim) {
  if (!claim || claim.state === "withdrawn") return 0;
  if (claim.state === "made") return 4;
  if (claim.state === "drawn") return 1;
  return ["scanned", "approved"].includes(claim.request?.state) ? 2 : 1;
}

/** Which of the card's faces is shown; also the test's and the style's handle on it. */
export function sceneOf(claim) {
  if (!claim) return "none";
  if (claim.state === "drawn") return "drawn";
  if (claim.state === "made") return "made";
  if (claim.state === "withdrawn") return claim.request?.state === "declined" ? "declined" : "withdrawn";
  const { state, origin } = claim.request ?? {};
  if (state === "scanned") return "scanned";
  if (state === "approved" || state === "consumed") return "approved";
  return origin === "another-session" ? "elsewhere" : "code";
}

/** What is said aloud when the scene changes. */
export function announce(t, overview) {
  return t[`${sceneOf(overview.claim)}Title`] ?? "";
}

export function signInView(t, submit) {
  const error = h("p", { class: "error", role: "alert", id: "sign-in-error" });
  const account = h("input", { id: "account", name: "account", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true, maxlength: "64" });
  const password = h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: "256", "aria-describedby": "sign-in-error" });
  const button = h("button", { class: "primary wide", type: "submit", id: "sign-in" }, t.signIn);
  const form = h("form", {
    class: "card narrow",
    onsubmit: async (event) => {
      event.preventDefault();
      error.textContent = "";
      button.disabled = true;
      button.textContent = t.signingIn;
      const said = await submit(account.value.trim(), password.value);
      button.disabled = false;
      button.textContent = t.signIn;
      if (said) {
        error.textContent = said;
        password.select();
      }
    },
  },
  h("h1", {}, t.signInTitle),
  h("p", { class: "lead" }, t.signInLead),
  h("label", { for: "account" }, t.account), account,
  h("label", { for: "password" }, t.password), password,
  error,
  button);
  return h("div", { class: "center" }, form);
}

export function overviewView(t, language, overview, act) {
  return h("div", { class: "page" },
    h("div", { class: "hello" }, h("p", { class: "greeting" }, t.greeting(overview.name)), h("h1", {}, t.claimTitle)),
    steps(t, stepOf(overview.claim)),
    claimCard(t, overview.claim, act),
    sealsSection(t, language, overview.seals),
    usagesSection(t, language, overview.usages));
}

function steps(t, done) {
  return h("ol", { class: "steps" }, t.steps.map((text, place) =>
    h("li", { class: place < done ? "done" : place === done ? "now" : "next", "aria-current": place === done && "step" },
      h("span", { class: "dot", "aria-hidden": "true" }, place < done ? icon(ICONS.check) : String(place + 1)),
      h("span", {}, text))));
}

function claimCard(t, claim, act) {
  const scene = sceneOf(claim);
  return h("section", { class: `card claim scene-${scene}`, id: "claim", "data-scene": scene, "aria-labelledby": "claim-title" },
    SCENES[scene](t, claim, act));
}

const title = (text) => h("h2", { id: "claim-title", tabindex: "-1" }, text);

const SCENES = {
  none: (t) => plain(t.noneTitle, t.noneText, ICONS.pen, "quiet"),
  withdrawn: (t) => plain(t.withdrawnTitle, t.noneText, ICONS.pen, "quiet"),
  declined: (t) => plain(t.declinedTitle, t.declinedText, ICONS.cross, "warn"),
  approved: (t) => plain(t.approvedTitle, t.approvedText, ICONS.seal, "busy"),

  drawn: (t, claim, act) => [
    h("div", { class: "figure" }, face(t, claim)),
    h("div", { class: "words" },
      lastOutcome(t, claim),
      title(t.drawnTitle),
      h("p", {}, t.drawnText),
      facts(t, claim),
      h("div", { class: "actions" }, button("take", t.claimNow, t.claiming, "primary", () => act.take(claim.claim_id))),
      complaint()),
  ],

  code: (t, claim, act) => [
    h("div", { class: "figure" },
      h("div", { class: "code" }, h("img", { id: "code", alt: t.codeAlt, "data-claim": claim.claim_id })),
      h("p", { class: "left", id: "code-left", "data-until": claim.request.code_ends_at, "data-text": "codeLeft" }),
      h("progress", { id: "code-progress", max: "60", value: "60", "aria-hidden": "true", "data-until": claim.request.code_ends_at })),
    h("div", { class: "words" },
      title(t.codeTitle),
      h("p", {}, t.codeText),
      facts(t, claim),
      h("div", { class: "actions" }, button("cancel", t.cancel, t.cancelling, "secondary", () => act.cancel(claim.claim_id))),
      complaint()),
  ],

  elsewhere: (t, claim, act) => [
    badge(ICONS.windows, "warn"),
    h("div", { class: "words" },
      title(t.elsewhereTitle),
      h("p", {}, t.elsewhereText),
      h("div", { class: "actions" }, button("cancel", t.cancelElsewhere, t.cancelling, "secondary", () => act.cancel(claim.claim_id))),
      complaint()),
  ],

  scanned: (t, claim, act) => [
    badge(ICONS.phone, "busy"),
    h("div", { class: "words" },
      title(t.scannedTitle),
      h("p", {}, t.scannedText),
      h("dl", { class: "facts" },
        fact(t.scannedBy, short(claim.request.device_id)),
        fact(t.fingerprint, fingerprint(claim.face_sha256))),
      h("p", { class: "left", "data-until": claim.request.answer_ends_at, "data-text": "answerLeft" }),
      h("div", { class: "actions" }, button("cancel", t.cancel, t.cancelling, "secondary", () => act.cancel(claim.claim_id))),
      complaint()),
  ],

  made: (t, claim) => [
    h("div", { class: "figure" }, face(t, claim)),
    h("div", { class: "words" },
      h("p", { class: "tick" }, icon(ICONS.check)),
      title(t.madeTitle),
      h("p", {}, t.madeText)),
  ],
};

function plain(heading, text, path, tone) {
  return [badge(path, tone), h("div", { class: "words" }, title(heading), h("p", {}, text))];
}

const badge = (path, tone) => h("div", { class: `badge ${tone}` }, icon(path));

const complaint = () => h("p", { class: "error", role: "alert", id: "claim-error" });

function lastOutcome(t, claim) {
  const text = { expired: t.lastExpired, cancelled: t.lastCancelled, approved: t.lastRefused }[claim.request?.state];
  return text && h("p", { class: "notice" }, text);
}

function face(t, claim) {
  return h("div", { class: "paper" }, h("img", { class: "face", src: claimFace(claim.claim_id), alt: t.faceAlt }));
}

function facts(t, claim) {
  return h("dl", { class: "facts" },
    fact(t.size, t.sizeValue(millimetres(claim.width_um), millimetres(claim.height_um))),
    fact(t.fingerprint, fingerprint(claim.face_sha256), t.fingerprintNote));
}

function fact(name, value, note) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value, note && h("small", {}, note)));
}

function button(id, text, busyText, kind, run) {
  const element = h("button", { class: kind, type: "button", id, onclick: async () => {
    element.disabled = true;
    element.textContent = busyText;
    const said = await run();
    if (said) {
      element.disabled = false;
      element.textContent = text;
      document.getElementById("claim-error").textContent = said;
    }
  } }, text);
  return element;
}

function sealsSection(t, language, seals) {
  const list = seals.length === 0
    ? h("p", { class: "empty" }, t.sealsNone)
    : h("ul", { class: "seals", id: "seals" }, seals.map((seal) => sealItem(t, language, seal)));
  return h("section", { "aria-labelledby": "seals-title" }, h("h2", { id: "seals-title" }, t.sealsTitle), list);
}

function sealItem(t, language, seal) {
  const number = short(seal.seal_id);
  return h("li", { class: `card seal ${seal.state}`, "data-seal": seal.seal_id, "data-state": seal.state },
    h("div", { class: "paper" }, h("img", { class: "face", src: sealFace(seal.seal_id), alt: t.sealAlt(number) })),
    h("div", { class: "seal-head" }, h("h3", {}, t.sealKind), h("span", { class: "state" }, t.sealState[seal.state])),
    h("dl", { class: "facts" },
      fact(t.sealNumber, number),
      fact(t.size, t.sizeValue(millimetres(seal.width_um), millimetres(seal.height_um))),
      fact(t.madeAt, instant(language, seal.made_at)),
      fact(t.validUntil, day(language, seal.expires_at))));
}

function usagesSection(t, language, usages) {
  const heads = [t.usageDocument, t.usageSeal, t.usageDevice, t.usageTime, t.usageDigest];
  const row = (usage) => [
    usage.document, short(usage.seal_id), short(usage.device_id), instant(language, usage.recorded_at), fingerprint(usage.document_sha256),
  ];
  const list = usages.length === 0
    ? h("p", { class: "empty" }, t.usagesNone)
    : h("div", { class: "card flush" }, h("table", { id: "usages" },
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, usages.map((usage) => h("tr", {}, row(usage).map((cell, place) => h("td", { "data-head": heads[place] }, cell)))))));
  return h("section", { "aria-labelledby": "usages-title" }, h("h2", { id: "usages-title" }, t.usagesTitle), list);
}

/** As the consent's text on the phone writes it. */
const millimetres = (um) => (Math.floor((um + 50) / 100) / 10).toFixed(1);
const fingerprint = (hex) => [0, 4, 8, 12].map((at) => hex.slice(at, at + 4)).join(" ");
const short = (id) => `…${id.slice(-6)}`;
const instant = (language, seconds) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(seconds * 1000);
const day = (language, seconds) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(seconds * 1000);
