"""The report as one comment in GitHub's and GitLab's Markdown, short enough to be posted however much changes."""

from __future__ import annotations

from typing import Final, NamedTuple

from policies.finding import Finding
from prices.line import Amount
from report.changes import Change, Line, Moved
from report.forms import headline
from report.forms.mermaid import mermaid
from report.forms.page import Page, code, fold, plain
from report.money import span
from report.preview import Operation
from report.price_rows import PriceRow, price_rows
from report.report import Report

LIMIT: Final = 65_536
"""Characters of a comment (GitHub refuses more with "body is too long", 2026-08)."""

HEADLINE: Final = 3_000
HARMLESS: Final = 5_000
FINDINGS: Final = 9_000
DRIFT: Final = 3_500
GRAPH: Final = 12_000
COST: Final = 5_000
WAIVED: Final = 1_500
WARNINGS: Final = 1_500
"""Bytes that the sections may take."""

_BETWEEN: Final = 1_000
"""Empty lines between sections, and what `comment` puts before them."""

RISKY: Final = LIMIT - HEADLINE - HARMLESS - FINDINGS - DRIFT - GRAPH - COST - WAIVED - WARNINGS - _BETWEEN
"""All that is left is for the changes that need a reviewer most."""

_LINES: Final = 6
_WAIVED: Final = ("Finding", "Resource", "What", "Let pass because")
_LABELS: Final = (60, 30, 10)
_FRAME: Final = 200
_NEEDS_ATTENTION: Final = frozenset({Operation.DELETE, Operation.REPLACE})


class Markdown(NamedTuple):
    """The text, and how many rows were left out of it."""

    text: str
    left_out: int


def markdown(report: Report, *, whole: bool = False) -> Markdown:
    """The comment; with `whole` everything, however long."""
    page = Page(whole=whole, secrets=report.secrets)
    page.add(_headline(report))
    risky = [change for change in report.changes if change.dangers]
    harmless = [change for change in report.changes if not change.dangers]
    columns = ("Change", "Resource", "What", "Risk", "A month")
    page.table(RISKY, "Changes with a risk", columns, [_change(report, each) for each in risky])
    title = f"Changes without a known risk ({len(harmless)})"
    page.table(HARMLESS, title, columns, [_change(report, each) for each in harmless], folded=True)
    page.table(FINDINGS, "Policies", ("Finding", "Resource", "What", "What to do"), map(_finding, report.standing))
    page.table(DRIFT, "Drift", ("Resource", "As it was deployed → as it is"), map(_moved, report.drift or ()))
    page.add(_graph(report))
    page.table(
        COST,
        "Cost",
        ("System", "Resource", "What is paid for", "Before", "After", "Source"),
        map(_price, price_rows(report.pricing, report.secrets)),
        folded=True,
    )
    waived = [finding for finding in report.findings if finding.waived is not None]
    page.table(WAIVED, f"Waived findings ({len(waived)})", _WAIVED, map(_waived, waived), folded=True)
    title = f"Warnings of the engine ({len(report.warnings)})"
    page.table(WARNINGS, title, ("Warning",), ((plain(each),) for each in report.warnings), folded=True)
    return Markdown(page.text, page.left_out)


def _graph(report: Report) -> str:
    """The graph with labels as long as there is room for."""
    for longest in _LABELS:
        text = mermaid(report.nodes, longest)
        if len(text.encode()) <= GRAPH - _FRAME:
            return fold("Graph", f"```mermaid\n{text}```")
    return fold("Graph", "Too large to be drawn here.")


def _headline(report: Report) -> str:
    lines = {
        "Risk": headline.risk(report),
        "Cost": headline.cost(report),
        "Policies": headline.policies(report),
        "Drift": headline.drift(report),
    }
    title = f"## {plain(report.stack)}: {headline.counts(report)}"
    return "\n".join([title, "", *(f"- **{name}:** {plain(text)}" for name, text in lines.items())])


def _change(report: Report, change: Change) -> tuple[str, ...]:
    operation = change.operation.value
    sentences = [*map(plain, change.facts), *map(_line, change.lines)]
    shown = sentences[:_LINES]
    if more := len(sentences) - len(shown):
        shown.append(f"and {more} more")
    price = report.pricing.steps.get(change.urn)
    return (
        f"**{operation}**" if change.operation in _NEEDS_ATTENTION else operation,
        _resource(change.system, change.noun, change.title),
        "<br>".join(shown),
        "<br>".join(f"**{danger.risk.value}**: {plain(danger.reason)}" for danger in change.dangers),
        plain(span(price or Amount(), signed=True)),
    )


def _line(line: Line) -> str:
    label = plain(line.label)
    if line.old is None and line.new is None:
        return f"{label}: changed"
    if line.old is None:
        return f"{label}: added ({code(line.new or '')})"
    if line.new is None:
        return f"{label}: removed (was {code(line.old)})"
    return f"{label}: {code(line.old)} → {code(line.new)}"


def _resource(system: str, noun: str, title: str) -> str:
    return f"{plain(system)}<br>{plain(noun)} {code(title)}" if system else f"{plain(noun)} {code(title)}"


def _finding(finding: Finding) -> tuple[str, ...]:
    rule = f"**must be mended**<br>{code(finding.rule)}" if finding.fails else f"advice<br>{code(finding.rule)}"
    return rule, _about(finding), plain(finding.message), plain(finding.remedy)


def _waived(finding: Finding) -> tuple[str, ...]:
    return code(finding.rule), _about(finding), plain(finding.message), plain(finding.waived or "")


def _about(finding: Finding) -> str:
    return "<br>".join(filter(None, (plain(finding.system or ""), code(finding.resource))))


def _moved(moved: Moved) -> tuple[str, ...]:
    return _resource(moved.system, moved.noun, moved.title), "it is gone" if moved.gone else "<br>".join(
        map(_line, moved.lines)
    )


def _price(row: PriceRow) -> tuple[str, ...]:
    bold = "**" if row.total else ""
    cells = (row.before, row.after)
    before, after = (f"{bold}{plain(cell)}{bold}" if cell else "" for cell in cells)
    return f"{bold}{plain(row.system)}{bold}", code(row.resource), plain(row.item), before, after, plain(row.source)
