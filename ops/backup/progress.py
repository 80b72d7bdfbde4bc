"""How far a restore has come, in a file of the stack's records: a run that was killed is gone on with from it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from ops.errors import OperationError
from ops.exit_code import ExitCode


class UnreadableProgressError(OperationError):
    """The record of an unfinished restore is none."""


class Progress(BaseModel):
    """One restore. What was there before is written down first, so that what came of it can be told from that."""

    backup: str
    kept: str
    """The id of the volume as the backup names it."""
    old_volume: str
    old_machine: str
    known: list[str]
    """The volumes that were there before, or are somebody else's."""
    new_volume: str = ""
    """The volume that it made, or took for its own after a cut."""
    sure: bool = True
    """Whether it surely made that volume itself: only then may it remove it."""


class ProgressFile:
    """The unfinished restore of one system, if there is one."""

    def __init__(self, records: Path, system: str) -> None:
        self._file = records / f"restore-{system}.json"
        self._system = system

    def read(self) -> Progress | None:
        """What is unfinished. Raises UnreadableProgressError."""
        try:
            return Progress.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            message = f"{self._file} is no record of a restore; see: ./slipway volume list, and close the record with"
            way_out = f"./slipway restore --abandon --system {self._system}"
            raise UnreadableProgressError(f"{message}: {way_out}", ExitCode.FAILED) from error

    def write(self, progress: Progress) -> None:
        """Begin, or go on."""
        draft = self._file.with_name(f".{self._file.name}.new")
        draft.touch(mode=0o600)
        draft.write_text(progress.model_dump_json(indent=1), encoding="utf-8")
        draft.replace(self._file)

    def done(self) -> None:
        """Nothing is unfinished any more."""
        self._file.unlink(missing_ok=True)
