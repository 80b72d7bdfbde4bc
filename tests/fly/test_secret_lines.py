"""What flyctl reads on stdin is what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fly.commands.secret_lines import as_flyctl_reads, secret_lines
from fly.commands.secrets import import_secrets
from fly.errors import InvalidInput

one_line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
awkward = st.text("\"'# =\\a", min_size=1, max_size=12)


@given(st.one_of(one_line, awkward))
def test_every_line_that_is_sent_is_read_back_as_its_value(value: str) -> None:
    try:
        lines = secret_lines({"KEY": value})
    except InvalidInput:
        return
    assert as_flyctl_reads(lines.removesuffix("\n")) == ("KEY", value)


@pytest.mark.parametrize(
    "value", ["plain", "a#b", 'a"b', "a'b", " leading", "trailing ", "#", "a=b", '"quoted"', '""x#']
)
def test_ordinary_values_with_awkward_characters_pass(value: str) -> None:
    assert as_flyctl_reads(secret_lines({"KEY": value}).removesuffix("\n")) == ("KEY", value)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("a\nb", "the value has more than one line"),
        ("a\0b", "the value holds a NUL byte"),
        ("x" * 65 * 1024, "the value is longer than 64 KiB with its name"),
        ("", "the value is empty"),
        ("secure_password", "the value is a placeholder"),
    ],
)
def test_a_value_that_cannot_pass_is_refused_without_showing_it(value: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        secret_lines({"KEY": value})
    assert rule in str(caught.value)
    assert not value or value not in str(caught.value)


def test_a_value_just_below_the_limit_passes() -> None:
    assert secret_lines({"KEY": "x" * (64 * 1024 - 11)})


def test_a_value_is_never_on_the_command_line_nor_in_what_is_printed_of_the_command() -> None:
    command = import_secrets("paintbox", {"KEY": "hunter22"})
    assert "hunter22" not in " ".join(command.argv)
    assert "hunter22" not in repr(command)
    assert "hunter22" not in str(command)
