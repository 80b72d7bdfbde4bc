"""What docs/monitoring.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

from ops.alerts.incidents import read_incident
from planning.alerts.incident import KINDS
from planning.alerts.series import MINIMUM_REQUESTS
from planning.thresholds import FLAPPING_WINDOW, LASTS
from settings.duration import show
from tests.planning.alerts.watched import alerts
from tests.tetrix import ROOT

PAGE = (ROOT / "docs" / "monitoring.md").read_text()
WORDS = " ".join(PAGE.split())


def test_the_timeline_on_the_page_is_one(tmp_path: Path) -> None:
    [timeline] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "incident.yaml"
    file.write_text(timeline)
    assert len(read_incident(file, "paintbox", alerts("paintbox")).rounds) == 61


def test_the_numbers_and_names_on_the_page_are_those_of_the_code() -> None:
    assert f"within {show(FLAPPING_WINDOW).removesuffix('m')} minutes" in WORDS
    assert f"({show(LASTS).removesuffix('m')} minutes for what is measured inside" in WORDS
    assert f"fewer than {MINIMUM_REQUESTS} requests" in WORDS
    assert f"Simulated incidents are {', '.join(list(KINDS)[:-1])} and {list(KINDS)[-1]}" in WORDS
