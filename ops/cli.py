"""The command line of `./slipway`.

Verbs import what they need when they run, so that `--help` and completion answer at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ops.errors import OperationError
from ops.exit_code import ExitCode

ROOT = Path(__file__).resolve().parent.parent

app = typer.Typer(
    name="slipway",
    help="Small web systems on Fly.io or DigitalOcean App Platform, behind Cloudflare: checked, rehearsed, operated.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
sandbox_app = typer.Typer(
    help="The emulated cloud on this machine.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
edge_app = typer.Typer(
    help="What Cloudflare does to requests, and what it keeps.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(sandbox_app, name="sandbox")
app.add_typer(edge_app, name="edge")

Stack = Annotated[str, typer.Argument(help="The stack, as in Pulumi.<stack>.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def _say(message: str) -> None:
    typer.echo(message)


@app.command()
def check(
    stack: Annotated[str | None, typer.Argument(help="The stack; all stacks when left out.")] = None,
    json_output: Json = False,
) -> None:
    """Validate settings and systems without the engine. Lists every problem, and the secrets still to be set."""
    from ops.check import check_stacks

    for line in check_stacks(ROOT, stack, as_json=json_output):
        _say(line)


@app.command()
def rehearse(
    stack: Stack = "production",
) -> None:
    """Deploy a stack with the real engine onto the emulated cloud, and verify what came out."""
    from ops.rehearse import rehearse_stack

    rehearse_stack(ROOT, stack)


@app.command()
def thresholds(stack: Stack = "production", json_output: Json = False) -> None:
    """List the numbers that alerts, monitors and load tests of a stack go by."""
    from ops.thresholds import stack_thresholds

    for line in stack_thresholds(ROOT, stack, as_json=json_output):
        _say(line)


@app.command()
def schema(
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when a file is out of date.")
    ] = False,
) -> None:
    """Write the JSON Schemas that editors complete system and stack files from."""
    from ops.schema import write_schemas

    _generated(write_schemas(ROOT, check=check_only), check_only, "schema")


@app.command()
def docs(
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when a file is out of date.")
    ] = False,
) -> None:
    """Write the generated pages of the reference."""
    from ops.docs import write_docs

    _generated(write_docs(ROOT, check=check_only), check_only, "docs")


def _generated(files: list[str], check_only: bool, verb: str) -> None:
    if check_only and files:
        message = f"out of date: {', '.join(files)}; run ./slipway {verb} and commit the result"
        raise OperationError(message, ExitCode.UNVERIFIED)
    for file in files:
        _say(f"wrote {file}")
    if not files:
        _say("up to date")


@sandbox_app.command()
def start() -> None:
    """Start the emulated cloud, or say where it listens when it runs already."""
    from ops.sandbox import start_sandbox

    for line in start_sandbox(ROOT):
        _say(line)


@sandbox_app.command()
def stop(
    remove: Annotated[bool, typer.Option("--remove", help="Remove everything in it, too.")] = False,
) -> None:
    """Stop the emulated cloud. What is deployed in it stays, unless it is removed."""
    from ops.sandbox import stop_sandbox

    for line in stop_sandbox(ROOT, remove=remove):
        _say(line)


@sandbox_app.command()
def status(json_output: Json = False) -> None:
    """Show what runs in the emulated cloud."""
    from ops.sandbox import sandbox_status

    for line in sandbox_status(ROOT, as_json=json_output):
        _say(line)


@sandbox_app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def pulumi(context: typer.Context, stack: Stack) -> None:
    """Run the Pulumi CLI on a rehearsed stack, such as: sandbox pulumi staging preview --diff."""
    from ops.sandbox import run_pulumi

    run_pulumi(ROOT, stack, context.args)


@sandbox_app.command()
def drift(
    resource: Annotated[str, typer.Argument(help="A resource's name or id, as `sandbox status` shows it.")],
    path: Annotated[str, typer.Argument(help="What to change, such as spec.services[0].instanceCount; or `delete`.")],
    value: Annotated[str | None, typer.Argument(help="The new value, as JSON or plain text.")] = None,
) -> None:
    """Change a live resource behind the engine's back, as somebody at the cloud's console would."""
    from ops.sandbox import make_drift

    for line in make_drift(ROOT, resource, path, value):
        _say(line)


@sandbox_app.command()
def faults(
    kind: Annotated[
        str | None, typer.Argument(help="latency, throttle, error, timeout or build; nothing to list what is planned.")
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
    for line in plan_faults(ROOT, plan, clear=clear):
        _say(line)


@edge_app.command()
def explain(
    method: Annotated[str, typer.Argument(help="Such as GET.")],
    url: Annotated[str, typer.Argument(help="Such as https://example.com/api/health.")],
    header: Annotated[
        list[str] | None,
        typer.Option(help="'Name: value'; <NAME> stands for the value of the secret NAME. May be given several times."),
    ] = None,
    stack: Annotated[str, typer.Option(help="The stack, as in Pulumi.<stack>.yaml.")] = "production",
    times: Annotated[int, typer.Option(min=1, max=100_000, help="Explain the last of so many at once.")] = 1,
    country: Annotated[str, typer.Option(help="Where the visitor is (ISO 3166-1).")] = "US",
    json_output: Json = False,
) -> None:
    """Say what a request meets at the edge: rules, cache, headers. Evaluates what the stack deploys; sends nothing."""
    from ops.edge import explain_request

    lines = explain_request(ROOT, stack, method, url, header or [], times=times, country=country, as_json=json_output)
    for line in lines:
        _say(line)


@edge_app.command(name="try")
def try_(
    stack: Stack = "production",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Where to listen, on 127.0.0.1.")] = 8787,
) -> None:
    """Answer on loopback as the stack's edge would, in front of the apps that a rehearsal deployed."""
    from ops.edge_try import try_edge

    for line in try_edge(ROOT, stack, port):
        _say(line)


@edge_app.command()
def purge(
    stack: Stack = "production",
    url: Annotated[list[str] | None, typer.Option(help="A URL to forget. May be given several times.")] = None,
    prefix: Annotated[
        list[str] | None, typer.Option(help="Host and path, such as example.com/images. May be given several times.")
    ] = None,
    everything: Annotated[bool, typer.Option("--everything", help="All that the zone keeps.")] = False,
    confirm: Annotated[str, typer.Option(help="The zone's name. Without it nothing is purged.")] = "",
) -> None:
    """Throw away what Cloudflare keeps. The token is taken from CLOUDFLARE_API_TOKEN."""
    from ops.edge_purge import purge as purge_cache

    for line in purge_cache(ROOT, stack, url or [], prefix or [], everything=everything, confirm=confirm):
        _say(line)


def run() -> None:
    """The entry point: turns what verbs raise into one message and an exit code."""
    try:
        app(prog_name="slipway")
    except OperationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; run the same command again to go on\n")
        raise SystemExit(130) from None
