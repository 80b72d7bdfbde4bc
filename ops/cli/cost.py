from __future__ import annotations

import shutil
import sys
from datetime import date, datetime
from typing import Annotated, Final

import typer

from ops.cli.options import Json, Sandbox, Stack, System
from ops.cli.program import app, begin, root, say
from ops.errors import OperationError
from ops.exit_code import ExitCode

_WITHOUT_TERMINAL: Final = 200
"""How wide tables are where nobody looks at them on a screen."""


@app.command()
def cost(
    stack: Stack = "production",
    system: System = None,
    diff: Annotated[bool, typer.Option("--diff", help="Compare with what is deployed.")] = False,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            help="Compare with other settings: paintbox:app.machines.memory_mb=4096. May be given several times."
        ),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="By the prices known on that day; today when left out."),
    ] = None,
    sandbox: Sandbox = False,
    json_output: Json = False,
) -> None:
    """Say what a stack costs a month: by system and resource, from the least to the most where machines come and go."""
    begin(f"computing what {system or stack} costs", quiet=json_output)
    if diff and what_if:
        raise OperationError("--diff and --what-if compare with different things; choose one of them", ExitCode.USAGE)
    if sandbox and not diff:
        raise OperationError("--sandbox says where to look for what is deployed; add --diff", ExitCode.USAGE)
    from ops.cost.described import described_cost, tried_cost
    from ops.cost.question import Question

    looked_at = sys.stdout.isatty()
    question = Question(
        root=root(),
        stack=stack,
        system=system,
        today=on.date() if on else date.today(),  # noqa: DTZ011  the day of whoever asks
        as_json=json_output,
        width=shutil.get_terminal_size().columns if looked_at else _WITHOUT_TERMINAL,
        color=looked_at,
    )
    if diff:
        from ops.cost.deployed import deployed_cost

        answer = deployed_cost(question, sandbox=sandbox)
    elif what_if:
        answer = tried_cost(question, what_if)
    else:
        answer = described_cost(question)
    for line in answer:
        say(line)
