import assert from "node:assert/strict";
import { test } from "node:test";
import { Response } from "miniflare";
import { workerd } from "./workerd.mjs";

const rule = (more) => ({
  paths: [],
  prefixes: [],
  extensions: [],
  methods: [],
  hosts: [],
  bypass: false,
  edge: null,
  browser: null,
  immutable: false,
  ...more,
});
const OWN = JSON.stringify([
  rule({ edge: 3600, browser: 300 }),
  rule({ prefixes: ["/api/"], bypass: true }),
  rule({ prefixes: ["/_astro/"], edge: 31536000, browser: 31536000, immutable: true }),
]);
// The rules of a system as planned for its stack, where the caller hands them over.
const BINDINGS = {
  CACHE: process.env.FORWARD_CACHE ?? OWN,
  ORIGIN_HEADER: "x-edge",
  ORIGIN_HOST: "app.ondigitalocean.app",
  ORIGIN_SECRET: "planted",
};
const SITE = "https://tetrixcorp.com";

async function worker(t, answer) {
  const made = await workerd("forward", BINDINGS, answer);
  t.after(made.close);
  return made;
}

async function ask(made, path, options) {
  const got = await made.send(`${SITE}${path}`, options);
  await got.text();
  return [got.status, got.headers.get("x-edge-cache"), got.headers.get("cache-control")];
}

test("the app is asked under its own name, with the secret and the visitor's host", async (t) => {
  const made = await worker(t);
  await ask(made, "/contact?a=1", { method: "POST", body: "hello" });
  const [asked] = made.asked;
  assert.deepEqual(
    [asked.url, asked.method, asked.body, asked.headers.get("x-edge"), asked.headers.get("x-forwarded-host")],
    ["https://app.ondigitalocean.app/contact?a=1", "POST", "hello", "planted", "tetrixcorp.com"],
  );
});

test("plain HTTP is sent to HTTPS", async (t) => {
  const made = await worker(t);
  const got = await made.send("http://tetrixcorp.com/a?b=1");
  assert.deepEqual([got.status, got.headers.get("location")], [301, "https://tetrixcorp.com/a?b=1"]);
  assert.equal(made.asked.length, 0);
});

test("a redirect of the app is left to the visitor", async (t) => {
  const made = await worker(t, () => new Response(null, { status: 302, headers: { location: "/b" } }));
  assert.deepEqual((await ask(made, "/a"))[0], 302);
  assert.equal(made.asked.length, 1);
});

test("a page is kept, and the browser keeps it for five minutes", async (t) => {
  const made = await worker(t);
  assert.deepEqual(await ask(made, "/"), [200, "MISS", "public, max-age=300"]);
  assert.deepEqual(await ask(made, "/"), [200, "HIT", "public, max-age=300"]);
  assert.equal(made.asked.length, 1);
});

test("assets never change under their name", async (t) => {
  const made = await worker(t);
  assert.deepEqual(await ask(made, "/_astro/a.js"), [200, "MISS", "public, max-age=31536000, immutable"]);
  assert.deepEqual((await ask(made, "/_astro/a.js"))[1], "HIT");
});

test("the API is never kept, whatever it answers", async (t) => {
  let status = 200;
  const made = await worker(t, () => new Response("x", { status: status++ === 200 ? 200 : 500 }));
  assert.deepEqual(await ask(made, "/api/health"), [200, "BYPASS", "no-store"]);
  assert.deepEqual(await ask(made, "/api/health"), [500, "BYPASS", "no-store"]);
});

for (const header of ["authorization", "cookie"]) {
  test(`a visitor with ${header} gets a page of their own, which nobody else gets`, async (t) => {
    const made = await worker(t);
    assert.equal((await ask(made, "/", { headers: { [header]: "x=1" } }))[1], "BYPASS");
    assert.equal((await ask(made, "/"))[1], "MISS");
    assert.equal((await ask(made, "/", { headers: { [header]: "x=1" } }))[1], "BYPASS");
    assert.equal(made.asked.length, 3);
  });
}

test("a page that sets a cookie is nobody else's", async (t) => {
  const made = await worker(t, () => new Response("x", { headers: { "set-cookie": "s=1" } }));
  assert.equal((await ask(made, "/"))[1], "MISS");
  assert.equal((await ask(made, "/"))[1], "MISS");
});

test("an error is passed on and not kept", async (t) => {
  const made = await worker(t, () => new Response("broken", { status: 500 }));
  assert.deepEqual(await ask(made, "/"), [500, "MISS", null]);
  assert.deepEqual(await ask(made, "/"), [500, "MISS", null]);
});
