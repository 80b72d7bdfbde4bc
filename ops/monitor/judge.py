"""Judges what was seen of a system: each alert moves on, and what people must hear of waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ops.monitor.message import Message, message
from ops.monitor.seen import Seen
from ops.monitor.sinks.sink import Sink
from ops.monitor.store import Store
from planning.alerts.alert import Alert
from planning.alerts.incident import changes
from planning.alerts.state import State, step
from planning.thresholds import FLAPPING_WINDOW


@dataclass(frozen=True)
class Verdict:
    """An alert after a round: its state, what it went by, and the message that it caused."""

    alert: Alert
    state: State
    measured: float | None
    remark: str
    message: Message | None

    @property
    def beyond(self) -> bool:
        """Whether the measured value is beyond the limit now, be it told or not."""
        return self.measured is not None and self.alert.threshold.beyond(self.measured)


def judge(
    store: Store, environment: str, system: str, alerts: Sequence[Alert], seen: Seen, at: float, sinks: Sequence[Sink]
) -> list[Verdict]:
    """One verdict an alert, in their order. All that the round changes is in the store afterwards, or nothing is."""
    verdicts = []
    with store.transaction():
        store.add_round(system, at, seen.measured, up=_up(seen.measured))
        seen = replace(seen, measured={**seen.measured, **_flapping(store, system, seen.measured, at)})
        states = store.states(system)
        for alert in alerts:
            measure = alert.threshold.measure
            measured, remark = seen.measured.get(measure), seen.remarks.get(measure, "")
            before = states.get(alert.key, State())
            state, notice = step(alert, before, at, measured)
            if state != before:
                store.set_state(system, alert.key, state)
            told = message(notice, environment, remark) if notice else None
            if told:
                store.add_message(told, [f"{system}/{sink.name}" for sink in sinks if sink.wants(told)])
            verdicts.append(Verdict(alert, state, measured, remark, told))
    return verdicts


def _up(measured: Mapping[str, float]) -> bool:
    """Every page that was asked answered as it must."""
    return all(value >= 1 for measure, value in measured.items() if measure.startswith("answers "))


def _flapping(store: Store, system: str, measured: Mapping[str, float], at: float) -> dict[str, float]:
    """How often each page's answers changed between good and bad lately."""
    rounds = store.rounds(system, at - FLAPPING_WINDOW.total_seconds())
    return {
        measure.replace("answers", "flapping", 1): changes(
            [(time, before[measure]) for time, before in rounds if measure in before], at
        )
        for measure in measured
        if measure.startswith("answers ")
    }
