"""The inventory of a stack, from its settings alone."""

from __future__ import annotations

from inventory.from_resources import from_resources
from inventory.planned.cloudflare import plan_edge, plan_zone
from inventory.planned.digitalocean import plan_app_platform, plan_clusters, plan_monitoring
from inventory.planned.fly import plan_fly
from inventory.planned.plan import Plan
from inventory.resource import Resource
from inventory.stack import Inventory
from planning.edge_rulesets import zone_plans
from settings.fly_system import FlySystem
from settings.stack import Stack


def from_settings(stack: Stack) -> Inventory:
    """What the settings lead to. What only a cloud can tell (addresses, host names that it gives) is UNKNOWN."""
    return from_resources(stack.name, stack.environment, planned(stack))


def planned(stack: Stack) -> list[Resource]:
    """The resources and components that `pulumi up` would ask for, with the properties that the inventory reads."""
    plan = Plan(stack.name)
    for zone in zone_plans(stack):
        plan_zone(plan, zone)
    for name, system in stack.systems.items():
        above = plan.component("System", name)
        if isinstance(system, FlySystem):
            plan_fly(plan, name, system, stack.environment, above)
        else:
            plan_app_platform(plan, name, system, stack.environment, above)
        plan_clusters(plan, name, system, stack.environment, above)
        if system.edge:
            plan_edge(plan, name, system, stack.environment, system.edge, above)
        if system.monitoring:
            base_url = f"https://{system.host_names[0]}" if system.edge else None
            plan_monitoring(plan, name, system.monitoring, stack.environment, above, base_url)
    return plan.resources
