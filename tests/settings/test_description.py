"""Descriptions are the texts below the fields."""

from __future__ import annotations

from settings.app import FlyApp
from settings.app_platform import ReadinessCheck
from settings.description import descriptions


def test_a_field_is_described_by_the_text_below_it() -> None:
    assert descriptions(ReadinessCheck)["successes"] == (
        "How many checks in a row must pass before a new instance gets traffic."
    )


def test_fields_of_base_classes_are_described_there() -> None:
    assert descriptions(ReadinessCheck)["timeout"] == "How long an answer may take; shorter than the period."


def test_a_long_description_is_one_line() -> None:
    assert all("\n" not in text for text in descriptions(FlyApp).values())
    assert len(descriptions(FlyApp)) == len(FlyApp.model_fields)
