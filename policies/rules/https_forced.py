"""HTTPS only."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    for service in known(app.services):
        if known(service.plain_http) and not known(service.force_https):
            yield "plain HTTP is answered, not redirected to HTTPS"


RULE = Rule(
    name="https-forced",
    about=FlyApp,
    title="Whoever asks an app on Fly.io by plain HTTP is sent to HTTPS.",
    why="Cookies and passwords of whoever types the address without https would cross the network in the clear.",
    source="fly.io docs, reference/configuration (http_service.force_https), read 2026-08",
    remedy="set force_https = true in the service",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app()),
            sample(fly_app({"http_service": None})),
        ),
        fails=(
            sample(fly_app(service={"force_https": False})),
            sample(
                fly_app(
                    {
                        "services": [
                            {"protocol": "tcp", "internal_port": 80, "ports": [{"port": 80, "handlers": ["http"]}]}
                        ]
                    }
                )
            ),
        ),
        unknown=(sample(fly_app(service={"force_https": UNKNOWN})),),
    ),
)
