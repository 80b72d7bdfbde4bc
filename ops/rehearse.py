"""`rehearse`: deploy a stack with the real engine onto the emulated cloud, then check that it is what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from ops.engine import Engine, Outcome
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.health import answers
from ops.pending import emulated
from ops.recovery import recover
from ops.rounds import REASONS, one_round, summary
from ops.sandbox import surround
from ops.steps import Progress, Steps
from ops.tree import resource_tree


def rehearse_stack(root: Path, stack_name: str) -> None:
    """Run every step, showing it on the terminal. Raises OperationError at the first that fails."""
    console = Console(soft_wrap=True)
    steps = Steps(console)
    console.print(f"Rehearsing {stack_name} on an emulated cloud: the engine is real, no account is touched.\n")
    with steps.step("settings and emulated cloud") as step:
        stack, surroundings, clients = surround(root, stack_name)
        step.result = f"{', '.join(stack.systems)} valid; listening on 127.0.0.1 only"
    engine = Engine(root, stack_name, surroundings.environment, surroundings.config_file)
    with steps.step("state") as step:
        engine.create_stack(surroundings.home)
        step.result = recover(
            engine,
            emulated(clients.control),
            sandboxed=True,
            scratch=surroundings.home,
            state=surroundings.home / "state",
        )
    _deploy(engine, steps)
    with steps.step("second preview") as step:
        _unchanged(engine.preview(), "a second preview wants changes right after the deployment")
        step.result = "no change"
    with steps.step("refresh") as step:
        _unchanged(
            engine.refresh(None, "--preview-only"), "the clouds differ from the state right after the deployment"
        )
        step.result = "no drift"
    with steps.step("health") as step:
        replies = list(answers(stack, clients))
        step.result = f"{len(replies)} of {len(replies)} answered"
    console.print()
    console.print(resource_tree(engine.state()["resources"]))
    console.print()
    for reply in replies:
        console.print(f"  {reply}", highlight=False, markup=False)
    console.print()
    for line in _outputs(engine.outputs()):
        console.print(line, highlight=False, markup=False)
    console.print()
    console.print(steps.table())


def _deploy(engine: Engine, steps: Steps) -> None:
    """`up` until the stack is settled."""
    for reason in REASONS:
        with steps.step(f"pulumi up{reason}") as step:
            step.result, settled = one_round(engine, Progress(steps.console))
        if settled:
            return


def _unchanged(outcome: Outcome, complaint: str) -> None:
    if not outcome.ok:
        raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)
    if outcome.changed:
        raise OperationError(
            f"{complaint}: {summary(outcome)}; a property differs in what comes back", ExitCode.UNVERIFIED
        )


def _outputs(outputs: Mapping[str, Any]) -> Iterator[str]:
    """The stack's outputs for people; `deployed` is for the next run."""
    for system, values in sorted(outputs.items()):
        if system == "deployed" or not isinstance(values, dict):
            continue
        yield system
        for name, value in values.items():
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            yield f"  {name:<10} {shown}"
