"""Known bugs and traps of the providers and platforms, by what they print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ops.doctor.finding import Finding


@dataclass(frozen=True)
class Bug:
    """`signature` is a pattern in what a program prints; `source` where it is described, with the date of reading.

    `{options}` in `way_out` stands for those that the person gave.
    """

    title: str
    signature: str
    cause: str
    way_out: str
    source: str


BUGS: Final = (
    Bug(
        "App Platform's secrets differ in every preview",
        r"EV\[1:|spec\.(services\[\d+\]\.)?envs.*(update|differ)",
        "the API gives secrets back encrypted, and the provider compares that with the plain value",
        "leave it to the settings, which compare secrets by their mark; change a value in the stack's config",
        "digitalocean/terraform-provider-digitalocean issue 1603, open in 2026-09",
    ),
    Bug(
        "App Platform's alert destinations differ in every preview",
        r"alerts\[\d+\]\.destinations",
        "the API does not give them back with the spec",
        "leave it to the settings, which compare them by their mark",
        "digitalocean/terraform-provider-digitalocean issue 1606, open in 2026-09",
    ),
    Bug(
        "a Cloudflare ruleset is updated in every run",
        r"cloudflare:index/ruleset:Ruleset\b.*\bupdate",
        "the provider plans anew what the API fills in for a rule",
        "see in the details which property it is, and write it out in the settings",
        "pulumi/pulumi-cloudflare issue 630, open in 2024-11; 939 and 444, closed",
    ),
    Bug(
        "the stack is locked",
        r"stack is currently locked by \d+ lock",
        "another process of the engine runs, or one was killed and left its lock",
        "wait for it, or go on with what was cut off: ./slipway deploy --resume --yes {options}",
        "pulumi/pulumi issue 9148; seen with 3.259.0 in 2026-11",
    ),
    Bug(
        "creates were cut off",
        r"pending operation|pending_operations|interrupted while creating",
        "the engine was killed between a cloud's answer and its own note of it",
        "go on with what was cut off: ./slipway deploy --resume --yes {options}; the CLI's own import of them loses "
        "some (3.259.0)",
        "pulumi/pulumi issue 4939; seen with 3.259.0 in 2026-11",
    ),
    Bug(
        "the state cannot be read just now",
        r"failed to load checkpoint",
        "the CLI met a state file that another process of it was writing",
        "run it again",
        "seen with Pulumi 3.259.0 in 2026-11",
    ),
    Bug(
        "a machine is leased",
        r"lease currently held by|failed to (acquire|get) lease",
        "another flyctl works on it, or a killed one left its lease: 13 s after a deploy, 120 s after scale or destroy",
        "wait two minutes and run it again",
        "superfly/flyctl pull request 1728; flyctl 0.4.80, machine/lease.go",
    ),
    Bug(
        "flyctl cannot scale an app without a release",
        r"no complete releases",
        "`scale count` copies the newest complete release, and there is none",
        "deploy first: ./slipway deploy --yes {options}",
        "flyctl 0.4.80, scale/count_machines.go",
    ),
    Bug(
        "Cloudflare's token lacks a permission",
        r"Authentication error.*10000|\b10000\b.*Authentication error|Authentication error",
        "the token is valid, but not for this zone or this kind of thing",
        "add the permission or the zone to the token; ./slipway doctor {options} lists what it may read",
        "pulumi/pulumi-cloudflare issue 251",
    ),
    Bug(
        "a DNS record is there already",
        r"identical record already exists|\b8105[38]\b|record with that host already exists",
        "somebody made it by hand, or an earlier run was cut off after making it",
        "delete the record at Cloudflare, or take it over: pulumi import",
        "Cloudflare API, DNS records, read 2026-08",
    ),
    Bug(
        "Node refuses its options",
        r"is not allowed in NODE_OPTIONS",
        "some of V8's options are for the command line only",
        "move it from NODE_OPTIONS into the command that starts the app",
        "nodejs/node issue 35440",
    ),
    Bug(
        "App Platform keeps the app at a rollback",
        r"app is pinned",
        "after a rollback no deployment is taken until it is committed or reverted",
        "go on with what was cut off: ./slipway deploy --resume --yes {options}; else commit or revert it in the "
        "control panel",
        "digitalocean/openapi, apps_create_rollback, read 2026-11",
    ),
)


def recognized(text: str, options: str) -> Iterator[Finding]:
    """The bugs whose signature the text bears; one note when it bears none. `options` are those of the stack."""
    found = [bug for bug in BUGS if re.search(bug.signature, text, re.IGNORECASE)]
    for bug in found:
        yield Finding("bugs", bug.title, "note", f"{bug.cause} ({bug.source})", bug.way_out.format(options=options))
    if not found:
        said = f"none of the {len(BUGS)} known signatures is in it"
        yield Finding("bugs", "known bugs", "ok", said)
