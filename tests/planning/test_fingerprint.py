"""The mark of a set of secrets: changes with any of them, tells nothing about them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from planning.fingerprint import fingerprint

SECRETS = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20).map(SecretStr), min_size=1, max_size=4)


def hidden(**values: str) -> dict[str, SecretStr]:
    return {name: SecretStr(value) for name, value in values.items()}


@given(SECRETS, st.randoms())
def test_it_is_the_same_for_the_same_secrets_in_any_order(secrets: dict[str, SecretStr], random: object) -> None:
    mixed = list(secrets.items())
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert fingerprint(dict(mixed), purpose="p") == fingerprint(secrets, purpose="p")


@given(SECRETS, st.data())
def test_it_changes_with_any_value(secrets: dict[str, SecretStr], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(secrets)))
    changed = {**secrets, name: SecretStr(secrets[name].get_secret_value() + "x")}
    assert fingerprint(changed, purpose="p") != fingerprint(secrets, purpose="p")


def test_it_tells_names_from_values() -> None:
    marks = {
        fingerprint(secrets, purpose="p")
        for secrets in (hidden(A="B"), hidden(B="A"), hidden(A="", B=""), hidden(A="B", B="A"), hidden(AB=""))
    }
    assert len(marks) == 5


def test_it_differs_by_purpose() -> None:
    assert fingerprint(hidden(A="1"), purpose="production/a") != fingerprint(hidden(A="1"), purpose="staging/a")


def test_it_is_twelve_hex_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", fingerprint(hidden(A="1"), purpose="p"))


@pytest.mark.usefixtures("slow_scrypt")
def test_it_is_pinned() -> None:
    """Another mark for the same secrets would send them again, and so deploy every app."""
    assert fingerprint(hidden(A="1", B="2"), purpose="production/tetrix") == "5631d98d3d59"


def test_it_changes_with_the_settings_that_go_with_the_secrets() -> None:
    marks = {fingerprint(hidden(A="1"), purpose="p", settings=settings) for settings in ("", "x", "y")}
    assert len(marks | {fingerprint({}, purpose="p", settings="x")}) == 4


def test_where_there_is_nothing_there_is_no_mark() -> None:
    assert fingerprint({}, purpose="p") == ""
