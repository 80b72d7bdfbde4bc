"""An image pinned by its digest."""

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
    if image is not None and "@sha256:" not in image:
        yield f"{image} is pinned by a tag, which its owner can move"


RULE = Rule(
    name="image-digest",
    about=FlyApp,
    title="An image is pinned by its digest.",
    why="A tag can be pushed again. A digest names exactly the bytes that were tried.",
    source="OCI distribution specification 1.1, on tags and digests, read 2026-08",
    remedy="put the digest behind the image's name: @sha256:…",
    production="advisory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(image=f"registry.fly.io/shop:v1@sha256:{'0' * 64}")),
            sample(fly_app(image=None)),
        ),
        fails=(sample(fly_app(image="registry.fly.io/shop:v1")),),
        unknown=(sample(fly_app(image=UNKNOWN)),),
    ),
)
