"""The terminal's view of the monitor: a table a system, each measure with its last hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ops.monitor.monitor import Monitor, Report, Watched
from ops.monitor.words import Condition, condition, limit, uptime, value, worst
from planning.thresholds import Threshold

_COLOURS: Final[dict[Condition, str]] = {
    "well": "green",
    "unknown": "bright_black",
    "beyond": "yellow",
    "warning": "bold yellow",
    "critical": "bold red",
}
_BARS: Final = "▁▂▃▄▅▆▇█"
_HOUR_SECONDS: Final = 3_600
_COLUMNS: Final = 30
_TOLD: Final = 5
_LINES_BELOW: Final = _TOLD + 3


def view(monitor: Monitor, report: Report, height: int | None = None) -> RenderableType:
    """All systems, then what was told lately and what went wrong with telling it.

    Where that is more than `height` lines, what is well is left out: trouble must not be below the edge.
    """
    lines = sum(len(verdicts) + 2 for verdicts in report.verdicts.values()) + _LINES_BELOW
    brief = height is not None and lines > height
    parts: list[RenderableType] = [_table(monitor, watched, report, brief=brief) for watched in monitor.watched]
    told = monitor.store.messages(report.at.timestamp() - _HOUR_SECONDS)[:_TOLD]
    heading = "would be told" if monitor.dry_run else "told"
    parts += [Text(f"{heading} {message.when[11:19]}  {message.title}") for message in told]
    parts += [Text(trouble, "red") for trouble in report.troubles]
    parts.append(Text(f"round of {report.at:%H:%M:%S} UTC", "bright_black"))
    return Group(*parts)


def _table(monitor: Monitor, watched: Watched, report: Report, *, brief: bool) -> Table:
    verdicts, now = report.verdicts[watched.name], report.at.timestamp()
    state = worst(verdicts)
    title = Text(f"{watched.name}: ", "bold").append(state, _COLOURS[state])
    title.append(f"  {uptime(*monitor.store.uptime(watched.name), watched.promise)}", "bright_black")
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1), header_style="bright_black")
    for heading in ("", "measure", "now", "trouble", "last hour", ""):
        table.add_column(heading, no_wrap=heading != "")
    well = [verdict for verdict in verdicts if brief and condition(verdict) in {"well", "unknown"}]
    rounds = monitor.store.rounds(watched.name, now - _HOUR_SECONDS)
    for verdict in verdicts:
        if verdict in well:
            continue
        word = condition(verdict)
        threshold = verdict.alert.threshold
        values = [before[threshold.measure] for _, before in rounds if threshold.measure in before]
        table.add_row(
            Text(word, _COLOURS[word]),
            threshold.measure,
            value(verdict),
            limit(threshold),
            Text(bars(values, threshold), _COLOURS[word]),
            verdict.remark,
        )
    if well:
        unknown = sum(condition(verdict) == "unknown" for verdict in well)
        table.add_row(Text("well", _COLOURS["well"]), f"{len(well) - unknown} others", f"{unknown} not measured")
    return table


def bars(values: Sequence[float], threshold: Threshold) -> str:
    """The last values as a row of bars; a full one is the limit or more, or the highest value where that is more."""
    shown = values[-_COLUMNS:]
    top = max([threshold.value, *shown], default=1) or 1
    return "".join(_BARS[min(int(max(value, 0) / top * len(_BARS)), len(_BARS) - 1)] for value in shown)
