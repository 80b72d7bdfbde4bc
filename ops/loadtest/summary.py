"""A load test's result in lines, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from ops.loadtest.result import Document, Result, document
from planning.thresholds import shown

_WORDS = {
    "reached": "reached every target",
    "missed": "missed targets",
    "stopped": "was stopped before its end",
}


def lines(found: Result, before: Document | None) -> Iterator[str]:
    """The verdict first, then what it rests on."""
    whole = found.recording.whole()
    where = f"{found.host}{', emulated' if found.emulated else ''}"
    yield f"{found.plan.system} ({where}) {_WORDS[found.verdict]}: {whole.requests} requests, {whole.errors} errors"
    for note in found.notes():
        yield f"  note: {note}"
    for judgement in found.judgements:
        limit = judgement.threshold
        side = "at most" if limit.above else "at least"
        measured = "-" if judgement.measured is None else shown(limit, judgement.measured)
        note = f"  ({judgement.note})" if judgement.note else ""
        yield f"  {judgement.word:<12} {limit.measure:<32} {measured:>14}  {side} {shown(limit)}{note}"
    if found.sockets:
        sockets = found.sockets
        trip = sockets.trips.percentile(95) * 1000
        yield f"  WebSocket: {sockets.most_open} of {sockets.wanted} open at once, there and back p95 {trip:.1f} ms"
        for reason, count in sockets.failures.most_common():
            yield f"    {count} failed: {reason}"
    yield from _compared(found, before)


def _compared(found: Result, before: Document | None) -> Iterator[str]:
    if before is None:
        yield "  no test of the same plan before, so nothing to compare with"
        return
    yield f"  compared with {before['begun']} ({before['verdict']}):"
    for name, now in document(found)["judged"].items():
        then = before["judged"][name]
        changes = "  ".join(f"{key} {change(then[f'{key}_ms'], now[f'{key}_ms'])}" for key in ("p50", "p95", "p99"))
        yield f"    {name:<20} {changes}"


def change(then: float, now: float) -> str:
    """From one number of ms to another: `12.0 → 15.0 ms (+25 %)`."""
    share = f" ({(now - then) / then:+.0%})" if then else ""
    return f"{then:.1f} → {now:.1f} ms{share}"
