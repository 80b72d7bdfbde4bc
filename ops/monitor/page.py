"""The monitor's page: the last day of a stack in one HTML file, which needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Final

from ops.monitor.judge import Verdict
from ops.monitor.message import Message
from ops.monitor.monitor import Monitor, Report, Watched
from ops.monitor.sparkline import sparkline
from ops.monitor.words import condition, limit, uptime, value, worst
from planning.thresholds import Threshold

_DAY_SECONDS: Final = 86_400
_HOUR_SECONDS: Final = 3_600

_STYLE: Final = Path(__file__).with_name("page.css")


def page(monitor: Monitor, report: Report, title: str) -> str:
    """The HTML. The same rounds give the same bytes."""
    end = report.at.timestamp()
    start = end - _DAY_SECONDS
    told = monitor.store.messages(start)
    begun = [rounds[0][0] for watched in monitor.watched if (rounds := monitor.store.rounds(watched.name, start))]
    # A monitor that began just now has its whole width for what it saw.
    start = min(max(start, min(begun, default=start)), end - _HOUR_SECONDS)
    sections = [_system(monitor, watched, report, start) for watched in monitor.watched]
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="soft">{_moment(start)} to {_moment(end)} UTC. Dashed: where an alert begins.</p>',
            *sections,
            "<h3>Told in these 24 hours</h3>",
            _messages(told) if told else '<p class="soft">Nothing.</p>',
            "</body></html>\n",
        )
    )


def _system(monitor: Monitor, watched: Watched, report: Report, start: float) -> str:
    verdicts = report.verdicts[watched.name]
    state = worst(verdicts)
    rounds = monitor.store.rounds(watched.name, start)
    measures: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        measures.setdefault(verdict.alert.threshold.measure, []).append(verdict)
    cards = []
    for measure, unordered in measures.items():
        listed = sorted(unordered, key=lambda verdict: verdict.alert.threshold.severity == "critical")
        # Its answers show it; alone it is worth a card when it is too much.
        if listed[0].alert.threshold.name == "flapping" and worst(listed) in {"well", "unknown"}:
            continue
        points = [(at, measured[measure]) for at, measured in rounds if measure in measured]
        cards.append(_card(listed, points, start, report.at.timestamp()))
    share = uptime(*monitor.store.uptime(watched.name), watched.promise)
    return "\n".join(
        (
            f'<h2>{escape(watched.name)} <span class="pill {state}">{state}</span>'
            f'<span class="soft">{escape(share)}</span></h2>',
            '<div class="cards">',
            *cards,
            "</div>",
        )
    )


def _card(verdicts: Sequence[Verdict], points: Sequence[tuple[float, float]], start: float, end: float) -> str:
    state = worst(verdicts)
    limits: list[Threshold] = [verdict.alert.threshold for verdict in verdicts]
    drawn = sparkline(points, limits, start, end) if points else ""
    notes = list(_notes(verdicts))
    return (
        f'<div class="card {state}"><div class="name">{escape(limits[0].measure)}</div>'
        f'<div class="value">{escape(value(verdicts[0]))}</div>{drawn}'
        f'<div class="soft">{escape("; ".join(notes))}</div></div>'
    )


def _notes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if said := limit(verdict.alert.threshold):
            yield f"{verdict.alert.threshold.severity} {said}"
        if (word := condition(verdict)) in {"warning", "critical"}:
            yield f"{word} now"
    if verdicts[0].remark:
        yield verdicts[0].remark


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def _messages(told: Sequence[Message]) -> str:
    rows = "".join(f"<tr><td>{message.when}</td><td>{escape(message.title)}</td></tr>" for message in told)
    return f"<table>{rows}</table>"
