"""How a stack is held to the policies: their levels, the budget, and the findings that somebody has waived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from settings.constraint import Text, refusal
from settings.model import Settings, line
from settings.problem import Broken, shown

Level = Literal["mandatory", "advisory", "off"]
"""What a finding does: it stops a deployment, it is only said, or nobody looks."""


_AS_A_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T00:00:00Z| 00:00:00 \+0000 UTC)")
"""What Pulumi (3.259) makes of a day that stands without quotes: it reads a time, and writes one back."""


def _without_time(value: object) -> object:
    found = _AS_A_TIME.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise refusal(f"{shown(value)} is not a day of the calendar", "write it as in 2027-03-31") from None
    return value


PolicyName = Annotated[
    str,
    Text("the name of a policy: lower-case letters, digits and hyphens", "[a-z][a-z0-9-]*", "two-machines", 63),
]
Day = Annotated[
    str,
    Text("a day as year, month and day", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "2027-03-31", 10),
    AfterValidator(_day),
    BeforeValidator(_without_time),
]


class Waiver(Settings):
    """A finding that the stack lives with for a time."""

    rule: PolicyName
    """The policy, by its name in docs/policies.md."""
    resource: Annotated[str, line("paintbox-release", 255)]
    """What it is about, as the finding names it."""
    reason: Annotated[str, line("its state lies in files, and moves to a database by then")]
    """Why."""
    expires: Day
    """The last day on which it holds. The day after, the finding counts again."""

    @property
    def last_day(self) -> date:
        """`expires` as a date."""
        return date.fromisoformat(self.expires)


class Policies(Settings):
    """How the stack is held to the policies of docs/policies.md."""

    levels: Annotated[dict[PolicyName, Level], Field(max_length=200)] = Field(
        default_factory=dict, examples=[{"two-machines": "advisory"}]
    )
    """What a finding of a policy does here, in place of the level that the policy has for the environment."""
    budget_usd: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(None, examples=[250])
    """What the stack may cost a month at the most, in US dollars."""
    waivers: Annotated[tuple[Waiver, ...], Field(max_length=100)] = ()
    """Findings that the stack lives with for a time."""

    def broken(self) -> Iterator[Broken]:
        seen: set[tuple[str, str]] = set()
        for index, waiver in enumerate(self.waivers):
            key = waiver.rule, waiver.resource
            if key in seen:
                yield Broken(("waivers", index), f"{waiver.rule} is waived for {waiver.resource} already", "keep one")
            seen.add(key)
