"""Runbooks name verbs and options that exist, and their pages lead to each other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from ops.runbook.pages import UnknownCommandError, runbook_pages, verb
from ops.runbook.runbook import Runbook, runbooks
from tests.tetrix import ROOT

STEP: dict[str, Any] = {"say": "See what runs.", "run": "./slipway status"}
PAGE: dict[str, Any] = {
    "title": "Look",
    "kind": "procedure",
    "documents": ["document 001, Useful Commands"],
    "when": "Every day.",
    "steps": [STEP],
    "done": "It was looked at.",
}


@pytest.mark.parametrize("name", runbooks())
def test_every_command_is_a_verb_with_these_options(name: str) -> None:
    steps = [step for step in runbooks()[name].steps if step.arguments]
    assert steps
    for step in steps:
        command, _ = verb(step.arguments)
        options = {option for parameter in command.params for option in parameter.opts}
        assert "--json" not in step.arguments
        assert not step.exit_codes[0]
        if "--yes" in options:
            assert "--sandbox" in options, step.run


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("stopp --yes", "there is no `./slipway stopp --yes`: 'stopp' is none of its verbs"),
        ("alerts", "there is no `./slipway alerts`: '' is none of its verbs"),
        ("status --all", "`./slipway status --all`: --all is none of its options"),
        ("cost --what-iff=a=1", "`./slipway cost --what-iff=a=1`: --what-iff is none of its options"),
    ],
)
def test_a_command_that_does_not_exist_is_refused(line: str, message: str) -> None:
    with pytest.raises(UnknownCommandError) as refused:
        verb(line.split())
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "change",
    [
        {"steps": []},
        {"when": "no full stop"},
        {"documents": []},
        {"kind": "page"},
        {"more": 1},
        {"steps": [{**STEP, "run": "rm -rf /"}]},
        {"steps": [{**STEP, "run": "./slipway status\nrm"}]},
        {"steps": [{**STEP, "tells": []}]},
    ],
)
def test_a_page_that_is_not_whole_is_refused(change: dict[str, Any]) -> None:
    Runbook.model_validate(PAGE)
    with pytest.raises(ValidationError):
        Runbook.model_validate({**PAGE, **change})


def test_every_page_is_in_the_index_under_its_kind() -> None:
    pages = runbook_pages()
    index = pages.pop("docs/runbooks/README.md")
    wrong, todo = index.split("## Something is to be done")
    for name, runbook in runbooks().items():
        assert f"]({name}.md) | {runbook.when} |" in (wrong if runbook.kind == "incident" else todo)
    assert set(pages) == {f"docs/runbooks/{name}.md" for name in runbooks()}


def test_every_link_to_a_verb_leads_to_its_section() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "docs/commands.md").read_text(), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    links = {link for page in runbook_pages().values() for link in re.findall(r"commands\.md#([\w-]+)", page)}
    assert links
    assert links <= anchors


def test_a_page_says_the_command_what_the_verb_does_and_what_was_said_before() -> None:
    page = runbook_pages()["docs/runbooks/emergency-stop.md"]
    assert "   ./slipway stop --system paintbox --yes\n" in page
    assert "[`slipway stop`](../commands.md#slipway-stop): Stop everything at once" in page
    assert "| `fly machine stop --all` | There is no such option" in page
    assert "From: document 001, Emergency Shutdown." in page
