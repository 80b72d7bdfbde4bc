from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, StackArgument
from ops.cli.program import app, begin, root, say
from ops.errors import OperationError
from ops.exit_code import ExitCode

group = typer.Typer(
    help="The emulated cloud on this machine.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(group, name="sandbox")


@group.command()
def start() -> None:
    """Start the emulated cloud, or say where it listens when it runs already."""
    from ops.sandbox import start_sandbox

    for line in start_sandbox(root()):
        say(line)


@group.command()
def stop(
    remove: Annotated[bool, typer.Option("--remove", help="Remove everything in it, too.")] = False,
) -> None:
    """Stop the emulated cloud. What is deployed in it stays, unless it is removed."""
    from ops.sandbox import stop_sandbox

    for line in stop_sandbox(root(), remove=remove):
        say(line)


@group.command()
def status(json_output: Json = False) -> None:
    """Show what runs in the emulated cloud."""
    begin("looking at the emulated clouds", quiet=json_output)
    from ops.sandbox import sandbox_status

    for line in sandbox_status(root(), as_json=json_output):
        say(line)


@group.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def pulumi(context: typer.Context, stack: StackArgument) -> None:
    """Run the Pulumi CLI on a rehearsed stack, such as: sandbox pulumi staging preview --diff."""
    from ops.sandbox import run_pulumi

    run_pulumi(root(), stack, context.args)


@group.command()
def drift(
    resource: Annotated[str, typer.Argument(help="A resource's name or id, as `sandbox status` shows it.")],
    path: Annotated[str, typer.Argument(help="What to change, such as spec.services[0].instanceCount; or `delete`.")],
    value: Annotated[str | None, typer.Argument(help="The new value, as JSON or plain text.")] = None,
) -> None:
    """Change a live resource behind the engine's back, as somebody at the cloud's console would."""
    from ops.sandbox import make_drift

    for line in make_drift(root(), resource, path, value):
        say(line)


@group.command()
def faults(
    kind: Annotated[
        str | None,
        typer.Argument(help="latency, throttle, error, timeout, build or unhealthy; nothing to list what is planned."),
    ] = None,
    api: Annotated[str, typer.Option(help="digitalocean, cloudflare or fly.")] = "*",
    operation: Annotated[str, typer.Option(help="create, read, update, delete or deploy.")] = "*",
    target: Annotated[str, typer.Option(help="Such as app/tetrix-minimal; * stands for anything.")] = "*",
    count: Annotated[int, typer.Option(min=0, help="How many requests it hits; 0 is without end.")] = 1,
    probability: Annotated[float, typer.Option(min=0, max=1, help="Of each such request to be hit.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same trouble.")] = 0,
    status_code: Annotated[int, typer.Option("--status", help="For error.")] = 500,
    retry_after: Annotated[int, typer.Option(min=0, help="Seconds, for throttle.")] = 1,
    latency_ms: Annotated[int, typer.Option(min=0, help="For latency.")] = 500,
    clear: Annotated[bool, typer.Option("--clear", help="Remove what is planned first.")] = False,
) -> None:
    """Plan trouble in the emulated cloud, list what is planned, or clear it."""
    from ops.sandbox import plan_faults
    from sandbox.errors import SandboxError
    from sandbox.faults import Plan

    try:
        plan = (
            Plan.read(
                {
                    "kind": kind,
                    "api": api,
                    "operation": operation,
                    "target": target,
                    "count": count,
                    "probability": probability,
                    "seed": seed,
                    "status": status_code,
                    "retry_after": retry_after,
                    "latency_ms": latency_ms,
                }
            )
            if kind
            else None
        )
    except SandboxError as error:
        raise OperationError(str(error), ExitCode.USAGE) from error
    for line in plan_faults(root(), plan, clear=clear):
        say(line)
