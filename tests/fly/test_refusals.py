"""What flyctl says becomes the right error; what is not understood never counts as not found."""

from __future__ import annotations

import pytest

from fly.commands.machines import list_machines
from fly.errors import (
    Conflict,
    LeaseHeld,
    NoCapacity,
    NotFound,
    RateLimited,
    Refused,
    Unauthorized,
    Unavailable,
)
from fly.refusals import last_words, refusal


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ('Could not find App "paintbox"', "app"),
        ("failed to list VMs: app not found", "app"),
        ("the app name paintbox could not be found, did you create the app or misspell it in the fly.toml", "app"),
        ("failed to destroy volume vol_123: volume not found", "volume"),
        ("Could not find Organization", "organization"),
        ('failed to fetch an image or build from source: Could not find image "registry.fly.io/x:y"', "image"),
        ("failed to check certificate: certificate not found", "certificate"),
        ("machine not found", "machine"),
    ],
)
def test_not_found_says_what_was_not_found(said: str, subject: str) -> None:
    error = refusal(list_machines("paintbox"), 1, f"WARN old\nError: {said}\n")
    assert isinstance(error, NotFound)
    assert error.subject == subject


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("no access token available. Please login with 'flyctl auth login'", Unauthorized),
        ("server returned a non-200 status code: 401", Unauthorized),
        ("request returned non-2xx status: 403: ", Unauthorized),
        ("server returned a non-200 status code: 429", RateLimited),
        ("failed to launch VM: rate limit exceeded, retry later", RateLimited),
        ("could not reserve resource for machine: insufficient memory available", NoCapacity),
        ("failed to obtain lease: lease currently held by someone@example.com", LeaseHeld),
        ("Validation failed. Name has already been taken", Conflict),
        ("Post https://api.machines.dev: dial tcp 127.0.0.1:1: connect: connection refused", Unavailable),
        ("request returned non-2xx status: 500: boom", Unavailable),
        ("something nobody has seen before", Refused),
        ("404 page not found", Refused),
        ("", Refused),
    ],
)
def test_an_error_is_put_where_it_belongs(said: str, kind: type[Refused]) -> None:
    assert type(refusal(list_machines("paintbox"), 1, f"Error: {said}")) is kind


def test_a_deadline_exit_code_counts_as_a_lost_answer() -> None:
    assert type(refusal(list_machines("paintbox"), 126, "Error: it took too long")) is Unavailable


def test_a_killed_flyctl_counts_as_a_lost_answer() -> None:
    error = refusal(list_machines("paintbox"), -9, "")
    assert type(error) is Unavailable
    assert "flyctl was killed by signal 9" in str(error)


def test_request_ids_are_left_out_of_the_message() -> None:
    assert last_words("noise\nError: boom (Request ID: 01ABC) (Trace ID: 0af7)\n") == "boom"


def test_the_message_names_the_command_the_code_and_the_way_out() -> None:
    assert str(refusal(list_machines("paintbox"), 1, 'Error: Could not find App "paintbox"')) == (
        "`flyctl machine list --app paintbox --json` failed with exit code 1: "
        'Could not find App "paintbox"; check the name and the organization of the token'
    )
