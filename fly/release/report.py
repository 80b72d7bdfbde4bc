"""What to say about a release that failed: which check on which machine, its output, and the last lines it wrote."""

from __future__ import annotations

from fly.answers import parsed_objects
from fly.commands.logs import recent_logs
from fly.errors import FlyError
from fly.facts import Facts
from fly.models.log_line import LogLine
from fly.release.health import Trouble

LINES = 10


async def report(facts: Facts, app: str, troubles: tuple[Trouble, ...]) -> str:
    """One line for each trouble, then the last lines of the first machine in trouble."""
    lines = [f"  {trouble}" for trouble in troubles]
    machine = next((trouble.machine for trouble in troubles if trouble.machine), None)
    if machine:
        written = await last_lines(facts, app, machine)
        lines += [f"  last lines of {machine}:", *(f"    {line}" for line in written)] if written else []
    return "\n".join(lines)


async def last_lines(facts: Facts, app: str, machine: str) -> list[str]:
    """The last lines a machine wrote; none when they cannot be had, because the report matters more than its logs."""
    command = recent_logs(app, machine)
    try:
        found = parsed_objects(command, (await facts.ask(command)).stdout, LogLine)
    except FlyError:
        return []
    return [f"{line.timestamp} {line.message}".strip() for line in found[-LINES:]]
