// Sends a visitor's request on to an app on DigitalOcean App Platform, which answers to its default host name only, and
// keeps answers as the cache rules say: a request to another zone passes by the rules of this one.

const LOGIN = ["authorization", "cookie"];

export default {
  async fetch(request, env, context) {
    const url = new URL(request.url);
    if (url.protocol === "http:") {
      url.protocol = "https:";
      return Response.redirect(url.toString(), 301);
    }
    const rule = ruleFor(JSON.parse(env.CACHE ?? "[]"), request.method, url);
    const kept = rule?.edge && request.method === "GET" && !LOGIN.some((name) => request.headers.has(name));
    if (kept) {
      const hit = await caches.default.match(request);
      if (hit) return forVisitor(hit, rule, "HIT");
    }
    const answer = await fromOrigin(request, url, env);
    if (!kept || answer.status !== 200 || answer.headers.has("set-cookie")) {
      return forVisitor(answer, answer.status === 200 || rule?.bypass ? rule : undefined, kept ? "MISS" : "BYPASS");
    }
    const copy = new Response(answer.clone().body, answer);
    copy.headers.set("cache-control", `public, s-maxage=${rule.edge}`);
    context.waitUntil(caches.default.put(request, copy));
    return forVisitor(answer, rule, "MISS");
  },
};

function fromOrigin(request, url, env) {
  const visitorHost = url.host;
  const target = new URL(url);
  target.host = env.ORIGIN_HOST;
  const forwarded = new Request(target, request);
  forwarded.headers.set("x-forwarded-host", visitorHost);
  forwarded.headers.set(env.ORIGIN_HEADER, env.ORIGIN_SECRET);
  return fetch(forwarded, { redirect: "manual" });
}

// The last rule that matches wins, as in Cloudflare's own cache rules.
function ruleFor(rules, method, url) {
  return rules.findLast((rule) => matches(rule, method, url));
}

function matches(rule, method, url) {
  const path = url.pathname;
  const extension = path.slice(path.lastIndexOf("/") + 1).match(/\.([^.]+)$/)?.[1]?.toLowerCase();
  const places = rule.paths.length + rule.prefixes.length;
  return (
    (!places || rule.paths.includes(path) || rule.prefixes.some((prefix) => path.startsWith(prefix))) &&
    (!rule.extensions.length || rule.extensions.includes(extension)) &&
    (!rule.methods.length || rule.methods.includes(method)) &&
    (!rule.hosts.length || rule.hosts.includes(url.hostname))
  );
}

function forVisitor(answer, rule, state) {
  const response = new Response(answer.body, answer);
  const control = cacheControl(rule);
  if (control) response.headers.set("cache-control", control);
  response.headers.set("x-edge-cache", state);
  return response;
}

function cacheControl(rule) {
  if (rule?.bypass) return "no-store";
  if (rule?.browser === undefined || rule.browser === null) return undefined;
  return `public, max-age=${rule.browser}${rule.immutable ? ", immutable" : ""}`;
}
