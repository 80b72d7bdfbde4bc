"""An alert: a threshold with a name of its own, and the patience with which it is judged."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count
from typing import Final

from planning.thresholds import Threshold, alerts, shown
from settings.duration import show
from settings.system import System
from settings.watch import Watch


@dataclass(frozen=True)
class Alert:
    """`key` is unique within the system and valid in a URL, a file name and a label's value."""

    system: str
    key: str
    threshold: Threshold
    watch: Watch

    @property
    def waits(self) -> timedelta:
        """From the first round that is beyond the limit to the one that raises the alert, at regular intervals."""
        return max(self.threshold.lasts, (self.threshold.in_a_row - 1) * self.watch.interval)

    @property
    def clears(self) -> timedelta:
        """From the first good round to the one that ends the alert, at regular intervals."""
        return (self.watch.successes - 1) * self.watch.interval

    @property
    def meaning(self) -> str:
        """What it says, for people."""
        threshold = self.threshold
        how_long = f" for {show(self.waits)}" if self.waits else ""
        if threshold.unit == "yes or no":
            return f"{threshold.subject} {_BAD[threshold.name]}{how_long}"
        return f"{self._about} {self._limit}{how_long}"

    @property
    def end(self) -> str:
        """What its end says."""
        if self.threshold.unit == "yes or no":
            return f"{self.threshold.subject} {_GOOD[self.threshold.name]} again"
        return f"{self._about} no longer {self._limit}"

    @property
    def _about(self) -> str:
        return f"{self.threshold.name} of {self.threshold.subject}" if self.threshold.subject else self.threshold.name

    @property
    def _limit(self) -> str:
        return f"{'above' if self.threshold.above else 'below'} {shown(self.threshold)}"


_BAD: Final = {"answers": "does not answer as it must", "leads here": "does not lead to the app"}
_GOOD: Final = {"answers": "answers as it must", "leads here": "leads to the app"}


def system_alerts(name: str, system: System) -> list[Alert]:
    """The alerts of a system, in the order of its thresholds. Raises nothing: one without monitoring has none."""
    if system.monitoring is None:
        return []
    watch = system.monitoring.watch
    listed = alerts(system)
    names: dict[str, Threshold] = {}
    for threshold in sorted(listed, key=lambda threshold: threshold.severity == "critical"):
        names[_free_key(threshold, names)] = threshold
    found = [Alert(name, key, threshold, watch) for key, threshold in names.items()]
    return sorted(found, key=lambda alert: listed.index(alert.threshold))


def _free_key(threshold: Threshold, taken: Collection[str]) -> str:
    """The measure in words; where a lower limit has that name, with the severity, and then with a number."""
    words = re.findall(r"[a-z0-9]+", threshold.measure.lower())
    key = "-".join((*words, *(["root"] if threshold.subject == "/" else [])))
    graded = f"{key}-{threshold.severity}"
    names = chain((key, graded), (f"{graded}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)
