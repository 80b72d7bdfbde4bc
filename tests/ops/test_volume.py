"""`volume`: what it says where Fly.io has nothing to show, or refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import volume
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from tests.ops.scripted import scripted

LIST = {"run": "volumes list --app tattoo-contest --json"}
Verb = Callable[[Surroundings], Iterator[str]]


@pytest.mark.parametrize(
    "verb",
    [
        lambda there: volume.list_volumes(there, "tattoo-contest", as_json=False),
        lambda there: volume.extend(there, "tattoo-contest", 10, "app", yes=True),
        lambda there: volume.destroy(there, "tattoo-contest", "vol_1", yes=True),
    ],
)
def test_a_refusal_of_fly_is_one_message(tmp_path: Path, verb: Verb) -> None:
    there = scripted(tmp_path, {}, {**LIST, "fails": "401 Unauthorized"})
    with pytest.raises(OperationError, match="FLY_API_TOKEN") as raised:
        list(verb(there))
    assert raised.value.exit_code is ExitCode.ENGINE


def test_there_is_nothing_to_extend_where_no_machine_has_a_volume(tmp_path: Path) -> None:
    there = scripted(tmp_path, {}, {**LIST, "fails": "Could not find App"})
    with pytest.raises(OperationError, match="no machine of tattoo-contest has a volume; deploy it first") as raised:
        list(volume.extend(there, "tattoo-contest", 10, "app", yes=True))
    assert raised.value.exit_code is ExitCode.USAGE
    assert not list(tmp_path.iterdir())
