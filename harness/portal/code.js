// The moving QR code: a new frame each second, drawn by the platform. A frame that is no longer fresh is taken away, so
// that nobody scans what would be refused.

import * as api from "./api.js";

const EVERY_MS = 1000;
const STALE_MS = 3000;

/** Shows the frames of a claim's request in `image` until `signal` aborts; `onState` hears "fresh", "stale" and "over". */
export function show(claimId, image, onState, signal) {
  let shownAt = -Infinity;
  let picture;
  let timer;
  const state = (name) => {
    image.dataset.code = name;
    onState(name);
  };

  const put = (blob) => {
    const next = URL.createObjectURL(blob);
    image.src = next;
    if (picture) URL.revokeObjectURL(picture);
    picture = next;
    shownAt = performance.now();
    state("fresh");
  };

  const tick = async () => {
    const started = performance.now();
    try {
      const blob = await api.frame(claimId, AbortSignal.any([signal, AbortSignal.timeout(STALE_MS)]));
      if (signal.aborted) return;
      put(blob);
    } catch (error) {
      if (signal.aborted) return;
      if (error.code && error.code !== "network") {
        state("over");
        return;
      }
      if (performance.now() - shownAt > STALE_MS) state("stale");
    }
    timer = setTimeout(tick, Math.max(0, EVERY_MS - (performance.now() - started)));
  };

  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    if (picture) URL.revokeObjectURL(picture);
  });
  tick();
}
