"""The examples of docs/data-services.md are valid as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.settings.samples import DIGITALOCEAN, FLY, refusals

PAGE = (Path(__file__).parents[2] / "docs/data-services.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("system", "example"), list(zip([FLY, DIGITALOCEAN], EXAMPLES, strict=True)))
def test_an_example_is_valid(system: dict[str, object], example: str) -> None:
    assert refusals(system, example) == []
