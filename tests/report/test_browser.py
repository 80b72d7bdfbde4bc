"""The page in a real Chromium, and the graph through Mermaid itself."""

from __future__ import annotations

import html as entities
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from report.forms.html import html
from report.forms.markdown import markdown
from report.forms.mermaid import mermaid
from report.report import Report
from tests.report.reports import recorded, report, step, summary
from tests.report.test_forms import nasty
from tests.report.test_markdown import crowd

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
OLDEST_NODE = 20


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium is on PATH: pages are not looked at (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="module")
def mermaid_program() -> Path:
    """Mermaid for browsers, of the locked version."""
    file = HERE / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"
    if not file.exists():
        npm = shutil.which("npm")
        if not npm:
            pytest.skip("npm is not on PATH: Mermaid cannot be had")
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"npm ci cannot get the locked packages: {done.stderr.strip().splitlines()[-1]}")
    return file


def look(chromium: str, file: Path, *options: str) -> str:
    """The page's elements after its scripts ran. It has no network but what a file needs."""
    done = subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={file.parent / 'profile'}",
            "--virtual-time-budget=20000",
            *options,
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def seen(chromium: str, folder: Path, made: Report, *options: str) -> dict[str, Any]:
    """What look.js finds on a report's page, which for that may run one script."""
    page = html(made)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy".*?>', page)
    assert policy
    script = (HERE / "look.js").read_text(encoding="utf-8")
    file = folder / "page.html"
    file.write_text(
        page.replace(policy[0], "").replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8"
    )
    found = re.search(r'data-seen="([^"]*)"', look(chromium, file, *options))
    assert found, "the script did not run"
    return dict(json.loads(entities.unescape(found[1])))


@pytest.mark.parametrize(
    ("scheme", "page"), [("1", "rgb(255, 255, 255)"), ("0", "rgb(13, 17, 23)")], ids=["light", "dark"]
)
def test_the_page_can_be_read_in_light_and_in_the_dark(chromium: str, tmp_path: Path, scheme: str, page: str) -> None:
    made = recorded("planted")
    found = seen(chromium, tmp_path, made, f"--blink-settings=preferredColorScheme={scheme}", "--window-size=1200,2000")
    assert found["page"] == page
    assert found["rows"] == len(made.changes)
    assert found["boxes"] == len(made.nodes)
    assert found["fitting"], "a text leaves its box in the graph"
    assert found["loaded"] == 0
    # WCAG 2.2, 1.4.3: normal text stands out by 4.5 to 1.
    assert found["contrast"] >= 4.5
    assert found["drawn"] >= 4.5
    # The system that costs most stands first: what it costs before and after, at the most.
    paintbox = made.pricing.comparison.systems[0]
    grey, blue = found["bars"][:2]
    assert grey / blue == pytest.approx(float(paintbox.before.high / paintbox.after.high), abs=0.01)


@pytest.mark.parametrize("width", [1200, 800])
@pytest.mark.parametrize("of", ["crowd", "nasty"])
def test_no_report_is_wider_than_its_window(chromium: str, tmp_path: Path, of: str, width: int) -> None:
    made = crowd(20) if of == "crowd" else nasty()
    found = seen(chromium, tmp_path, made, f"--window-size={width},1200")
    assert found["wide"] <= 0
    assert found["broken"] == 0, "a label takes two lines"
    assert found["fitting"]


def test_mermaid_takes_every_graph_and_draws_it(chromium: str, mermaid_program: Path, tmp_path: Path) -> None:
    many = report(summary(*(step("create", f"r{n}", "fly:index:App", None, {"name": f"r{n}"}) for n in range(70))))
    made = {
        "planted": recorded("planted"),
        "drifted": recorded("drifted"),
        "first": recorded("first", "performance"),
        "same": recorded("same", "staging"),
        "crowd": crowd(500),
        "many": many,
        "nasty": nasty(),
    }
    graphs = {name: mermaid(each.nodes) for name, each in made.items()}
    fenced = re.search(r"```mermaid\n(.*?)```", markdown(recorded("planted")).text, re.DOTALL)
    assert fenced
    graphs["comment"] = fenced[1]
    file = tmp_path / "mermaid.html"
    given = json.dumps(graphs).replace("<", "\\u003c")
    script = (HERE / "draw.js").read_text(encoding="utf-8")
    file.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><body><script src="{mermaid_program.as_uri()}"></script>'
        f"<script>const GRAPHS = {given};\n{script}</script></body>",
        encoding="utf-8",
    )
    found = re.search(r'data-said="([^"]*)"', look(chromium, file))
    assert found, "Mermaid did not come to an end"
    said = json.loads(entities.unescape(found[1]))
    assert {name: (kind, drawn) for name, (kind, drawn, _) in said.items()} == {
        **{name: ("flowchart-v2", len(each.nodes)) for name, each in made.items()},
        "comment": ("flowchart-v2", len(made["planted"].nodes)),
    }
    assert "shop.tetrixcorp.com CNAME" in said["planted"][2]
    assert "</script><b>" in said["nasty"][2]
