"""`deploy`, `rollback` and `history`: what they say, and what they end with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from ops.deployment import app_platform, checks, history
from ops.deployment.data import named, way_back
from ops.deployment.options import Options
from ops.deployment.release import Releases
from ops.deployment.run import Deploying, unfinished
from ops.deployment.steps import FORWARD, SKIPPABLE
from ops.deployment.verdict import EXIT_CODES, Verdict
from ops.engine import Engine
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Deployment, Journal
from ops.rounds import summary
from ops.steps import Progress, Steps
from ops.surroundings import Surroundings, surroundings
from settings.problem import did_you_mean


def deploy(
    root: Path, stack: str, options: Options, *, sandbox: bool, yes: bool, resume: bool, as_json: bool
) -> Iterator[str]:
    """Deploy to a verdict, or say what a deployment would do. Raises OperationError for any verdict but `deployed`."""
    for name in sorted(options.skip - set(SKIPPABLE)):
        raise OperationError(f"{name} is no step to skip; {did_you_mean(name, SKIPPABLE)}", ExitCode.USAGE)
    steps = Steps(Console(soft_wrap=True, stderr=as_json))
    there = surroundings(root, stack, sandbox=sandbox)
    if not yes:
        yield from _would_deploy(there, options, steps)
        return
    deploying = Deploying(there, options, steps)
    done = deploying.resume() if resume else deploying.begin("deploy")
    yield from _ended(done, there.options, as_json=as_json)


def roll_back(
    root: Path, stack: str, target: int | None, options: Options, *, sandbox: bool, yes: bool, as_json: bool
) -> Iterator[str]:
    """Return to an earlier release, or say what that would do. Raises OperationError where data would be lost."""
    steps = Steps(Console(soft_wrap=True, stderr=as_json))
    there = surroundings(root, stack, sandbox=sandbox)
    journal = Journal(there.records)
    releases = Releases(there.records, stack)
    goal = _goal(journal, releases, target, there.options)
    engine = releases.release(goal).engine(there)
    then = journal.deployment(goal).facts
    now = engine.state().get("resources") or []
    stays, lost = way_back(now, then)
    if lost:
        way_out = "deploy settings that keep it instead"
        message = f"release {goal} cannot be returned to without losing data: {'; '.join(lost)}; {way_out}"
        raise OperationError(message, ExitCode.REFUSED)
    if not yes:
        said = _preview(engine, steps, *(f"--exclude={urn}" for urn in stays))
        parts = [f"would return to release {goal}: {said}", *app_platform.would_bring_back(there, then["deployments"])]
        if names := named(now, stays):
            parts.append(f"left in place: {', '.join(names)}")
        yield "; ".join(parts)
        yield "to do it, add: --yes"
        return
    done = Deploying(there, options, steps).begin("rollback", goal)
    yield from _ended(done, there.options, as_json=as_json)


def show_history(
    root: Path, stack: str, number: int | None, *, limit: int, sandbox: bool, as_json: bool
) -> Iterator[str]:
    """The newest deployments, or one of them step by step. Raises OperationError for one that there is not."""
    there = surroundings(root, stack, sandbox=sandbox)
    journal = Journal(there.records)
    if number is None:
        found = journal.deployments(limit)
    else:
        try:
            found = [journal.deployment(number)]
        except KeyError:
            message = f"there is no deployment {number} of {stack}; see: ./slipway history {there.options}"
            raise OperationError(message, ExitCode.USAGE) from None
    if as_json:
        yield history.as_json(found)
    elif not found:
        yield f"nothing of {stack} was deployed from here"
    else:
        yield from history.table(found) if number is None else history.story(found[0])


def _would_deploy(there: Surroundings, options: Options, steps: Steps) -> Iterator[str]:
    """What is asked beforehand is asked; what would change is previewed."""
    left = Journal(there.records).unfinished()
    if left:
        raise unfinished(left, there.options)
    for name, ask in (("policies", checks.policies), ("tokens", checks.tokens), ("platforms", checks.platforms)):
        if name not in options.skip:
            with steps.step(name) as step:
                step.result = ask(there)
    with steps.step("preview") as step:
        step.result = _preview(there.engine(), steps, *checks.policy_pack(there, options.skip))
    names = ", ".join(plan.name for plan in FORWARD if plan.name not in options.skip)
    yield f"would deploy {there.stack.name}: {names}"
    yield "to do it, add: --yes"


def _preview(engine: Engine, steps: Steps, *options: str) -> str:
    outcome = engine.preview(Progress(steps.console), "--refresh", *options)
    if not outcome.ok:
        raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)
    return summary(outcome)


def _goal(journal: Journal, releases: Releases, target: int | None, options: str) -> int:
    """The release to return to: the one asked for, else the last good one before the one that runs."""
    left = journal.unfinished()
    if left:
        raise unfinished(left, options)
    newest = journal.deployments(1)
    current = journal.current()
    in_doubt = bool(newest) and newest[0].verdict is Verdict.NOT_ROLLED_BACK
    good = [number for number in journal.good() if releases.there(number)]
    if target is None:
        earlier = [number for number in good if in_doubt or (current is not None and number < current)]
        target = earlier[0] if earlier else None
    if target is None or target not in good:
        known = ", ".join(map(str, good)) or "none"
        what = "there is no earlier release" if target is None else f"{target} is no release that can be returned to"
        raise OperationError(f"{what}; kept are: {known}", ExitCode.USAGE)
    return target


def _ended(done: Deployment, options: str, *, as_json: bool) -> Iterator[str]:
    """The verdict. Raises OperationError for one that was not asked for."""
    verdict = done.verdict or Verdict.NOT_ROLLED_BACK
    if as_json:
        yield history.as_json([done])
    wanted = Verdict.ROLLED_BACK if done.kind == "rollback" else Verdict.DEPLOYED
    said = _said(done, verdict, options)
    if verdict is not wanted:
        raise OperationError(said, EXIT_CODES[verdict])
    if not as_json:
        yield said


def _said(done: Deployment, verdict: Verdict, options: str) -> str:
    why = next(iter(done.reason.splitlines()), "")
    whole = f"the whole story: ./slipway history {done.number} {options}"
    match verdict:
        case Verdict.DEPLOYED:
            return f"deployed: release {done.number} runs"
        case Verdict.ROLLED_BACK if done.kind == "rollback":
            return f"rolled back: release {done.runs} runs again"
        case Verdict.ROLLED_BACK:
            return f"rolled back: release {done.runs} runs again\n{why}\n{whole}"
        case Verdict.NOT_ROLLED_BACK:
            return f"failed and NOT rolled back:\n{done.reason}\nsee what runs: ./slipway verify {options}"
        case Verdict.REFUSED:
            return f"refused, nothing was changed:\n{why}\n{whole}"
