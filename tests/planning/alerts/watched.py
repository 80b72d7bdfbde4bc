"""The systems of the repository with their alerts."""

from __future__ import annotations

import functools

from planning.alerts.alert import Alert, system_alerts
from settings.stack import Stack
from settings.system import System
from tests.stacks import loaded


@functools.cache
def stack(name: str) -> Stack:
    return loaded(name)


def system(name: str) -> System:
    return next(stack(where).systems[name] for where in ("production", "performance") if name in stack(where).systems)


def alerts(name: str) -> list[Alert]:
    return system_alerts(name, system(name))


ALL = ("tetrix", "paintbox", "tattoo-contest", "paintbox-performance", "paintbox-digitalocean")
