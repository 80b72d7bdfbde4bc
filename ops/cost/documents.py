"""Costs for programs: JSON with amounts in US dollars a month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from prices.costs import Change, Comparison
from prices.line import Amount, Cost, Line


def cost_document(cost: Cost) -> dict[str, Any]:
    """A cost with all its lines."""
    return {
        "total": _amount(cost.total),
        "systems": {name: _amount(amount) for name, amount in cost.by_system.items()},
        "lines": [_line(line) for line in cost.lines],
    }


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Two costs, with the lines that are different."""
    return {
        "total": _change(comparison.total),
        "systems": {change.system: _change(change) for change in comparison.systems},
        "changed": [
            {"before": _line(before) if before else None, "after": _line(after) if after else None}
            for before, after in comparison.lines
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": _amount(change.before),
        "after": _amount(change.after),
        "delta": _amount(change.delta),
    }


def _amount(amount: Amount) -> dict[str, Any]:
    return {"low": float(amount.low), "high": float(amount.high), "unknown": amount.unknown}


def _line(line: Line) -> dict[str, Any]:
    return {
        "system": line.system,
        "resource": line.resource,
        "item": line.item,
        "kind": line.kind,
        "quantity": list(line.quantity) if line.quantity else None,
        "unit": line.unit,
        "unit_usd": None if line.unit_usd is None else float(round(line.unit_usd, 6)),
        "low": _usd(line, line.low),
        "high": _usd(line, line.high),
        "source": line.source,
        "date": line.date,
        "estimate": line.estimate,
        "old": line.old,
        "note": line.note,
    }


def _usd(line: Line, amount: Decimal) -> float | None:
    """Null where nobody can say what it comes to."""
    return float(amount) if line.kind == "fixed" else None
