"""Reports on recorded streams and on made-up ones."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from policies.finding import Audit, Finding, Undecided
from prices.costs import Comparison
from prices.line import Amount, Cost
from prices.load import load_book
from report.cost import Pricer, Pricing
from report.events import read_preview
from report.preview import Operation
from report.report import Report, report_on
from tests.report.record import stream
from tests.tetrix import ROOT

TODAY = date(2026, 11, 22)

FINDINGS = (
    Finding(
        "two-machines",
        "paintbox-release",
        "paintbox-release: one machine keeps running",
        "mandatory",
        "paintbox",
        "set app.machines.minimum to 2 or more",
    ),
    Finding(
        "image-digest",
        "paintbox-release",
        "paintbox-release: v1 is no digest",
        "advisory",
        "paintbox",
        "name the image by its digest",
    ),
    Finding(
        "volume-snapshots",
        "tattoo-contest-volume",
        "tattoo-contest-volume: no snapshots",
        "mandatory",
        "tattoo-contest",
        "keep them",
        "backed up elsewhere (until 2027-03-31)",
    ),
)

FREE = Pricing(Comparison(Cost(()), Cost(())), {}, Amount())

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}


@functools.cache
def book() -> Any:
    return load_book(ROOT)


def report(
    events: Iterable[Mapping[str, Any]],
    stack: str = "production",
    findings: Sequence[Finding] = (),
    *,
    secrets: Iterable[str] = (),
    priced: bool = False,
) -> Report:
    """The report on a stream. Only whole systems can be priced."""
    preview = read_preview(stack, events, secrets)
    pricing = Pricer("production", book(), TODAY).price(preview) if priced else FREE
    return report_on(preview, pricing, Audit(tuple(findings), (Undecided("budget", preview.stack, "advisory"),)))


@functools.cache
def recorded(name: str, stack: str = "production") -> Report:
    """The report on a recorded stream, with findings."""
    return report(stream(name), stack, FINDINGS, priced=True)


@functools.cache
def twins() -> tuple[Report, Report]:
    """Two reports on the same preview, whose events and findings came in another order."""
    return (
        report(stream("planted"), findings=FINDINGS, priced=True),
        report(stream("planted")[::-1], findings=FINDINGS[::-1], priced=True),
    )


def step(
    operation: str, name: str, type_: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *paths: str
) -> dict[str, Any]:
    """An event about one resource."""
    urn = f"urn:pulumi:production::slipway::{type_}::{name}"

    def state(inputs: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return (
            None
            if inputs is None
            else {"urn": urn, "type": type_, "custom": True, "parent": None, "inputs": inputs, "outputs": {}}
        )

    metadata = {
        "op": operation,
        "urn": urn,
        "type": type_,
        "old": state(old),
        "new": state(new),
        "detailedDiff": {path: {"diffKind": "update", "inputDiff": True} for path in paths} or None,
    }
    return {"resOutputsEvent": {"metadata": metadata, "planning": True}}


def summary(*events: Mapping[str, Any], **more: Any) -> list[Mapping[str, Any]]:
    """A whole stream of these events."""
    counts: dict[str, int] = {}
    for event in events:
        operation = event.get("resOutputsEvent", {}).get("metadata", {}).get("op")
        if operation in {part.value for part in Operation}:
            counts[operation] = counts.get(operation, 0) + 1
    return [*events, {"summaryEvent": {"resourceChanges": counts, "isPreview": True, "result": "succeeded", **more}}]


def update(
    type_: str, old: Mapping[str, Any], new: Mapping[str, Any], *paths: str, secrets: Iterable[str] = ()
) -> Report:
    """The report on one update."""
    return report(summary(step("update", "it", type_, old, new, *paths)), secrets=secrets)
