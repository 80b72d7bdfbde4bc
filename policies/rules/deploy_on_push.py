"""Deployments that somebody decides on."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    if known(app.deploys_on_push) is not False:
        yield "every push to its branch deploys, past every check here"


RULE = Rule(
    name="deploy-on-push",
    about=AppPlatformApp,
    title="A push to a repository does not deploy.",
    why="A deployment of a push has no preview, no policy, no gate and nobody who watches it.",
    source="DigitalOcean docs, app-platform/how-to/manage-deployments, read 2026-08",
    remedy="set app.github.deploy_on_push to false",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(platform_app()),),
        fails=(sample(platform_app({"github": {"deploy_on_push": True}})),),
        unknown=(sample(platform_app({"github": {"deploy_on_push": UNKNOWN}})),),
    ),
)
