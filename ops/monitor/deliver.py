"""Brings messages to people: in order for each sink, again and again until they arrive or are too old to matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from ops.monitor.sinks.sink import Sink, SinkError
from ops.monitor.store import Store, Waiting

_FIRST_PAUSE_SECONDS: Final = 15.0
_LONGEST_PAUSE_SECONDS: Final = 900.0
TOO_OLD_SECONDS: Final = 86_400.0


def deliver(store: Store, sinks: Mapping[str, Sink], watched: Collection[str], now: float) -> Iterator[str]:
    """Try what is due. Yields what went wrong, a line each; a sink that fails keeps no other from getting its own.

    `sinks` are by `<system>/<sink>`. What waits for a sink that the settings no longer name is dropped; what another
    system's people wait for stays for the monitor that watches it. After a failure a sink's later messages wait behind
    the one that failed: its end must not overtake an alert.
    """
    stuck: set[str] = set()
    for waiting in store.waiting():
        sink = sinks.get(waiting.sink)
        if now - waiting.message.at > TOO_OLD_SECONDS:
            store.arrived(waiting)
            yield f"{waiting.sink}: gave up after a day: {waiting.message.title}"
        elif sink is None:
            if waiting.message.system in watched:
                store.arrived(waiting)
        elif waiting.sink not in stuck:
            if waiting.due > now:
                stuck.add(waiting.sink)
                continue
            try:
                sink.send(waiting.message)
            except SinkError as error:
                stuck.add(waiting.sink)
                store.put_off(waiting, now + pause(waiting))
                yield f"{waiting.sink}: {error}; next try in {pause(waiting):.0f} s"
            else:
                store.arrived(waiting)


def pause(waiting: Waiting) -> float:
    """Seconds until the next try: twice as long each time, up to a quarter of an hour."""
    return float(min(_FIRST_PAUSE_SECONDS * 2**waiting.tries, _LONGEST_PAUSE_SECONDS))
