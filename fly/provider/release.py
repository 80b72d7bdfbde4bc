"""`fly:index:Release`"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fly.answers import json_values
from fly.commands.deploy import SourceBuild
from fly.commands.releases import show_config
from fly.config import FlyConfig
from fly.config.fly_toml import from_flyctl
from fly.ensure.counts import counted
from fly.errors import DeployFailed, NotFound, Problem
from fly.facts import Facts
from fly.provider.comparison import compared
from fly.provider.image import hashed, image_problems, same_image, source_problems
from fly.provider.inputs import ReleaseInputs, parse
from fly.provider.resource import Difference, Found, HalfCreated
from fly.provider.values import UNKNOWN, Properties, Secret, has_secret, has_unknown, hidden, plain, without_unknowns
from fly.release.deployer import Deployer, Released
from fly.release.wish import Gate, Wish, default_gate_path
from fly.toml import render
from fly.validation.release import release_problems
from fly.validation.shape import parse_config

# What decides over a new release. The gate and the rest say how one is made; secrets are compared by their digests.
_DECIDES = ("app", "config", "counts", "image", "source", "secretDigests")


class ReleaseResource:
    """What runs in an app. Its id is the app's name."""

    def __init__(self, facts: Facts, deployer: Deployer) -> None:
        self._facts = facts
        self._deployer = deployer

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        inputs, problems = parse(ReleaseInputs, news)
        problems += image_problems(news) + source_problems(news)
        shaped, found = parse_config("config", _config(news))
        seen = {problem.path for problem in problems}
        unknown = has_unknown(news.get("config"))
        problems += [p for p in found if p.path not in seen and not (unknown and p.value is None)]
        if shaped and inputs:
            secrets = plain(news.get("secrets", {}))
            names = frozenset(secrets) if isinstance(secrets, Mapping) else None
            counts = None if has_unknown(news.get("counts")) else inputs.counts
            problems += release_problems(shaped, counts, names, single=inputs.single_instance)
        return hashed({**news, **hidden(news, "secrets")}), problems

    def difference(self, olds: Properties, news: Properties) -> Difference:
        found = compared(_deciding(olds), _deciding(news), replacing=("app",))
        changes = dict(found.changes)
        if "image" in changes and same_image(olds.get("image"), news.get("image")):
            del changes["image"]
        return Difference(changes, found.replaces)

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        return {**news, "toml": _toml(news), "version": UNKNOWN, "deployedImage": UNKNOWN, "verified": UNKNOWN}

    async def create(self, news: Properties) -> tuple[str, Properties]:
        id_ = str(news["app"])
        try:
            released = await self._deployer.release(_wish(news), None)
        except DeployFailed as error:
            raise HalfCreated(id_, {**news, "toml": _toml(news), "verified": False}, str(error)) from error
        return id_, _outputs(news, released)

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        """How it is now. No newer release than the one in state means that the configuration is as it was.

        After a rollback the old release runs under a newer number: it still counts as the one in state.
        """
        try:
            machines = [machine for machine in await self._facts.machines(id_) if machine.serves]
        except NotFound as error:
            if error.subject != "app":
                raise
            return None
        if not machines:
            return None
        newest = max((release.version for release in await self._facts.releases(id_)), default=0)
        running = ", ".join(sorted({machine.image_ref.pinned() for machine in machines}))
        config = inputs["config"] if newest == outputs.get("version") else await self._config(id_, inputs)
        moved = running != outputs.get("deployedImage") or config is not inputs.get("config")
        now: Properties = {**inputs, "app": id_, "config": config, "counts": dict(counted(machines, group_of(config)))}
        if running != outputs.get("deployedImage"):
            now.pop("source", None)
            now["image"] = running
        if not outputs:
            now |= await self._imported_digests(id_)
        state = {"toml": _toml(now), "version": newest if moved else outputs["version"], "deployedImage": running}
        return Found(id_, now, {**outputs, **now, **state, "verified": outputs.get("verified", True)})

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        return _outputs(news, await self._deployer.release(_wish(news), _previous(olds)))

    async def delete(self, id_: str, olds: Properties) -> None:
        """The machines go; the app and its volumes are resources of their own."""
        await self._deployer.remove(id_)

    async def _config(self, app: str, inputs: Properties) -> Properties:
        """The running configuration; the very object of `inputs` when it says the same.

        `[deploy]` does not count: it says how a release was made, and `--strategy` changes it there.
        """
        shown = json_values((await self._facts.ask(show_config(app))).stdout)
        found = from_flyctl(next((value for value in shown if isinstance(value, Mapping)), {}))
        before: Properties | None = inputs.get("config")
        same = before is not None and not compared(_running(before), _running(found)).changes
        return before if before is not None and same else found

    async def _imported_digests(self, app: str) -> Properties:
        digests = {name: secret.digest for name, secret in (await self._facts.secrets(app)).items()}
        return {"secretDigests": digests} if digests else {}


def _deciding(properties: Properties) -> Properties:
    return {key: properties[key] for key in _DECIDES if properties.get(key) not in (None, {})}


def _config(properties: Properties) -> Mapping[str, Any]:
    config = without_unknowns(plain(properties.get("config")))
    return config if isinstance(config, Mapping) else {}


def _running(config: Properties) -> Properties:
    return {key: value for key, value in config.items() if key != "deploy"}


def group_of(config: Properties) -> str:
    """The process group that the machine counts are about."""
    shaped, _ = parse_config("config", _config({"config": config}))
    return _shaped_wish("", shaped).group() if shaped else "app"


def _shaped_wish(app: str, config: FlyConfig) -> Wish:
    return Wish(app=app, config=config, counts={}, image=None, source=None, gate=Gate("/"))


def _toml(properties: Properties) -> object:
    """The rendered file; unknown while a part of it is, and secret when a part of it is."""
    if has_unknown(properties.get("config")) or has_unknown(properties.get("app")):
        return UNKNOWN
    config, _ = parse_config("config", _config(properties))
    text = render(plain(properties["app"]), config) if config else ""
    return Secret(text) if has_secret(properties.get("config")) else text


def _wish(news: Properties) -> Wish:
    inputs = ReleaseInputs.model_validate(plain(news))
    config = FlyConfig.model_validate(inputs.config)
    source = inputs.source
    return Wish(
        app=inputs.app,
        config=config,
        counts=inputs.counts,
        image=inputs.image,
        source=SourceBuild(source.folder, source.dockerfile, source.target, source.args or {}) if source else None,
        gate=Gate(
            path=inputs.gate.path or default_gate_path(config),
            url=inputs.gate.url,
            successes=inputs.gate.successes,
            interval_seconds=inputs.gate.interval_seconds,
            timeout_seconds=inputs.gate.timeout_seconds,
        ),
        secrets=inputs.secrets or {},
        secret_digests=inputs.secret_digests or {},
    )


def _previous(olds: Properties) -> Wish | None:
    """The last good release out of the state; None when there never was one."""
    if not olds.get("verified") or not olds.get("deployedImage"):
        return None
    if parse_config("config", _config(olds))[0] is None:
        return None
    known: Properties = {
        key: olds[key] for key in ("app", "config", "counts", "gate", "secrets", "secretDigests") if key in olds
    }
    return _wish({**known, "image": olds["deployedImage"]})


def _outputs(news: Properties, released: Released) -> Properties:
    digests = {"secretDigests": released.secret_digests} if released.secret_digests else {}
    made = {"version": released.version, "deployedImage": released.image, "verified": True, "toml": _toml(news)}
    return {**news, **digests, **made}
