"""`drift-issue`: keeps one issue a stack open for as long as `drift` finds something, and closes it after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.forge.api import LostAnswerError
from ops.forge.place import tracker as found_tracker
from ops.forge.post import Issue, Tracker, same

LABEL: Final = "drift"

_MARKER: Final = "<!-- slipway drift of {stack} -->\n"
_ROWS_AT_MOST: Final = 100
_CELL_AT_MOST: Final = 120
"""Characters. A hundred rows of four such cells stay below the 65,536 that an issue on GitHub may have."""

Deed = Literal["open", "update", "leave", "close", "none"]
_SAID: Final[Mapping[Deed, str]] = {
    "open": "a new issue",
    "update": "the issue, brought up to date",
    "leave": "the issue says the same already: left untouched",
    "close": "nothing differs any more: the issue closed",
    "none": "nothing differs, and no issue is open",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was deployed."""

    resource: str
    what: str
    deployed: str
    live: str


class Done(NamedTuple):
    """What became of one stack's issue."""

    stack: str
    differences: int
    deed: Deed


def drift_issue(files: Sequence[Path], environment: Mapping[str, str], *, act: bool, as_json: bool) -> Iterator[str]:
    """Bring each stack's issue up to date, or with `act` unset say what that would take. Raises OperationError.

    Each file holds what `drift --json` printed of one stack.
    """
    found = dict(_read(file) for file in files)
    tracker = found_tracker(environment, LABEL)
    issues = tracker.issues()
    done = [
        Done(stack, len(differences), _bring(tracker, stack, _of(issues, stack), differences, act=act))
        for stack, differences in sorted(found.items())
    ]
    if as_json:
        entries = [entry._asdict() for entry in done]
        yield json.dumps({"repository": tracker.title, "done": act, "issues": entries})
        return
    yield tracker.title if act else f"{tracker.title}: with --yes, this would be done"
    yield from (f"  {entry.stack}: {_SAID[entry.deed]}" for entry in done)


def _read(file: Path) -> tuple[str, list[Difference]]:
    """The stack, and what drifted of it; what is only not deployed yet is left out. Raises OperationError."""
    try:
        told: Any = json.loads(file.read_text(encoding="utf-8"))
        drifted = [part for part in told["differences"] if part["kind"] != "pending"]
        return str(told["stack"]), [_difference(part) for part in drifted]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (
            f"{file} does not hold all that drift prints ({type(error).__name__}), so no issue was touched; "
            "write it again: ./slipway drift --json"
        )
        raise OperationError(message, ExitCode.USAGE) from error


def _difference(part: Mapping[str, Any]) -> Difference:
    resource = " ".join(filter(None, (part["system"], part["type"].rpartition(":")[2], part["resource"])))
    if not part["property"]:
        return Difference(resource, "", *("there" if part[side] else "not there" for side in ("state", "live")))
    return Difference(resource, part["property"], _text(part["state"]), _text(part["live"]))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _bring(
    tracker: Tracker, stack: str, mine: Sequence[Issue], differences: Sequence[Difference], *, act: bool
) -> Deed:
    """Leave one open issue with these differences, none where there are none."""
    if not differences:
        for issue in mine if act else ():
            tracker.close(issue.id, f"What runs of {stack} is as it was deployed again.")
        return "close" if mine else "none"
    title, body = issue_text(stack, differences)
    if not mine:
        if act:
            _open(tracker, stack, title, body)
        return "open"
    kept, *doubles = mine
    deed: Deed = "leave" if (kept.title, True) == (title, same(kept.body, body)) else "update"
    if act:
        if deed == "update":
            tracker.update(kept.id, title, body)
        for double in doubles:
            tracker.close(double.id, "There is an older issue about the same.")
    return deed


def _open(tracker: Tracker, stack: str, title: str, body: str) -> None:
    try:
        tracker.create(title, body)
    except LostAnswerError:
        if not _of(tracker.issues(), stack):
            tracker.create(title, body)


def _of(issues: Sequence[Issue], stack: str) -> list[Issue]:
    return [issue for issue in issues if issue.body.startswith(_MARKER.format(stack=stack).strip())]


def issue_text(stack: str, differences: Sequence[Difference]) -> tuple[str, str]:
    """Title and body, the same bytes for the same differences."""
    count = len(differences)
    title = f"Drift of {stack}: {count} {'difference' if count == 1 else 'differences'}"
    rows = [
        f"| {_cell(entry.resource)} | {_cell(entry.what)} | {_cell(entry.deployed)} | {_cell(entry.live)} |"
        for entry in differences[:_ROWS_AT_MOST]
    ]
    left_out = count - len(rows)
    lines = [
        f"What runs of {stack} is not as it was deployed. Somebody changed it by hand, or another program did.",
        "",
        "| resource | what | deployed | live |",
        "|---|---|---|---|",
        *rows,
        *([f"\nand {left_out} more: `./slipway drift --stack {stack}` lists them all."] if left_out else []),
        "",
        f"To undo it: `./slipway deploy --stack {stack} --yes`. To keep it: write it into the settings and deploy.",
        "This issue is kept up to date, and closed when nothing differs any more.",
    ]
    return title, _MARKER.format(stack=stack) + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """A text as code within a row: nothing in it is Markdown, or tells anybody by `@name`."""
    short = text if len(text) <= _CELL_AT_MOST else f"{text[: _CELL_AT_MOST - 1]}…"
    plain = short.replace("`", "'").replace("|", "¦").replace("\n", " ")
    return f"`{plain}`" if plain.strip() else ""
