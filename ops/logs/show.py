"""Shows lines of several sources, together when they are followed."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Mapping

from fly.environment import tokens_in
from fly.redaction import redacted
from ops.clouds.cloudflare import CLOUDFLARE
from ops.clouds.digitalocean import DIGITALOCEAN, LogType
from ops.deployment.release import fly_apps
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.logs.source import AppPlatformSource, FlySource, Line, Source
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from settings.problem import nearest
from settings.system import System

_SECRETS = "SLIPWAY_SECRET_"


def show_logs(
    surroundings: Surroundings,
    only: str | None,
    part: str,
    *,
    type_: LogType,
    count: int,
    follow: bool,
    as_json: bool,
) -> Iterator[str]:
    """The lines of one part of each system, each with its system and instance. Raises OperationError."""
    found = _sources(surroundings, only, part, type_)
    lines = _followed(found, count) if follow else (line for source in found for line in source.recent(count))
    secrets = known_secrets(surroundings.environment)
    for line in lines:
        text = redacted(line.text, secrets)
        if as_json:
            yield json.dumps({"system": line.system, "instance": line.instance, "text": text})
        else:
            yield f"{line.system} {line.instance} {text}"


def known_secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The tokens, and the secrets' values as far as the environment gives them."""
    tokens = [environment.get(vendor.token_variable, "") for vendor in (DIGITALOCEAN, CLOUDFLARE)]
    values = [value for name, value in environment.items() if name.startswith(_SECRETS)]
    return (*tokens_in(environment), *tokens, *values)


def _sources(surroundings: Surroundings, only: str | None, part: str, type_: LogType) -> list[Source]:
    systems = surroundings.systems(only)
    parts = {name: _parts(surroundings, system) for name, system in systems.items()}
    holders = [name for name, apps in parts.items() if part in apps]
    if not holders:
        known = list(dict.fromkeys(each for apps in parts.values() for each in apps))
        message = f"{part} is no part of {only or surroundings.stack.name}, which has {', '.join(known)}"
        near = nearest(part, known)
        raise OperationError(f'{message}; did you mean "{near}"?' if near else message, ExitCode.USAGE)
    found: list[Source] = []
    for name in holders:
        app = parts[name][part]
        if not isinstance(systems[name], FlySystem):
            found.append(AppPlatformSource(surroundings.digitalocean(), name, app, type_))
        elif type_ == "RUN":
            found.append(FlySource(surroundings, name, app))
    if not found:
        where = f"{part} of {', '.join(holders)}" if only is None else only
        message = f"only App Platform keeps logs of the type {type_}, and {where} runs on Fly.io; leave out --type"
        raise OperationError(message, ExitCode.USAGE)
    return found


def _parts(surroundings: Surroundings, system: System) -> dict[str, str]:
    """The apps of a system, by part. App Platform gives the lines of all its components as those of one app."""
    if isinstance(system, FlySystem):
        return fly_apps(system, surroundings.stack.environment)
    return {"app": surroundings.app_name(system)}


def _followed(sources: list[Source], count: int) -> Iterator[Line]:
    """The lines of all sources as they come. The first error of one ends it."""
    lines: queue.SimpleQueue[Line | OperationError] = queue.SimpleQueue()

    def read(source: Source) -> None:
        try:
            for line in source.follow(count):
                lines.put(line)
        except OperationError as error:
            lines.put(error)

    for source in sources:
        threading.Thread(target=read, args=(source,), daemon=True).start()
    while True:
        came = lines.get()
        if isinstance(came, OperationError):
            raise came
        yield came
