from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ops.cost.question import Question
from tests.settings.samples import DIGITALOCEAN, FLY, Project

STACK = "config:\n  slipway:environment: production\n  slipway:systems: {shop: {}, site: {}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A stack of two systems: one with 1 to 2 machines in San Jose, one with two instances and a database."""
    made = Project(tmp_path)
    database = {"on": "digitalocean", "name": "site", "region": "fra1", "size": "db-s-1vcpu-1gb"}
    pool = {"pool": 5, "minimum": 1, "app_pool": 2}
    made.system("shop", FLY)
    made.system(
        "site",
        {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "name": "site"}, "database": database, "pgbouncer": pool},
    )
    made.stack(STACK)
    return made


Asks = Callable[..., Question]


@pytest.fixture
def ask(project: Project) -> Asks:
    """A question about that stack, as it is asked on 2026-11-22."""

    def make(**changes: Any) -> Question:
        given: dict[str, Any] = {
            "root": project.root,
            "stack": "production",
            "system": None,
            "today": date(2026, 11, 22),
        }
        return Question(**given | changes)

    return make


def words(text: str) -> list[str]:
    """The lines of a text without its rules, empty lines and the width of its columns."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip(" ─")]
