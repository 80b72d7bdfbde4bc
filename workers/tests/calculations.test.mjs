import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { test } from "node:test";
import { Response } from "miniflare";
import { workerd } from "./workerd.mjs";

const URL = "https://paintbox-app.com/api/v1/calculations";
const BINDINGS = { BODY_LIMIT_BYTES: "100", CACHE_SECONDS: "300" };

async function worker(t, answer, bindings = BINDINGS) {
  const made = await workerd("calculations", bindings, answer);
  t.after(made.close);
  return made;
}

async function post(made, body, headers = {}, url = URL) {
  const got = await made.send(url, { method: "POST", body, headers, duplex: "half" });
  return { status: got.status, state: got.headers.get("x-calculations-cache"), got, text: await got.text() };
}

test("the same body is calculated once", async (t) => {
  const made = await worker(t);
  const [first, second] = [await post(made, "1+1"), await post(made, "1+1")];
  assert.deepEqual([first.state, second.state], ["MISS", "HIT"]);
  assert.equal(second.text, first.text);
  assert.equal(made.asked.length, 1);
  assert.equal(made.asked[0].body, "1+1");
});

test("the browser keeps nothing", async (t) => {
  const made = await worker(t);
  for (const state of ["MISS", "HIT"]) {
    const found = await post(made, "1+1");
    assert.deepEqual([found.state, found.got.headers.get("cache-control")], [state, "no-store"]);
  }
});

test("another body, content type, language or query is another calculation", async (t) => {
  const made = await worker(t);
  await post(made, "1+1", { "content-type": "application/json" });
  for (const [body, headers, url] of [
    ["1+2", { "content-type": "application/json" }],
    ["1+1", { "content-type": "text/csv" }],
    ["1+1", { "content-type": "application/json", "accept-language": "de" }],
    ["1+1", { "content-type": "application/json" }, `${URL}?sheet=2`],
  ]) {
    assert.equal((await post(made, body, headers, url)).state, "MISS");
  }
});

for (const header of ["authorization", "cookie"]) {
  test(`a request with ${header} neither fills nor reads the cache`, async (t) => {
    const made = await worker(t);
    await post(made, "1+1");
    assert.equal((await post(made, "1+1", { [header]: "x=1" })).state, "BYPASS");
    assert.equal((await post(made, "2+2", { [header]: "x=1" })).state, "BYPASS");
    assert.equal((await post(made, "2+2")).state, "MISS");
  });
}

test("a body of the limit is taken, one byte more is refused before the origin sees it", async (t) => {
  const made = await worker(t);
  assert.equal((await post(made, "x".repeat(100))).status, 200);
  const refused = await post(made, "x".repeat(101));
  assert.equal(refused.status, 413);
  assert.deepEqual(JSON.parse(refused.text), { error: "the body is larger than 100 bytes" });
  assert.equal(made.asked.length, 1);
});

test("a stream that names no length is counted as it comes", async (t) => {
  const made = await worker(t);
  const chunks = ["x".repeat(60), "x".repeat(60)].map((text) => new TextEncoder().encode(text));
  assert.equal((await post(made, ReadableStream.from(chunks))).status, 413);
  assert.equal(made.asked.length, 0);
});

test("an origin's error is passed through and not kept", async (t) => {
  const made = await worker(t, () => new Response("broken", { status: 503, headers: { "retry-after": "7" } }));
  for (const count of [1, 2]) {
    const found = await post(made, "1+1");
    assert.deepEqual([found.status, found.text, found.state], [503, "broken", "BYPASS"]);
    assert.equal(found.got.headers.get("retry-after"), "7");
    assert.equal(made.asked.length, count);
  }
});

for (const [name, value] of [
  ["set-cookie", "s=1"],
  ["cache-control", "private, max-age=60"],
  ["cache-control", "no-store"],
]) {
  test(`an answer with ${name}: ${value} is not kept`, async (t) => {
    const made = await worker(t, () => new Response("mine", { headers: { [name]: value } }));
    assert.deepEqual([(await post(made, "1")).state, (await post(made, "1")).state], ["BYPASS", "BYPASS"]);
  });
}

test("an answer is kept as long as the settings say", async (t) => {
  const made = await worker(t, undefined, { ...BINDINGS, CACHE_SECONDS: "3" });
  await post(made, "1+1");
  assert.equal((await post(made, "1+1")).state, "HIT");
  await setTimeout(3500);
  assert.equal((await post(made, "1+1")).state, "MISS");
});

test("anything but POST goes to the origin as it is", async (t) => {
  const made = await worker(t);
  const got = await made.send(`${URL}?a=1`);
  assert.equal(got.headers.get("x-calculations-cache"), null);
  assert.deepEqual([made.asked[0].method, made.asked[0].url], ["GET", `${URL}?a=1`]);
});

test("nobody can ask for a kept answer by its made-up address", async (t) => {
  const made = await worker(t, (request) => new Response(request.method));
  await post(made, "1+1");
  const got = await made.send(`${URL}/__body/${"0".repeat(64)}`);
  assert.equal(await got.text(), "GET");
});
