// The portal's own interface. The session is a cookie that this script cannot read.

/** A refused call: the platform's stable `code`, or "network". */
export class Refused extends Error {
  constructor(code, retryAfterMs) {
    super(code);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

async function call(method, path, { body, signal } = {}) {
  const headers = { "eseal-portal": "1" };
  if (body !== undefined) headers["content-type"] = "application/json";
  let reply;
  try {
    reply = await fetch(`/portal/api/${path}`, {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("network");
  }
  if (!reply.ok) {
    const problem = await reply.json().catch(() => ({}));
    throw new Refused(problem.code ?? "network", problem.retry_after_ms);
  }
  return reply;
}

/** The signed-in account, or null. */
export const who = async () => (await (await call("GET", "session")).json()).account;
export const signIn = (account, password) => call("POST", "session", { body: { account, password } });
export const signOut = () => call("DELETE", "session");
export const take = (claimId) => call("POST", `claims/${claimId}/take`);
export const cancel = (claimId) => call("POST", `claims/${claimId}/cancel`);

/** Everything there is to show; with `since`, as soon as it is another than that version. */
export async function overview(since, signal) {
  const query = since === undefined ? "" : `?since=${since}`;
  return (await call("GET", `overview${query}`, { signal })).json();
}

/** The present frame of the moving code, as a picture. */
export async function frame(claimId, signal) {
  return (await call("GET", `claims/${claimId}/frame.svg`, { signal })).blob();
}

export const claimFace = (claimId) => `/portal/api/claims/${claimId}/face.svg`;
export const sealFace = (sealId) => `/portal/api/seals/${sealId}/face.svg`;
