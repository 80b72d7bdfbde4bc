"""One issue a stack, open exactly as long as something drifted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from ops.drift_issue import drift_issue
from ops.errors import OperationError
from ops.exit_code import ExitCode
from report.forms.document import Document, DriftPart, LinePart
from tests.ops.forge.fake import Answer, Trouble
from tests.ops.forge.fake_github import PERSON, FakeGitHub
from tests.ops.forge.fake_gitlab import OTHER, FakeGitLab

MARKED = "<!-- slipway drift of production -->\n"
ISSUES = r".*/issues"


def drifted(*lines: tuple[str, str | None, str | None], name: str = "tetrix-app", gone: bool = False) -> object:
    return {
        "urn": "urn",
        "system": "tetrix",
        "noun": "App",
        "name": name,
        "gone": gone,
        "lines": [{"what": what, "old": old, "new": new} for what, old, new in lines],
    }


REPLICAS = drifted(("replicas", "2", "3"))


def said(fake: FakeGitHub | FakeGitLab, folder: Path, *, act: bool = True) -> list[str]:
    return list(drift_issue([folder], fake.environment(), act=act, as_json=False))


def texts(fake: FakeGitHub | FakeGitLab) -> list[tuple[str, str, str]]:
    """Title, text and state of the issues that this program made."""
    key = "body" if isinstance(fake, FakeGitHub) else "description"
    issues = [issue for issue in fake.issues.values() if issue["title"].startswith("Drift of")]
    return [(issue["title"], issue[key], issue["state"]) for issue in issues]


def test_an_issue_is_opened_brought_up_to_date_left_alone_and_closed(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    assert said(forge, report("", drift=[REPLICAS]))[1:] == ["  production: a new issue"]
    assert said(forge, report("", drift=[REPLICAS, drifted(name="www", gone=True)]))[1:] == [
        "  production: the issue, brought up to date"
    ]
    ((title, body, state),) = texts(forge)
    assert (title, state[:4]) == ("Drift of production: 2 differences", "open")
    assert body == (
        f"{MARKED}What runs of production is not as it was deployed. Somebody changed it by hand, or another program "
        "did.\n\n| resource | what | deployed | live |\n|---|---|---|---|\n"
        "| `tetrix App tetrix-app` | `replicas` | `2` | `3` |\n"
        "| `tetrix App www` |  | `there` | `gone` |\n\n"
        "To undo it: `./slipway deploy --stack production --yes`. To keep it: write it into the settings and deploy.\n"
        "This issue is kept up to date, and closed when nothing differs any more.\n"
    )
    asked = forge.methods()
    assert said(forge, report("", drift=[REPLICAS, drifted(name="www", gone=True)]))[1:] == [
        "  production: the issue says the same already: left untouched"
    ]
    assert forge.methods() == f"{asked} GET"
    assert said(forge, report("", drift=[]))[1:] == ["  production: nothing differs any more: the issue closed"]
    assert [state for *_, state in texts(forge)] == ["closed"]
    assert forge.bodies() == ["What runs of production is as it was deployed again."]


def test_nothing_is_opened_where_nothing_differs(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    assert said(forge, report("", drift=[]))[1:] == ["  production: nothing differs, and no issue is open"]
    assert forge.methods() == "GET"


def test_drift_that_comes_back_gets_an_issue_of_its_own(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    for drift in ([REPLICAS], [], [REPLICAS]):
        said(forge, report("", drift=drift))
    assert [state[:4] for *_, state in texts(forge)] == ["clos", "open"]


def test_each_stack_has_an_issue_of_its_own(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    report("", drift=[REPLICAS])
    said(forge, report("", drift=[REPLICAS], stack="staging"))
    assert [title for title, *_ in texts(forge)] == [
        "Drift of production: 1 difference",
        "Drift of staging: 1 difference",
    ]


def test_without_yes_nothing_is_written(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    said(forge, report("", drift=[REPLICAS]), act=False)
    assert forge.methods() == "GET"


@pytest.mark.parametrize("late", [False, True], ids=["before it was opened", "after it was opened"])
def test_a_lost_answer_to_a_new_issue_ends_in_one_issue(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path], late: bool
) -> None:
    forge.troubles = [Trouble("POST", ISSUES, Answer(502), late)]
    said(forge, report("", drift=[REPLICAS]))
    assert len(texts(forge)) == 1


def test_of_two_issues_about_the_same_the_newer_is_closed(github: FakeGitHub, report: Callable[..., Path]) -> None:
    said(github, report("", drift=[REPLICAS]))
    (first,) = [number for number, issue in github.issues.items() if issue["title"].startswith("Drift of")]
    github.issues[first + 1] = {**github.issues[first], "number": first + 1}
    said(github, report("", drift=[REPLICAS]))
    assert [state for *_, state in texts(github)] == ["open", "closed"]


def test_an_issue_of_a_person_is_never_touched(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    said(forge, report("", drift=[REPLICAS]))
    (issue,) = [issue for issue in forge.issues.values() if issue["title"].startswith("Drift of")]
    issue |= {"user": PERSON, "author": OTHER}
    said(forge, report("", drift=[]))
    assert [state[:4] for *_, state in texts(forge)] == ["open"]


def test_a_token_that_may_not_label_leaves_no_issue_that_would_never_be_found(
    github: FakeGitHub, report: Callable[..., Path]
) -> None:
    github.labels_are_kept = False
    with pytest.raises(OperationError) as raised:
        said(github, report("", drift=[REPLICAS]))
    assert str(raised.value) == ("the token may open issues but not label them drift; give it issues: write")
    assert [state for *_, state in texts(github)] == ["closed"]


@pytest.mark.parametrize(
    ("drift", "message"),
    [
        (None, "the report in {folder} does not know of drift; write it with: ./slipway report --refresh"),
        ([{"gone": False}], "{folder} holds no whole report (KeyError); write it again: ./slipway report"),
    ],
    ids=["nobody looked", "torn"],
)
def test_a_look_that_failed_closes_no_issue(
    github: FakeGitHub, report: Callable[..., Path], drift: Sequence[Mapping[str, object]] | None, message: str
) -> None:
    said(github, report("", drift=[REPLICAS]))
    folder = report("", drift=drift)
    with pytest.raises(OperationError) as raised:
        said(github, folder)
    assert str(raised.value) == message.format(folder=folder / "production")
    assert raised.value.exit_code == ExitCode.USAGE
    assert [state for *_, state in texts(github)] == ["open"]


def test_many_differences_fit_into_an_issue(github: FakeGitHub, report: Callable[..., Path]) -> None:
    wide = "@" * 5_000
    said(github, report("", drift=[drifted((wide, wide, wide), name=f"{number}{wide}") for number in range(500)]))
    ((title, body, _),) = texts(github)
    assert title == "Drift of production: 500 differences"
    assert "and 400 more: `./slipway report --stack production --refresh` lists them." in body


def test_what_a_cloud_says_is_no_markdown(github: FakeGitHub, report: Callable[..., Path]) -> None:
    said(github, report("", drift=[drifted(("a|b", "`x`\n# y", None))]))
    ((_, body, _),) = texts(github)
    assert "| `a¦b` | `'x' # y` |  |\n" in body


def test_programs_read_what_was_done(github: FakeGitHub, report: Callable[..., Path]) -> None:
    (line,) = drift_issue([report("", drift=[REPLICAS])], github.environment(), act=True, as_json=True)
    assert json.loads(line) == {
        "repository": "acme/shop",
        "done": True,
        "issues": [{"stack": "production", "differences": 1, "deed": "open"}],
    }


def test_it_reads_what_report_writes() -> None:
    assert "drift" in Document.model_fields
    assert set(DriftPart.model_fields) == {"urn", "system", "noun", "name", "gone", "lines"}
    assert set(LinePart.model_fields) == {"what", "old", "new"}
