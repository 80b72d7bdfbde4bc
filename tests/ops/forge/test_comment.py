"""One comment a stack, whatever happens between this program and the forge."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.comment import FACTS, TEXT, comment
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.report import FILES
from report.forms.document import Document, FindingPart
from report.forms.form import Form
from tests.ops.forge.fake import TOKEN, Answer, Fake, Trouble
from tests.ops.forge.fake_github import PERSON, FakeGitHub
from tests.ops.forge.fake_gitlab import OTHER, FakeGitLab

pytestmark = pytest.mark.server

COMMENTS = r".*/(comments|notes)"
ONE = r".*/(comments|notes)/\d+"
FIRST, SECOND = "# Production\n\n1 to create\n", "# Production\n\n2 to create\n"
MARKED = "<!-- slipway report of production -->\n"


def said(fake: FakeGitHub | FakeGitLab, *folders: Path, act: bool = True, **more: str) -> list[str]:
    return list(comment(folders, {**fake.environment(), **more}, number=None, act=act, as_json=False))


def refused(fake: FakeGitHub | FakeGitLab, *folders: Path, **more: str) -> tuple[str, ExitCode]:
    with pytest.raises(OperationError) as raised:
        said(fake, *folders, **more)
    assert TOKEN not in str(raised.value)
    return str(raised.value), raised.value.exit_code


def writes(fake: Fake) -> list[str]:
    return [asked.method for asked in fake.asked if asked.method != "GET"]


def test_a_comment_is_made_then_edited_in_place_then_left_alone(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    assert said(forge, report(FIRST))[1:] == ["  production: a new comment"]
    assert said(forge, report(SECOND))[1:] == ["  production: the comment, in place"]
    assert forge.bodies() == [MARKED + SECOND]
    before = writes(forge)
    assert said(forge, report(SECOND))[1:] == ["  production: the comment says the same already: left untouched"]
    assert writes(forge) == before


def test_each_stack_has_a_comment_of_its_own(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    report(FIRST)
    said(forge, report("staging's", stack="staging"))
    assert forge.bodies() == [MARKED + FIRST, "<!-- slipway report of staging -->\nstaging's"]


def test_without_yes_nothing_is_written(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    lines = said(forge, report(FIRST), act=False)
    assert lines[0].endswith(": with --yes, this would be done")
    assert writes(forge) == []
    for _ in range(2):
        forge.comment(MARKED + SECOND) if isinstance(forge, FakeGitHub) else forge.note(MARKED + SECOND)
    assert said(forge, report(FIRST), act=False)[1:] == ["  production: the comment, in place; 1 double removed"]
    assert writes(forge) == []


def test_where_nothing_changes_no_comment_is_made_but_one_that_says_otherwise_is_set_right(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    said(forge, report("Nothing changes.", changes=False))
    assert forge.bodies() == []
    said(forge, report(FIRST))
    said(forge, report("Nothing changes.", changes=False))
    assert forge.bodies() == [MARKED + "Nothing changes."]


@pytest.mark.parametrize(
    ("finding", "matters"),
    [
        ({"level": "mandatory", "waived": None}, True),
        ({"level": "mandatory", "waived": "until the move"}, False),
        ({"level": "advisory", "waived": None}, False),
    ],
)
def test_a_policy_that_stops_the_deployment_is_worth_a_comment_of_its_own(
    github: FakeGitHub, report: Callable[..., Path], finding: Mapping[str, object], matters: bool
) -> None:
    said(github, report(FIRST, changes=False, findings=[finding]))
    assert bool(github.bodies()) == matters


def test_it_reads_what_report_writes() -> None:
    assert (FILES[Form.MARKDOWN], FILES[Form.JSON]) == (TEXT, FACTS)
    assert {"changes", "findings"} <= Document.model_fields.keys()
    assert {"level", "waived"} <= FindingPart.model_fields.keys()


def test_of_two_reports_on_a_stack_the_first_folders_is_posted(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    said(forge, report(FIRST, folder="preview"), report(SECOND, folder="rehearsal"))
    assert forge.bodies() == [MARKED + FIRST]


def test_the_comment_is_found_beyond_the_first_page(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    forge.page_length = 2
    said(forge, report(FIRST))
    own = list(getattr(forge, "comments", None) or getattr(forge, "notes", {}))
    # Moved behind five others, where only the third page has it.
    store = forge.comments if isinstance(forge, FakeGitHub) else forge.notes
    kept = store.pop(own[0])
    for _ in range(5):
        forge.comment("other", PERSON) if isinstance(forge, FakeGitHub) else forge.note("other", OTHER)
    store[own[0]] = kept
    said(forge, report(SECOND))
    assert forge.bodies() == ["other"] * 5 + [MARKED + SECOND]


def test_what_others_wrote_is_never_touched_though_it_holds_the_marker(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    quoted = MARKED + "I disagree"
    forge.comment(quoted, PERSON) if isinstance(forge, FakeGitHub) else forge.note(quoted, OTHER)
    said(forge, report(FIRST))
    assert forge.bodies() == [quoted, MARKED + FIRST]


def test_a_marker_in_the_middle_of_a_comment_of_ones_own_marks_nothing(
    github: FakeGitHub, report: Callable[..., Path]
) -> None:
    github.comment(f"> {MARKED}")
    said(github, report(FIRST))
    assert github.bodies() == [f"> {MARKED}", MARKED + FIRST]


def test_a_persons_own_token_edits_that_persons_comments_only(github: FakeGitHub, report: Callable[..., Path]) -> None:
    github.user = PERSON
    github.comment(MARKED + "the bot's")
    own = github.comment(MARKED + "own", PERSON)
    said(github, report(FIRST))
    assert github.comments[own]["body"] == MARKED + FIRST
    assert github.bodies() == [MARKED + "the bot's", MARKED + FIRST]


def test_doubles_are_removed_and_the_oldest_stays(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    for _ in range(3):
        forge.comment(MARKED + FIRST) if isinstance(forge, FakeGitHub) else forge.note(MARKED + FIRST)
    assert said(forge, report(FIRST))[1].endswith("left untouched; 2 double removed")
    assert forge.bodies() == [MARKED + FIRST]


def test_a_double_that_another_run_removed_first_is_no_error(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    for _ in range(2):
        forge.comment(MARKED + FIRST) if isinstance(forge, FakeGitHub) else forge.note(MARKED + FIRST)
    forge.troubles = [Trouble("DELETE", ONE, Answer(404, {"message": "Not Found"}))]
    said(forge, report(FIRST))
    forge.troubles = [Trouble("DELETE", ONE, Answer(403, {"message": "Forbidden"}))]
    assert "refused DELETE" in refused(forge, report(FIRST))[0]


def test_two_runs_at_once_leave_one_comment(github: FakeGitHub, report: Callable[..., Path]) -> None:
    """The other run's comment appears between this one's look and its own comment."""
    create = github.routes["POST", r"/repos/acme/shop/issues/(\d+)/comments"]

    def both(*arguments: object, **more: object) -> Answer:
        github.comment(MARKED + SECOND)
        return create(*arguments, **more)

    github.routes["POST", r"/repos/acme/shop/issues/(\d+)/comments"] = both
    said(github, report(FIRST))
    assert github.bodies() == [MARKED + FIRST]


def test_a_browsers_line_ends_are_no_difference(github: FakeGitHub, report: Callable[..., Path]) -> None:
    github.comment((MARKED + FIRST).replace("\n", "\r\n") + "\r\n")
    said(github, report(FIRST))
    assert writes(github) == []


@pytest.mark.parametrize("late", [False, True], ids=["before it was made", "after it was made"])
@pytest.mark.parametrize("answer", [None, Answer(502)], ids=["connection cut", "502"])
def test_a_lost_answer_to_a_new_comment_ends_in_one_comment(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path], answer: Answer | None, late: bool
) -> None:
    forge.troubles = [Trouble("POST", COMMENTS, answer, late)]
    said(forge, report(FIRST))
    assert forge.bodies() == [MARKED + FIRST]
    assert writes(forge) == ["POST"] * (1 if late else 2)


def test_a_servers_error_is_tried_again_where_that_is_safe(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path], pauses: list[float]
) -> None:
    said(forge, report(FIRST))
    change = "PATCH" if isinstance(forge, FakeGitHub) else "PUT"
    forge.troubles = [Trouble("GET", COMMENTS, Answer(500)), Trouble(change, ONE, None, late=True)]
    said(forge, report(SECOND))
    assert forge.bodies() == [MARKED + SECOND]
    assert pauses == [1.0, 1.0]


def test_a_forge_that_stays_broken_is_given_up_on(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path], pauses: list[float]
) -> None:
    forge.troubles = [Trouble("GET", COMMENTS, Answer(503)) for _ in range(4)]
    message, code = refused(forge, report(FIRST))
    assert re.fullmatch(r"Git(Hub|Lab) did not answer GET \S+: status 503; run the same command again later", message)
    assert code == ExitCode.FORGE
    assert pauses == [1.0, 3.0, 9.0]


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        (Answer(403, {"message": "You have exceeded a secondary rate limit"}, {"retry-after": "7"}), 7.0),
        (Answer(429, {"message": "Too many requests"}, {"retry-after": "30"}), 30.0),
        (Answer(403, {"message": "You have exceeded a secondary rate limit. Wait a few minutes."}), 60.0),
        (Answer(429, {"message": "Retry later"}), 60.0),
        (Answer(403, {"message": "API rate limit exceeded"}, {"x-ratelimit-remaining": "0"}), 60.0),
        (Answer(429, None, {"retry-after": "0"}), 1.0),
    ],
)
def test_a_rate_limit_is_waited_for_as_long_as_it_says_even_for_a_new_comment(
    github: FakeGitHub, report: Callable[..., Path], pauses: list[float], limit: Answer, seconds: float
) -> None:
    github.troubles = [Trouble("POST", COMMENTS, limit)]
    said(github, report(FIRST))
    assert github.bodies() == [MARKED + FIRST]
    assert pauses == [seconds]


def test_a_primary_limit_is_waited_for_until_it_is_reset(
    github: FakeGitHub, report: Callable[..., Path], pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.forge.api.time", lambda: 1_000.0)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1042"}
    github.troubles = [Trouble("GET", COMMENTS, Answer(403, {"message": "API rate limit exceeded"}, headers))]
    said(github, report(FIRST))
    assert pauses == [42.0]


def test_a_limit_beyond_patience_is_said(github: FakeGitHub, report: Callable[..., Path], pauses: list[float]) -> None:
    github.troubles = [Trouble("GET", COMMENTS, Answer(429, None, {"retry-after": "181"}))]
    message, code = refused(github, report(FIRST))
    assert message == (
        "GitHub limits GET /repos/acme/shop/issues/7/comments for another 181 s, and 180 s are the longest this "
        "waits; run the same command again later"
    )
    assert (code, pauses) == (ExitCode.FORGE, [])


def test_a_refusal_that_is_no_limit_is_not_waited_for(
    github: FakeGitHub, report: Callable[..., Path], pauses: list[float]
) -> None:
    github.may = set()
    assert refused(github, report(FIRST)) == (
        "GitHub refused POST /repos/acme/shop/issues/7/comments (403): Resource not accessible by integration",
        ExitCode.FORGE,
    )
    assert pauses == []


def test_a_wrong_token_is_said_without_it(forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]) -> None:
    variable = "GITHUB_TOKEN" if isinstance(forge, FakeGitHub) else "GITLAB_TOKEN"
    message, _ = refused(forge, report(FIRST), **{variable: "another-token"})
    assert re.fullmatch(r"Git(Hub|Lab) refused GET /user \(401\): (Bad credentials|401 Unauthorized)", message)


def test_a_token_that_no_header_takes_is_refused_without_being_shown(
    forge: FakeGitHub | FakeGitLab, report: Callable[..., Path]
) -> None:
    variable = "GITHUB_TOKEN" if isinstance(forge, FakeGitHub) else "GITLAB_TOKEN"
    message, code = refused(forge, report(FIRST), **{variable: f"{TOKEN}\nx"})
    assert message == f"{variable} holds characters that no token has; copy it again"
    assert code == ExitCode.USAGE


@pytest.mark.parametrize(("length", "fits"), [(65_536, True), (65_537, False)])
def test_githubs_limit_is_kept_to_the_character(
    github: FakeGitHub, report: Callable[..., Path], length: int, fits: bool
) -> None:
    folder = report("é" * (length - len(MARKED)))
    report(FIRST, stack="staging")
    if fits:
        said(github, folder)
        assert len(github.bodies()[0]) == length
        return
    message, code = refused(github, folder)
    assert message == (
        "the report of production has 65,537 characters, and a comment may have 65,536; ./slipway report cuts what it "
        "writes to fit: post that"
    )
    assert code == ExitCode.FORGE
    assert writes(github) == [], "nothing of the other stack either"


def test_gitlab_takes_more(report: Callable[..., Path]) -> None:
    fake = FakeGitLab()
    said(fake, report("é" * 70_000))
    fake.close()
    assert len(fake.bodies()[0]) > 70_000


def test_a_report_that_is_not_whole_stops_everything_before_it_starts(
    github: FakeGitHub, report: Callable[..., Path]
) -> None:
    folder = report(FIRST)
    (folder / "production" / "report.json").write_text('{"changes": tr')
    message, code = refused(github, folder)
    assert message == (f"{folder}/production holds no whole report (JSONDecodeError); write it again: ./slipway report")
    assert (code, github.asked) == (ExitCode.USAGE, [])


def test_a_folder_without_reports_is_refused(github: FakeGitHub, tmp_path: Path) -> None:
    message, code = refused(github, tmp_path)
    assert message == (
        f"no STACK/report.md in {tmp_path}; write it first: ./slipway report --stack STACK --out {tmp_path}"
    )
    assert code == ExitCode.USAGE


def test_all_that_is_missing_is_named_at_once(report: Callable[..., Path]) -> None:
    with pytest.raises(OperationError) as raised:
        list(comment([report(FIRST)], {"GITHUB_API_URL": "x"}, number=None, act=True, as_json=False))
    assert str(raised.value) == (
        "to post, this is still needed: GITHUB_TOKEN (the token of the workflow or of a person); GITHUB_REPOSITORY "
        "(owner/name); --pull-request NUMBER, as CI runs for none"
    )
    with pytest.raises(OperationError, match="neither GITHUB_API_URL"):
        list(comment([report(FIRST)], {}, number=None, act=True, as_json=False))


def test_a_token_is_not_sent_in_the_clear_nor_to_another_host(github: FakeGitHub, report: Callable[..., Path]) -> None:
    message, code = refused(github, report(FIRST), GITHUB_API_URL="http://api.github.example")
    assert message == (
        "http://api.github.example is not https, and the token would be readable on its way; set the https address"
    )
    assert code == ExitCode.REFUSED
    other = {"link": '<https://elsewhere.example/comments?page=2>; rel="next"'}
    github.troubles = [Trouble("GET", COMMENTS, Answer(200, [], other))]
    assert refused(github, report(FIRST)) == (
        "GitHub continues its list at another host: https://elsewhere.example/comments?page=2",
        ExitCode.REFUSED,
    )


def test_a_renamed_repository_is_not_followed(github: FakeGitHub, report: Callable[..., Path]) -> None:
    github.troubles = [Trouble("GET", COMMENTS, Answer(301, None, {"location": f"{github.url}/repositories/1"}))]
    message, _ = refused(github, report(FIRST))
    assert message.startswith("GitHub has moved what GET /repos/acme/shop/issues/7/comments is about")


def test_programs_read_what_was_done(github: FakeGitHub, report: Callable[..., Path]) -> None:
    (line,) = comment([report(FIRST)], github.environment(), number=7, act=True, as_json=True)
    assert json.loads(line) == {
        "thread": "acme/shop, pull request 7",
        "done": True,
        "comments": [{"stack": "production", "deed": "create", "removed": 0}],
    }


def test_the_command_line_takes_the_pull_request_by_number(github: FakeGitHub, report: Callable[..., Path]) -> None:
    environment = {**github.environment(), "GITHUB_REF": "refs/heads/main"}
    arguments = ["comment", str(report(FIRST)), "--pull-request", "7"]
    assert CliRunner().invoke(app, arguments, env=environment).exit_code == 0
    assert github.bodies() == []
    assert CliRunner().invoke(app, [*arguments, "--yes"], env=environment).exit_code == 0
    assert github.bodies() == [MARKED + FIRST]
