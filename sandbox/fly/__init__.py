"""An emulated Fly.io: its GraphQL, Machines and UIEX APIs on one loopback port, good enough for the real flyctl."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Route

from sandbox.fly import organizations
from sandbox.fly.guard import Guard
from sandbox.fly.routes import OPERATIONS
from sandbox.fly.runner import Runner

if TYPE_CHECKING:
    from sandbox.faults import Faults
    from sandbox.front import Front
    from sandbox.instances import Instances
    from sandbox.store import Store


def build(store: Store, instances: Instances, front: Front, faults: Faults) -> Starlette:
    """The three APIs as one application. Its start-up serves again every machine the store says is started.

    Base URLs for flyctl: FLY_API_BASE_URL, FLY_FLAPS_BASE_URL and FLY_UIEX_BASE_URL are all this application's root.
    """
    organizations.seed(store)
    runner = Runner(store, instances, front)
    guard = Guard(store, runner, faults)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await runner.reconcile()
        yield
        await runner.close()

    routes = [Route(op.path, guard.endpoint(op), methods=[op.method], name=op.name) for op in OPERATIONS]
    return Starlette(routes=routes, lifespan=lifespan)
