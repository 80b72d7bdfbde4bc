"""Everything that can go wrong between this project and Fly.io, as one tree.

::

    FlyError
    ├── InvalidInput            found by our own rules, before flyctl starts: names the property
    ├── FlyctlMissing           no flyctl to start
    ├── UnsupportedVersion      flyctl is older than the adapter was written for
    ├── Unparsable              flyctl succeeded, its answer is not what it documents
    ├── TimedOut                flyctl did not end in time; whether it acted is unknown
    ├── Cancelled               stopped by the user or the engine
    ├── Refused                 flyctl ended with an error
    │   ├── NotFound            Fly.io says the thing does not exist (`subject` says which)
    │   ├── Unauthorized        no token, an expired one, or one without the right
    │   ├── RateLimited         too many requests: nothing was done
    │   ├── Conflict            somebody else has it: a name, a lease
    │   │   └── LeaseHeld       another deploy holds the machine for some seconds
    │   ├── NoCapacity          the region has no room now
    │   └── Unavailable         Fly.io or the network failed; whether it acted is unknown
    └── DeployFailed            a release did not pass its gate; says whether the old one is back

Only `NotFound` whose subject is the resource itself may ever drop a resource from state.
"""

# ruff: noqa: N818 - the names say what is the case; the base class says that it is an error
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Subject = Literal["app", "machine", "volume", "address", "certificate", "image", "organization", "release", "other"]


class FlyError(Exception):
    """Base of the tree. `str()` is the message for the user: the value, the rule, the way out."""


@dataclass(frozen=True)
class Problem:
    """One broken rule: the property path in the resource, the value found, the rule and the way out."""

    path: str
    value: object
    rule: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.path}: {_shown(self.value)}: {self.advice()}"

    def advice(self) -> str:
        """The rule and the way out, for places that show path and value themselves."""
        return f"{self.rule}; {self.way_out}"


class InvalidInput(FlyError):
    """Our own rules were broken; every problem is listed, each with its path."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class FlyctlMissing(FlyError):
    """There is no flyctl at the place it should be."""

    def __init__(self, looked_for: str) -> None:
        super().__init__(f"flyctl was not found as {looked_for!r}; `make setup` installs it, FLYCTL_PATH names another")


class UnsupportedVersion(FlyError):
    """flyctl is too old, or its version cannot be read."""

    def __init__(self, found: str, minimum: str) -> None:
        super().__init__(f"flyctl {found} is not supported: the adapter needs {minimum} or newer; run `make setup`")


class Unparsable(FlyError):
    """flyctl ended well but its output is not the JSON that the command documents."""

    def __init__(self, command: str, why: str, output: str) -> None:
        self.output = output
        super().__init__(
            f"the answer of `{command}` cannot be read: {why}; nothing was changed on its account, "
            f"check that flyctl is the pinned version. It printed: {_cut(output)}"
        )


class TimedOut(FlyError):
    """flyctl was stopped after its time-out. A write may have happened all the same."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(
            f"`{command}` did not end within {seconds:g} s and was stopped; run the same command again: "
            "what was done is found and not done twice"
        )


class Cancelled(FlyError):
    """The run was stopped from outside while flyctl was working."""

    def __init__(self, command: str) -> None:
        super().__init__(f"`{command}` was cancelled; run the same command again to converge")


class Refused(FlyError):
    """flyctl ended with an error. `code` is its exit code, `said` the redacted last words on stderr."""

    way_out = "see flyctl's message"

    def __init__(self, command: str, code: int, said: str, *, subject: Subject = "other") -> None:
        self.command = command
        self.code = code
        self.said = said
        self.subject = subject
        super().__init__(f"`{command}` failed with exit code {code}: {_cut(said)}; {self.way_out}")


class NotFound(Refused):
    """Fly.io answered that the thing does not exist."""

    way_out = "check the name and the organization of the token"


class Unauthorized(Refused):
    """Fly.io did not accept the token for this."""

    way_out = "set FLY_API_TOKEN to a token of the organization, for example from `flyctl tokens create org`"


class RateLimited(Refused):
    """Fly.io asked to slow down; the request was not carried out."""

    way_out = "wait a minute and run again; fewer resources at once with `pulumi up --parallel 4`"


class Conflict(Refused):
    """Somebody else has the name or works on the same thing."""

    way_out = "app names are global on Fly.io: choose another name, or use a token of the organization that owns it"


class LeaseHeld(Conflict):
    """Another deploy holds a lease on a machine; leases end by themselves after some seconds."""

    way_out = "another deploy of this app is running or was just killed: wait for it and run again"


class NoCapacity(Refused):
    """The region cannot place the machine or the volume now."""

    way_out = "choose another region or a smaller machine, or try again later"


class Unavailable(Refused):
    """Fly.io or the network between failed. A write may have happened all the same."""

    way_out = "see https://status.flyio.net and run again: what was done is found and not done twice"


class DeployFailed(FlyError):
    """A release did not pass its gate. `rolled_back` is None when there was no earlier release to return to."""

    def __init__(self, report: str, *, rolled_back: bool | None) -> None:
        self.rolled_back = rolled_back
        super().__init__(report)


def _cut(text: str, limit: int = 2000) -> str:
    text = text.strip()
    return text if len(text) <= limit else f"…{text[-limit:]}"


def _shown(value: object) -> str:
    return _cut(repr(value), 120)
