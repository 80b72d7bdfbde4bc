"""`comment`: keeps one comment a stack on a pull request, written from the reports that `report` made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.forge.api import LostAnswerError
from ops.forge.place import thread as found_thread
from ops.forge.post import Comment, Thread, same

TEXT: Final = "report.md"
FACTS: Final = "report.json"

_MARKER: Final = "<!-- slipway report of {stack} -->\n"
_MARKED: Final = re.compile(re.escape(_MARKER.strip()).replace(re.escape("{stack}"), r"(\S+)"))

Deed = Literal["create", "update", "leave", "none"]


@dataclass(frozen=True)
class Report:
    """What `report` says of one stack: the comment as it is to stand there, and whether it is worth one."""

    stack: str
    body: str
    matters: bool


class Done(NamedTuple):
    """What became of one stack's comment."""

    stack: str
    deed: Deed
    removed: int
    """Comments of the same stack beside the one that stays."""

    def __str__(self) -> str:
        said = {
            "create": "a new comment",
            "update": "the comment, in place",
            "leave": "the comment says the same already: left untouched",
            "none": "nothing changes and no policy is broken: no comment needed",
        }[self.deed]
        return f"{self.stack}: {said}" + (f"; {self.removed} double removed" if self.removed else "")


def comment(
    folders: Sequence[Path], environment: Mapping[str, str], *, number: int | None, act: bool, as_json: bool
) -> Iterator[str]:
    """Bring the comments up to date, or with `act` unset say what that would take. Raises OperationError.

    Each folder holds a folder a stack; of two with the same stack, the one of the earlier folder is taken.
    """
    reports = read_reports(folders)
    thread = found_thread(environment, number)
    _refuse_too_long(reports, thread)
    comments = thread.comments()
    done = [_bring(thread, report, _of(comments, report.stack), act=act) for report in reports]
    if as_json:
        yield json.dumps({"thread": thread.title, "done": act, "comments": [entry._asdict() for entry in done]})
        return
    yield thread.title if act else f"{thread.title}: with --yes, this would be done"
    yield from (f"  {entry}" for entry in done)


def read_reports(folders: Sequence[Path]) -> list[Report]:
    """The reports in `folders`, by stack. Raises OperationError where there is none, or one that is not whole."""
    found: dict[str, Path] = {}
    for folder in folders:
        for text in folder.glob(f"*/{TEXT}"):
            found.setdefault(text.parent.name, text.parent)
    if not found:
        places = ", ".join(map(str, folders))
        message = f"no STACK/{TEXT} in {places}; write it first: ./slipway report --stack STACK --out {folders[0]}"
        raise OperationError(message, ExitCode.USAGE)
    return [_read(stack, folder) for stack, folder in sorted(found.items())]


def _read(stack: str, folder: Path) -> Report:
    try:
        facts: Any = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        text = (folder / TEXT).read_text(encoding="utf-8")
        return Report(stack, _MARKER.format(stack=stack) + text, _says_something(facts))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder} holds no whole report ({type(error).__name__}); write it again: ./slipway report"
        raise OperationError(message, ExitCode.USAGE) from error


def _says_something(facts: Mapping[str, Any]) -> bool:
    """Whether anything changes, or a policy would stop the deployment."""
    stopping = [entry for entry in facts["findings"] if entry["level"] == "mandatory" and entry["waived"] is None]
    return bool(facts["changes"] or stopping)


def _refuse_too_long(reports: Sequence[Report], thread: Thread) -> None:
    long = [
        f"the report of {report.stack} has {len(report.body):,} characters, and a comment may have {thread.longest:,}"
        for report in reports
        if len(report.body) > thread.longest
    ]
    if long:
        message = "; ".join(long) + "; ./slipway report cuts what it writes to fit: post that"
        raise OperationError(message, ExitCode.FORGE)


def _bring(thread: Thread, report: Report, mine: Sequence[Comment], *, act: bool) -> Done:
    """Leave one comment with the report's text, or none where there is nothing to say and none has said otherwise."""
    if not mine:
        if not report.matters:
            return Done(report.stack, "none", 0)
        return Done(report.stack, "create", _create(thread, report) if act else 0)
    kept, *doubles = mine
    deed: Deed = "leave" if same(kept.body, report.body) else "update"
    if act:
        if deed == "update":
            thread.update(kept.id, report.body)
        for double in doubles:
            thread.delete(double.id)
    return Done(report.stack, deed, len(doubles))


def _create(thread: Thread, report: Report) -> int:
    """Write a new comment; what a run of the same moment wrote beside it is removed, and counted."""
    try:
        thread.create(report.body)
    except LostAnswerError:
        if not _of(thread.comments(), report.stack):
            thread.create(report.body)
    # Both runs see the same oldest one, so that one stays, with the text of whoever comes last.
    mine = _of(thread.comments(), report.stack)
    for double in mine[1:]:
        thread.delete(double.id)
    if mine and not same(mine[0].body, report.body):
        thread.update(mine[0].id, report.body)
    return len(mine[1:])


def _of(comments: Sequence[Comment], stack: str) -> list[Comment]:
    marked = ((_MARKED.match(comment.body), comment) for comment in comments)
    return [comment for match, comment in marked if match and match[1] == stack]
