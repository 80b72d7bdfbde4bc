"""A system as its users reach it: its health page, its probed pages, and how fast they answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import urllib3

from ops.verify.answers import misfits
from ops.verify.check import Check, failed, judged, ok, skipped
from planning.thresholds import Threshold, thresholds
from settings.answer import AnswerField
from settings.monitoring import Probe
from settings.system import System

ATTEMPTS: Final = 3
"""The fastest of so many answers is compared with a target: one may be slow for reasons of its own."""

_SECONDS: Final = 15.0
_SHOWN: Final = 120


@dataclass(frozen=True)
class Page:
    """What came back: `status` 0 and the reason as `text` where nothing did; `ms` of the fastest answer."""

    status: int
    text: str
    ms: float
    document: Any = None
    """The JSON in it, None where it is none."""


class Pages:
    """Asks a system's pages at `base`, each path once for all checks about it."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._http = urllib3.PoolManager(retries=False, timeout=_SECONDS)
        self._known: dict[str, Page] = {}

    def page(self, path: str) -> Page:
        if path not in self._known:
            self._known[path] = min((self._asked(path) for _ in range(ATTEMPTS)), key=_worth)
        return self._known[path]

    def _asked(self, path: str) -> Page:
        began = time.perf_counter()
        try:
            answer = self._http.request("GET", self._base + path, headers={"cache-control": "no-cache"})
        except urllib3.exceptions.HTTPError as error:
            return Page(0, str(error), 0.0)
        ms = (time.perf_counter() - began) * 1000
        text = answer.data.decode(errors="replace")
        try:
            document = answer.json()
        except ValueError:
            document = None
        return Page(answer.status, text, ms, document)


def page_checks(name: str, system: System, base: str) -> Iterator[Check]:
    """Health, probed pages, lists in them such as the keys of a JWKS, and response times."""
    pages = Pages(base)
    yield _health(name, system.health_path, pages)
    for path, wanted in sorted(system.answers.items()):
        yield _answer(name, path, wanted, pages)
    probes = sorted((system.monitoring.probes if system.monitoring else {}).items())
    for label, probe in probes:
        yield _probe(name, label, probe, pages)
    limits = [entry for entry in thresholds(system) if entry.name == "response time"]
    for path in sorted({limit.subject for limit in limits}):
        yield _latency(name, path, [limit for limit in limits if limit.subject == path], pages)
    if not probes:
        yield skipped(name, "latency", "the system has no probes: see monitoring.probes")


def _health(name: str, path: str, pages: Pages) -> Check:
    page = pages.page(path)
    return (
        ok(name, "health", f"{path} answers 200") if page.status == 200 else failed(name, "health", _unwell(path, page))
    )


def _answer(name: str, path: str, wanted: Mapping[str, AnswerField], pages: Pages) -> Check:
    page = pages.page(path)
    if page.document is None:
        return failed(name, "answers", f"{path} answers no JSON: {page.text[:_SHOWN].strip()}")
    troubles = [f"{path}: {misfit}" for misfit in misfits(page.document, wanted)]
    return judged(name, "answers", troubles, f"{path} has {len(wanted)} fields as described")


def _probe(name: str, label: str, probe: Probe, pages: Pages) -> Check:
    page = pages.page(probe.path)
    if page.status != 200:
        return failed(name, label, _unwell(probe.path, page))
    if probe.json_list is None:
        return ok(name, label, f"{probe.path} answers 200")
    found = page.document.get(probe.json_list) if isinstance(page.document, dict) else None
    if not isinstance(found, list) or not found:
        return failed(name, label, f"{probe.path} has no entries in its list {probe.json_list}")
    return ok(name, label, f"{probe.path} has {len(found)} {probe.json_list}")


def _latency(name: str, path: str, limits: list[Threshold], pages: Pages) -> Check:
    """Against the lowest limit of the path, which is its target."""
    target = min(limits, key=lambda limit: limit.value).value
    page = pages.page(path)
    if page.status == 0:
        return failed(name, "latency", _unwell(path, page))
    said = f"{path} takes {page.ms:.0f} ms, {target:g} ms are the target"
    return judged(name, "latency", [said] if page.ms > target else [], said)


def _unwell(path: str, page: Page) -> str:
    answered = f"answers {page.status}" if page.status else "does not answer"
    return f"{path} {answered}: {page.text[:_SHOWN].strip()}"


def _worth(page: Page) -> tuple[bool, float]:
    """Good answers come first, the fastest of them before the others."""
    return page.status != 200, page.ms
