from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, Yes
from ops.cli.program import app, say


@app.command()
def comment(
    reports: Annotated[
        list[Path], typer.Argument(help="What `report --out` wrote to. Of two reports on a stack the first is taken.")
    ],
    pull_request: Annotated[
        int | None, typer.Option(min=1, help="Pull or merge request. CI knows its own.", show_default=False)
    ] = None,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Keep one comment a stack on a pull request, edited in place. For GitHub and GitLab, with their CI's variables."""
    import os

    from ops.comment import comment as bring

    for line in bring(reports, os.environ, number=pull_request, act=yes, as_json=json_output):
        say(line)
