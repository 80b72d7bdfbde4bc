"""Each kind of fact is read at most once per app, until something changes it."""

from __future__ import annotations

import asyncio

import pytest

from fly.answers import json_values, parsed_list
from fly.commands.machines import destroy_machines, list_machines
from fly.errors import Unavailable, Unparsable
from fly.facts import Facts
from fly.models.machine import Machine
from tests.fly.script import ScriptedFlyctl

QUESTION = {"run": "machine list --app paintbox --json", "prints": '[{"id": "m1"}]'}


def test_many_resources_of_an_app_share_one_question() -> None:
    facts = Facts(ScriptedFlyctl([QUESTION]))

    async def many() -> list[list[Machine]]:
        return await asyncio.gather(*(facts.machines("paintbox") for _ in range(5)))

    assert {machine.id for machines in asyncio.run(many()) for machine in machines} == {"m1"}


def test_a_write_makes_the_next_question_new() -> None:
    destroy = {"run": "machine destroy m1 --app paintbox --force"}
    flyctl = ScriptedFlyctl([QUESTION, destroy, {**QUESTION, "prints": "[]"}])
    facts = Facts(flyctl)

    async def changed() -> list[Machine]:
        await facts.machines("paintbox")
        await facts.do(destroy_machines("paintbox", ["m1"]), ("machines", "paintbox"))
        return await facts.machines("paintbox")

    assert asyncio.run(changed()) == []


def test_a_failed_question_is_asked_again_next_time() -> None:
    facts = Facts(ScriptedFlyctl([{"run": QUESTION["run"], "fails": "connection reset"}, QUESTION]))

    async def again() -> list[Machine]:
        with pytest.raises(Unavailable):
            await facts.machines("paintbox")
        return await facts.machines("paintbox")

    assert [machine.id for machine in asyncio.run(again())] == ["m1"]


def test_extra_keys_and_nulls_of_a_newer_flyctl_are_tolerated() -> None:
    text = '[{"id": "m1", "checks": null, "events": null, "new_thing": {"a": [1]}, "config": {"metadata": null}}]'
    assert parsed_list(list_machines("x"), text, Machine)[0].results == []


def test_warnings_around_the_json_are_passed_over() -> None:
    text = 'Update available\n[not json\n{"a": 1}\n  {"b": 2}\ntrailing [x]\n'
    assert json_values(text) == [{"a": 1}, {"b": 2}]


def test_several_values_one_after_the_other_are_all_read() -> None:
    assert json_values('{\n  "a": 1\n}\n{\n  "a": 2\n}\n') == [{"a": 1}, {"a": 2}]


def test_an_answer_without_a_needed_key_is_unparsable_and_says_which() -> None:
    with pytest.raises(Unparsable, match="id: Field required"):
        parsed_list(list_machines("x"), '[{"name": "x"}]', Machine)


def test_half_an_answer_is_unparsable() -> None:
    with pytest.raises(Unparsable, match="no JSON list in it"):
        parsed_list(list_machines("x"), '[{"id": "m1"}, {"id"', Machine)
