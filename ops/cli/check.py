from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox
from ops.cli.program import app, begin, root, say
from ops.errors import OperationError
from ops.exit_code import ExitCode


@app.command()
def check(
    stack: Annotated[str | None, typer.Argument(help="The stack; all stacks when left out.")] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help="Hold what the stack's state says is there to the policies, not its settings."),
    ] = False,
    sandbox: Sandbox = False,
    json_output: Json = False,
) -> None:
    """Validate settings and systems without the engine, and hold them to the policies.

    Lists every problem, every finding with its remedy, and the secrets still to be set. With --live it is the state of
    one stack that is held to the policies, as of its last update or refresh.
    """
    begin(f"checking {stack or 'every stack'}", quiet=json_output)
    from ops.check import check_live, check_stacks

    if not live:
        if sandbox:
            raise OperationError("--sandbox says where a state lies, so it goes with --live", ExitCode.USAGE)
        lines = check_stacks(root(), stack, as_json=json_output)
    elif stack is None:
        raise OperationError("--live is about one stack: name it", ExitCode.USAGE)
    else:
        from ops.surroundings import surroundings

        lines = check_live(surroundings(root(), stack, sandbox=sandbox), as_json=json_output)
    for line in lines:
        say(line)
