"""The inputs of the resources: one model each, camelCase on the wire, unknown keys refused."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from fly.errors import Problem
from fly.provider.values import UNKNOWN, plain, without_unknowns

AppName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
HostName = Annotated[str, StringConstraints(pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]


class Inputs(BaseModel):
    """Common to all: exact types, no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=True)


class AppInputs(Inputs):
    """An app: its name, unique in all of Fly.io, and the organization that pays for it."""

    name: AppName
    org: Annotated[str, Field(min_length=1)]
    network: str | None = None


class VolumeInputs(Inputs):
    """Volumes of one name in one region: `count` of them, one for each machine there."""

    app: AppName
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,30}$")]
    region: str
    size_gb: Annotated[int, Field(ge=1, le=500)]
    count: Annotated[int, Field(ge=1, le=100)] = 1
    snapshot_retention_days: Annotated[int, Field(ge=1, le=60)] = 5
    scheduled_snapshots: bool = True
    extends_to_gb: Annotated[int, Field(ge=1, le=500)] | None = None


class SecretsInputs(Inputs):
    """Secrets of an app, by name. Others that were set by hand are left alone."""

    app: AppName
    values: dict[str, str]


class AddressInputs(Inputs):
    """An address of an app."""

    app: AppName
    type: Literal["v4", "shared_v4", "v6", "private_v6"]
    region: str | None = None
    network: str | None = None


class CertificateInputs(Inputs):
    """A certificate for a host name of an app."""

    app: AppName
    hostname: HostName


class SourceInputs(Inputs):
    """A folder to build at Fly.io. `hash` is filled in by the provider from the folder's content."""

    folder: str
    dockerfile: str | None = None
    target: str | None = None
    args: dict[str, str] | None = None
    hash: str | None = None


class GateInputs(Inputs):
    """What a release must show from outside before it counts: so many answers below 400 in a row."""

    path: Annotated[str, StringConstraints(pattern=r"^/")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    successes: Annotated[int, Field(ge=0, le=100)] = 3
    interval_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0
    timeout_seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0


class ReleaseInputs(Inputs):
    """What runs in an app: image or source, fly.toml, machines per region, secrets, and the gate."""

    app: AppName
    config: dict[str, Any]
    counts: dict[str, int]
    image: Annotated[str, Field(min_length=1)] | None = None
    source: SourceInputs | None = None
    secrets: dict[str, str] | None = None
    secret_digests: dict[str, str] | None = None
    gate: GateInputs = Field(default_factory=GateInputs)
    single_instance: bool = False


Model = TypeVar("Model", bound=Inputs)


def parse(model: type[Model], news: Mapping[str, Any]) -> tuple[Model | None, list[Problem]]:
    """The typed inputs, or None while something is wrong or still unknown; and every problem with its path."""
    values = plain(news)
    try:
        return model.model_validate(without_unknowns(values)), []
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            if detail["type"] == "missing" and _at(values, detail["loc"]) is UNKNOWN:
                continue
            problems.append(_problem(model, detail["loc"], detail["type"], detail["msg"], detail["input"], news))
        return None, list({problem.path: problem for problem in problems}.values())


def _problem(
    model: type[Inputs], where: tuple[int | str, ...], kind: str, message: str, value: object, news: Mapping[str, Any]
) -> Problem:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")
    if kind == "missing":
        return Problem(path, None, "is needed", "add it")
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        close = get_close_matches(str(where[-1]), known, 1)
        return Problem(
            path, str(where[-1]), "there is no such input", f"did you mean {close[0]}?" if close else "remove it"
        )
    shown = "(secret)" if where[0] in ("values", "secrets") else value
    return Problem(path, shown, message.lower(), "correct the value")


def _at(values: Any, where: tuple[int | str, ...]) -> object:
    for part in where:
        if not isinstance(values, dict | list):
            return None
        try:
            values = values[part]  # type: ignore[index]  # a path of pydantic's fits what it came from
        except (KeyError, IndexError):
            return None
    return values
