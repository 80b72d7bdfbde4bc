"""Requests over the systems' edges, and what their visitors must get. Used for `edge explain` and for `edge try`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

YEAR, HOUR, FIVE = 31_536_000, 3600, 300
PAINTBOX, TETRIX = "https://paintbox-app.com", "https://tetrixcorp.com"
JOROMI, ACADEMY = "https://joromi.tetrixcorp.com", "https://code-academy.tetrixcorp.com"
LOGIN = (("authorization", "Bearer x"),)
LOAD_TEST = (("x-load-test", "<LOAD_TEST_KEY>"),)


@dataclass(frozen=True)
class Case:
    """A request, and its outcome: verdict, seconds at the edge (None: not kept), seconds in the browser."""

    stack: str
    method: str
    url: str
    verdict: str = "answered"
    edge: int | None = None
    browser: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    times: int = 1
    body: bytes = b""

    @property
    def id(self) -> str:
        return f"{self.method} {self.url}{' with ' + self.headers[0][0] if self.headers else ''} x{self.times}"


def performance(method: str, path: str, verdict: str = "answered", **more: Any) -> Case:
    return Case("performance", method, f"{PAINTBOX}{path}", verdict, **more)


def tetrix(method: str, url: str, verdict: str = "answered", **more: Any) -> Case:
    return Case("production", method, url if url.startswith("https:") else f"{TETRIX}{url}", verdict, **more)


BYPASS: dict[str, Any] = {"edge": None, "browser": 0}
STATIC: dict[str, Any] = {"edge": YEAR, "browser": YEAR}
PAGE: dict[str, Any] = {"edge": HOUR, "browser": FIVE}

CASES = [
    performance("GET", "/_next/static/chunks/main.js", **STATIC),
    performance("GET", "/_next/static/css/app.css?v=1", **STATIC),
    performance("HEAD", "/_next/static/chunks/main.js", **STATIC),
    performance("GET", "/_next/static/", **STATIC),
    performance("GET", "/_next/image?url=a.png"),
    performance("POST", "/_next/static/chunks/main.js", browser=YEAR),
    performance("GET", "/api/v1/calculations", edge=FIVE, browser=0),
    performance("GET", "/api/v1/calculations?sheet=2", edge=FIVE, browser=0),
    performance("HEAD", "/api/v1/calculations", edge=FIVE, browser=0),
    performance("POST", "/api/v1/calculations", edge=FIVE, browser=0, body=b'{"a":1}'),
    performance("POST", "/api/v1/calculations", headers=LOGIN),
    performance("POST", "/api/v1/calculations", headers=(("cookie", "s=1"),)),
    performance("POST", "/api/v1/calculations", body=b"x" * 65_537),
    performance("PUT", "/api/v1/calculations", **BYPASS),
    performance("GET", "/api/v1/calculations/1", **BYPASS),
    performance("GET", "/api/v1/estimates", **BYPASS),
    performance("POST", "/api/v1/estimates", **BYPASS),
    performance("POST", "/api/v1/pdf/generate", **BYPASS),
    performance("GET", "/api/v1/salesforce", **BYPASS),
    performance("GET", "/api/health", **BYPASS),
    performance("GET", "/api/simple-health", **BYPASS),
    performance("GET", "/api/metrics", **BYPASS),
    performance("GET", "/api/v1/export.csv", **BYPASS),
    performance("DELETE", "/api/v1/estimates/1", **BYPASS),
    performance("GET", "/"),
    performance("GET", "/about"),
    performance("GET", "/.well-known/jwks.json"),
    performance("GET", "/logo.png", edge=7200),
    performance("GET", "/robots.txt"),
    performance("GET", "/apis"),
    performance("GET", "/?q=1%20UNION%20SELECT%20password", "blocked"),
    performance("GET", "/?q=1+union+all+select+2", "blocked"),
    performance("GET", "/?id=1%27%20OR%20%271%27%3D%271", "blocked"),
    performance("GET", "/?id=1+or+1=1", "blocked"),
    performance("GET", "/?t=information_schema.tables", "blocked"),
    performance("GET", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "blocked"),
    performance("GET", "/?q=%253Cscript%253E", "blocked"),
    performance("GET", "/?next=JavaScript:alert(1)", "blocked"),
    performance("GET", "/?q=%3Cimg%20onerror=x%3E", "blocked"),
    performance("GET", "/api/v1/estimates?q=%3Cscript%3E", "blocked"),
    performance("GET", "/?q=select+a+union+of+colours"),
    performance("GET", "/?q=script"),
    performance("GET", "/api/v1/estimates", times=50, **BYPASS),
    performance("GET", "/api/v1/estimates", "limited", times=51),
    performance("POST", "/api/v1/calculations", "limited", times=51),
    performance("GET", "/api/health", "limited", times=60),
    performance("GET", "/", times=51),
    performance("GET", "/_next/static/a.js", times=200, **STATIC),
    performance("GET", "/api/v1/estimates", headers=LOAD_TEST, times=51, **BYPASS),
    performance("GET", "/api/v1/estimates", "limited", headers=(("x-load-test", "guessed"),), times=51),
    performance("GET", "/?q=%3Cscript%3E", "blocked", headers=LOAD_TEST),
    tetrix("GET", "/", **PAGE),
    tetrix("GET", "/contact", **PAGE),
    tetrix("GET", f"{JOROMI}/", **PAGE),
    tetrix("GET", f"{ACADEMY}/courses/1", **PAGE),
    tetrix("HEAD", "/", browser=FIVE),
    tetrix("POST", "/contact", browser=FIVE),
    tetrix("GET", "/", headers=(("cookie", "s=1"),), browser=FIVE),
    tetrix("GET", "/_astro/index.abc123.js", **STATIC),
    tetrix("GET", f"{ACADEMY}/_astro/style.css", **STATIC),
    tetrix("GET", "/_astro/", **STATIC),
    tetrix("GET", "/api/health", **BYPASS),
    tetrix("GET", f"{JOROMI}/api/health", **BYPASS),
    tetrix("GET", "/api/contact", **BYPASS),
    tetrix("POST", "/api/contact", **BYPASS),
    tetrix("GET", "/api/contact", times=60, **BYPASS),
    tetrix("GET", "/?q=%3Cscript%3E", "blocked"),
    tetrix("GET", f"{JOROMI}/?q=union+select", "blocked"),
    tetrix("GET", f"{ACADEMY}/api/contact?id=1%27%20or%20%271%27=%271", "blocked"),
    tetrix("GET", "/?q=hello", **PAGE),
    tetrix("GET", "/favicon.ico", **PAGE),
    Case("production", "GET", "https://paintbox.fly.dev/"),
    Case("production", "GET", "https://paintbox.fly.dev/_next/static/a.js"),
    Case("production", "GET", "https://paintbox.fly.dev/?q=%3Cscript%3E"),
    Case("production", "GET", "https://paintbox.fly.dev/api/health", times=60),
    Case("production", "GET", "https://tattoo-contest.fly.dev/"),
    Case("production", "GET", "https://tattoo-contest.com/"),
    Case("production", "GET", "https://tattoo-contest.fly.dev/socket.io/?transport=websocket"),
    Case("staging", "GET", "https://staging.tetrixcorp.com/"),
]
