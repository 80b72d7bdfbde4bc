"""A scripted flyctl: the exact command lines it must get, in order, and what it answers to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fly.commands.command import Command
from fly.errors import TimedOut
from fly.refusals import refusal
from fly.runner import Finished


class ScriptedFlyctl:
    """Carries out nothing: compares, then prints, fails or hangs as the script says."""

    def __init__(self, steps: Sequence[Mapping[str, Any]]) -> None:
        self._steps = list(steps)
        self.stdins: list[str | None] = []

    async def run(self, command: Command) -> Finished:
        assert self._steps, f"flyctl was started once more than the script says: {command}"
        step = self._steps.pop(0)
        words = step["run"] if isinstance(step["run"], list) else step["run"].split()
        assert command.argv == words, f"{command.argv} is not {words}"
        self.stdins.append(command.stdin)
        if "stdin" in step:
            assert command.stdin == step["stdin"]
        if step.get("hangs"):
            raise TimedOut(str(command), command.timeout_seconds)
        if "fails" in step:
            raise refusal(command, step.get("code", 1), f"Error: {step['fails']}\n")
        return Finished(step.get("prints", ""), "")

    def require_end(self) -> None:
        assert not self._steps, f"flyctl was not started for {[step['run'] for step in self._steps]}"
