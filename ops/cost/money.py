"""US dollars and numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

from prices.line import Amount


def dollars(amount: Amount) -> str:
    """`24.00`, `31.94 to 95.81`; with a plus for what has no known price."""
    if amount == Amount(unknown=amount.unknown) and amount.unknown:
        return "unknown"
    return _between(f"{amount.low:,.2f}", f"{amount.high:,.2f}") + _more(amount.unknown)


def change(amount: Amount) -> str:
    """`+19.00`, `-5.00`, `+9.30 to +27.90`, or `unchanged`."""
    if amount.low == amount.high == 0:
        return "unchanged" if not amount.unknown else _more(amount.unknown).strip()
    return _between(f"{amount.low:+,.2f}", f"{amount.high:+,.2f}") + _more(amount.unknown)


def counted(quantity: tuple[int, int] | None, unit: str) -> str:
    """`3`, `2 to 6`, `8 to 20 GB`."""
    if quantity is None:
        return ""
    return _between(*map(str, quantity)) + (" GB" if unit == "GB-month" else "")


def price(usd: Decimal | None) -> str:
    """A price of one unit: `15.97`, `0.15`, `0.006`."""
    if usd is None:
        return "unknown"
    if usd >= 1:
        return f"{usd:,.2f}"
    digits = f"{usd:.4f}".rstrip("0")
    return digits if len(digits) > len("0.00") else f"{usd:.2f}"


def _between(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"


def _more(unknown: int) -> str:
    if not unknown:
        return ""
    return f" {'+' if unknown > 0 else '-'} {abs(unknown)} unknown"
