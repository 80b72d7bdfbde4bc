"""Apps exist in one organization, under a name that is unique in all of Fly.io."""

from __future__ import annotations

from fly.answers import parsed_object
from fly.commands.apps import create_app, destroy_app
from fly.ensure.outcome import LOST_ANSWERS, Outcome, found_after_lost_answer
from fly.errors import NotFound
from fly.facts import Facts
from fly.models.app import App


async def ensure_app(facts: Facts, name: str, org: str, network: str | None = None) -> Outcome[App]:
    """An app `name` in `org`. One that is there is taken as it is. Raises Conflict when others own the name."""

    async def look() -> App | None:
        return next((app for app in await facts.apps(org) if app.name == name), None)

    found = await look()
    if found:
        return Outcome(found, changed=False, why=f"app {name} exists in {org}")
    command = create_app(name, org, network)
    try:
        created = parsed_object(command, (await facts.do(command, ("apps", org), ("apps", ""))).stdout, App)
    except LOST_ANSWERS as error:
        created = await found_after_lost_answer(error, look)
    return Outcome(created, changed=True, why=f"app {name} created in {org}")


async def ensure_app_gone(facts: Facts, name: str, org: str) -> Outcome[None]:
    """No app `name` in `org`. Everything inside it goes too."""
    if all(app.name != name for app in await facts.apps(org)):
        return Outcome(None, changed=False, why=f"there is no app {name} in {org}")
    try:
        await facts.do(destroy_app(name))
    except NotFound as error:
        if error.subject != "app":
            raise
        return Outcome(None, changed=False, why=f"app {name} was gone already")
    except LOST_ANSWERS as error:
        facts.forget_app(name, org)
        if any(app.name == name for app in await facts.apps(org)):
            raise error from None
    finally:
        facts.forget_app(name, org)
    return Outcome(None, changed=True, why=f"app {name} destroyed")
