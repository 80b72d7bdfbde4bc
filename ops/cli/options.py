"""Arguments and options that several verbs take."""

from __future__ import annotations

from typing import Annotated

import typer

StackArgument = Annotated[str, typer.Argument(help="The stack, as in Pulumi.<stack>.yaml.")]
Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack, as in Pulumi.<stack>.yaml.")]
System = Annotated[str | None, typer.Option("--system", help="One system of the stack; all when left out.")]
Sandbox = Annotated[
    bool, typer.Option("--sandbox", help="Act on the emulated clouds and a rehearsal's state; touch no account.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it. Without it, only say what would be done.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
