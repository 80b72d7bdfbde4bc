// Runs a Worker in workerd before an origin that the test plays.

import { readFile } from "node:fs/promises";
import { Miniflare, Response } from "miniflare";

export async function workerd(name, bindings, answer) {
  const asked = [];
  const server = new Miniflare({
    modules: true,
    script: await readFile(new URL(`../${name}/worker.mjs`, import.meta.url), "utf-8"),
    compatibilityDate: "2025-08-01",
    bindings,
    cache: true,
    outboundService: async (request) => {
      const body = await request.text();
      asked.push({ url: request.url, method: request.method, headers: request.headers, body });
      return answer ? answer(request, body) : new Response(`answer ${asked.length} to ${body}`);
    },
  });
  await server.ready;
  return {
    asked,
    send: (url, options) => server.dispatchFetch(url, { redirect: "manual", ...options }),
    close: () => server.dispose(),
  };
}
