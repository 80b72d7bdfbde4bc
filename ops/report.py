"""`report`: previews a stack, or reads a preview that was recorded, and writes what a reviewer wants to know."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from inventory.from_settings import from_settings
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.policies import refuse_doubts
from ops.stack import load_stack
from ops.surroundings import surroundings
from policies.audit import audit
from policies.change import Change
from policies.circumstances import Circumstances
from policies.spending import most_usd
from prices.load import PriceBookError, load_book
from report.cost import Pricer, Pricing
from report.errors import NotAStreamError, StreamError
from report.events import RECORD, read_lines, read_preview
from report.forms.document import document
from report.forms.form import Form
from report.forms.html import html
from report.forms.junit import junit
from report.forms.markdown import markdown
from report.forms.sarif import sarif
from report.preview import Operation, Preview
from report.report import Report, report_on
from report.secrecy import masked
from settings.problem import SettingsError
from settings.stack import Stack

FILES: Final[Mapping[Form, str]] = {
    Form.MARKDOWN: "report.md",
    Form.HTML: "report.html",
    Form.JSON: "report.json",
    Form.SARIF: "report.sarif",
    Form.JUNIT: "report.junit.xml",
}
"""What each form is written to, below a folder of the stack's name."""

WHOLE: Final = "report.whole.md"
"""Everything, where the comment had to leave something out."""


@dataclass(frozen=True)
class Request:
    """What to report on, and how. Without `out` there is one format, which is printed."""

    root: Path
    stack: str
    formats: tuple[Form, ...]
    out: Path | None
    today: date
    events: Path | None = None
    """A recorded stream to read in place of a preview."""
    record: Path | None = None
    """Where to keep the events of the preview."""
    sandbox: bool = False
    refresh: bool = False


def write_report(request: Request) -> Iterator[str]:
    """Preview, then write every format or none. Yields what to print. Raises OperationError."""
    described = load_stack(request.root, request.stack)
    _refuse_doubts(request.root, described)
    stack, events, secrets = _recorded(request, described) if request.events else _previewed(request)
    try:
        preview = read_preview(request.stack, events, secrets)
    except StreamError as error:
        code = ExitCode.USAGE if isinstance(error, NotAStreamError) else ExitCode.ENGINE
        where = f"{request.events}: " if request.events else ""
        raise OperationError(f"{where}{masked(str(error), secrets)}\nno report was written", code) from error
    report = _judged(request, stack, preview)
    texts = {FILES[format_]: render(report) for format_, render in _RENDER.items() if format_ in request.formats}
    if request.out is None:
        yield from (text.rstrip("\n") for text in texts.values())
        return
    folder = request.out / request.stack
    if Form.MARKDOWN in request.formats and markdown(report).left_out:
        texts[WHOLE] = markdown(report, whole=True).text
    for name in _write(folder, texts):
        yield f"wrote {folder / name}"


def _markdown(report: Report) -> str:
    return markdown(report).text


_RENDER: Final[Mapping[Form, Callable[[Report], str]]] = {
    Form.MARKDOWN: _markdown,
    Form.HTML: html,
    Form.JSON: document,
    Form.SARIF: sarif,
    Form.JUNIT: junit,
}


def _recorded(request: Request, stack: Stack) -> tuple[Stack, Iterable[Mapping[str, Any]], frozenset[str]]:
    file = request.events
    try:
        # Only a line feed ends an event: texts in it may hold what Python takes for other ends of lines.
        lines = io.StringIO(file.read_text(encoding="utf-8") if file else "", newline="\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read ({type(error).__name__}); record a preview first: {RECORD}"
        raise OperationError(message, ExitCode.USAGE) from error
    return stack, read_lines(lines), _secrets(stack, {})


def _previewed(request: Request) -> tuple[Stack, Iterable[Mapping[str, Any]], frozenset[str]]:
    place = surroundings(request.root, request.stack, sandbox=request.sandbox)
    events: list[Mapping[str, Any]] = []
    outcome = place.engine().preview(events.append, *(["--refresh"] if request.refresh else []))
    secrets = _secrets(place.stack, place.environment)
    if not outcome.ok:
        said = masked("\n".join(outcome.errors), secrets)
        raise OperationError(f"the preview failed, and no report was written:\n{said}", ExitCode.ENGINE)
    if request.record:
        request.record.parent.mkdir(parents=True, exist_ok=True)
        request.record.touch(mode=0o600)
        request.record.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    return place.stack, events, secrets


def _refuse_doubts(root: Path, stack: Stack) -> None:
    try:
        refuse_doubts(root, stack, from_settings(stack))
    except SettingsError as error:
        raise OperationError(f"{error}\nno report was written", ExitCode.SETTINGS) from None


def _secrets(stack: Stack, environment: Mapping[str, str]) -> frozenset[str]:
    """Every secret value that this process knows."""
    mine = {value.get_secret_value() for values in stack.secrets.values() for value in values.values()}
    given = {value for name, value in environment.items() if name.startswith("SLIPWAY_SECRET_")}
    return frozenset(filter(None, mine | given))


def _judged(request: Request, stack: Stack, preview: Preview) -> Report:
    try:
        pricer = Pricer(stack.environment, load_book(request.root), request.today)
    except PriceBookError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None
    pricing = pricer.price(preview)
    found = audit(_circumstances(request, stack, preview, pricer, pricing))
    return report_on(preview, pricing, found)


def _circumstances(request: Request, stack: Stack, preview: Preview, pricer: Pricer, pricing: Pricing) -> Circumstances:
    changed = (part for part in preview.resources if part.operation is not Operation.SAME)
    return Circumstances(
        inventory=pricer.inventory(preview.stack, preview.after),
        today=request.today,
        policies=stack.policies,
        monthly_usd=most_usd(pricing.comparison.total.after, stack.policies),
        changes=tuple(Change(operation=part.operation.value, type=part.type, urn=part.urn) for part in changed),
    )


def _write(folder: Path, texts: Mapping[str, str]) -> Iterable[str]:
    """Write all files; one of an earlier run that would contradict them goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in {*FILES.values(), WHOLE} - texts.keys():
        (folder / name).unlink(missing_ok=True)
    for name, text in texts.items():
        draft = folder / f".{name}.new"
        draft.write_text(text, encoding="utf-8")
        draft.replace(folder / name)
    return texts
