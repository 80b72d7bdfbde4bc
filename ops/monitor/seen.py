"""What one look at a system brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

Reading = tuple[str, float | None, str]
"""A measure, its value (None: it could not be measured), and what there is to say about it."""

Source = Callable[[], Iterator[Reading]]
"""Measures some of it. Raises nothing: what goes wrong is a reading without a value."""


@dataclass(frozen=True)
class Seen:
    """Values by measure, and by measure what there is to say: why it is bad, or why there is no value."""

    measured: Mapping[str, float] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)


def gathered(readings: Iterator[Reading]) -> Seen:
    """The readings of all sources. The first that has a value for a measure counts."""
    measured: dict[str, float] = {}
    remarks: dict[str, str] = {}
    for measure, value, remark in readings:
        if measure in measured:
            continue
        if value is not None:
            measured[measure] = value
            remarks.pop(measure, None)
        if remark:
            remarks[measure] = remark
    return Seen(measured, remarks)
