"""What is never accepted as a secret, and how one is set."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from settings.secret import MAXIMUM_BYTES, environment_name, objections, set_command


def test_the_command_asks_at_the_prompt() -> None:
    assert set_command("staging", "tattoo-contest", "ADMIN_USER") == (
        "pulumi config set --stack staging --secret --path 'slipway:secrets.tattoo-contest.ADMIN_USER'"
    )


def test_the_environment_variable_has_a_name_that_shells_can_set() -> None:
    assert environment_name("tattoo-contest", "admin_user") == "SLIPWAY_SECRET_TATTOO_CONTEST_ADMIN_USER"


@pytest.mark.parametrize(
    "text", ["a", "two words", "line\nline", "ü" * (MAXIMUM_BYTES // 2), "x" * MAXIMUM_BYTES, "changeme2"]
)
def test_a_real_value_has_no_objection(text: str) -> None:
    assert list(objections(SecretStr(text))) == []


TOO_LONG = ("the value is longer than 64 KiB", "keep large data in a file or an object store")


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("", ("the value is empty", "set the real one")),
        (" \n", ("the value is empty", "set the real one")),
        ("changeme", ("the value is a placeholder", "set the real one")),
        (" CHANGE-ME\n", ("the value is a placeholder", "set the real one")),
        ("https://hooks.slack.com/services/YOUR/WEBHOOK/URL", ("the value is a placeholder", "set the real one")),
        ("a\0b", ("the value holds a NUL character, which no platform accepts", "encode it, for example as base64")),
        ("a\udcffb", ("the value is not text in UTF-8", "encode it, for example as base64")),
        ("x" * (MAXIMUM_BYTES + 1), TOO_LONG),
        ("ü" * (MAXIMUM_BYTES // 2 + 1), TOO_LONG),
    ],
)
def test_a_value_that_cannot_be_one_is_objected_to(text: str, objection: tuple[str, str]) -> None:
    assert list(objections(SecretStr(text))) == [objection]


def test_every_objection_is_made_at_once_and_none_shows_the_value() -> None:
    found = list(objections(SecretStr("hunter2\0" + "x" * MAXIMUM_BYTES)))
    assert len(found) == 2
    assert "hunter2" not in str(found)
