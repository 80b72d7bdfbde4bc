"""YAML is read as YAML 1.2, with the place of every value."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.problem import SettingsError
from settings.read import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_VALUES, parse, read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("22:30", "22:30"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("2026-08-01", "2026-08-01"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("12", 12),
        ("-12", -12),
        ("+3", 3),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'12'", "12"),
        ('"true"', "true"),
        ('""', ""),
        ("!!str 12", "12"),
        ("<<", "<<"),
        ("münchen 東京 🚀", "münchen 東京 🚀"),
        ("9" * 2000, "9" * 2000),
    ],
)
def test_plain_values_have_the_types_of_yaml_1_2(written: str, meant: Any) -> None:
    value = parse(f"key: {written}", "file").value["key"]
    assert (value, type(value)) == (meant, type(meant))


@pytest.mark.parametrize("key", ["no", "22", "null", "1.5", "true"])
def test_keys_are_always_text(key: str) -> None:
    assert parse(f"{key}: 1", "file").value == {key: 1}


def test_every_value_has_the_place_of_its_key_or_item() -> None:
    document = parse("a: 1\nb:\n  c: [x, {d: y}]\n  ünï: >\n    long\n", "file.yaml")
    assert {path: str(place) for path, place in document.positions.items()} == {
        (): "file.yaml:1:1",
        ("a",): "file.yaml:1:1",
        ("b",): "file.yaml:2:1",
        ("b", "c"): "file.yaml:3:3",
        ("b", "c", 0): "file.yaml:3:7",
        ("b", "c", 1): "file.yaml:3:10",
        ("b", "c", 1, "d"): "file.yaml:3:11",
        ("b", "ünï"): "file.yaml:4:3",
    }


def test_columns_count_characters_not_bytes() -> None:
    assert str(parse("{ünï: 1, b: 2}", "f").position(("b",))) == "f:1:10"


def test_an_alias_stands_where_it_is_written_and_its_parts_where_the_anchor_is() -> None:
    document = parse("a: &x\n  b: {c: 1}\nd: *x\n", "f")
    assert document.value == {"a": {"b": {"c": 1}}, "d": {"b": {"c": 1}}}
    assert str(document.position(("d",))) == "f:3:1"
    assert str(document.position(("d", "b"))) == "f:2:3"
    assert str(document.position(("d", "b", "c"))) == "f:2:7"


def test_values_of_one_anchor_are_not_shared() -> None:
    document = parse("a: &x {b: 1}\nc: *x\n", "f")
    assert document.value["a"] is not document.value["c"]


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n# nothing\n...\n"])
def test_an_empty_text_is_a_null(text: str) -> None:
    assert parse(text, "f").value is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", 'f:2:1: a: the key "a" stands here twice; keep one of the two'),
        ("a: 1\n'a': 2\n", 'f:2:1: a: the key "a" stands here twice; keep one of the two'),
        ("a:\nb: 1\n", "f:1:3: a: there is no value; write one; {} is an empty map, null takes a setting away"),
        ("- 1\n-\n", "f:2:2: [1]: there is no value; write one; {} is an empty map, null takes a setting away"),
        ("{a, b: 1}", "f:1:3: a: there is no value; write one; {} is an empty map, null takes a setting away"),
        ("a: &x {b: *x}", "f:1:11: a.b: *x refers to what it is a part of; write the values out"),
        ("a: &x [*x]", "f:1:8: a[0]: *x refers to what it is a part of; write the values out"),
        ("a: *x", "f:1:4: a: *x has no &x before it; write the values out"),
        ("a: !!int 3", "f:1:4: a: the YAML tag tag:yaml.org,2002:int is not supported; write a plain value"),
        ("a: !env X", "f:1:4: a: the YAML tag !env is not supported; write a plain value"),
        ("a: !!map {}", "f:1:4: a: the YAML tag tag:yaml.org,2002:map is not supported; write a plain value"),
        ("? [a]\n: 1\n", "f:1:3: a key is not plain text; write the key out as text"),
        ("&x a: 1\nb: 1\n*x : 2\n", "f:1:1: a key is not plain text; write the key out as text"),
        ("a: 1\n---\nb: 1\n", "f:2:1: a second document starts here; keep one document in a file"),
    ],
)
def test_what_is_wrong_with_one_value_leaves_the_others_readable(text: str, problem: str) -> None:
    assert problem in [str(found) for found in parse(text, "f").problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1, 2\n", "f:2:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'; "),
        ("a: 'x\n", "f:2:1: not valid YAML: while scanning a quoted scalar found unexpected end of stream; "),
        ("a: b: c\n", "f:1:5: not valid YAML: mapping values are not allowed in this context; "),
        ("a: 1\n\tb: 2\n", "f:2:1: the line is indented with a tab; use spaces"),
        ("a:\n\t- 1\n", "f:2:1: the line is indented with a tab; use spaces"),
        ("a: \x07\n", "f:1:1: a character that YAML does not allow; save it as plain UTF-8 text"),
        ("a: \ud800\n", "f:1:1: a character that YAML does not allow; save it as plain UTF-8 text"),
        ('a: "\\q"\n', "f:1:5: not valid YAML: while parsing a quoted scalar found unknown escape character; "),
        ("%YAML 3.0\n---\na: 1\n", "f:1:1: not valid YAML: found incompatible YAML document; "),
    ],
)
def test_bad_syntax_is_placed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "f")
    whole = problem + (
        "check indentation, quotes, colons and brackets here and on the line before" * problem.endswith(" ")
    )
    assert [str(found) for found in caught.value.problems] == [whole]


def test_a_syntax_error_quotes_nothing_of_the_file() -> None:
    with pytest.raises(SettingsError) as caught:
        parse("secret: hunter2 'hunter2\nb: [hunter2", "f")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_nesting_has_a_limit() -> None:
    def nested(levels: int) -> str:
        return "[" * levels + "1" + "]" * levels

    assert parse(nested(MAXIMUM_DEPTH), "f").problems == ()
    for levels in (MAXIMUM_DEPTH + 1, 100_000):
        with pytest.raises(SettingsError, match="nested deeper than 40 levels; no setting is that deep"):
            parse(nested(levels), "f")


def test_aliases_cannot_multiply_without_end() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(SettingsError, match=f"more than {MAXIMUM_VALUES} values; it can hardly be a settings file"):
        parse("\n".join(lines), "f")


def test_files_may_have_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes("\ufeffa: 1\r\nb: >-\r\n  x\r\n  y\r\n".encode())
    document = read(file, "f.yaml")
    assert document.value == {"a": 1, "b": "x y"}
    assert str(document.position(("b",))) == "f.yaml:2:1"


def _refusal(file: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        read(file, "f.yaml")
    return str(caught.value.problems[0])


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "f.yaml") == "f.yaml:1:1: there is no such file; create it"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    rule = "f.yaml:1:1: the file cannot be read: Is a directory; make it readable text in UTF-8"
    assert _refusal(tmp_path) == rule


def test_bytes_that_are_no_utf_8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"a: \xff")
    rule = "f.yaml:1:1: the file cannot be read: invalid start byte; make it readable text in UTF-8"
    assert _refusal(tmp_path / "f.yaml") == rule


def test_a_file_has_a_largest_size(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("a: 1 #".ljust(MAXIMUM_BYTES, "x"))
    assert read(file, "f.yaml").value == {"a": 1}
    file.write_text("a: 1 #".ljust(MAXIMUM_BYTES + 1, "x"))
    assert _refusal(file) == "f.yaml:1:1: the file is larger than 1024 KiB; it can hardly be a settings file"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SettingsError):
        parse(text, "f")


# JSON may write a character as two halves and hold control characters as they are, YAML does neither.
_TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_TEXT, _VALUES, max_size=4))
def test_json_means_the_same_as_yaml(value: dict[str, Any]) -> None:
    assert parse(json.dumps(value, ensure_ascii=False), "f").value == value
