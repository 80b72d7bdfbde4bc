from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json
from ops.cli.program import app, root, say


@app.command()
def check(
    stack: Annotated[str | None, typer.Argument(help="The stack; all stacks when left out.")] = None,
    json_output: Json = False,
) -> None:
    """Validate settings and systems without the engine. Lists every problem, and the secrets still to be set."""
    from ops.check import check_stacks

    for line in check_stacks(root(), stack, as_json=json_output):
        say(line)
