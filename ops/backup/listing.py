"""`backups`: what there is to restore from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ops.backup.places import shelf_of
from ops.backup.take import said
from ops.errors import OperationError
from ops.surroundings import Surroundings


def show_backups(there: Surroundings, only: str | None, *, limit: int, as_json: bool) -> Iterator[str]:
    """The newest backups of each system, newest first; one that cannot be read is said to be so."""
    told = []
    for name in there.systems(only):
        shelf = shelf_of(there, name)
        ids = shelf.ids()
        for id_ in ids[:limit] if limit else ids:
            try:
                manifest = shelf.read(id_)
            except OperationError as error:
                told.append({"system": name, "id": id_, "problem": str(error)})
                continue
            told.append({"system": name, "id": id_, "at": manifest.at.isoformat(), "said": said(manifest)})
    if as_json:
        yield json.dumps(told, indent=1)
    elif not told:
        yield f"there is no backup; take one: ./slipway backup {there.options} --yes"
    else:
        for one in told:
            yield f"{one['system']}  {one['id']}  {one.get('said') or one['problem']}"
