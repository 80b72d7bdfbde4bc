from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Sandbox, Stack
from ops.cli.program import app, begin, root, say
from ops.errors import OperationError
from ops.exit_code import ExitCode
from report.forms.form import Form


@app.command()
def report(
    stack: Stack = "production",
    form: Annotated[
        list[Form] | None,
        typer.Option("--format", help="May be given several times. Without --out one is printed: markdown, if none."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the formats, all if none is given, into a folder named for the stack in this one."),
    ] = None,
    events: Annotated[
        Path | None, typer.Option(help="Read a preview that was recorded, in place of making one.")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Keep the preview's events in this file, for --events.")] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Also look for what was changed behind the engine's back.")
    ] = False,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="By the prices and waivers of that day; today when left out."),
    ] = None,
    sandbox: Sandbox = False,
) -> None:
    """Preview a stack and say what would change, with risk, cost, policies and drift. Changes nothing."""
    chosen = tuple(dict.fromkeys(form or ()))
    if out is None and len(chosen) > 1:
        raise OperationError("several formats need a folder to be written to; add --out DIR", ExitCode.USAGE)
    if events and (record or refresh or sandbox):
        message = "--events reads a preview that was made already; leave --record, --refresh and --sandbox out"
        raise OperationError(message, ExitCode.USAGE)
    begin(f"reading {events}" if events else f"previewing {stack}")
    from ops.report import Request, write_report

    formats = chosen or (tuple(Form) if out else (Form.MARKDOWN,))
    request = Request(
        root=root(),
        stack=stack,
        formats=formats,
        out=out,
        today=on.date() if on else date.today(),  # noqa: DTZ011  the day of whoever asks
        events=events,
        record=record,
        sandbox=sandbox,
        refresh=refresh,
    )
    for line in write_report(request):
        say(line)
