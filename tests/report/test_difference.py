"""What differs is found by the names of things, not by where they stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.difference import differences
from report.pattern import engine_path, match
from report.values import Mark

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "name"]), inner, max_size=3),
    max_leaves=8,
)


def found(old: Any, new: Any) -> list[tuple[str, Any, Any]]:
    return [(".".join(each.path), each.old, each.new) for each in differences(old, new)]


def test_only_what_differs_is_found() -> None:
    assert found({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 1, "c": 3}, "d": [1]}) == [("a.c", 2, 3)]


def test_a_rule_that_is_removed_in_front_is_one_difference() -> None:
    old = {"rules": [{"ref": "xss", "action": "block"}, {"ref": "api", "action": "skip"}]}
    new = {"rules": [{"ref": "api", "action": "skip"}]}
    assert found(old, new) == [("rules.xss", {"ref": "xss", "action": "block"}, Mark.ABSENT)]


def test_the_same_rules_in_another_order_are_a_difference() -> None:
    old, new = [{"ref": "a"}, {"ref": "b"}], [{"ref": "b"}, {"ref": "a"}]
    assert found({"rules": old}, {"rules": new}) == [("rules.(order)", ["a", "b"], ["b", "a"])]


def test_items_without_names_are_compared_by_position() -> None:
    assert found([{"port": 80}, {"port": 443}], [{"port": 80}]) == [("1", {"port": 443}, Mark.ABSENT)]


def test_items_whose_names_repeat_are_compared_by_position() -> None:
    twice = [{"name": "a", "x": 1}, {"name": "a", "x": 2}]
    assert found(twice, [twice[0], {"name": "a", "x": 3}]) == [("1.x", 2, 3)]


def test_a_list_of_plain_values_differs_as_a_whole() -> None:
    assert found({"regions": ["us"]}, {"regions": ["eu", "us"]}) == [("regions", ["us"], ["eu", "us"])]


def test_true_is_not_one() -> None:
    assert found({"a": 1}, {"a": True}) == [("a", 1, True)]


@given(VALUES, VALUES)
def test_equal_values_have_no_difference_and_others_have_one(old: Any, new: Any) -> None:
    assert list(differences(old, old)) == []
    if old != new:
        assert list(differences(old, new))


@given(VALUES, VALUES)
def test_what_is_found_one_way_is_found_the_other_way(old: Any, new: Any) -> None:
    there = {(each.path, repr(each.old), repr(each.new)) for each in differences(old, new)}
    back = {(each.path, repr(each.new), repr(each.old)) for each in differences(new, old)}
    assert there == back


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("rules[0].expression", ("rules", "0", "expression")),
        ('env["A.B"].value', ("env", "A.B", "value")),
        ("values.AWS_REGION", ("values", "AWS_REGION")),
        ("a[0][1]", ("a", "0", "1")),
        ("image", ("image",)),
    ],
)
def test_the_engines_paths_are_understood(text: str, parts: tuple[str, ...]) -> None:
    assert engine_path(text) == parts


@pytest.mark.parametrize(
    ("pattern", "path", "parts"),
    [
        ("config.vm.*.memory", "config.vm.0.memory", ("0",)),
        ("config.vm.*.memory", "config.vm.0.size", None),
        ("config.vm.*.memory", "config.vm.0.memory.x", None),
        ("config.**", "config.vm.0", ()),
        ("config.**", "config", ()),
        ("config.**", "image", None),
        ("counts.*", "counts", None),
        ("**", "anything.at.all", ()),
    ],
)
def test_patterns_stand_for_paths(pattern: str, path: str, parts: tuple[str, ...] | None) -> None:
    assert match(pattern, tuple(path.split("."))) == parts
