"""Carries a deployment from step to step, and back when it is not good; every step stands in the journal."""

from __future__ import annotations

from ops import holder
from ops.deployment.actions import Actions
from ops.deployment.commit import commit
from ops.deployment.options import Options
from ops.deployment.release import Releases
from ops.deployment.steps import Direction, changes_anything, plans
from ops.deployment.verdict import Verdict
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Deployment, Journal, Kind
from ops.lease import Lease
from ops.steps import Steps
from ops.surroundings import Surroundings
from sandbox.errors import SandboxError


class _StepFailedError(Exception):
    """A step ended badly: its name, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


class Deploying:
    """What `deploy`, `deploy --resume` and `rollback` do under the stack's lease."""

    def __init__(self, surroundings: Surroundings, options: Options, steps: Steps) -> None:
        self._surroundings = surroundings
        self._options = options
        self._journal = Journal(surroundings.records)
        self._lease = Lease(self._journal.file)
        self._steps = steps
        releases = Releases(surroundings.records, surroundings.stack.name)
        self._actions = Actions(surroundings, self._journal, releases, options, steps)

    def begin(self, kind: Kind, target: int | None = None) -> Deployment:
        """A new deployment, to its verdict. Raises OperationError when one is under way, or was cut off."""
        with self._lease.held(kind, wait_seconds=self._options.wait_seconds):
            left = self._journal.unfinished()
            if left:
                raise unfinished(left, self._surroundings.options)
            me = holder.this_process()
            made = self._journal.begin(kind, target=target, commit=commit(self._surroundings.root), holder=me)
            return self._run(made.number, resumed=False)

    def resume(self) -> Deployment:
        """Go on with the deployment that was cut off, to its verdict. Raises OperationError when there is none."""
        with self._lease.held("resume", wait_seconds=self._options.wait_seconds):
            left = self._journal.unfinished()
            if left is None:
                message = (
                    f"no deployment of this stack was cut off; see: ./slipway history {self._surroundings.options}"
                )
                raise OperationError(message, ExitCode.USAGE)
            self._journal.take_over(left.number, holder.this_process())
            return self._run(left.number, resumed=True)

    def _run(self, number: int, *, resumed: bool) -> Deployment:
        before = self._journal.deployment(number)
        self._actions.touched = resumed and any(changes_anything(step.name) for step in before.steps)
        if before.direction == "forward":
            try:
                self._walk("forward", number)
            except _StepFailedError as error:
                self._journal.explain(number, str(error))
            else:
                self._journal.end(number, Verdict.DEPLOYED, runs=before.target)
                return self._journal.deployment(number)
            if not self._actions.touched:
                self._journal.end(number, Verdict.REFUSED, runs=before.returns_to)
                return self._journal.deployment(number)
        self._back(number)
        return self._journal.deployment(number)

    def _back(self, number: int) -> None:
        deployment = self._journal.deployment(number)
        goal = deployment.target if deployment.kind == "rollback" else deployment.returns_to
        try:
            self._walk("back", number)
        except _StepFailedError as error:
            self._journal.explain(number, "\n".join(filter(None, (deployment.reason, str(error)))))
            if self._actions.touched:
                self._journal.end(number, Verdict.NOT_ROLLED_BACK, runs=None)
            else:
                self._journal.end(number, Verdict.REFUSED, runs=deployment.returns_to)
        else:
            self._journal.end(number, Verdict.ROLLED_BACK, runs=goal)

    def _walk(self, direction: Direction, number: int) -> None:
        """Take every step of the direction that is not done yet. Raises _StepFailedError at the first that fails."""
        taken = self._journal.deployment(number).steps
        done = {step.name for step in taken if step.direction == direction and step.ok}
        for plan in plans(direction):
            if plan.name in done:
                continue
            self._lease.require(self._surroundings.options)
            self._journal.begin_step(number, direction, plan.name)
            try:
                with self._steps.step(plan.name) as step:
                    step.result = self._actions.take(plan.name, number)
            except (OperationError, SandboxError) as error:
                self._journal.end_step(number, direction, plan.name, str(error), ok=False)
                self._steps.console.print(str(error), markup=False, highlight=False)
                raise _StepFailedError(plan.name, str(error)) from error
            self._journal.end_step(number, direction, plan.name, step.result, ok=True)


def unfinished(left: Deployment, options: str) -> OperationError:
    """That a deployment was cut off, and what to do: with these options, so that it is done to the same stack."""
    where = f"in the step {left.next_step!r}" if left.next_step else "at its end"
    way = "on its way back" if left.direction == "back" else "on its way"
    return OperationError(
        f"deployment {left.number} of {left.holder.name}, begun {left.began:%Y-%m-%d %H:%M} UTC, was cut off {where} "
        f"{way}; nobody knows what runs now. Run: ./slipway deploy --resume --yes {options}, which ends in the new "
        "release or in the one before it",
        ExitCode.REFUSED,
    )
