from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.program import app, begin, root, say
from ops.errors import OperationError
from ops.exit_code import ExitCode


@app.command()
def schema(
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when a file is out of date.")
    ] = False,
) -> None:
    """Write the JSON Schemas that editors complete system and stack files from."""
    begin("comparing the schemas with the models" if check_only else "writing the schemas")
    from ops.schema import write_schemas

    _generated(write_schemas(root(), check=check_only), check_only, "schema")


@app.command()
def docs(
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when a file is out of date.")
    ] = False,
) -> None:
    """Write the generated pages of the reference."""
    begin("comparing the pages with the code" if check_only else "writing the pages")
    from ops.docs import write_docs

    _generated(write_docs(root(), check=check_only), check_only, "docs")


def _generated(files: list[str], check_only: bool, verb: str) -> None:
    if check_only and files:
        message = f"out of date: {', '.join(files)}; run ./slipway {verb} and commit the result"
        raise OperationError(message, ExitCode.UNVERIFIED)
    for file in files:
        say(f"wrote {file}")
    if not files:
        say("up to date")
