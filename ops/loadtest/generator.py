"""Sends each request when it is due, whatever became of those before, and notes what comes of it."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import Final

from ops.loadtest.moment import Moment, moment
from ops.loadtest.recording import Recording, is_error
from ops.loadtest.schedule import Schedule
from ops.loadtest.target import Target
from ops.loadtest.user import User
from planning.load_plan import LoadPlan

Told = Callable[[Moment], None]
"""Told once a second, in a thread of its own, how things stand."""

_LEAD_SECONDS: Final = 0.05
_SWEEP_SECONDS: Final = 0.05
_IDEMPOTENT: Final = frozenset({"GET", "PUT", "DELETE"})

_HOPELESS_SECONDS: Final = 10
_HOPELESS_SHARE: Final = 0.5
_HOPELESS_REQUESTS: Final = 20
"""Where more than half of the last ten seconds' requests were errors, the system needs no further load."""


class Generator:
    """One run of one plan. Bounded: it sends what the schedule holds, and waits for the last answer until the
    timeout."""

    def __init__(self, plan: LoadPlan, schedule: Schedule, target: Target) -> None:
        self.recording = Recording()
        self._plan = plan
        self._schedule = schedule
        self._target = target
        self._wire = [target.wire(request) for request in plan.requests.values()]
        self._again = [request.method in _IDEMPOTENT for request in plan.requests.values()]
        self._users: list[User] = []
        self._idle: deque[User] = deque()
        self._waiting: deque[int] = deque()
        self._open = 0
        self._begun = 0.0

    async def run(self, told: Told) -> Recording:
        """Run to the end. Raises OperationError where nothing listens."""
        self._loop = asyncio.get_running_loop()
        self._address = await self._target.address()
        self._security = self._target.security()
        self._begun = self._loop.time() + _LEAD_SECONDS
        beside = [asyncio.create_task(self._sweep()), asyncio.create_task(self._count(told))]
        try:
            await self._send_all()
            while self._open:
                await asyncio.sleep(_SWEEP_SECONDS)
            self._count_users(int(self._loop.time() - self._begun))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            for user in self._users:
                user.leave()
        return self.recording

    async def _send_all(self) -> None:
        due, number, count = self._schedule.due, 0, len(self._schedule)
        while number < count and not self.recording.stopped:
            now = self._loop.time() - self._begun
            while number < count and due[number] <= now:
                self._begin(number)
                number += 1
            if number < count:
                await asyncio.sleep(max(0.0, due[number] - (self._loop.time() - self._begun)))

    def _begin(self, number: int) -> None:
        self._open += 1
        # As many connections as there are to be users, even where fewer could carry the requests.
        if len(self._users) < self._allowed(self._schedule.due[number]):
            user = User(self)
            self._users.append(user)
        elif self._idle:
            user = self._idle.popleft()
        else:
            self._waiting.append(number)
            return
        self.recording.lateness.add(self._loop.time() - self._begun - self._schedule.due[number])
        user.ask(number)

    def _allowed(self, moment: float) -> int:
        """How many users there may be: as many as the highest rate until now takes."""
        highest = 0.0
        for phase in self._plan.phases:
            if phase.start > moment:
                break
            share = min(1.0, (moment - phase.start) / phase.seconds)
            highest = max(highest, phase.begin, phase.begin + (phase.end - phase.begin) * share)
        return self._plan.users(highest)

    def wire(self, number: int) -> bytes:
        """The bytes of a request of the schedule."""
        return self._wire[self._schedule.request[number]]

    def may_repeat(self, number: int) -> bool:
        """Whether a request that was lost on an old connection may be sent once more."""
        return self._again[self._schedule.request[number]]

    async def connect(self, user: User) -> None:
        """Give the user a connection. Raises OSError or TimeoutError."""
        security: ssl.SSLContext | None = self._security
        await asyncio.wait_for(
            self._loop.create_connection(
                user.protocol,
                self._address,
                self._target.port,
                ssl=security,
                server_hostname=self._target.host if security else None,
            ),
            timeout=self._plan.timeout_seconds,
        )

    def done(self, user: User, number: int, outcome: str, *, cache: str = "", counts: bool = True) -> None:
        """Note what came of a request, and give the user the one that waits longest."""
        now = self._loop.time() - self._begun
        self._note(number, outcome, now - self._schedule.due[number] if counts else None, cache)
        if outcome.isdigit():
            self.recording.answered_at[int(now)] += 1
            user.served = now
        if self._waiting:
            user.ask(self._waiting.popleft())
        else:
            self._idle.append(user)

    def _note(self, number: int, outcome: str, latency: float | None, cache: str = "") -> None:
        self._open -= 1
        schedule = self._schedule
        where = schedule.phase[number], int(schedule.due[number]), schedule.request[number]
        self.recording.came(where, outcome, latency, cache)

    async def _sweep(self) -> None:
        """End what has waited for too long."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            oldest = self._loop.time() - self._begun - self._plan.timeout_seconds
            due = self._schedule.due
            while self._waiting and due[self._waiting[0]] <= oldest:
                self._note(self._waiting.popleft(), "timeout", self._plan.timeout_seconds)
            for user in self._users:
                if user.request is not None and due[user.request] <= oldest:
                    user.give_up()

    def _count_users(self, second: int) -> None:
        """Note how many had an answer lately. What was counted at the end of a second stays."""
        now, window = self._loop.time() - self._begun, max(1.0, 2 * self._plan.think_seconds)
        self.recording.users_at.setdefault(second, sum(now - user.served <= window for user in self._users))

    async def _count(self, told: Told) -> None:
        """Once a second: count the users, tell of it, and stop where it is hopeless."""
        second = 0
        while True:
            second += 1
            await asyncio.sleep(max(0.0, self._begun + second - self._loop.time()))
            self._count_users(second - 1)
            recent = self.recording.between(second - _HOPELESS_SECONDS, second)
            if recent.requests >= _HOPELESS_REQUESTS and recent.errors > recent.requests * _HOPELESS_SHARE:
                worst = max((count, outcome) for outcome, count in recent.outcomes.items() if is_error(outcome))[1]
                self.recording.stopped = f"after {second} s: more than half of all requests were errors, mostly {worst}"
            # In a thread, because drawing takes longer than a request may be late.
            await self._loop.run_in_executor(None, told, moment(self._plan, self.recording, second))
