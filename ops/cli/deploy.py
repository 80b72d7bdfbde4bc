from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack, System, Yes
from ops.cli.program import app, begin, root, say

Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for another deployment of the stack to end.")]
Patience = Annotated[float, typer.Option(min=0, help="Seconds in which what fails may become well before it counts.")]


@app.command()
def deploy(
    stack: Stack = "production",
    sandbox: Sandbox = False,
    yes: Yes = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a deployment that was cut off.")] = False,
    skip: Annotated[
        list[str] | None,
        typer.Option(help="A step to leave out: policies, tokens, platforms or backup. May be given several times."),
    ] = None,
    wait: Wait = 0.0,
    patience: Patience = 300.0,
    json_output: Json = False,
) -> None:
    """Deploy a stack, verify what runs, and return to the release before it when that is not good."""
    begin(f"deploying {stack}" if yes else f"looking at what deploying {stack} would do", quiet=json_output)
    from ops.deployment.options import Options
    from ops.deployment.verbs import deploy as deploy_stack

    options = Options(skip=frozenset(skip or ()), patience_seconds=patience, wait_seconds=wait)
    for line in deploy_stack(root(), stack, options, sandbox=sandbox, yes=yes, resume=resume, as_json=json_output):
        say(line)


@app.command()
def verify(
    stack: Stack = "production", system: System = None, sandbox: Sandbox = False, json_output: Json = False
) -> None:
    """Compare what runs with what was asked for: machines, checks, domains, certificates, pages, response times."""
    begin(f"verifying {system or stack}", quiet=json_output)
    from ops.verify.verb import verify_stack

    for line in verify_stack(root(), stack, system, sandbox=sandbox, json_output=json_output):
        say(line)


@app.command()
def rollback(
    stack: Stack = "production",
    to: Annotated[
        int | None, typer.Option(min=1, help="The release, as `history` numbers it; the good one before when left out.")
    ] = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    wait: Wait = 0.0,
    patience: Patience = 300.0,
    json_output: Json = False,
) -> None:
    """Return to an earlier release as a whole: program, settings, secrets, images, counts."""
    begin(f"rolling {stack} back" if yes else f"looking at what rolling {stack} back would do", quiet=json_output)
    from ops.deployment.options import Options
    from ops.deployment.verbs import roll_back

    options = Options(patience_seconds=patience, wait_seconds=wait)
    for line in roll_back(root(), stack, to, options, sandbox=sandbox, yes=yes, as_json=json_output):
        say(line)


@app.command()
def history(
    number: Annotated[int | None, typer.Argument(help="One deployment, to be shown step by step.")] = None,
    stack: Stack = "production",
    sandbox: Sandbox = False,
    limit: Annotated[int, typer.Option(min=0, help="How many; 0 for all.")] = 20,
    json_output: Json = False,
) -> None:
    """List what was deployed from here: verdict, who, when, commit, images."""
    begin(f"reading the history of {stack}", quiet=json_output)
    from ops.deployment.verbs import show_history

    for line in show_history(root(), stack, number, limit=limit, sandbox=sandbox, as_json=json_output):
        say(line)
