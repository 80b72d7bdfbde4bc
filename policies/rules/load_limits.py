"""Limits for the load of a machine."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    service = app.http
    if service is None:
        return
    soft, hard = known(service.soft_limit), known(service.hard_limit)
    if soft is None or hard is None:
        yield "nothing says how many requests a machine takes at once"
    elif soft > hard:
        yield f"its soft limit of {soft} is above the hard limit of {hard}"


RULE = Rule(
    name="load-limits",
    about=FlyApp,
    title="Every app that answers HTTP says how much one machine takes, the soft limit not above the hard one.",
    why="Fly.io spreads requests and starts machines by the soft limit. Without one a machine counts as full at 20.",
    source="fly.io docs, reference/configuration (http_service.concurrency), read 2026-08",
    remedy="set app.concurrency.soft and app.concurrency.hard",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(service={"concurrency": {"soft_limit": 200, "hard_limit": 200}})),
            sample(fly_app(), fly_app({"http_service": None}, system="worker")),
        ),
        fails=(
            sample(fly_app(service={"concurrency": {"soft_limit": 201, "hard_limit": 200}})),
            sample(fly_app(service={"concurrency": {"soft_limit": None}})),
            sample(fly_app(service={"concurrency": {"hard_limit": None}})),
        ),
        unknown=(sample(fly_app(service={"concurrency": {"soft_limit": UNKNOWN}})),),
    ),
)
