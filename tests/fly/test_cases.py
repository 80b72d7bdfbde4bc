"""Every verb against its case files: facts and intent give exactly these command lines, and this result or error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from fly import errors
from fly.ensure.addresses import ensure_address, ensure_address_gone
from fly.ensure.apps import ensure_app, ensure_app_gone
from fly.ensure.certificates import ensure_certificate, ensure_certificate_gone
from fly.ensure.cordoned import ensure_cordoned
from fly.ensure.counts import ensure_counts
from fly.ensure.outcome import Outcome
from fly.ensure.secrets import ensure_secrets, ensure_secrets_gone
from fly.ensure.started import ensure_started
from fly.ensure.stopped import ensure_stopped
from fly.ensure.volumes import VolumeWish, ensure_volumes, ensure_volumes_gone
from fly.facts import Facts
from tests.fly.script import ScriptedFlyctl

CASES = Path(__file__).parent / "cases"

Verb = Callable[..., Awaitable[Outcome[Any]]]

VERBS: dict[str, Verb] = {
    "ensure_app": ensure_app,
    "ensure_app_gone": ensure_app_gone,
    "ensure_volumes": lambda facts, **wish: ensure_volumes(facts, VolumeWish(**wish)),
    "ensure_volumes_gone": ensure_volumes_gone,
    "ensure_secrets": lambda facts, dropped=(), **intent: ensure_secrets(facts, dropped=frozenset(dropped), **intent),
    "ensure_secrets_gone": lambda facts, app, names: ensure_secrets_gone(facts, app, frozenset(names)),
    "ensure_address": ensure_address,
    "ensure_address_gone": ensure_address_gone,
    "ensure_certificate": ensure_certificate,
    "ensure_certificate_gone": ensure_certificate_gone,
    "ensure_counts": ensure_counts,
    "ensure_started": ensure_started,
    "ensure_stopped": ensure_stopped,
    "ensure_cordoned": ensure_cordoned,
}

# What can happen to the first question of every verb, and the error that must come of it
TROUBLES: dict[str, tuple[dict[str, Any], str]] = {
    "the token is refused": ({"fails": "You must be authenticated to view this."}, "Unauthorized"),
    "there is no token": (
        {"fails": "no access token available. Please login with 'flyctl auth login'"},
        "Unauthorized",
    ),
    "flyctl hangs": ({"hangs": True}, "TimedOut"),
    "flyctl prints garbage": ({"prints": "Update available 0.4.80 -> 0.4.99\n<html>"}, "Unparsable"),
    "Fly.io wants it slower": ({"fails": "server returned a non-200 status code: 429"}, "RateLimited"),
    "Fly.io is ill": ({"fails": "server returned a non-200 status code: 502"}, "Unavailable"),
}


def _files() -> list[dict[str, Any]]:
    return [{"file": path.name, **yaml.safe_load(path.read_text())} for path in sorted(CASES.glob("*.yaml"))]


def _cases() -> list[Any]:
    return [
        pytest.param(file["verb"], {**file["intent"], **case.get("intent", {})}, case, id=f"{file['verb']}: {name}")
        for file in _files()
        for name, case in [*((case["case"], case) for case in file["cases"]), *_troubled(file["first_question"])]
    ]


def _troubled(question: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, {"flyctl": [{"run": question, **answer}], "error": error}) for name, (answer, error) in TROUBLES.items()
    ]


@pytest.mark.parametrize(("verb", "intent", "case"), _cases())
def test_the_verb_does_what_its_case_says(verb: str, intent: dict[str, Any], case: dict[str, Any]) -> None:
    flyctl = ScriptedFlyctl(case["flyctl"])
    facts = Facts(flyctl)
    if "error" in case:
        with pytest.raises(getattr(errors, case["error"])) as caught:
            asyncio.run(_outcome(verb, facts, intent))
        assert type(caught.value).__name__ == case["error"]
        assert case.get("says", "") in str(caught.value)
    else:
        outcome = asyncio.run(_outcome(verb, facts, intent))
        assert outcome.changed is case["changed"]
        assert outcome.why == case["why"]
    flyctl.require_end()


async def _outcome(verb: str, facts: Facts, intent: dict[str, Any]) -> Outcome[Any]:
    return await VERBS[verb](facts, **intent)


def test_every_verb_has_a_case_file() -> None:
    assert {file["verb"] for file in _files()} == set(VERBS)


def test_a_case_that_changes_nothing_says_why() -> None:
    for file in _files():
        assert any(case.get("changed") is False and case["why"] for case in file["cases"]), file["file"]
