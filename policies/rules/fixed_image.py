"""An image that stays what it is."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    image = known(app.image)
    if image is None:
        return
    # Behind a tag a digest may stand, or in its place: neither makes it latest.
    tag = image.rpartition("/")[2].partition(":")[2]
    if tag in {"", "latest"}:
        yield f"{image} is another image tomorrow"


RULE = Rule(
    name="fixed-image",
    about=FlyApp,
    title="An image is named by a version tag or a digest, never by latest.",
    why="What latest means changes without a deployment: a restart or a rollback would run something nobody tried.",
    source="OCI distribution specification 1.1, on tags and digests, read 2026-08",
    remedy="name a version tag, or better the digest (@sha256:…)",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(image="registry.fly.io/shop:v1")),
            sample(fly_app(image=f"registry.fly.io/shop@sha256:{'0' * 64}")),
            sample(fly_app(image=None)),
        ),
        fails=(
            sample(fly_app(image="registry.fly.io/shop:latest")),
            sample(fly_app(image="localhost:5000/shop")),
        ),
        unknown=(sample(fly_app(image=UNKNOWN)),),
    ),
)
