// The page only carries touch points, presses and pictures; everything else happens in the SDK behind it.

const $ = (id) => document.getElementById(id);
const asPicture = (svg) => `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
const pad = $("pad");
const pen = pad.getContext("2d");
/** Physical width that the pad stands for, in mm: a phone held across. */
const PAD_MM = 110;
let strokes = [];

function say(text, kind = "") {
  $("status").textContent = text;
  $("status").className = kind;
}

async function call(path, body) {
  const reply = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "eseal-phone": "1" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(`${answer.code}: ${answer.detail}`);
  return answer;
}

/** Runs what a button does; says why when it does not go. */
function on(id, act) {
  $(id).addEventListener("click", async () => {
    $(id).disabled = true;
    say("…");
    try {
      await act();
    } catch (error) {
      say(error.message, "error");
    } finally {
      $(id).disabled = false;
    }
  });
}

// A pen or mouse reports between two frames more often than the page is told: every point counts.
function points(event) {
  const box = pad.getBoundingClientRect();
  const scale = PAD_MM / box.width;
  const events = event.getCoalescedEvents?.() ?? [];
  return (events.length ? events : [event]).map((e) => {
    const point = [(e.clientX - box.left) * scale, (e.clientY - box.top) * scale, e.timeStamp];
    if (e.pointerType === "pen") point.push(e.pressure);
    return point;
  });
}

let pointer = null;
let origin = 0;

pad.addEventListener("pointerdown", (event) => {
  if (pointer !== null) return;
  pointer = event.pointerId;
  pad.setPointerCapture(pointer);
  if (strokes.length === 0) origin = event.timeStamp;
  strokes.push([]);
  add(event);
});
pad.addEventListener("pointermove", (event) => event.pointerId === pointer && add(event));
for (const end of ["pointerup", "pointercancel"]) {
  pad.addEventListener(end, (event) => {
    if (event.pointerId === pointer) pointer = null;
  });
}

function add(event) {
  const stroke = strokes.at(-1);
  for (const [x, y, t, ...force] of points(event)) {
    const last = stroke.at(-1);
    const point = [x, y, Math.max(t - origin, last?.[2] ?? 0), ...force];
    stroke.push(point);
    const k = pad.width / PAD_MM;
    pen.lineWidth = 0.6 * k;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo((last ?? point)[0] * k, (last ?? point)[1] * k);
    pen.lineTo(x * k, y * k);
    pen.stroke();
  }
}

$("clear").addEventListener("click", () => {
  strokes = [];
  pen.clearRect(0, 0, pad.width, pad.height);
  $("face").hidden = true;
  $("claim").disabled = true;
  say("");
});

on("draw", async () => {
  const withForce = strokes.flat().every((point) => point.length === 4) && strokes.length > 0;
  const fields = withForce ? ["x", "y", "t", "p"] : ["x", "y", "t"];
  const cut = strokes.map((stroke) => stroke.map((point) => point.slice(0, fields.length)));
  const face = await call("/api/draw", { unit: "mm,ms", fields, strokes: cut });
  $("face").hidden = false;
  $("face").querySelector("img").src = asPicture(face.svg);
  $("face").querySelector("figcaption").textContent = `${face.width_mm.toFixed(1)} × ${face.height_mm.toFixed(1)} mm`;
  $("claim").disabled = false;
  say("印面已生成 · Face made");
});

on("claim", async () => {
  const { seal } = await call("/api/claim");
  say(`已提交 ${seal} · Handed in: now press 立即领取 on the portal`);
});

on("scan", async () => {
  const review = await call("/api/scan");
  const article = $("review");
  article.hidden = false;
  article.querySelector("h3").textContent = review.title;
  // What is consented to is what this phone fetched and digested, not what it drew.
  article.querySelector("img").src = asPicture(review.pictures[0]);
  article.querySelector("ul").replaceChildren(
    ...review.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
  );
  say("请核对后确认 · Read, then decide");
});

async function decide(decision) {
  const { receipt } = await call("/api/answer", { decision });
  $("review").hidden = true;
  say(`${decision === "approve" ? "已确认 · Confirmed" : "已拒绝 · Declined"} ${receipt.slice(0, 12)}…`);
}
on("approve", () => decide("approve"));
on("decline", () => decide("decline"));

on("stamp", async () => {
  const sealed = await call("/api/stamp");
  $("sealed").hidden = false;
  $("sealed").querySelector("p").textContent = `${sealed.verdict} · ${sealed.signer} · ${sealed.use}`;
  $("page").src = `/api/pages/${sealed.pages}?${Date.now()}`;
  say("已签署并验章 · Sealed and verified");
});
