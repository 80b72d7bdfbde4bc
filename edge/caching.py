"""How an answer is kept, at the edge and in the browser.

Source: Cloudflare docs, cache/concepts/default-cache-behavior, cache/how-to/cache-rules and cache-response-rules, read
2026-08.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from edge.evaluate import matches
from edge.outcome import Cached, Hit
from edge.request import Request
from edge.site import KeptPosts, Rule, Site, Worker

REQUEST_PHASE: Final = "http_request_cache_settings"
RESPONSE_PHASE: Final = "http_response_cache_settings"

DEFAULT_SECONDS: Final = 7200
"""How long an answer with status 200 that names no time is kept once it may be kept at all."""

_EXTENSIONS: Final = """
7z avi avif apk bin bmp bz2 class css csv doc docx dmg ejs eot eps exe flac gif gz ico iso jar jpg jpeg js mid midi mkv
mp3 mp4 ogg otf pdf pict pls png ppt pptx ps rar svg svgz swf tar tif tiff ttf webm webp woff woff2 xls xlsx zip zst
"""
DEFAULT_EXTENSIONS: Final = frozenset(_EXTENSIONS.split())
"""What is cached without any rule: by file name extension, never by content type."""

NO_STORE: Final = "private, max-age=0, no-store"
_LOGIN: Final = ("authorization", "cookie")
_SECONDS: Final = re.compile(r"(?:^|[\s,])(s-maxage|max-age)\s*=\s*\"?(\d+)")


def decide(site: Site, worker: Worker | None, request: Request) -> tuple[Cached, list[Hit]]:
    """How the answer that the request carries is kept, and the rules that said so."""
    if worker and worker.posts and request.method == "POST":
        return _post(worker, worker.posts, request), []
    if worker and worker.kept is not None:
        return _forwarded(worker, worker.kept, request)
    settings: dict[str, Any] = {}
    hits: list[Hit] = []
    for place, rule in _matching(site, REQUEST_PHASE, request):
        # The last rule that says something of a setting wins.
        settings |= rule["action_parameters"]
        hits.append(Hit(REQUEST_PHASE, place, rule["ref"], rule["action"]))
    control = _control(request)
    for place, rule in _matching(site, RESPONSE_PHASE, request):
        control |= _written(rule["action_parameters"])
        hits.append(Hit(RESPONSE_PHASE, place, rule["ref"], rule["action"]))
    by = hits[-1].ref if hits else "Cloudflare's defaults"
    edge, reason = _at_edge(settings, control, request)
    browser, said = _in_browser(settings, control)
    return Cached(edge, browser, said, reason or by), hits


def _at_edge(
    settings: Mapping[str, Any], control: Mapping[str, Any], request: Request
) -> tuple[int | None, str | None]:
    """(seconds at the edge, why there are none where no rule says so)."""
    if settings.get("cache") is False:
        return None, None
    if request.method not in {"GET", "HEAD"}:
        return None, f"{request.method} is never cached by rules"
    if not settings.get("cache") and request.fields()["http.request.uri.path.extension"] not in DEFAULT_EXTENSIONS:
        return None, "not cached by default: no known file name extension"
    well = _status(request) == 200
    edge = settings.get("edge_ttl") or {}
    if edge.get("mode") == "override_origin":
        return (edge["default"], None) if well else (None, "only status 200 is kept")
    if control.get("private"):
        return None, "the origin says that it is not to be kept"
    seconds = control.get("s-maxage", control.get("max-age", DEFAULT_SECONDS if well else None))
    return (seconds, None) if seconds else (None, "nothing says for how long")


def _in_browser(settings: Mapping[str, Any], control: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """(seconds, Cache-Control where it is not the origin's own)."""
    ttl = settings.get("browser_ttl") or {}
    if ttl.get("mode") == "bypass":
        return 0, NO_STORE
    seconds = ttl["default"] if ttl.get("mode") == "override_origin" else control.get("max-age")
    if ttl.get("mode") != "override_origin" and not control.get("written"):
        return seconds, None
    parts = ["public", *([] if seconds is None else [f"max-age={seconds}"])]
    return seconds, ", ".join([*parts, *(["immutable"] if control.get("immutable") else [])])


def _status(request: Request) -> int:
    return request.response.status if request.response else 0


def _control(request: Request) -> dict[str, Any]:
    """What the origin's Cache-Control says."""
    text = (request.response.headers.get("cache-control", "") if request.response else "").lower()
    found: dict[str, Any] = {name: int(seconds) for name, seconds in _SECONDS.findall(text)}
    if re.search(r"\b(private|no-store|no-cache)\b", text):
        found["private"] = True
    if "immutable" in text:
        found["immutable"] = True
    return found


def _written(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What a Cache Response Rule writes into it."""
    found: dict[str, Any] = {}
    for name, key in (("s_maxage", "s-maxage"), ("max_age", "max-age")):
        if name in parameters:
            found[key] = parameters[name]["value"]
    if "immutable" in parameters:
        found["immutable"] = True
    if found.keys() & {"max-age", "immutable"}:
        found["written"] = True
    if found.keys() & {"s-maxage", "max-age"}:
        found["private"] = False
    return found


def _post(worker: Worker, posts: KeptPosts, request: Request) -> Cached:
    if any(name in request.headers for name in _LOGIN):
        return Cached(by=f"Worker {worker.name}: a request with a login is never kept")
    if len(request.body) > posts.limit_bytes:
        return Cached(by=f"Worker {worker.name}: the body is larger than {posts.limit_bytes} bytes")
    if _status(request) != 200:
        return Cached(by=f"Worker {worker.name}: only status 200 is kept")
    return Cached(posts.seconds, 0, "no-store", f"Worker {worker.name}, by the body")


def _forwarded(worker: Worker, kept: tuple[Rule, ...], request: Request) -> tuple[Cached, list[Hit]]:
    """The cache of the forwarding Worker, see workers/forward/worker.mjs."""
    found = [(place, rule) for place, rule in enumerate(kept, 1) if _kept_rule(rule, request)]
    if not found:
        return Cached(by=f"Worker {worker.name}: no rule"), []
    place, rule = found[-1]
    hits = [Hit(f"worker {worker.name}", place, rule["name"], "bypass" if rule["bypass"] else "keep")]
    if rule["bypass"]:
        return Cached(None, 0, "no-store", rule["name"]), hits
    answers = request.response.headers if request.response else {}
    anonymous = not any(name in request.headers for name in _LOGIN) and "set-cookie" not in answers
    if _status(request) != 200:
        return Cached(by=f"{rule['name']}: only status 200 is kept"), hits
    edge = rule["edge"] if anonymous and request.method == "GET" else None
    browser = rule["browser"]
    control = None if browser is None else f"public, max-age={browser}{', immutable' if rule['immutable'] else ''}"
    return Cached(edge, browser, control, rule["name"]), hits


def _kept_rule(rule: Rule, request: Request) -> bool:
    extension = request.fields()["http.request.uri.path.extension"]
    places = [request.path in rule["paths"], *(request.path.startswith(prefix) for prefix in rule["prefixes"])]
    return (
        (not (rule["paths"] or rule["prefixes"]) or any(places))
        and (not rule["extensions"] or extension in rule["extensions"])
        and (not rule["methods"] or request.method in rule["methods"])
        and (not rule["hosts"] or request.host in rule["hosts"])
    )


def _matching(site: Site, phase: str, request: Request) -> Iterator[tuple[int, Rule]]:
    for place, rule in enumerate(site.rulesets.get(phase, ()), 1):
        if rule.get("enabled", True) and matches(rule["expression"], request):
            yield place, rule
