"""How many machines each region has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fly.commands.scale import scale_count
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.facts import Facts
from fly.models.machine import Machine


def counted(machines: list[Machine], group: str) -> Counter[str]:
    """Machines of a process group by region."""
    return Counter(machine.region for machine in machines if machine.serves and machine.group == group)


async def ensure_counts(facts: Facts, app: str, group: str, counts: Mapping[str, int]) -> Outcome[dict[str, int]]:
    """Each region has exactly so many machines of the group; regions not named have none."""
    have = counted(await facts.machines(app), group)
    wanted = {**dict.fromkeys(have, 0), **counts}
    differing = [(region, count) for region, count in sorted(wanted.items()) if have[region] != count]
    # growing first, so that there is never less than both before and after
    differing.sort(key=lambda item: item[1] < have[item[0]])
    for region, count in differing:
        command = scale_count(app, count, region=region, group=group)
        try:
            await facts.do(command, ("machines", app), ("volumes", app))
        except LOST_ANSWERS as error:
            if counted(await facts.machines(app), group)[region] != count:
                raise error from None
    result = {region: count for region, count in wanted.items() if count}
    if not differing:
        return Outcome(result, changed=False, why=f"{group} has {_shown(result)}")
    return Outcome(result, changed=True, why=f"{group} scaled to {_shown(result)}")


def _shown(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} in {region}" for region, count in sorted(counts.items())) or "no machines"
