"""Secrets are staged: the next release takes them to the machines. Fly.io shows digests, never values."""

from __future__ import annotations

from collections.abc import Mapping

from fly.commands.command import Command
from fly.commands.secrets import import_secrets, unset_secrets
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.errors import NotFound
from fly.facts import Facts
from fly.models.secret import Secret


async def ensure_secrets(
    facts: Facts, app: str, values: Mapping[str, str], known: Mapping[str, str], dropped: frozenset[str] = frozenset()
) -> Outcome[dict[str, str]]:
    """These secrets are set and the dropped ones are not.

    `known` holds the digest that each value is known to have had; a value with another digest, or with none known, is
    set anew. The outcome's value is the digest of each name now.
    """
    there = await facts.secrets(app)
    stale = {n: v for n, v in values.items() if n not in there or not known.get(n) or there[n].digest != known[n]}
    unwanted = sorted(name for name in dropped if name in there and name not in values)
    done: list[str] = []
    if stale:
        await _stage(facts, app, import_secrets(app, stale))
        done.append(f"staged {', '.join(sorted(stale))}")
    if unwanted:
        await _stage(facts, app, unset_secrets(app, unwanted))
        done.append(f"unset {', '.join(unwanted)}")
    if not done:
        return Outcome(_digests(there, values), changed=False, why=f"{len(values)} secrets of {app} have their digests")
    return Outcome(_digests(await facts.secrets(app), values), changed=True, why="; ".join(done))


async def ensure_secrets_gone(facts: Facts, app: str, names: frozenset[str]) -> Outcome[None]:
    """None of these secrets is set. An app that is gone has none."""
    try:
        there = await facts.secrets(app)
    except NotFound as error:
        if error.subject != "app":
            raise
        return Outcome(None, changed=False, why=f"app {app} is gone, and its secrets with it")
    unwanted = sorted(names & there.keys())
    if not unwanted:
        return Outcome(None, changed=False, why=f"none of the secrets is set on {app}")
    await _stage(facts, app, unset_secrets(app, unwanted))
    return Outcome(None, changed=True, why=f"unset {', '.join(unwanted)}")


async def _stage(facts: Facts, app: str, command: Command) -> None:
    """Setting the same value or removing the same name again changes nothing, so a lost answer is asked once more."""
    try:
        await facts.do(command, ("secrets", app))
    except LOST_ANSWERS:
        await facts.do(command, ("secrets", app))


def _digests(there: Mapping[str, Secret], values: Mapping[str, str]) -> dict[str, str]:
    return {name: there[name].digest for name in sorted(values) if name in there}
