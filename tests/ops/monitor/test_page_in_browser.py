"""The monitor's page in a real browser: it is drawn, fits its window, and asks for nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ops.monitor.page import page
from tests.ops.monitor.seen_by import incident, monitor, through

pytestmark = pytest.mark.browser

_MEASURE = """
<script>
addEventListener("load", () => {
  const drawn = [...document.querySelectorAll("svg")].every((svg) => svg.getBoundingClientRect().width > 100);
  const overflow = document.documentElement.scrollWidth > innerWidth;
  const cards = [...document.querySelectorAll(".card")];
  const cut = cards.filter((card) => card.scrollWidth > card.clientWidth).length;
  const asked = performance.getEntriesByType("resource").length;
  document.title = `drawn=${drawn} overflow=${overflow} cut=${cut} cards=${cards.length} asked=${asked}`;
});
</script>
"""


@pytest.mark.parametrize("width", [1200, 500])
def test_the_page_is_drawn_and_fits(tmp_path: Path, width: int) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on PATH: make setup-servers installs it")
    rounds = incident("paintbox-performance", "outages")
    of = monitor("paintbox-performance", rounds, promise=99.9)
    file = tmp_path / "page.html"
    file.write_text(page(of, through(of, rounds)[-1], "performance").replace("</body>", f"{_MEASURE}</body>"))
    done = subprocess.run(
        [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={width},900",
            "--virtual-time-budget=2000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found = re.search(r"<title>(drawn=[^<]*)</title>", done.stdout)
    assert found, done.stderr
    assert found[1] == "drawn=true overflow=false cut=0 cards=12 asked=0"
