from __future__ import annotations

from pathlib import Path

import pytest

from prices.book import Book
from prices.load import load_book


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The project's own prices, without those of whoever runs the tests."""
    return load_book(Path(tmp_path_factory.mktemp("no-own-prices")))
