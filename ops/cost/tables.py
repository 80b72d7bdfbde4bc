"""Costs for people: tables, and below them what no table holds."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from ops.cost.money import change, counted, dollars, price
from prices.costs import Comparison
from prices.line import Amount, Cost, Line


def said(cost: Cost) -> Iterator[Table | str]:
    """A cost: by system and resource, then what depends on use, what is unknown, what is doubtful."""
    yield _table(cost)
    yield from _by_use(cost)
    yield from _listed(
        "No price is known for", [f"{_named(line)}: {line.note}" for line in cost.lines if line.kind == "unknown"]
    )
    yield from _doubts(cost)


def compared(comparison: Comparison, before: str, after: str) -> Iterator[Table | str]:
    """Two costs: what is different, and what each system comes to."""
    if comparison.lines:
        yield _differences(comparison, before, after)
    else:
        yield "\nNothing that costs anything is different."
    yield _systems(comparison, before, after)
    new = Cost(tuple(line for _, line in comparison.lines if line))
    yield from _listed(
        "No price is known for", [f"{_named(line)}: {line.note}" for line in new.lines if line.kind == "unknown"]
    )
    yield from _doubts(new)


def lines(parts: Iterator[Table | str], *, width: int, color: bool) -> Iterator[str]:
    """What to print, for a terminal of so many columns."""
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        written = io.StringIO()
        Console(file=written, width=width, force_terminal=color, highlight=False).print(part)
        yield "\n".join(line.rstrip() for line in written.getvalue().rstrip("\n").split("\n"))


def _table(cost: Cost) -> Table:
    table = _empty("system", "resource", "what")
    for name in ("number", "each", "a month", "price of"):
        table.add_column(name, justify="right", no_wrap=True)
    for system, total in cost.by_system.items():
        table.add_row(system, "", "", "", "", dollars(total), "", style="bold")
        for resource, found in cost.only(system).by_resource.items():
            _add_resource(table, resource, found)
        table.add_section()
    table.add_row("total", "", "", "", "", dollars(cost.total), "", style="bold")
    return table


def _add_resource(table: Table, resource: str, cost: Cost) -> None:
    """Its lines, below their sum where there are several."""
    lines = [line for line in cost.lines if line.kind != "use"]
    if len(lines) > 1:
        table.add_row("", resource, "", "", "", dollars(cost.total), "")
    for line in lines:
        name = resource if len(lines) == 1 else ""
        each = "" if line.unit_usd is None else price(line.unit_usd)
        table.add_row("", name, line.item, counted(line.quantity, line.unit), each, _month(line), _age(line))


def _differences(comparison: Comparison, before: str, after: str) -> Table:
    table = _empty("system", "resource", "what")
    for name in (before, after, "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    for old, new in comparison.lines:
        line = new or old
        if line is None:
            continue
        details = dict.fromkeys(part.detail for part in (old, new) if part and part.detail)
        what = f"{line.subject}, {' → '.join(details)}" if details else line.subject
        difference = "by use" if line.kind == "use" else change(_amount(new) - _amount(old))
        table.add_row(line.system, line.resource, what, _month(old), _month(new), difference)
    return table


def _systems(comparison: Comparison, before: str, after: str) -> Table:
    table = _empty("system")
    for name in (before, after, "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    for system in comparison.systems:
        table.add_row(system.system, dollars(system.before), dollars(system.after), change(system.delta))
    table.add_section()
    total = comparison.total
    table.add_row("total", dollars(total.before), dollars(total.after), change(total.delta), style="bold")
    return table


def _empty(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _amount(line: Line | None) -> Amount:
    return Amount() if line is None else Amount(line.low, line.high, 1 if line.kind == "unknown" else 0)


def _month(line: Line | None) -> str:
    if line is None:
        return "nothing"
    return "by use" if line.kind == "use" else dollars(_amount(line))


def _age(line: Line) -> str:
    marks = [mark for mark, holds in (("estimate", line.estimate), ("old", line.old)) if holds]
    return " ".join([line.date, *marks])


def _named(line: Line) -> str:
    return f"{line.system}, {line.resource}, {line.item}"


def _by_use(cost: Cost) -> Iterator[str]:
    """Once for each price, with all that pay it."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in cost.lines:
        if line.kind == "use":
            rate = f"{price(line.unit_usd)} a {line.unit}" if line.unit_usd is not None else "no price is known"
            note = f" ({line.note})" if line.note else ""
            found.setdefault((line.subject, rate + note), []).append(line.resource)
    yield from _listed(
        "Paid by use, in no total",
        [f"{subject}: {rate}; {', '.join(dict.fromkeys(who))}" for (subject, rate), who in found.items()],
    )


def _doubts(cost: Cost) -> Iterator[str]:
    found = []
    for line in cost.doubts:
        why = "an estimate" if line.estimate else ""
        if line.old:
            why = f"{why}, " if why else ""
            why += "read more than a year ago"
        found.append(f"{_named(line)}: {why}, {line.date}: {line.source}")
    yield from _listed("Not to be relied on", found)


def _listed(heading: str, entries: list[str]) -> Iterator[str]:
    if entries:
        yield "\n".join([f"{heading}:", *(f"  {entry}" for entry in entries), ""])
