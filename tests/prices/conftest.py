from __future__ import annotations

import pytest

from prices.book import Book
from prices.load import load_book


@pytest.fixture(scope="session")
def book() -> Book:
    """The project's own prices, without those of whoever runs the tests."""
    return load_book()
