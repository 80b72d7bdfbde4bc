"""Which input is to blame for what Fly.io refused, so that the message begins with the property to correct."""

from __future__ import annotations

from collections.abc import Mapping

from fly.errors import Conflict, FlyError, InvalidInput, LeaseHeld, NoCapacity, NotFound, Problem, Refused
from fly.provider.values import plain

_RULES = {
    "name": "somebody else on Fly.io has this app name",
    "hostname": "another app on Fly.io has this host name",
    "org": "there is no such organization, or the token does not belong to it",
    "app": "there is no such app",
    "image": "Fly.io finds no such image",
    "region": "Fly.io has no room there now",
    "counts": "Fly.io has no room there now",
}
_WAYS_OUT = {
    "name": "names are global: choose another, or use a token of the organization that owns it",
    "hostname": "remove it there first",
    "org": "correct the name, or set FLY_API_TOKEN to a token of that organization",
    "app": "declare the App, and take this input from its name",
    "image": "push it first, or correct the reference",
    "region": "choose another region, or try again later",
    "counts": "choose another region, or try again later",
}


def blamed(error: FlyError, inputs: Mapping[str, object]) -> FlyError:
    """The error with the name and value of the input it is about; as it was when none is."""
    key = next((key for key in _candidates(error) if key in inputs), None)
    if key is None:
        return error
    said = f" ({error.said})" if isinstance(error, Refused) else ""
    return InvalidInput([Problem(key, plain(inputs[key]), _RULES[key] + said, _WAYS_OUT[key])])


def _candidates(error: FlyError) -> tuple[str, ...]:
    match error:
        case LeaseHeld():
            return ()
        case Conflict(subject="app"):
            return ("name",)
        case Conflict(subject="certificate"):
            return ("hostname",)
        case NoCapacity():
            return ("region", "counts")
        case NotFound(subject="organization"):
            return ("org",)
        case NotFound(subject="app"):
            return ("app",)
        case NotFound(subject="image"):
            return ("image",)
    return ()
