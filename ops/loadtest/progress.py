"""Shows how a running load test stands: in place on a terminal, a line every five seconds elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ops.loadtest.generator import Told
from ops.loadtest.moment import Moment
from planning.load_plan import LoadPlan

if TYPE_CHECKING:
    from rich.console import RenderableType

_EVERY_SECONDS: Final = 5
_WIDTH: Final = 40
_BARS: Final = " ▁▂▃▄▅▆▇█"


@contextmanager
def shown(plan: LoadPlan, say: Callable[[str], None], *, silent: bool) -> Iterator[Told]:
    """Whom the generator tells. Drawn on the terminal's error side, so that the output stays what is asked for."""
    if silent:
        yield lambda _: None
    elif not sys.stderr.isatty():
        yield lambda now: say(line(plan, now)) if now.seconds % _EVERY_SECONDS == 0 else None
    else:
        # Only here: it takes 0.1 s to load, and programs have no use for it.
        from rich.console import Console
        from rich.live import Live

        past: list[Moment] = []

        def draw(now: Moment) -> None:
            past.append(now)
            live.update(_panel(plan, past), refresh=True)

        with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
            yield draw


def line(plan: LoadPlan, now: Moment) -> str:
    """One moment in one line."""
    return (
        f"{now.seconds:>5} s of {plan.seconds:.0f}  {now.phase:<10}  {now.offered:7.1f}/s due  "
        f"{now.achieved:7.1f}/s answered  {now.users:>5} users  p50 {now.p50:6.1f}  "
        f"p95 {now.p95:6.1f}  p99 {now.p99:6.1f} ms  {now.errors} errors"
    )


def _panel(plan: LoadPlan, past: list[Moment]) -> RenderableType:
    from rich.panel import Panel
    from rich.table import Table

    now = past[-1]
    share = min(1.0, now.seconds / plan.seconds)
    done = round(share * _WIDTH)
    table = Table.grid(padding=(0, 2))
    table.add_row("phase", f"[bold]{now.phase}[/]", f"[cyan]{'━' * done}[/][dim]{'━' * (_WIDTH - done)}[/] {share:.0%}")
    table.add_row(
        "requests/s", f"{now.achieved:.1f} of {now.offered:.1f}", _sparkline([each.achieved for each in past])
    )
    table.add_row("p50", f"{now.p50:.1f} ms", _sparkline([each.p50 for each in past]))
    table.add_row("p95", f"{now.p95:.1f} ms", _sparkline([each.p95 for each in past]))
    table.add_row("p99", f"{now.p99:.1f} ms", _sparkline([each.p99 for each in past]))
    table.add_row("users", str(now.users), _sparkline([float(each.users) for each in past]))
    colour = "red" if now.errors else "green"
    table.add_row("errors", f"[{colour}]{now.errors}[/] of {now.requests}", "")
    left = max(0, round(plan.seconds - now.seconds))
    return Panel(table, title=plan.system, subtitle=f"{left} s left", expand=False)


def _sparkline(values: list[float]) -> str:
    """The last values as bars, the highest of them as high as it goes."""
    recent = values[-_WIDTH:]
    highest = max(recent) or 1
    return "".join(_BARS[round(value / highest * (len(_BARS) - 1))] for value in recent)
