"""What is wrong with an expression."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that Cloudflare would refuse. `rule` says why, `way_out` what to write instead."""

    def __init__(self, rule: str, way_out: str) -> None:
        super().__init__(f"{rule}; {way_out}")
        self.rule = rule
        self.way_out = way_out
