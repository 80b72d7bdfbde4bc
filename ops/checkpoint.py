"""The checkpoints in a rehearsal's own state folder, as the engine keeps them: one a stack, with copies beside it.

The CLI (3.259, pkg/backend/diy over gocloud.dev/blob/fileblob) moves a finished file over the old one, but forces none
to the disk, and leaves the unfinished one where it is killed. An unfinished lock stops every later run. Unless told
`metadata=skip`, it also empties a file `.attrs` beside each before it writes that, and reads neither without the other.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.stack import NAMESPACE

_KEPT: Final = 2
_WRITE_SECONDS: Final = 1.0
"""A living process finishes a file of some kilobytes far within this time."""
_POLL_SECONDS: Final = 0.05
_RETAINED: Final = re.compile(r"\.json\.(\d+)")
"""The CLI's copy of each checkpoint, once that is written, with PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS; nanoseconds."""


def mend_checkpoints(state: Path) -> Iterator[str]:
    """Make a state folder readable again, and yield what was done, a line each. Older copies are removed without one.

    A checkpoint that cannot be read is replaced by the newest copy that can: that of the same write, else the one of
    the write before. Nothing of a cloud is asked for; `recover` settles what the copy says was under way. Raises
    OperationError where a checkpoint has no readable copy.
    """
    folder = state / ".pulumi"
    if count := _remove_unfinished(folder):
        yield f"removed {count} unfinished {'file' if count == 1 else 'files'} of a run of the engine that was killed"
    for file in sorted((folder / "stacks" / NAMESPACE).glob("*.json")):
        copies = _copies(file)
        if not _readable(file):
            yield _put_back(file, copies)
        for retained in [copy for copy in copies if copy.suffix != ".bak"][_KEPT:]:
            retained.unlink(missing_ok=True)


def _remove_unfinished(folder: Path) -> int:
    """How many files nobody finished, and nobody is about to."""
    unfinished = _unfinished(folder)
    # Looks are counted, not seconds: while the whole machine stands still, nobody writes on.
    looks = round(_WRITE_SECONDS / _POLL_SECONDS)
    while unfinished and looks > 0:
        time.sleep(_POLL_SECONDS)
        unfinished &= _unfinished(folder)
        looks -= 1
    for file in unfinished:
        file.unlink(missing_ok=True)
    return len(unfinished)


def _unfinished(folder: Path) -> set[Path]:
    documents = [*folder.rglob("*.attrs"), *(folder / "locks").rglob("*.json")]
    return {*folder.rglob("*.tmp"), *(file for file in documents if _document(file) is None)}


def _copies(file: Path) -> list[Path]:
    """The CLI's copies of a checkpoint, the newest first: each one it wrote, then the one before the last."""
    retained = {
        int(match[1]): copy
        for copy in file.parent.glob(f"{file.name}.*")
        if (match := _RETAINED.fullmatch(copy.name.removeprefix(file.stem)))
    }
    return [*(retained[written] for written in sorted(retained, reverse=True)), file.with_name(f"{file.name}.bak")]


def _put_back(file: Path, copies: list[Path]) -> str:
    good = next(filter(_readable, copies), None)
    if good is None:
        raise OperationError(
            f"the rehearsal's state of {file.stem} cannot be read, and no copy of it either: {file}; remove the "
            "emulated cloud with it: ./slipway sandbox stop --remove",
            ExitCode.ENGINE,
        )
    draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    shutil.copyfile(good, draft)
    draft.replace(file)
    written = f"{datetime.fromtimestamp(good.stat().st_mtime, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"the rehearsal's state of {file.stem} could not be read: put back its copy of {written}"


def _readable(file: Path) -> bool:
    document = _document(file)
    return document is not None and isinstance(document.get("checkpoint"), dict)


def _document(file: Path) -> dict[str, Any] | None:
    """A file with an object in JSON; None for anything else, as for one that was removed meanwhile."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return document if isinstance(document, dict) else None
