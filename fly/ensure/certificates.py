"""Certificates: one for a host name of an app."""

from __future__ import annotations

from fly.answers import parsed_object
from fly.commands.certificates import add_certificate, remove_certificate
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.errors import Conflict, NotFound
from fly.facts import Facts
from fly.models.certificate import Certificate


async def ensure_certificate(facts: Facts, app: str, hostname: str) -> Outcome[Certificate]:
    """A certificate for the host name is there or asked for. Its DNS records come with it."""
    if hostname in await facts.hostnames(app):
        found = await facts.certificate(app, hostname)
        return Outcome(found, changed=False, why=f"{app} has a certificate for {hostname}")
    command = add_certificate(app, hostname)
    try:
        answer = await facts.do(command, ("certificates", app), ("certificates", f"{app}/{hostname}"))
    except (Conflict, *LOST_ANSWERS) as error:
        if hostname not in await facts.hostnames(app):
            raise error from None
        return Outcome(await facts.certificate(app, hostname), changed=True, why=f"certificate for {hostname} added")
    return Outcome(parsed_object(command, answer.stdout, Certificate), changed=True, why=f"{hostname} added")


async def ensure_certificate_gone(facts: Facts, app: str, hostname: str) -> Outcome[None]:
    """The app has no certificate for the host name. An app that is gone has none."""
    if not await _has(facts, app, hostname):
        return Outcome(None, changed=False, why=f"{app} has no certificate for {hostname}")
    try:
        command = remove_certificate(app, hostname)
        await facts.do(command, ("certificates", app), ("certificates", f"{app}/{hostname}"))
    except NotFound as error:
        if error.subject not in ("app", "certificate"):
            raise
        return Outcome(None, changed=False, why=f"the certificate for {hostname} was gone already")
    except LOST_ANSWERS as error:
        if await _has(facts, app, hostname):
            raise error from None
    return Outcome(None, changed=True, why=f"certificate for {hostname} removed")


async def _has(facts: Facts, app: str, hostname: str) -> bool:
    try:
        return hostname in await facts.hostnames(app)
    except NotFound as error:
        if error.subject != "app":
            raise
        return False
