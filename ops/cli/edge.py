from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Stack, StackArgument
from ops.cli.program import app, begin, root, say

group = typer.Typer(
    help="What Cloudflare does to requests, and what it keeps.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(group, name="edge")


@group.command()
def explain(
    method: Annotated[str, typer.Argument(help="Such as GET.")],
    url: Annotated[str, typer.Argument(help="Such as https://example.com/api/health.")],
    header: Annotated[
        list[str] | None,
        typer.Option(help="'Name: value'; <NAME> stands for the value of the secret NAME. May be given several times."),
    ] = None,
    stack: Stack = "production",
    times: Annotated[int, typer.Option(min=1, max=100_000, help="Explain the last of so many at once.")] = 1,
    country: Annotated[str, typer.Option(help="Where the visitor is (ISO 3166-1).")] = "US",
    json_output: Json = False,
) -> None:
    """Say what a request meets at the edge: rules, cache, headers. Evaluates what the stack deploys; sends nothing."""
    begin(f"reading {stack}", quiet=json_output)
    from ops.edge import explain_request

    lines = explain_request(root(), stack, method, url, header or [], times=times, country=country, as_json=json_output)
    for line in lines:
        say(line)


@group.command(name="try")
def try_(
    stack: StackArgument = "production",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Where to listen, on 127.0.0.1.")] = 8787,
) -> None:
    """Answer on loopback as the stack's edge would, in front of the apps that a rehearsal deployed."""
    from ops.edge_try import try_edge

    for line in try_edge(root(), stack, port):
        say(line)


@group.command()
def purge(
    stack: StackArgument = "production",
    url: Annotated[list[str] | None, typer.Option(help="A URL to forget. May be given several times.")] = None,
    prefix: Annotated[
        list[str] | None, typer.Option(help="Host and path, such as example.com/images. May be given several times.")
    ] = None,
    everything: Annotated[bool, typer.Option("--everything", help="All that the zone keeps.")] = False,
    confirm: Annotated[str, typer.Option(help="The zone's name. Without it nothing is purged.")] = "",
) -> None:
    """Throw away what Cloudflare keeps. The token is taken from CLOUDFLARE_API_TOKEN."""
    begin(f"reading {stack}")
    from ops.edge_purge import purge as purge_cache

    for line in purge_cache(root(), stack, url or [], prefix or [], everything=everything, confirm=confirm):
        say(line)
