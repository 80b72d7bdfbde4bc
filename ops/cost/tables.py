"""Costs for people: a table, and below it what no table holds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from ops.cost.money import change, counted, dollars, price
from prices.costs import Comparison
from prices.line import Amount, Cost, Line

_STEP: Final = 2
"""How far things are indented below what they belong to."""


def said(cost: Cost, budget: int | None) -> Iterator[Table | str]:
    """A cost: by system and resource, then what depends on use, what is unknown, what is doubtful."""
    table = _empty("number", "each", "a month", "price of")
    for system, total in cost.by_system.items():
        table.add_row(system, "", "", dollars(total), "", style="bold")
        for resource, found in cost.only(system).by_resource.items():
            _add_resource(table, resource, found)
        table.add_section()
    table.add_row("total", "", "", dollars(cost.total), "", style="bold")
    if budget:
        table.add_row("budget", "", "", f"{budget:,.2f}", "")
    yield table
    yield from _beyond(cost.total, budget)
    yield from _by_use(cost)
    yield from _unknown(cost)
    yield from _doubts(cost)


def compared(comparison: Comparison, before: str, after: str, budget: int | None) -> Iterator[Table | str]:
    """Two costs: what each system comes to, and below it what is different."""
    table = _empty(before, after, "difference")
    for system in comparison.systems:
        table.add_row(system.system, dollars(system.before), dollars(system.after), change(system.delta), style="bold")
        for old, new in comparison.lines:
            if (line := new or old) and line.system == system.system:
                table.add_row(_indented(_changed(old, new), 1), _month(old), _month(new), _difference(old, new))
        table.add_section()
    total = comparison.total
    table.add_row("total", dollars(total.before), dollars(total.after), change(total.delta), style="bold")
    if budget:
        table.add_row("budget", "", f"{budget:,.2f}", "")
    yield table
    yield from _beyond(total.after, budget)
    if not comparison.lines:
        yield "Nothing that costs anything is different.\n"
    changed = Cost(tuple(line for _, line in comparison.lines if line))
    yield from _unknown(changed)
    yield from _doubts(changed)


def lines(parts: Iterator[Table | str], *, width: int, color: bool) -> Iterator[str]:
    """What to print, for a terminal of so many columns."""
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        written = io.StringIO()
        Console(file=written, width=width, force_terminal=color, highlight=False).print(part)
        yield "\n".join(line.rstrip() for line in written.getvalue().split("\n")[:-1])


def _add_resource(table: Table, resource: str, cost: Cost) -> None:
    """Its lines, below their sum where there are several."""
    lines = [line for line in cost.lines if line.kind != "use"]
    if len(lines) > 1:
        table.add_row(_indented(resource, 1), "", "", dollars(cost.total), "")
    for line in lines:
        name = _indented(line.item, 2) if len(lines) > 1 else _indented(f"{resource}: {line.item}", 1)
        each = "" if line.unit_usd is None else price(line.unit_usd)
        table.add_row(name, counted(line.quantity, line.unit), each, _month(line), _age(line))


def _beyond(total: Amount, budget: int | None) -> Iterator[str]:
    if budget and total.high > budget:
        yield f"It can cost {total.high:,.2f}, which is more than the budget of {budget:,.2f}.\n"


def _empty(*numbers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("what")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _indented(text: str, steps: int) -> Padding:
    return Padding(text, (0, 0, 0, _STEP * steps))


def _changed(old: Line | None, new: Line | None) -> str:
    """What a line is about, with its details before and after where they differ."""
    found = [line for line in (old, new) if line]
    details = dict.fromkeys(line.detail for line in found if line.detail)
    subject = f"{found[0].resource}: {found[0].subject}"
    return f"{subject}, {' → '.join(details)}" if details else subject


def _difference(old: Line | None, new: Line | None) -> str:
    if all(line is None or line.kind == "use" for line in (old, new)):
        return "by use"
    return change(_amount(new) - _amount(old))


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
    return f"{line.resource} of {line.system}, {line.item}"


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


def _unknown(cost: Cost) -> Iterator[str]:
    entries = [f"{_named(line)}: {line.note}" for line in cost.lines if line.kind == "unknown"]
    yield from _listed("No price is known for", entries)


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
