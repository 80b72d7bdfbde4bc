"""What the machines say about a release: crashed, not yet healthy, or fine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fly.config import FlyConfig
from fly.ensure.started import AT_REST
from fly.models.machine import Event, Machine

# A process that ended this often by itself is not going to stay up (flyctl's own rule: more than one restart)
CRASHES = 2
OUTPUT_CHARACTERS = 200
REPLACING = ("launch", "update")


@dataclass(frozen=True)
class Trouble:
    """What is wrong, with one machine or, when `machine` is empty, with the release as a whole."""

    what: str
    machine: str = ""
    region: str = ""
    outside: bool = False

    def __str__(self) -> str:
        return f"machine {self.machine} in {self.region}: {self.what}" if self.machine else self.what


def serving(machines: list[Machine], config: FlyConfig) -> list[Machine]:
    """The machines that belong to the app's process groups, in a steady order."""
    return sorted((m for m in machines if m.serves and m.group in config.groups()), key=lambda machine: machine.id)


def last_events(machines: list[Machine]) -> dict[str, int]:
    """When something last happened to each machine, in milliseconds since 1970."""
    return {machine.id: max((event.timestamp for event in machine.events or []), default=0) for machine in machines}


def crashes(machines: list[Machine], config: FlyConfig, since: Mapping[str, int], newer_than: int) -> list[Trouble]:
    """Machines of a release `newer_than` that number whose process ended by itself again and again, or for good."""
    found = []
    for machine in serving(machines, config):
        if machine.release_version <= newer_than:
            continue
        ends = _own_ends(machine, since)
        if machine.state == "failed":
            found.append(_of(machine, "it failed to start"))
        elif ends and (len(ends) >= CRASHES or not _restarting(ends[-1])):
            found.append(_of(machine, _end(ends[-1], len(ends))))
    return found


def ended(machines: list[Machine], config: FlyConfig, since: Mapping[str, int], newer_than: int) -> int:
    """How often a process of that release ended by itself, on all machines together."""
    ours = [machine for machine in serving(machines, config) if machine.release_version > newer_than]
    return sum(len(_own_ends(machine, since)) for machine in ours)


def _own_ends(machine: Machine, since: Mapping[str, int]) -> list[Event]:
    """Ends by itself after `since` of the process that runs now, oldest first; the one it replaced does not count."""
    found: list[Event] = []
    started = True
    for event in sorted(machine.events or [], key=lambda event: event.timestamp):
        if event.type in REPLACING:
            started, found = False, []
        elif event.type == "start":
            started = True
        elif started and _crashed(event) and event.timestamp > since.get(machine.id, 0):
            found.append(event)
    return found


def not_healthy(machines: list[Machine], config: FlyConfig) -> list[Trouble]:
    """Machines that do not (yet) run with all their checks passing. Those that stopped by themselves are fine."""
    found = []
    ready = 0
    for machine in serving(machines, config):
        if machine.state in ("stopped", "suspended") and stops_by_itself(config, machine.group):
            continue
        troubles = _troubles(machine)
        found += troubles
        ready += not troubles
    if not found and ready < _least(config):
        found.append(Trouble(f"only {ready} of at least {_least(config)} machines run"))
    return found


def must_start(machines: list[Machine], config: FlyConfig) -> list[str]:
    """The ids of machines that rest although they should run: all where nothing stops them, else the least number."""
    ours = serving(machines, config)
    always = [m.id for m in ours if m.state in AT_REST and not stops_by_itself(config, m.group)]
    running = sum(machine.state not in AT_REST for machine in ours) + len(always)
    others = [machine.id for machine in ours if machine.state in AT_REST and machine.id not in always]
    return [*always, *others[: max(0, _least(config) - running)]]


def stops_by_itself(config: FlyConfig, group: str) -> bool:
    """Whether the proxy may stop machines of the group when there is nothing to do."""
    services = [config.http_service, *(config.services or [])]
    ours = [s for s in services if s and (not s.processes or group in s.processes)]
    return bool(ours) and all(service.auto_stop_machines in ("stop", "suspend") for service in ours)


def _of(machine: Machine, what: str) -> Trouble:
    return Trouble(what, machine.id, machine.region)


def _troubles(machine: Machine) -> list[Trouble]:
    if machine.state != "started":
        return [_of(machine, f"it is {machine.state or 'in no known state'}")]
    results = machine.results
    if len(results) < machine.configured_checks():
        missing = machine.configured_checks() - len(results)
        return [_of(machine, f"{missing} of its checks did not report yet")]
    return [
        _of(machine, f"check {check.name} is {check.status}: {check.output.strip()[:OUTPUT_CHARACTERS]}")
        for check in results
        if check.status != "passing"
    ]


def _least(config: FlyConfig) -> int:
    services = [config.http_service, *(config.services or [])]
    return max((service.min_machines_running or 0 for service in services if service), default=0)


def _crashed(event: Event) -> bool:
    end = event.request.exit_event if event.request else None
    return (
        event.type == "exit" and end is not None and not end.requested_stop and (end.exit_code != 0 or end.oom_killed)
    )


def _restarting(event: Event) -> bool:
    return bool(event.request and event.request.exit_event and event.request.exit_event.restarting)


def _end(event: Event, times: int) -> str:
    end = event.request.exit_event if event.request else None
    code = end.exit_code if end else 0
    why = "ran out of memory" if end and end.oom_killed else f"ended with exit code {code}"
    return f"it crashed: its process {why}" + (f", {times} times" if times > 1 else "")
