"""Bounds of single values say what is wanted, in words."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from settings.constraint import Distinct, Text

WORD = TypeAdapter[str](Annotated[str, Text("a word in lower case", "[a-z]+", "word", 8)])
WORDS = TypeAdapter[Any](Annotated[tuple[str, ...], Distinct()])


def _problem(adapter: TypeAdapter[Any], value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(value)
    return str(caught.value.errors()[0]["msg"])


def test_text_matches_as_a_whole() -> None:
    assert WORD.validate_python("abcdefgh") == "abcdefgh"
    for value in ("Word", "a word", "word\n", "1word"):
        assert _problem(WORD, value).endswith(' is not a word in lower case; write it as in "word"')


def test_a_refused_text_is_named_on_one_line() -> None:
    assert _problem(WORD, "a\nb") == '"a\\nb" is not a word in lower case; write it as in "word"'


def test_an_empty_text_is_said_to_be_empty() -> None:
    assert _problem(WORD, "") == 'the text is empty; write it as in "word"'


def test_a_text_that_is_too_long_is_cut_in_the_message() -> None:
    assert _problem(WORD, "abcdefghi") == '"abcdefghi" has 9 characters, more than 8; shorten it'
    assert _problem(WORD, "x" * 5000) == f'"{"x" * 59}…" has 5000 characters, more than 8; shorten it'


def test_nothing_stands_twice() -> None:
    assert WORDS.validate_python(("a", "b")) == ("a", "b")
    assert _problem(WORDS, ("a", "b", "a", "a")) == '"a" stands here 3 times; name it once'


def test_a_message_does_not_take_a_value_for_a_part_of_itself() -> None:
    with pytest.raises(ValidationError) as caught:
        WORD.validate_python("a; {way_out} b")
    context = caught.value.errors()[0]["ctx"]
    assert context == {
        "rule": '"a; {way_out} b" has 14 characters, more than 8',
        "way_out": "shorten it",
    }
