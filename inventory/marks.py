"""How the engine marks values in states and events that are no plain ones (pulumi 3.259, sdk/go/common/resource)."""

from __future__ import annotations

from typing import Final

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key in a map that says what the map stands for."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the same for all secrets
"""Behind that key where the map stands for a secret."""

UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""In place of a bool, number, text, list, asset, archive or map that is not known yet."""
