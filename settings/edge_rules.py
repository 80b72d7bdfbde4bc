"""Rules of the edge for one system: what is cached, blocked, limited, and which headers visitors get."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from settings.constraint import Distinct, Text, refusal
from settings.duration import Between, show, whole_seconds
from settings.edge_match import HeaderName, Match
from settings.edge_plan import PERIODS
from settings.model import Settings, line
from settings.problem import Broken

RuleName = Annotated[
    str,
    Text(
        "a name of at most 31 lower-case letters, digits and hyphens, a letter first",
        "[a-z][a-z0-9-]*",
        "static",
        31,
    ),
]
Priority = Annotated[int, Field(ge=-100, le=100)]
CACHEABLE: Final = frozenset({"GET", "HEAD"})


def _own_header(value: str) -> str:
    if value.lower().startswith(("cf-", "x-cf-")):
        raise refusal(f"{value} belongs to Cloudflare and cannot be changed", "choose another header")
    return value


class CacheRule(Settings):
    """How long answers are kept: at the edge, and in the browser. Of the rules that match, the most special one counts:
    more exact paths over prefixes, longer prefixes over shorter ones, those over rules for everything."""

    when: Match = Match()
    """Which requests it is about."""
    bypass: bool = False
    """Keep nothing, neither at the edge nor in the browser."""
    edge: Annotated[timedelta, Between("1s", "365d")] | None = Field(None, examples=["1h"])
    """How long Cloudflare keeps the answer. Not set: as the origin says."""
    browser: Annotated[timedelta, Between("0s", "365d")] | None = Field(None, examples=["5m"])
    """How long the browser keeps it. Not set: as the origin says."""
    immutable: bool = False
    """Tell the browser that the file never changes under its name."""
    through: Literal["cache_rule", "response_rule", "worker"] = "cache_rule"
    """`cache_rule` overrides what the origin says, within the plan's minimum. `response_rule` writes the origin's
    Cache-Control of answers with status 200, with no minimum. `worker`: before App Platform the forwarding Worker keeps
    answers with status 200 itself, because its requests go to another zone, where this one's rules do not reach."""
    priority: Priority = 0
    """Rules with a higher number win over all with a lower one."""

    def broken(self) -> Iterator[Broken]:
        if self.bypass:
            for name in ("edge", "browser"):
                if getattr(self, name) is not None:
                    yield Broken((name,), "there is nothing to keep with bypass: true", "remove one of the two")
        elif self.edge is None and self.browser is None:
            yield Broken((), "the rule says neither bypass nor edge nor browser", "set one of them, or remove it")
        uncached = [method for method in self.when.methods if method not in CACHEABLE]
        if uncached and not self.bypass:
            yield Broken(
                ("when", "methods"),
                f"Cloudflare caches GET and HEAD only, never {', '.join(uncached)}",
                "remove it, or cache it in a Worker (edge.workers)",
            )
        if self.immutable and self.browser is None:
            yield Broken(("immutable",), "immutable needs a time in the browser", "set browser: 365d")


class FirewallRule(Settings):
    """What happens to requests that nobody honest sends, or to honest ones that the firewall must let through."""

    when: Annotated[Match, Field(examples=[{"query_contains": ["union select"]}])]
    """Which requests it is about."""
    action: Literal["block", "managed_challenge", "js_challenge", "challenge", "log", "skip"] = "block"
    """`skip` lets a request pass the parts named in `skips`; the others are Cloudflare's."""
    skips: Annotated[tuple[Literal["rate_limits", "managed", "custom"], ...], Distinct(), Field(max_length=3)] = ()
    """What a `skip` rule skips: rate limits, the managed rules, the remaining custom rules."""
    priority: Priority = 0
    """Rules with a lower number come first; of the same number, skips before blocks before challenges."""

    def broken(self) -> Iterator[Broken]:
        if (self.action == "skip") != bool(self.skips):
            rule = "skip says nothing to skip" if self.action == "skip" else f"{self.action} skips nothing"
            yield Broken(("skips",), rule, "skips goes with action: skip, and only with it", compared=(("action",),))
        if self.when == Match():
            yield Broken(("when",), f"{self.action} would hit every request", "name a condition")


class RateLimit(Settings):
    """How many requests one address may send in a time, counted in each of Cloudflare's data centres by itself."""

    when: Match = Match()
    """Which requests are counted."""
    requests: Annotated[int, Field(ge=1, le=1_000_000, examples=[50])]
    """How many are let through in one period; the next one is refused with status 429."""
    period: Annotated[timedelta, Between("10s", "1d")]
    """The time that they are counted over."""
    block: Annotated[timedelta, Between("0s", "1d")] | None = Field(None, examples=["60s"])
    """How long an address is refused afterwards. Not set: as long as the period."""
    priority: Priority = 0
    """Rules with a lower number come first."""

    @property
    def block_seconds(self) -> int:
        return whole_seconds(self.period if self.block is None else self.block)

    def broken(self) -> Iterator[Broken]:
        if whole_seconds(self.period) not in PERIODS:
            near = min(PERIODS, key=lambda known: abs(known - whole_seconds(self.period)))
            yield Broken(
                ("period",),
                f"{show(self.period)} is no period that Cloudflare counts over",
                f"choose {show(timedelta(seconds=near))}",
            )


Headers = Annotated[
    dict[Annotated[HeaderName, AfterValidator(_own_header)], Annotated[str, line("DENY", 1000)] | None],
    Field(max_length=30),
]
"""Response headers to set, and with `null` those to remove."""


class EdgeWorker(Settings):
    """A program of the project that runs at the edge: a folder in workers/ with a worker.mjs."""

    script: Annotated[str, Text("the name of a folder in workers/", "[a-z][a-z0-9-]*", "calculations", 63)]
    """The folder."""
    routes: Annotated[
        tuple[
            Annotated[
                str,
                Text(
                    "a host name of the zone and a path, with * at the ends only",
                    r"\*?[a-z0-9.-]+/[A-Za-z0-9._~!$&'()+,;=:@%/-]*\*?",
                    "example.com/api/*",
                    255,
                ),
            ],
            ...,
        ],
        Distinct(),
        Field(min_length=1, max_length=50),
    ]
    """The addresses that it answers."""
    variables: Annotated[dict[str, str], Field(max_length=50)] = Field(default_factory=dict)
    """Its settings, by name."""
    cpu_ms: Annotated[int, Field(ge=1, le=300_000)] | None = Field(None, examples=[50])
    """The most computing time a request may take, in milliseconds. Only with Workers Paid; the free 10 ms otherwise."""
