"""Results are kept, and each is compared with the last one of the same plan against the same host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.loadtest import history
from ops.loadtest.history import History


def document(number: int, **changes: str) -> dict[str, Any]:
    return {"system": "sample", "host": "example.com", "plan": "abc", "number": number, **changes}


def test_the_last_of_the_same_kind_is_found(tmp_path: Path) -> None:
    kept = History(tmp_path)
    assert kept.before(document(0)) is None
    for number in range(3):
        kept.add(document(number))
    for name in ("system", "host", "plan"):
        kept.add(document(9, **{name: "other"}))
    found = History(tmp_path).before(document(4))
    assert found
    assert found["number"] == 2


def test_the_oldest_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_KEPT", 3)
    kept = History(tmp_path)
    kept.add(document(0, host="old"))
    assert kept.before(document(0, host="old"))
    for number in range(3):
        kept.add(document(number))
    assert kept.before(document(0, host="old")) is None


def test_a_file_that_is_no_history_is_named(tmp_path: Path) -> None:
    file = tmp_path / "load-tests.sqlite"
    file.write_text("no database at all, however long it may be looked at by whoever opens it")
    with pytest.raises(OperationError) as refused:
        History(tmp_path).before(document(0))
    assert str(refused.value) == (
        f"{file} cannot be used (file is not a database); move it away to begin a new history"
    )
