"""The backups of one system in a store: found, read, checked, added, and the oldest removed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import ValidationError

from ops.backup.manifest import Kept, KeptVolume, Manifest
from ops.backup.store import Store
from ops.errors import OperationError
from ops.exit_code import ExitCode

_MANIFEST: Final = "manifest.json"
_TIME: Final = "%Y%m%dT%H%M%SZ"
_GIVEN_UP: Final = timedelta(days=1)
"""A backup without manifest may be under way elsewhere; after so long it is not."""


def new_id(at: datetime) -> str:
    """An id that sorts by time, within a second too: `20261122T184500Z-3f9c` has its fraction at the end."""
    return f"{at.astimezone(UTC).strftime(_TIME)}-{at.microsecond * 0x10000 // 1_000_000:04x}"


class Shelf:
    """Backups below `<stack>/<system>/`, each in a folder of its own."""

    def __init__(self, store: Store, stack: str, system: str, *, options: str = "") -> None:
        """`options` are those with which other verbs find the same stack."""
        self.store = store
        self._prefix = f"{stack}/{system}/"
        self._system = system
        self._options = f"--system {system} {options}".rstrip()

    def ids(self) -> list[str]:
        """The whole backups, the newest first."""
        keys = self.store.keys(self._prefix)
        return sorted((self._id(key) for key in keys if key.endswith(f"/{_MANIFEST}")), reverse=True)

    def manifest(self, id_: str | None = None) -> Manifest:
        """One backup, the newest when no id is given. Raises OperationError."""
        known = self.ids()
        if not known:
            way_out = f"take one: ./slipway backup {self._options} --yes"
            raise OperationError(
                f"there is no backup of {self._system} in {self.store.where}; {way_out}", ExitCode.USAGE
            )
        if id_ is not None and id_ not in known:
            message = f"{id_} is no backup of {self._system}; see: ./slipway backups {self._options}"
            raise OperationError(message, ExitCode.USAGE)
        return self.read(id_ or known[0])

    def read(self, id_: str) -> Manifest:
        """A backup that `ids` names. Raises OperationError when its manifest cannot be read."""
        data = self.store.get(self._key(id_, _MANIFEST)) or b""
        try:
            return Manifest.model_validate_json(data)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
            message = f"the manifest of backup {id_} cannot be read{f', at {where}' if where else ''}; use another one"
            raise OperationError(message, ExitCode.BACKUP) from error

    def add(self, manifest: Manifest, objects: Mapping[str, bytes]) -> None:
        """Keep a backup, its manifest last."""
        for name, data in objects.items():
            self.store.put(self._key(manifest.id, name), data)
        self.store.put(self._key(manifest.id, _MANIFEST), manifest.model_dump_json(indent=1).encode())

    def object(self, manifest: Manifest, name: str) -> bytes:
        """The bytes of an object. Raises OperationError when they are not those that were kept."""
        data = self.store.get(self._key(manifest.id, name))
        if data is None or Kept.of(data) != manifest.objects[name]:
            raise OperationError(f"backup {manifest.id}: {_wrong(name, data, manifest)}", ExitCode.BACKUP)
        return data

    def problems(self, manifest: Manifest) -> list[str]:
        """What is not as it was kept, object by object."""
        found = []
        for name, kept in manifest.objects.items():
            data = self.store.get(self._key(manifest.id, name))
            if data is None or Kept.of(data) != kept:
                found.append(_wrong(name, data, manifest))
        return found

    def having(self, volume: str) -> Iterator[tuple[Manifest, KeptVolume, list[str]]]:
        """The backups that have the volume of this id, the newest first, each with what is not as it was kept."""
        for id_ in self.ids():
            try:
                manifest = self.read(id_)
            except OperationError:
                # One that cannot be read keeps nothing.
                continue
            kept = next((kept for kept in manifest.volumes if kept.id == volume), None)
            if kept:
                yield manifest, kept, self.problems(manifest)

    def prune(self, keep: int, now: datetime, *, needed: Collection[str] = ()) -> list[str]:
        """Remove all but the newest `keep` and those `needed`, and what was given up half-way; the ids that went."""
        gone = [id_ for id_ in self.ids()[keep:] if id_ not in needed]
        for id_ in (*gone, *self._given_up(now)):
            # The manifest goes first: what is left of a backup must not look like one.
            keys = self.store.keys(f"{self._prefix}{id_}/")
            self.store.remove([key for key in keys if key.endswith(f"/{_MANIFEST}")])
            self.store.remove(keys)
        return gone

    def _given_up(self, now: datetime) -> list[str]:
        whole = set(self.ids())
        begun = {self._id(key) for key in self.store.keys(self._prefix)} - whole
        latest = (now - _GIVEN_UP).astimezone(UTC).strftime(_TIME)
        return sorted(id_ for id_ in begun if id_ < latest)

    def _id(self, key: str) -> str:
        return key.removeprefix(self._prefix).partition("/")[0]

    def _key(self, id_: str, name: str) -> str:
        return f"{self._prefix}{id_}/{name}"


def _wrong(name: str, data: bytes | None, manifest: Manifest) -> str:
    if data is None:
        return f"{name} is missing"
    kept, found = manifest.objects[name], Kept.of(data)
    if found.size != kept.size:
        return f"{name} has {found.size} bytes, {kept.size} were kept"
    return f"{name} has other bytes than were kept: SHA-256 {found.sha256[:12]}… for {kept.sha256[:12]}…"
