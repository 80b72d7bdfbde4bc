"""One issue a stack, open exactly as long as something drifted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.drift.compare import Difference
from ops.drift_issue import drift_issue
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.ops.forge.fake import Answer, Trouble
from tests.ops.forge.fake_github import PERSON, FakeGitHub
from tests.ops.forge.fake_gitlab import OTHER, FakeGitLab

pytestmark = pytest.mark.server

MARKED = "<!-- slipway drift of production -->\n"
ISSUES = r".*/issues"


def drifted(
    path: str = "spec.services[0].instanceCount", state: object = 2, live: object = 3, *, name: str = "tetrix-app"
) -> Difference:
    return Difference("tetrix", name, "digitalocean:index/app:App", path, state, state, live)


REPLICAS = drifted()
GONE = drifted("", "there", None, name="www")


@pytest.fixture
def drift(tmp_path: Path) -> Callable[..., Path]:
    """Writes what `drift --json` prints into a file."""

    def write(*found: Difference, stack: str = "production") -> Path:
        file = tmp_path / f"{stack}.json"
        told = {"stack": stack, "drifted": bool(found), "differences": [one.as_json() for one in found]}
        file.write_text(json.dumps(told))
        return file

    return write


def said(fake: FakeGitHub | FakeGitLab, *files: Path, act: bool = True) -> list[str]:
    return list(drift_issue(files, fake.environment(), act=act, as_json=False))


def texts(fake: FakeGitHub | FakeGitLab) -> list[tuple[str, str, str]]:
    """Title, text and state of the issues that this program made."""
    key = "body" if isinstance(fake, FakeGitHub) else "description"
    issues = [issue for issue in fake.issues.values() if issue["title"].startswith("Drift of")]
    return [(issue["title"], issue[key], issue["state"]) for issue in issues]


def test_an_issue_is_opened_brought_up_to_date_left_alone_and_closed(
    forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path]
) -> None:
    assert said(forge, drift(REPLICAS))[1:] == ["  production: a new issue"]
    assert said(forge, drift(REPLICAS, GONE))[1:] == ["  production: the issue, brought up to date"]
    ((title, body, state),) = texts(forge)
    assert (title, state[:4]) == ("Drift of production: 2 differences", "open")
    assert body == (
        f"{MARKED}What runs of production is not as it was deployed. Somebody changed it by hand, or another program "
        "did.\n\n| resource | what | deployed | live |\n|---|---|---|---|\n"
        "| `tetrix App tetrix-app` | `spec.services[0].instanceCount` | `2` | `3` |\n"
        "| `tetrix App www` |  | `there` | `not there` |\n\n"
        "To undo it: `./slipway deploy --stack production --yes`. To keep it: write it into the settings and deploy.\n"
        "This issue is kept up to date, and closed when nothing differs any more.\n"
    )
    asked = forge.methods()
    assert said(forge, drift(REPLICAS, GONE))[1:] == ["  production: the issue says the same already: left untouched"]
    assert forge.methods() == f"{asked} GET"
    assert said(forge, drift())[1:] == ["  production: nothing differs any more: the issue closed"]
    assert [state for *_, state in texts(forge)] == ["closed"]
    assert forge.bodies() == ["What runs of production is as it was deployed again."]


def test_nothing_is_opened_where_nothing_differs(forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path]) -> None:
    assert said(forge, drift())[1:] == ["  production: nothing differs, and no issue is open"]
    assert forge.methods() == "GET"


def test_drift_that_comes_back_gets_an_issue_of_its_own(
    forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path]
) -> None:
    for found in ([REPLICAS], [], [REPLICAS]):
        said(forge, drift(*found))
    assert [state[:4] for *_, state in texts(forge)] == ["clos", "open"]


def test_each_stack_has_an_issue_of_its_own(forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path]) -> None:
    said(forge, drift(REPLICAS), drift(REPLICAS, stack="staging"))
    assert [title for title, *_ in texts(forge)] == [
        "Drift of production: 1 difference",
        "Drift of staging: 1 difference",
    ]


def test_without_yes_nothing_is_written(forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path]) -> None:
    said(forge, drift(REPLICAS), act=False)
    assert forge.methods() == "GET"
    said(forge, drift(REPLICAS))
    before = forge.methods()
    for found in ([], [drifted(live=4)]):
        said(forge, drift(*found), act=False)
    assert forge.methods() == f"{before} GET GET"


@pytest.mark.parametrize("late", [False, True], ids=["before it was opened", "after it was opened"])
def test_a_lost_answer_to_a_new_issue_ends_in_one_issue(
    forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path], late: bool
) -> None:
    forge.troubles = [Trouble("POST", ISSUES, Answer(502), late)]
    said(forge, drift(REPLICAS))
    assert len(texts(forge)) == 1


def test_of_two_issues_about_the_same_the_newer_is_closed(github: FakeGitHub, drift: Callable[..., Path]) -> None:
    said(github, drift(REPLICAS))
    (first,) = [number for number, issue in github.issues.items() if issue["title"].startswith("Drift of")]
    github.issues[first + 1] = {**github.issues[first], "number": first + 1}
    said(github, drift(REPLICAS))
    assert [state for *_, state in texts(github)] == ["open", "closed"]


def test_an_issue_of_a_person_is_never_touched(forge: FakeGitHub | FakeGitLab, drift: Callable[..., Path]) -> None:
    said(forge, drift(REPLICAS))
    (issue,) = [issue for issue in forge.issues.values() if issue["title"].startswith("Drift of")]
    issue |= {"user": PERSON, "author": OTHER}
    said(forge, drift())
    assert [state[:4] for *_, state in texts(forge)] == ["open"]


def test_a_pull_request_is_no_issue_nor_is_one_without_the_label(
    github: FakeGitHub, drift: Callable[..., Path]
) -> None:
    said(github, drift(REPLICAS))
    (issue,) = [issue for issue in github.issues.values() if issue["title"].startswith("Drift of")]
    github.issues[7] = {**issue, "number": 7, "pull_request": {}}
    github.issues[9] = {**issue, "number": 9, "labels": []}
    said(github, drift())
    assert {number: issue["state"] for number, issue in github.issues.items()} == {7: "open", 8: "closed", 9: "open"}


def test_a_token_that_may_not_label_leaves_no_issue_that_would_never_be_found(
    github: FakeGitHub, drift: Callable[..., Path]
) -> None:
    github.labels_are_kept = False
    with pytest.raises(OperationError) as raised:
        said(github, drift(REPLICAS))
    assert str(raised.value) == ("the token may open issues but not label them drift; give it issues: write")
    assert [state for *_, state in texts(github)] == ["closed"]


def test_what_is_not_deployed_yet_is_no_drift(github: FakeGitHub, drift: Callable[..., Path]) -> None:
    said(github, drift(Difference("tetrix", "app", "digitalocean:index/app:App", "spec.region", "ams", "fra", "fra")))
    assert texts(github) == []
    both = Difference("tetrix", "app", "digitalocean:index/app:App", "spec.region", "ams", "fra", "nyc")
    said(github, drift(both))
    assert "| `tetrix App app` | `spec.region` | `fra` | `nyc` |" in texts(github)[0][1]


@pytest.mark.parametrize("content", ["", '{"stack": "production", "differ', '{"differences": []}', "[]", None])
def test_a_look_that_failed_closes_no_issue(
    github: FakeGitHub, drift: Callable[..., Path], tmp_path: Path, content: str | None
) -> None:
    said(github, drift(REPLICAS))
    file = tmp_path / "failed.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(OperationError) as raised:
        said(github, file)
    assert re.fullmatch(
        rf"{file} does not hold all that drift prints \(\w+\), so no issue was touched; "
        r"write it again: \./slipway drift --json",
        str(raised.value),
    )
    assert raised.value.exit_code == ExitCode.USAGE
    assert [state for *_, state in texts(github)] == ["open"]


def test_many_differences_fit_into_an_issue(github: FakeGitHub, drift: Callable[..., Path]) -> None:
    wide = "@" * 500
    said(github, drift(*(drifted(wide, wide, "", name=f"{number}{wide}") for number in range(200))))
    ((title, body, _),) = texts(github)
    assert title == "Drift of production: 200 differences"
    assert "and 100 more: `./slipway drift --stack production` lists them all." in body


def test_what_a_cloud_says_is_no_markdown(github: FakeGitHub, drift: Callable[..., Path]) -> None:
    said(github, drift(drifted("a|b", "`x`\n# y", None)))
    ((_, body, _),) = texts(github)
    assert "| `a¦b` | `'x' # y` |  |\n" in body


def test_programs_read_what_was_done(github: FakeGitHub, drift: Callable[..., Path]) -> None:
    (line,) = drift_issue([drift(REPLICAS)], github.environment(), act=True, as_json=True)
    assert json.loads(line) == {
        "repository": "acme/shop",
        "done": True,
        "issues": [{"stack": "production", "differences": 1, "deed": "open"}],
    }
