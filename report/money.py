"""Amounts of money for people."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from prices.line import Amount

_CENT: Final = Decimal("0.01")


def dollars(amount: Decimal, *, signed: bool = False) -> str:
    """Such as `$1,024.50`; `signed` always says whether it is more or less."""
    rounded = amount.quantize(_CENT, ROUND_HALF_UP)
    sign = "-" if rounded < 0 else "+" if signed and rounded else ""
    return f"{sign}${abs(rounded):,}"


def span(amount: Amount, *, signed: bool = False) -> str:
    """From the least to the most, with what nobody can say: `$24.00`, `$31.94 to $95.81 and 1 unknown price`."""
    low, high = (dollars(value, signed=signed) for value in (amount.low, amount.high))
    if amount.low > amount.high:
        low, high = high, low
    known = low if low == high else f"{low} to {high}"
    if not amount.unknown:
        return known
    count = abs(amount.unknown)
    sign = ("fewer " if amount.unknown < 0 else "more ") if signed else ""
    return f"{known} and {count} {sign}unknown price{'s' if count > 1 else ''}"
