"""Reads a preview from the engine's events, and refuses what is no whole preview.

The events are those of `pulumi preview --json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true, one JSON object a line
(pulumi/pulumi sdk/go/common/apitype/events.go, v3.259.0, 2026-08).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from inventory.resource import Resource as Part
from inventory.resource import of_step
from report.errors import CutOffError, NotAStreamError, PreviewFailedError
from report.preview import Drifted, Operation, Preview, Properties, Resource
from report.secrecy import masked
from report.values import read_value

Event = Mapping[str, Any]

RECORD: Final = "./slipway report --record FILE"

_OPERATIONS: Final = {
    "create": Operation.CREATE,
    "delete": Operation.DELETE,
    "import": Operation.IMPORT,
    "import-replacement": Operation.REPLACE,
    "read": Operation.SAME,
    "replace": Operation.REPLACE,
    "same": Operation.SAME,
    "update": Operation.UPDATE,
}
"""The steps that count; a replacement's halves (`create-replacement`, `delete-replaced`) come beside its `replace`."""

_COUNTED: Final = ("create", "delete", "import", "replace", "update")
_PROVIDERS: Final = "pulumi:providers:"


def read_lines(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a recorded stream. Raises NotAStreamError, or CutOffError where the last line is torn."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            if number > 1 and not line.endswith("\n"):
                raise CutOffError(f"the stream ends in the middle of line {number}; record the preview again") from None
            raise NotAStreamError(f"line {number} is no event of the engine; record one a line: {RECORD}") from None
        if not isinstance(event, Mapping):
            raise NotAStreamError(f"line {number} is no event of the engine; record one a line: {RECORD}")
        yield event


def read_preview(stack: str, events: Iterable[Event], secrets: Iterable[str] = ()) -> Preview:
    """The preview of `stack` that these events tell of. Raises StreamError, with every error of the engine.

    `secrets` are values that must not be shown.
    """
    reading = _Reading(frozenset(secrets))
    for event in events:
        reading.take(event)
    reading.check(stack)
    return Preview(
        stack=stack,
        resources=tuple(_resource(step) for _, step in sorted(reading.steps.items())),
        drifted=tuple(_drifted(step) for _, step in sorted(reading.refreshed.items()) if _moved(step))
        if reading.refreshed
        else None,
        warnings=tuple(sorted(reading.warnings)),
        before=tuple(_parts(reading, "old", "create", "import")),
        after=tuple(_parts(reading, "new", "delete")),
        secrets=reading.secrets,
    )


class _Reading:
    """What has been read so far: the last word about each resource, and about the whole."""

    def __init__(self, secrets: frozenset[str]) -> None:
        self.secrets = secrets
        self.steps: dict[str, Event] = {}
        self.refreshed: dict[str, Event] = {}
        self.warnings: set[str] = set()
        self.errors: list[str] = []
        self.summary: Event | None = None

    def take(self, event: Event) -> None:
        for kind in ("resourcePreEvent", "resOutputsEvent"):
            if kind in event:
                self._step(event[kind].get("metadata") or {})
        self.summary = event.get("summaryEvent") or self.summary
        if said := event.get("diagnosticEvent") or event.get("diagEvent"):
            self._diagnostic(said)

    def _step(self, step: Event) -> None:
        operation, urn = str(step.get("op")), str(step.get("urn"))
        if operation == "refresh":
            self.refreshed[urn] = step
        elif operation in _OPERATIONS:
            self.steps[urn] = step

    def _diagnostic(self, said: Event) -> None:
        text = masked(" ".join(str(said.get("message", "")).split()), self.secrets)
        urn = str(said.get("urn") or "").rpartition("::")[2]
        if said.get("severity") == "error" and not said.get("ephemeral"):
            self.errors.append(f"{urn}: {text}" if urn and urn not in text else text)
        elif said.get("severity") == "warning":
            self.warnings.add(text.removeprefix("warning: "))

    def check(self, stack: str) -> None:
        """Raises where this is no whole preview of `stack` that went well."""
        if self.errors or (self.summary or {}).get("result") == "failed":
            raise PreviewFailedError("\n".join(dict.fromkeys(self.errors)) or "the preview failed without a word")
        if self.summary is None:
            if not self.steps:
                raise NotAStreamError(f"there is no event of a preview in it; record one: {RECORD}")
            read = len(self.steps)
            raise CutOffError(f"the stream ends after {read} resources, before the engine's summary; record it again")
        if self.summary.get("isPreview") is False:
            raise NotAStreamError(f"it was recorded by a deployment, not by a preview; record one: {RECORD}")
        self._check_stack(stack)
        self._check_counts(self.summary.get("resourceChanges") or {})

    def _check_stack(self, stack: str) -> None:
        stacks = {urn.split("::")[0].removeprefix("urn:pulumi:") for urn in self.steps}
        if others := sorted(stacks - {stack}):
            raise NotAStreamError(f"it is a preview of {', '.join(others)}, not of {stack}; name that stack")

    def _check_counts(self, promised: Mapping[str, int]) -> None:
        found = Counter(str(step["op"]) for step in self.steps.values())
        missing = [
            f"{promised.get(operation, 0)} {operation} in the summary, {found[operation]} in the events"
            for operation in _COUNTED
            if promised.get(operation, 0) != found[operation]
        ]
        if missing:
            raise CutOffError(f"events are missing: {'; '.join(missing)}; record the preview again")


def _parts(reading: _Reading, state: str, *but: str) -> Iterator[Part]:
    for _, step in sorted(reading.steps.items()):
        if step["op"] not in but and (found := step.get(state)):
            yield of_step(found)


def _resource(step: Event) -> Resource:
    old, new = step.get("old") or None, step.get("new") or None
    state = new or old or {}
    return Resource(
        urn=str(step["urn"]),
        type=str(state.get("type") or step.get("type")),
        operation=_OPERATIONS[str(step["op"])],
        parent=state.get("parent") or None,
        old=_inputs(old),
        new=None if step["op"] == "delete" else _inputs(new),
        changed_paths=tuple(sorted(step.get("detailedDiff") or step.get("diffs") or ())),
        protected=bool(state.get("protect")),
        custom=bool(state.get("custom")) and not str(state.get("type")).startswith(_PROVIDERS),
    )


def _inputs(state: Event | None) -> Properties | None:
    return None if state is None else read_value(state.get("inputs") or {})


def _moved(step: Event) -> bool:
    return step.get("new") is None or bool(step.get("detailedDiff") or step.get("diffs"))


def _drifted(step: Event) -> Drifted:
    old, new = step.get("old") or {}, step.get("new") or None
    return Drifted(
        urn=str(step["urn"]),
        type=str(old.get("type") or step.get("type")),
        old=_inputs(old) or {},
        new=_inputs(new),
        changed_paths=tuple(sorted(step.get("detailedDiff") or step.get("diffs") or ())),
    )
