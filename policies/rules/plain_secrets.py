"""No secret in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inventory.app_platform import AppPlatformApp
from inventory.fly_app import FlyApp
from inventory.item import Item
from inventory.unknown import UNKNOWN, Unknown, known
from inventory.worker import Worker
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import worker
from policies.samples.digitalocean import platform_app
from policies.samples.fly import fly_app
from policies.secrecy import betrays


def broken(item: Item, stack: Circumstances) -> Iterator[str]:
    if isinstance(item, FlyApp | AppPlatformApp | Worker):
        variables: Mapping[str, str | Unknown] = known(item.variables)
        for name, value in sorted(variables.items()):
            # One that only a cloud will tell is no secret that somebody wrote down.
            if not isinstance(value, Unknown) and (reason := betrays(name, value)):
                yield f"the plain variable {name} looks like a secret: {reason}"


RULE = Rule(
    name="plain-secrets",
    about=Item,
    title="No plain variable of an app or a Worker holds a secret.",
    why="Plain variables stand in the settings, the state, every preview and the platform's web pages.",
    source="fly.io docs, apps/secrets; DigitalOcean docs, app-platform/how-to/use-environment-variables; read 2026-08",
    remedy="move it to the system's secrets and change the value, which has been seen",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(
                fly_app({"env": {"TOKEN_TTL_SECONDS": "60", "COMMIT": "deadbeefdeadbeefdeadbeef", "EMPTY_TOKEN": ""}})
            ),
            sample(platform_app(), worker([{"name": "LIMIT", "type": "plain_text", "text": "65536"}])),
            sample(fly_app({"env": {"REDIS_HOST": UNKNOWN}})),
        ),
        fails=(
            sample(fly_app({"env": {"ADMIN_PASSWORD": "hunter2"}})),
            sample(fly_app({"env": {"SOURCE": "postgres://shop:hunter2@db.example.com/shop"}})),
            sample(platform_app({"envs": [{"key": "AWS", "value": "AKIAIOSFODNN7EXAMPLE", "type": "GENERAL"}]})),
            sample(worker([{"name": "SALT", "type": "plain_text", "text": "q8Zr3Vt6Xw1Yp5Ls9Kd2"}])),
        ),
        unknown=(sample(fly_app({"env": UNKNOWN})),),
    ),
)
