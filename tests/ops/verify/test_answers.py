"""A JSON answer is compared with what the settings say of it, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from ops.verify.answers import misfits
from settings.answer import AnswerField


def said(document: Any, path: str = "a.b", **field: Any) -> list[str]:
    return list(misfits(document, {path: AnswerField.model_validate(field)}))


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("x", {}),
        (None, {}),
        ("x", {"type": "text"}),
        ("healthy", {"one_of": ("healthy", "degraded")}),
        (1, {"minimum": 1, "maximum": 1}),
        (0.5, {"type": "number"}),
        (True, {"type": "boolean"}),
        ([], {"type": "list"}),
        ({}, {"type": "object"}),
    ],
)
def test_what_fits_is_not_mentioned(value: Any, field: dict[str, Any]) -> None:
    assert said({"a": {"b": value}}, **field) == []


@pytest.mark.parametrize(
    ("document", "field", "misfit"),
    [
        ({}, {}, "a.b is missing"),
        ([], {}, "a.b is missing"),
        ({"a": "b"}, {}, "a.b is missing"),
        ({"a": {"b": 1}}, {"type": "text"}, "a.b is 1, which is no text"),
        ({"a": {"b": True}}, {"minimum": 0}, "a.b is True, which is no number"),
        ({"a": {"b": None}}, {"one_of": ("up",)}, "a.b is None, which is no text"),
        ({"a": {"b": "ill"}}, {"one_of": ("up", "so-so")}, "a.b is 'ill' instead of up or so-so"),
        ({"a": {"b": 101}}, {"maximum": 100}, "a.b is 101, more than 100"),
        ({"a": {"b": -1}}, {"minimum": 0}, "a.b is -1, less than 0"),
    ],
)
def test_what_does_not_fit_is_said(document: Any, field: dict[str, Any], misfit: str) -> None:
    assert said(document, **field) == [misfit]


def test_a_long_value_is_cut() -> None:
    assert len(said({"a": {"b": "x" * 5000}}, type="number")[0]) < 100
