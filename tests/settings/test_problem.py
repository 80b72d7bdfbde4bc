"""Problems say where, what and how to mend it."""

from __future__ import annotations

import pytest

from settings.problem import Position, Problem, SettingsError, did_you_mean, dotted, nearest, shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("app", "domains", 0, "name"), "app.domains[0].name"),
        ((0, 1, "a"), "[0][1].a"),
        (("a\nb",), '"a\\nb"'),
        (("x" * 61, "y"), '"' + "x" * 59 + '…".y'),
    ],
)
def test_a_path_is_written_with_dots(path: tuple[str | int, ...], text: str) -> None:
    assert dotted(path) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("ü\n", '"ü\\n"'),
        (2, "2"),
        (None, "null"),
        (True, "true"),
        ({"a": [1]}, '{"a": [1]}'),
        ("x" * 58, '"' + "x" * 58 + '"'),
        ("x" * 59, '"' + "x" * 59 + '…"'),
        ([1] * 40, "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,…"),
    ],
)
def test_a_value_is_shown_on_one_line_and_cut(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_problem_names_place_path_rule_and_way_out() -> None:
    place = Position("f.yaml", 3, 5)
    assert str(Problem(place, ("a", 0), "is wrong", "mend it")) == "f.yaml:3:5: a[0]: is wrong; mend it"
    assert str(Problem(place, (), "is wrong", "mend it")) == "f.yaml:3:5: is wrong; mend it"
    assert str(Problem(place, ("a",), "is wrong", "")) == "f.yaml:3:5: a: is wrong"


def _problem(file: str, line: int, column: int, rule: str = "r", path: str = "p") -> Problem:
    return Problem(Position(file, line, column), (path,), rule, "w")


def test_problems_come_by_file_line_and_column() -> None:
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 10), ("a", 9, 9), ("a", 9, 2)]
    error = SettingsError(_problem(*place) for place in places)
    assert [(p.position.file, p.position.line, p.position.column) for p in error.problems] == sorted(places)


def test_a_fault_seen_through_two_systems_is_one_problem() -> None:
    error = SettingsError([_problem("a", 1, 1, path="x"), _problem("a", 1, 1, path="y"), _problem("a", 1, 1, "other")])
    assert [problem.rule for problem in error.problems] == ["other", "r"]


def test_the_error_counts_and_lists_its_problems() -> None:
    assert str(SettingsError([_problem("a", 1, 1)])) == "1 problem in the settings:\n  a:1:1: p: r; w"
    two = SettingsError([_problem("a", 1, 1), _problem("a", 2, 1)])
    assert str(two) == "2 problems in the settings:\n  a:1:1: p: r; w\n  a:2:1: p: r; w"


@pytest.mark.parametrize(
    ("word", "known", "text"),
    [
        ("replicsa", ["replicas", "region"], 'did you mean "replicas"?'),
        ("xyz", ["b", "a"], "known here: a, b"),
        ("xyz", [], ""),
        ("xyz", [f"k{n:02}" for n in range(13)], f"known here: {', '.join(f'k{n:02}' for n in range(12))}, …"),
        ("xyz", [f"k{n:02}" for n in range(12)], f"known here: {', '.join(f'k{n:02}' for n in range(12))}"),
    ],
)
def test_a_near_word_is_offered_or_else_the_known_ones(word: str, known: list[str], text: str) -> None:
    assert did_you_mean(word, known) == text


def test_the_nearest_word_is_found_whatever_the_order() -> None:
    assert nearest("fra1", ["fra", "sfo"]) == nearest("fra1", ["sfo", "fra"]) == "fra"
    assert nearest("mars", ["fra", "sfo"]) is None
