// Keeps the results of the Excel calculations. Cloudflare caches no POST by itself, so a request's body becomes a part of
// a made-up GET address, under which the answer is kept. Requests with a login, and bodies that are too large, go to the
// origin as they are; so does everything that is no POST, for which the zone's cache rules hold.

const LOGIN = ["authorization", "cookie"];

export default {
  async fetch(request, env, context) {
    if (request.method !== "POST") return fetch(request);
    if (LOGIN.some((name) => request.headers.has(name))) return marked(await fetch(request), "BYPASS");
    const limit = Number(env.BODY_LIMIT_BYTES);
    if (Number(request.headers.get("content-length") ?? 0) > limit) return tooLarge(limit);
    const body = await bodyWithin(request, limit);
    if (body === null) return tooLarge(limit);
    const key = await keyFor(request, body);
    const hit = await caches.default.match(key);
    if (hit) return marked(hit, "HIT", "no-store");
    const answer = await fetch(new Request(request, { body }));
    if (answer.status !== 200 || answer.headers.has("set-cookie") || isPrivate(answer)) {
      return marked(answer, "BYPASS");
    }
    const copy = new Response(answer.clone().body, answer);
    copy.headers.set("cache-control", `public, s-maxage=${env.CACHE_SECONDS}`);
    context.waitUntil(caches.default.put(key, copy));
    return marked(answer, "MISS", "no-store");
  },
};

// The length that a client names may be wrong, so the body is counted as it comes.
async function bodyWithin(request, limit) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

// Two answers may share a key only when everything that shapes them is the same.
async function keyFor(request, body) {
  const shaping = ["content-type", "accept", "accept-language"].map((name) => request.headers.get(name) ?? "");
  const head = new TextEncoder().encode(`${JSON.stringify(shaping)}\n`);
  const digest = await crypto.subtle.digest("SHA-256", await new Blob([head, body]).arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const url = new URL(request.url);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/__body/${hex}`;
  return new Request(url, { method: "GET" });
}

function isPrivate(answer) {
  return /\b(private|no-store)\b/.test(answer.headers.get("cache-control") ?? "");
}

function tooLarge(limit) {
  return Response.json({ error: `the body is larger than ${limit} bytes` }, { status: 413 });
}

function marked(answer, state, cacheControl) {
  const response = new Response(answer.body, answer);
  response.headers.set("x-calculations-cache", state);
  if (cacheControl) response.headers.set("cache-control", cacheControl);
  return response;
}
