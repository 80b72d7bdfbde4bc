"""A load test as one HTML file that needs nothing else: no script, no font, no image from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from typing import Any, Final

from ops.loadtest.figures import clock, figures, milliseconds
from ops.loadtest.result import Document, Result, document
from ops.loadtest.verdict import Judgement
from planning.thresholds import Threshold, shown

_BADGES: Final = {"reached": "every target reached", "missed": "targets missed", "stopped": "stopped"}
_NOTABLE: Final = 0.1
"""A change by a tenth and more is coloured."""


def html(result: Result, before: Document | None) -> str:
    """The page. `before` is the test that it is compared with."""
    told = document(result)
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>Load test of {escape(result.plan.system)}</title><style>{_style()}</style><main>",
        _head(result),
        *(f'<p class="note">{escape(note)}</p>' for note in told["notes"]),
        _tiles(result, told),
        "<h2>Targets</h2>",
        _targets(result),
        "<h2>Along the time</h2>",
        *figures(result),
        "<h2>Requests in the judged phases</h2>",
        _requests(result, told, before),
        *(_sockets(told["sockets"], result) if told["sockets"] else ()),
        _foot(result),
        "</main></html>\n",
    ]
    return "".join(parts)


def _style() -> str:
    return files("ops.loadtest").joinpath("report.css").read_text(encoding="utf-8")


def _head(result: Result) -> str:
    emulated = " (emulated)" if result.emulated else ""
    return (
        f'<header><h1>{escape(result.plan.system)}</h1><span class="badge {result.verdict}">'
        f"{_BADGES[result.verdict]}</span></header>"
        f"<p>{escape(result.host)}{emulated}, {result.begun:%d %B %Y, %H:%M} UTC, {clock(result.plan.seconds)} min</p>"
    )


def _tiles(result: Result, told: Document) -> str:
    by_name = {judgement.threshold.measure: judgement for judgement in result.judgements}
    tiles = [_tile("requests", f"{told['requests']:,}", f"{told['errors']:,} errors")]
    for name, title in (("requests", "requests a second"), ("users", "users at once"), ("p95", "p95 of all")):
        if (judgement := by_name.get(name)) and judgement.measured is not None:
            limit = judgement.threshold
            tiles.append(_tile(title, _value(limit, judgement.measured), f"target {_value(limit, limit.value)}"))
    for name, title in (("errors", "errors"), ("cache hits", "from the cache")):
        if (judgement := by_name.get(name)) and judgement.measured is not None:
            tiles.append(_tile(title, f"{judgement.measured:.2f} %", judgement.note))
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(title: str, value: str, small: str) -> str:
    return f'<div class="tile"><b>{escape(value)}</b><span>{escape(title)}</span><small>{escape(small)}</small></div>'


def _targets(result: Result) -> str:
    rows = (_target(judgement) for judgement in result.judgements)
    return _table(("", "Target", "Measured", "", "Limit"), rows, numbers={2, 4})


def _target(judgement: Judgement) -> tuple[str, ...]:
    limit = judgement.threshold
    side = "at most" if limit.above else "at least"
    return (
        f'<span class="{judgement.word.partition(" ")[0]}">{judgement.word}</span>',
        f"{escape(limit.measure)}<small>{escape(judgement.note)}</small>",
        "-" if judgement.measured is None else escape(_value(limit, judgement.measured)),
        "" if judgement.measured is None else _bar(judgement, judgement.measured),
        f"{side} {escape(_value(limit, limit.value))}",
    )


def _bar(judgement: Judgement, measured: float) -> str:
    """How far the measured value goes, with a line where the limit is."""
    limit = judgement.threshold.value
    whole = max(limit * 1.25, measured) or 1
    over = " over" if judgement.missed else ""
    filled, line = f"{measured / whole:.1%}", f"{limit / whole:.1%}"
    return f'<div class="bar{over}"><i style="width:{filled}"></i><u style="left:{line}"></u></div>'


def _requests(result: Result, told: Document, before: Document | None) -> str:
    titles = ["Request", "Sent", "Errors", "p50", "p95", "p99", "Slowest"]
    rows = []
    for name, request in result.plan.requests.items():
        now, then = told["judged"][name], (before or {"judged": {}})["judged"].get(name)
        rows.append(
            (
                f"{escape(name)}<small>{request.method} {escape(request.path)}</small>",
                f"{now['requests']:,}",
                f"{now['errors']:,}",
                *(_time(now, then, key) for key in ("p50_ms", "p95_ms", "p99_ms", "p100_ms")),
            )
        )
    compared = (
        f"<p>Small: the change since {escape(before['begun'])}, when the same plan was sent to the same host.</p>"
        if before
        else "<p>The first test of this plan against this host: nothing to compare with yet.</p>"
    )
    return _table(titles, rows, numbers=set(range(1, 7))) + compared


def _time(now: dict[str, Any], then: dict[str, Any] | None, key: str) -> str:
    value = milliseconds(now[key])
    if not then or not then[key]:
        return value
    share = (now[key] - then[key]) / then[key]
    kind = "worse" if share >= _NOTABLE else "better" if share <= -_NOTABLE else ""
    return f'{value}<small class="{kind}">{share:+.0%}</small>'


def _sockets(told: dict[str, Any], result: Result) -> Iterator[str]:
    socket = result.plan.socket
    if socket is None:
        return
    yield f"<h2>WebSocket {escape(socket.path)}</h2>"
    failures = ", ".join(f"{count} {escape(reason)}" for reason, count in told["failures"].items()) or "none"
    row = (
        f"{told['most_open']} of {told['users']}",
        failures,
        *(milliseconds(told[key]) for key in ("opening_p95_ms", "trip_p50_ms", "trip_p95_ms", "trip_p99_ms")),
    )
    titles = ("Open at once", "Failed", "Opening, p95", "There and back, p50", "p95", "p99")
    yield _table(titles, [row], numbers={2, 3, 4, 5})


def _foot(result: Result) -> str:
    late = milliseconds(result.recording.lateness.percentile(99) * 1000)
    return (
        "<footer><p>Open loop: every request had its time before the test began, and its response time counts from "
        "then on, however long the ones before it took. Percentiles are within 0.4 %. An error is an answer from 400 "
        "on, or none. Each user is one connection of HTTP/1.1.</p>"
        f"<p>Seed {result.seed}, plan {result.plan.mark}; 99 of 100 requests left the generator within {late} of their "
        "time.</p></footer>"
    )


def _value(limit: Threshold, value: float) -> str:
    if limit.unit == "ms":
        return milliseconds(value)
    return shown(limit, value).replace(" per second", "/s").replace(" users", "")


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]], numbers: set[int]) -> str:
    """Cells are HTML already."""

    def cells(tag: str, row: Iterable[str]) -> str:
        return "".join(
            f'<{tag} class="number">{cell}</{tag}>' if place in numbers else f"<{tag}>{cell}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="table"><table><thead><tr>{cells("th", titles)}</tr></thead><tbody>{body}</tbody></table></div>'
