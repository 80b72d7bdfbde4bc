"""Shows the steps of a long verb as they happen, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from ops.engine import Event


@dataclass
class Step:
    """A step under way; set `result` to what it came to."""

    title: str
    result: str = ""


@dataclass
class Steps:
    """The steps of one run, in order."""

    console: Console
    taken: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show `title` while the step runs, then its result and time. A step that raises is shown as failed."""
        step = Step(title)
        started = time.monotonic()
        mark = "✗"
        try:
            with self.console.status(f"{title} …"):
                yield step
            mark = "✓"
        finally:
            seconds = time.monotonic() - started
            self.taken.append((title, seconds))
            result = f": {step.result}" if step.result else ""
            self.console.print(f"{mark} {title}{result} ({seconds:.1f} s)", highlight=False, markup=False)

    def table(self) -> Table:
        """Every step with its time, and the sum."""
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column()
        table.add_column(justify="right")
        for title, seconds in self.taken:
            table.add_row(title, f"{seconds:.1f} s")
        table.add_row("all together", f"{sum(seconds for _, seconds in self.taken):.1f} s")
        return table


class Progress:
    """Listens to the engine and prints one line for each resource that it changed."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, event: Event) -> None:
        done = event.get("resOutputsEvent", {}).get("metadata")
        if not done or done["op"] in {"same", "read", "refresh"} or done["type"] == "pulumi:pulumi:Stack":
            return
        if event["resOutputsEvent"].get("planning"):
            return
        name = done["urn"].rpartition("::")[2]
        kind = done["type"].rpartition(":")[2]
        self._console.print(f"    {done['op']:<8} {kind} {name}", highlight=False, markup=False)
