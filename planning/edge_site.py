"""The zones of a stack as requests meet them, made of the very rulesets that the stack deploys."""

from __future__ import annotations

from edge.site import KeptPosts, Site, Worker
from planning.app import app_name
from planning.edge import kept_answers
from planning.edge_rulesets import EdgeSystem, ZonePlan, zone_plans
from settings.edge_rules import EdgeWorker
from settings.fly_system import FlySystem
from settings.stack import Stack
from settings.system import System


def site(plan: ZonePlan) -> Site:
    """One zone."""
    workers = [worker for system in plan.systems for worker in _workers(system)]
    hosts = frozenset(host for system in plan.systems for host in system.hosts)
    return Site(plan.zone, hosts, {ruleset.phase: ruleset.rules for ruleset in plan.rulesets}, tuple(workers))


def sites(stack: Stack) -> tuple[Site, ...]:
    """Every zone behind Cloudflare's proxy, and every system that its platform serves by itself."""
    return (
        *(site(plan) for plan in zone_plans(stack)),
        *(_unproxied(name, system, stack.environment) for name, system in sorted(stack.systems.items())),
    )


def _unproxied(name: str, system: System, environment: str) -> Site:
    """What a system's platform answers: its domains without a proxy, and on Fly.io its default host name."""
    hosts = set() if system.edge and system.edge.mode == "cloudflare" else set(system.host_names)
    if isinstance(system, FlySystem):
        hosts.add(f"{app_name(system.app, environment)}.fly.dev")
        return Site(name, frozenset(hosts), {}, platform="Fly.io", platform_headers=system.app.headers)
    return Site(name, frozenset(hosts), {}, platform="App Platform")


def _workers(system: EdgeSystem) -> list[Worker]:
    found = [
        Worker(f"{system.name}-{label}", worker.routes, posts=_posts(worker))
        for label, worker in sorted(system.edge.workers.items())
    ]
    if system.forwarded:
        routes = tuple(f"{host}/*" for host in system.hosts)
        found.append(Worker(system.name, routes, kept=tuple(kept_answers(system.edge))))
    return found


def _posts(worker: EdgeWorker) -> KeptPosts | None:
    """What the Worker workers/calculations keeps, by its variables."""
    if worker.script != "calculations":
        return None
    return KeptPosts(int(worker.variables["CACHE_SECONDS"]), int(worker.variables["BODY_LIMIT_BYTES"]))
