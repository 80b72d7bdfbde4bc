"""Nothing that holds data goes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from policies.change import Change
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app

KEEPS_NOTHING: Final = frozenset({"delete", "delete-replaced", "replace", "create-replacement", "discard-replaced"})
"""The engine's words for steps after which the resource as it was is gone."""

HOLDS_DATA: Final = frozenset(
    {
        "fly:index:App",
        "fly:index:Volume",
        "digitalocean:index/databaseCluster:DatabaseCluster",
        "digitalocean:index/databaseDb:DatabaseDb",
        "digitalocean:index/spacesBucket:SpacesBucket",
        "cloudflare:index/zone:Zone",
        "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
    }
)


def broken(change: Change, stack: Circumstances) -> Iterator[str]:
    if change.type in HOLDS_DATA and change.operation in KEEPS_NOTHING:
        yield f"it holds data, and this would {_WORDS.get(change.operation, change.operation)} it"


_WORDS: Final = {"delete-replaced": "delete", "create-replacement": "replace", "discard-replaced": "give up"}


def _change(operation: str, kind: str = "fly:index:Volume") -> Change:
    return Change(operation=operation, type=kind, urn=f"urn:pulumi:sample::slipway::{kind}::shop-volume")


_STACK: Final = sample(fly_app())


RULE = Rule(
    name="data-kept",
    about=Change,
    title="No preview deletes or replaces a volume, a cluster, a database, a bucket, a zone or an app.",
    why="Data goes with them. A changed name or region looks harmless in the settings and is a replacement.",
    source="Pulumi docs, concepts/resources (replacement), read 2026-08",
    remedy="undo the change that asks for it; or move the data first, and waive the finding for that one deployment",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            replace(_STACK, changes=(_change("update"), _change("create"), _change("same"))),
            replace(_STACK, changes=(_change("delete", "fly:index:Address"),)),
            _STACK,
        ),
        fails=(
            *(replace(_STACK, changes=(_change(operation),)) for operation in sorted(KEEPS_NOTHING)),
            *(replace(_STACK, changes=(_change("delete", kind),)) for kind in sorted(HOLDS_DATA)),
        ),
        unknown=(),
    ),
)
