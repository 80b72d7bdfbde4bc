from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, Yes
from ops.cli.program import app, say


@app.command()
def drift_issue(
    files: Annotated[list[Path], typer.Argument(help="What `drift --json` printed of each stack.")],
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Keep one issue a stack while something differs from what was deployed; close it when nothing does any more."""
    import os

    from ops.drift_issue import drift_issue as bring

    for line in bring(files, os.environ, act=yes, as_json=json_output):
        say(line)
