"""Documents are laid over one another, and every value keeps its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.document import Document
from settings.problem import Position
from settings.read import parse


@pytest.mark.parametrize(
    ("below", "over", "merged"),
    [
        ("{a: 1}", "{b: 2}", {"a": 1, "b": 2}),
        ("{a: 1}", "{a: 2}", {"a": 2}),
        ("{a: {b: 1, c: 2}}", "{a: {c: 3}}", {"a": {"b": 1, "c": 3}}),
        ("{a: {b: {c: 1, d: 2}}}", "{a: {b: {d: 3}}}", {"a": {"b": {"c": 1, "d": 3}}}),
        ("{a: [1, 2]}", "{a: [3]}", {"a": [3]}),
        ("{a: [{b: 1}]}", "{a: [{c: 2}]}", {"a": [{"c": 2}]}),
        ("{a: {b: 1}}", "{a: []}", {"a": []}),
        ("{a: [1]}", "{a: {b: 1}}", {"a": {"b": 1}}),
        ("{a: 1}", "{a: {b: 1}}", {"a": {"b": 1}}),
        ("{a: {b: 1}}", "{a: null}", {"a": None}),
        ("{a: null}", "{a: {b: 1}}", {"a": {"b": 1}}),
        ("{a: {b: 1}}", "{a: {}}", {"a": {"b": 1}}),
        ("{a: 1}", "{}", {"a": 1}),
        ("{}", "{a: 1}", {"a": 1}),
    ],
)
def test_maps_merge_deeply_and_all_else_is_replaced(below: str, over: str, merged: dict[str, Any]) -> None:
    assert parse(below, "below").merged(parse(over, "over")).value == merged


def test_a_merged_value_keeps_the_place_that_it_comes_from() -> None:
    below = parse("a:\n  b: 1\n  c: [1, 2]\nd: 3\n", "below")
    over = parse("a:\n  c: [4]\ne: 5\n", "over")
    merged = below.merged(over)
    assert {path: str(place) for path, place in merged.positions.items()} == {
        (): "below:1:1",
        ("a",): "below:1:1",
        ("a", "b"): "below:2:3",
        ("a", "c"): "over:2:3",
        ("a", "c", 0): "over:2:7",
        ("d",): "below:4:1",
        ("e",): "over:3:1",
    }


def test_merging_changes_neither_document() -> None:
    below, over = parse("a: {b: 1}", "below"), parse("a: {b: 2}", "over")
    below.merged(over)
    assert (below.value, over.value) == ({"a": {"b": 1}}, {"a": {"b": 2}})


def test_problems_of_both_documents_are_kept() -> None:
    merged = parse("a: 1\na: 2", "below").merged(parse("b: !x 1", "over"))
    assert [problem.position.file for problem in merged.problems] == ["below", "over"]


def test_the_place_of_what_is_missing_is_that_of_what_is_around_it() -> None:
    document = parse("a:\n  b: 1\n", "f")
    assert str(document.position(("a", "x", "y"))) == "f:1:1"
    assert str(document.position(("x",))) == "f:1:1"
    assert Document({}).position(("x",)) == Position("<settings>", 1, 1)


def test_a_part_of_a_document_is_a_document() -> None:
    document = parse("a:\n  b: [1, {c: 2}]\n", "f")
    part = document.at("a", "b")
    assert part.value == [1, {"c": 2}]
    assert str(part.position((1, "c"))) == "f:2:11"
    assert document.at("a", "x").value == {}
    assert str(document.at("a", "x").position(())) == "f:1:1"


def test_a_document_without_a_key_has_no_place_of_it() -> None:
    document = parse("a: {b: 1}\nc: 2\n", "f").without("a")
    assert document.value == {"c": 2}
    assert set(document.positions) == {(), ("c",)}


_SCALARS = st.none() | st.booleans() | st.integers() | st.sampled_from(["x", "y"])
_MAPS = st.recursive(
    st.dictionaries(st.sampled_from("abc"), _SCALARS | st.lists(_SCALARS, max_size=2), max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner | _SCALARS, max_size=3),
    max_leaves=8,
)


def _document(value: Any, name: str) -> Document:
    return parse(json.dumps(value, indent=1), name)


@given(_MAPS, _MAPS)
def test_merging_the_same_again_changes_nothing(below: Any, over: Any) -> None:
    once = _document(below, "below").merged(_document(over, "over"))
    assert once.merged(_document(over, "over")).value == once.value


@given(_MAPS, _MAPS, _MAPS)
def test_it_does_not_matter_which_two_of_three_are_merged_first(lowest: Any, middle: Any, highest: Any) -> None:
    one, two, three = _document(lowest, "1"), _document(middle, "2"), _document(highest, "3")
    assert one.merged(two).merged(three).value == one.merged(two.merged(three)).value or _null_hides_a_map(
        lowest, middle, highest
    )


def _null_hides_a_map(lowest: Any, middle: Any, highest: Any) -> bool:
    """What replaces a map hides it from what comes later; merged first, it is itself replaced."""
    if not all(isinstance(value, dict) for value in (lowest, middle, highest)):
        return not isinstance(middle, dict) and isinstance(lowest, dict) and isinstance(highest, dict)
    shared = lowest.keys() & middle.keys() & highest.keys()
    return any(_null_hides_a_map(lowest[key], middle[key], highest[key]) for key in shared)


@given(_MAPS, _MAPS)
def test_each_place_of_a_merged_value_holds_its_key_or_value(below: Any, over: Any) -> None:
    files = {"below": json.dumps(below, indent=1), "over": json.dumps(over, indent=1)}
    merged = parse(files["below"], "below").merged(parse(files["over"], "over"))
    places = dict(_parts(merged.value, ()))
    assert places.keys() == merged.positions.keys()
    for path, value in places.items():
        place = merged.positions[path]
        rest = files[place.file].splitlines()[place.line - 1][place.column - 1 :]
        if path and isinstance(path[-1], str):
            assert rest.startswith(json.dumps(path[-1]))
        elif isinstance(value, dict | list):
            assert rest.startswith("{" if isinstance(value, dict) else "[")
        else:
            assert rest.startswith(json.dumps(value))


def _parts(value: Any, path: tuple[str | int, ...]) -> Any:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _parts(item, (*path, index))
