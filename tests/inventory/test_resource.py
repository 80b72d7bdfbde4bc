"""Resources are read from states and steps, with what is unknown or encrypted unknown."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.resource import decoded, of_state, of_step
from inventory.unknown import UNKNOWN

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
URN = "urn:pulumi:production::slipway::slipway:index:System$fly:index:Volume::shop-volume"
STATE: dict[str, Any] = {
    "urn": URN,
    "type": "fly:index:Volume",
    "parent": "urn:pulumi:production::slipway::slipway:index:System::shop",
    "protect": True,
    "inputs": {"sizeGb": 1, "name": "data"},
    "outputs": {"sizeGb": 2, "volumeIds": ["vol_1"]},
}


def test_outputs_count_more_than_inputs() -> None:
    found = of_step(STATE)
    assert (found.name, found.protect) == ("shop-volume", True)
    assert found.properties == {"sizeGb": 2, "name": "data", "volumeIds": ["vol_1"]}


def test_what_waits_for_its_deletion_is_not_there() -> None:
    assert [found.urn for found in of_state({"resources": [STATE, {**STATE, "delete": True}]})] == [URN]
    assert list(of_state({})) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", UNKNOWN),
        ("[secret]", UNKNOWN),
        ({SIGNATURE: SECRET, "ciphertext": "v1:x"}, UNKNOWN),
        ({"key": {SIGNATURE: SECRET, "value": "planted"}}, {"key": UNKNOWN}),
        ([1, {"deep": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"}], [1, {"deep": UNKNOWN}]),
        ({"plain": None}, {"plain": None}),
    ],
)
def test_values_are_decoded(written: Any, meant: Any) -> None:
    assert decoded(written) == meant
