"""The cost of a stack as a table: each system's total, then what it consists of, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from prices.line import Amount, Line
from report.cost import Pricing
from report.money import dollars, span
from report.secrecy import masked


@dataclass(frozen=True)
class PriceRow:
    """One row. A `total` has neither resource nor item nor source."""

    system: str
    resource: str
    item: str
    before: str
    after: str
    source: str
    total: bool = False


def price_rows(pricing: Pricing, secrets: frozenset[str]) -> tuple[PriceRow, ...]:
    """Every system with its lines, without secrets. What is paid by use counts in no total, and says so."""
    return tuple(
        replace(row, resource=masked(row.resource, secrets), item=masked(row.item, secrets)) for row in _rows(pricing)
    )


def _rows(pricing: Pricing) -> Iterator[PriceRow]:
    comparison = pricing.comparison
    before, after = ({line.key: line for line in cost.lines} for cost in (comparison.before, comparison.after))
    for change in comparison.systems:
        yield PriceRow(change.system, "", "", span(change.before), span(change.after), "", total=True)
        for key in sorted(before.keys() | after.keys()):
            if key[0] == change.system:
                line = after[key] if key in after else before[key]
                yield _row(line, _amount(before.get(key)), _amount(after.get(key)))


def _row(line: Line, before: str, after: str) -> PriceRow:
    seen = f"{line.source}, {line.date}" if line.date else line.source
    doubts = ", ".join(
        filter(None, [line.note, "an estimate" if line.estimate else "", "over a year old" if line.old else ""])
    )
    source = f"{seen} ({doubts})" if seen and doubts else seen or doubts
    return PriceRow(line.system, line.resource, line.item, before, after, source)


def _amount(line: Line | None) -> str:
    if line is None:
        return ""
    if line.kind == "unknown":
        return "unknown"
    if line.kind == "use":
        return f"by use, {dollars(line.unit_usd)} a {line.unit}" if line.unit_usd is not None else "by use, unknown"
    return span(Amount(line.low, line.high))
