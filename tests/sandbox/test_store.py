import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sandbox.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cloud.sqlite")


def test_documents_come_back_oldest_first_also_after_a_change(store: Store) -> None:
    store.put("k", "b", {"n": 1})
    store.put("k", "a", {"n": 2})
    store.put("k", "b", {"n": 3})
    assert store.all("k") == [("b", {"n": 3}), ("a", {"n": 2})]
    assert store.find("k", n=2) == [("a", {"n": 2})]
    assert store.kinds() == {"k": 2}


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def half() -> None:
        with store.transaction():
            store.put("k", "a", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert store.get("k", "a") is None


def test_numbers_are_never_given_twice(store: Store) -> None:
    drawn: list[int] = []
    threads = [threading.Thread(target=lambda: drawn.append(store.next_number("x"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(1, 21))


def test_a_killed_writer_leaves_a_consistent_store(tmp_path: Path) -> None:
    path = tmp_path / "cloud.sqlite"
    program = f"""
import os, signal
from pathlib import Path
from sandbox.store import Store
store = Store(Path({str(path)!r}))
store.put("k", "whole", {{}})
with store.transaction():
    store.put("k", "half", {{}})
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    assert [id_ for id_, _ in Store(path).all("k")] == ["whole"]
