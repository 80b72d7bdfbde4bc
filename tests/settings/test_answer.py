"""What a JSON page must say: fields that contradict themselves are refused."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals


def answering(words: str) -> str:
    return f"answers: {{/health: {{status: {{{words}}}}}}}\n"


@pytest.mark.parametrize(
    "words",
    [
        "type: object",
        "one_of: [healthy, degraded]",
        "type: text, one_of: [healthy]",
        "minimum: 0",
        "type: number, minimum: 1, maximum: 1",
    ],
)
def test_a_field_that_agrees_with_itself_is_kept(words: str) -> None:
    assert refusals(FLY, answering(words)) == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("type: number, one_of: [healthy]", "one_of: only a text is one of several; remove it"),
        ("one_of: [healthy], minimum: 1", "one_of: only a text is one of several; remove it"),
        (
            "type: text, maximum: 1",
            "type: a text has no minimum and no maximum; set it to number, or remove them",
        ),
        ("minimum: 2, maximum: 1", "maximum: 1 is less than the minimum of 2; swap the two"),
    ],
)
def test_a_field_that_contradicts_itself_is_refused(words: str, problem: str) -> None:
    assert refusals(FLY, answering(words)) == [f"answers./health.status.{problem}"]


def test_a_path_into_the_answer_is_keys_joined_by_dots() -> None:
    problems = refusals(FLY, "answers: {/health: {memory..used: {type: number}}}\n")
    assert len(problems) == 1
    assert "memory..used" in problems[0]
