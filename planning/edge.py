"""Names and code of the edge."""

from __future__ import annotations

from typing import Final

from planning.naming import physical_name

WORKER_NAME_LIMIT: Final = 63
"""The longest name of a Worker that is also valid in its host name (Cloudflare Workers docs, 2026-08)."""

_FORWARD: Final = """\
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.protocol === "http:") {
      url.protocol = "https:";
      return Response.redirect(url.toString(), 301);
    }
    const visitorHost = url.host;
    url.host = env.ORIGIN_HOST;
    const forwarded = new Request(url, request);
    forwarded.headers.set("x-forwarded-host", visitorHost);
    forwarded.headers.set(env.ORIGIN_HEADER, env.ORIGIN_SECRET);
    return fetch(forwarded, { redirect: "manual" });
  },
};
"""


def record_name(host: str, zone: str) -> str:
    """A record's logical name: the part before the zone, or `apex`."""
    return host.removesuffix(zone).rstrip(".").replace(".", "-") or "apex"


def worker_name(name: str, environment: str) -> str:
    return physical_name(name, environment, limit=WORKER_NAME_LIMIT)


def worker_script() -> str:
    """The ES module that sends a visitor's request on to the app under its default host name."""
    return _FORWARD
