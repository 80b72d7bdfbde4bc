"""`alerts test`: replays an incident and says what would have been told when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ops.alerts.incidents import read_incident
from ops.errors import OperationError
from ops.exit_code import ExitCode
from planning.alerts.alert import Alert, system_alerts
from planning.alerts.incident import KINDS, Incident, simulated
from planning.alerts.replay import Event, replay
from planning.thresholds import shown
from settings.problem import did_you_mean
from settings.stack import Stack

_DAY_SECONDS = 86_400.0


def replay_stack(stack: Stack, only: str | None, incident: str, *, as_json: bool) -> Iterator[str]:
    """What each system's alerts would have said: lines, or one JSON object. Tells nobody.

    `incident` is one of the simulated kinds, or a file. Raises OperationError.
    """
    found = {}
    for name in [only] if only else stack.systems:
        if name not in stack.systems:
            message = f"{name} is no system of {stack.name}; {did_you_mean(name, stack.systems)}"
            raise OperationError(message, ExitCode.USAGE)
        alerts = system_alerts(name, stack.systems[name])
        if alerts:
            found[name] = replay(alerts, incident_of(name, incident, alerts)).events
    if not found:
        raise OperationError("nothing is watched there; describe monitoring in the system", ExitCode.USAGE)
    if as_json:
        yield json.dumps({name: [_fields(event) for event in events] for name, events in found.items()})
        return
    for name, events in found.items():
        yield f"{name}: {incident}"
        yield from _lines(events)


def _lines(events: Sequence[Event]) -> Iterator[str]:
    told = [event for event in events if event.what not in {"pending", "quiet", "firing"}]
    for event in told:
        moment = _moment(event.at)
        said = event.alert.end if event.what == "told recovered" else event.alert.meaning
        yield f"  {moment}  {_word(event):<14}  {event.alert.key}: {said}, now {_measured(event)}"
    if not told:
        yield "  nobody would have been told anything"


def incident_of(name: str, incident: str, alerts: list[Alert]) -> Incident:
    """The simulated kind, or else the file of that name. Raises OperationError for what is neither."""
    if incident in KINDS:
        return simulated(incident, alerts)
    if not Path(incident).is_file():
        hint = did_you_mean(incident, KINDS) or f"choose one of {', '.join(KINDS)}, or name a file"
        raise OperationError(f"{incident} is neither a simulated incident nor a file; {hint}", ExitCode.USAGE)
    return read_incident(Path(incident), name, alerts)


def _word(event: Event) -> str:
    if event.what == "told firing":
        return event.alert.threshold.severity.upper()
    return event.what.removeprefix("told ")


def _measured(event: Event) -> str:
    return shown(event.alert.threshold, event.measured)


def _moment(at: float) -> str:
    """Minutes and seconds since the start; a recorded time as it was."""
    if at >= _DAY_SECONDS:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{int(at // 60):>3}:{int(at % 60):02}"


def _fields(event: Event) -> dict[str, object]:
    return {
        "at": event.at,
        "alert": event.alert.key,
        "severity": event.alert.threshold.severity,
        "what": event.what,
        "measured": round(event.measured, 3),
    }
