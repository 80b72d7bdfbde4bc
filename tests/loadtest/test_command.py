"""The verb: it says what it would do, refuses what it must not, and judges, reports and remembers what it did."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.loadtest import command
from ops.loadtest.command import Wish, export_tests, load_tests
from settings.secret import environment_name
from tests.settings.samples import FLY, Project

pytestmark = pytest.mark.server

SHORT = Wish(None, sandbox=False, within_seconds=1.9)
LOAD_TEST = """
monitoring:
  notify: {emails: [a@example.com]}
  regions: [us_west]
  probes: {ready: {path: /ready}}
  thresholds:
    error_percent: 5
    load: {requests_per_second: 40, users: 4, endpoints: {/slow: {p95: LIMIT, p99: 20s}}}
load_test:
  requests: {slow: {path: /slow}, kept: {path: /kept}}
  phases:
    - {name: warm-up, duration: 1s, percent: 50}
    - {name: sustained, duration: 1s, percent: 105, judged: true}
"""
EDGE = """
edge:
  zone: example.com
  mode: cloudflare
  domains: [{name: example.com, role: primary}]
  firewall:
    load: {when: {secret_headers: {X-Load-Test: LOAD_KEY}}, action: skip, skips: [rate_limits]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the stacks `production` and `staging` of one system whose load test lasts two seconds."""
    made = Project(tmp_path)
    made.system("sample", FLY)
    made.write("Pulumi.yaml", "name: slipway\nruntime: python\n")
    described(made)
    return made


def described(project: Project, *, limit: str = "10s", more: str = "") -> None:
    text = LOAD_TEST.replace("LIMIT", limit) + more
    inside = "\n".join(f"      {line}" for line in text.splitlines())
    for name in ("production", "staging"):
        config = f"config:\n  slipway:environment: {name}\n  slipway:systems:\n    sample:\n{inside}\n"
        project.write(f"Pulumi.{name}.yaml", config)


@pytest.fixture
def aimed(monkeypatch: pytest.MonkeyPatch, server: str) -> str:
    """The system answers at a server on loopback."""
    monkeypatch.setattr(command, "own_url", lambda *_: server)
    return server


def said(project: Project, wish: Wish | None = None, *, stack: str = "staging", yes: bool = False) -> list[str]:
    return list(load_tests(project.root, stack, wish or Wish(None, sandbox=False), yes=yes, as_json=False))


def test_without_yes_it_says_what_it_would_send(project: Project) -> None:
    assert said(project) == [
        "would send 62 requests in 2 s to https://sample-app-staging.fly.dev (sample):",
        "  warm-up         1.0 s  20/s                 2 users",
        "  sustained       1.0 s  42/s                 5 users  judged",
        "  GET /slow, GET /kept",
        "to do it, add: --yes",
    ]


@pytest.mark.parametrize(
    ("wish", "stack", "message", "code"),
    [
        (
            Wish(None, sandbox=False),
            "production",
            "sample-app.fly.dev is production, with real visitors; if it must be, add: "
            "--yes-production sample-app.fly.dev",
            ExitCode.REFUSED,
        ),
        (
            Wish(None, sandbox=False, confirmed="sample"),
            "production",
            "--yes-production sample is not the host, which is sample-app.fly.dev",
            ExitCode.REFUSED,
        ),
        (
            Wish(None, sandbox=False, host="sample-app.fly.de"),
            "staging",
            "sample-app.fly.de is no host of sample, and nothing else may be put under load; "
            'did you mean "sample-app-staging.fly.dev"?',
            ExitCode.REFUSED,
        ),
        (
            Wish("simple", sandbox=False),
            "staging",
            'simple is no system of staging; did you mean "sample"?',
            ExitCode.USAGE,
        ),
    ],
)
def test_what_is_not_ours_or_has_visitors_is_refused(
    project: Project, wish: Wish, stack: str, message: str, code: ExitCode
) -> None:
    with pytest.raises(OperationError) as refused:
        said(project, wish, stack=stack, yes=True)
    assert (str(refused.value), refused.value.exit_code) == (message, code)


def test_a_system_without_a_load_test_says_so(project: Project) -> None:
    project.write("Pulumi.bare.yaml", "config:\n  slipway:environment: bare\n  slipway:systems: {sample: {}}\n")
    with pytest.raises(OperationError, match=r"^no system of bare has a load test; describe it in systems/NAME.yaml"):
        said(project, stack="bare")


def test_more_than_one_machine_can_send_is_refused_but_exported(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "FASTEST", 41.0)
    with pytest.raises(OperationError, match=r"sample: 62 requests, up to 42 a second; export it .*: --export k6 DIR$"):
        said(project)
    written = list(export_tests(project.root, "staging", Wish(None, sandbox=False), "k6", tmp_path / "k6"))
    assert written[0] == f"wrote {tmp_path / 'k6' / 'sample.js'}"


def test_a_secret_header_without_a_value_is_asked_for(project: Project) -> None:
    described(project, more=EDGE)
    with pytest.raises(OperationError) as refused:
        said(project, yes=True)
    assert str(refused.value) == (
        "the edge lets a load test pass only with LOAD_KEY; set it:\n"
        "  pulumi config set --stack staging --secret --path 'slipway:secrets.sample.LOAD_KEY'"
    )


def test_the_secret_of_the_environment_is_sent_and_appears_nowhere(
    project: Project, aimed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(project, more=EDGE)
    monkeypatch.setenv(environment_name("sample", "LOAD_KEY"), "a-planted-secret")
    lines = said(project, SHORT, yes=True)
    records = [file.read_bytes() for file in (project.root / ".slipway").rglob("*") if file.is_file()]
    assert records
    assert not [text for text in [*records, "\n".join(lines).encode()] if b"a-planted-secret" in text]


def test_a_test_that_reaches_its_targets_is_reported_kept_and_compared(
    project: Project, aimed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = said(project, SHORT, yes=True)
    assert first[0] == "sample (127.0.0.1) reached every target: 59 requests, 0 errors"
    assert "  no test of the same plan before, so nothing to compare with" in first
    again = replace(SHORT, seed=2, report=project.root / "report.html")
    told = json.loads(next(load_tests(project.root, "staging", again, yes=True, as_json=True)))["tests"][0]
    assert (told["verdict"], told["seed"], told["before"]["seed"]) == ("reached", 2, 1)
    assert {each["name"]: each["verdict"] for each in told["targets"]} == {
        "errors": "kept",
        "requests": "kept",
        "users": "kept",
        "p95 /slow": "kept",
        "p99 /slow": "kept",
    }
    page = (project.root / "report.html").read_text()
    Page().feed(page)
    assert "compare" not in page
    assert capsys.readouterr().out == ""


def test_a_target_that_is_missed_ends_with_its_own_exit_code(project: Project, aimed: str) -> None:
    described(project, limit="10ms")
    with pytest.raises(OperationError) as missed:
        said(project, SHORT, yes=True)
    assert missed.value.exit_code == ExitCode.TARGETS_MISSED
    head, *lines = str(missed.value).splitlines()
    assert head == "the load test was not passed:"
    assert any(re.fullmatch(r"sample: p95 /slow: \d+\.\d, at most 10 ms is wanted", line) for line in lines)


class Page(HTMLParser):
    """Refuses what would be fetched from elsewhere, and what would run."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "link", "img", "iframe"}
        assert not {name for name, _ in attrs} & {"src", "href"}
