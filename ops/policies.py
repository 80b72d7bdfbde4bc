"""Holds stacks to the policies outside of the engine: what their settings lead to, or what their state says is live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventory.from_resources import from_resources
from inventory.from_settings import from_settings
from inventory.resource import of_state
from inventory.stack import Inventory
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import FILE as DEPLOYMENTS
from policies.audit import audit
from policies.circumstances import Circumstances
from policies.drill import FILE as DRILLS
from policies.drill import Drill, DrillRecordError, read_drills
from policies.finding import Audit, Finding
from policies.spending import monthly_usd
from policies.waivers import doubts
from prices.load import PriceBookError
from settings.problem import Problem, SettingsError
from settings.stack import Stack
from settings.stack_file import read_stack

if TYPE_CHECKING:
    from ops.surroundings import Surroundings


def audit_settings(root: Path, stack: Stack, records: Path | None = None) -> Audit:
    """What the policies say about the stack as its settings describe it. `records` are those of the accounts, unless
    others are given, such as a rehearsal's own.

    Raises SettingsError for levels and waivers that are about nothing, with their places; OperationError where the
    record of drills or the price book cannot be read.
    """
    inventory = from_settings(stack)
    refuse_doubts(root, stack, inventory)
    return _audit(root, stack, inventory, records or root / ".slipway" / "records" / stack.name)


def audit_live(place: Surroundings) -> Audit:
    """The same about what the state says is there, as of its last update or refresh. Values that it keeps encrypted
    leave what hangs on them undecided. Raises OperationError."""
    stack = place.stack
    inventory = from_resources(stack.name, stack.environment, of_state(place.engine().state()))
    return _audit(place.root, stack, inventory, place.records)


def refuse_doubts(root: Path, stack: Stack, inventory: Inventory) -> None:
    """Raises SettingsError, with their places, for levels and waivers that are about nothing. The inventory is that of
    the stack's settings."""
    found = list(doubts(stack.policies, inventory))
    if found:
        document, _ = read_stack(root, stack.name, root / f"Pulumi.{stack.name}.yaml")
        raise SettingsError(
            Problem(document.position(path), path, doubt.rule, doubt.way_out)
            for doubt in found
            for path in [("policies", *doubt.path)]
        )


def described(audit: Audit) -> Iterator[str]:
    """What people read: one line that counts, then each finding with its remedy."""
    counts = [
        (len([one for one in audit.findings if one.fails]), "to mend"),
        (len([one for one in audit.findings if one.level == "advisory" and not one.waived]), "advisory"),
        (len([one for one in audit.findings if one.waived]), "waived"),
        (len(audit.undecided), "not decided yet"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    yield f"policies: {said or 'nothing found'}"
    for finding in audit.findings:
        yield f"  {_mark(finding)} {finding.rule}: {finding.message}"
        yield f"      {f'waived: {finding.waived}' if finding.waived else finding.remedy}"
    for found in audit.undecided:
        yield f"  ? {found.rule}: {found.resource}: not decided yet, a value is unknown"


def as_json(audit: Audit) -> dict[str, Any]:
    """The same for programs."""
    return {
        "failed": audit.failed,
        "findings": [
            {
                "rule": one.rule,
                "level": one.level,
                "resource": one.resource,
                "system": one.system,
                "message": one.message,
                "remedy": one.remedy,
                "waived": one.waived,
            }
            for one in audit.findings
        ],
        "undecided": [{"rule": one.rule, "resource": one.resource} for one in audit.undecided],
    }


def _audit(root: Path, stack: Stack, inventory: Inventory, records: Path) -> Audit:
    today = datetime.now(tz=UTC).date()
    try:
        drills = _drills(records)
        cost = monthly_usd(root, inventory, stack.policies, today)
    except (DrillRecordError, PriceBookError) as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from error
    return audit(
        Circumstances(inventory=inventory, today=today, policies=stack.policies, monthly_usd=cost, drills=drills)
    )


def _drills(records: Path) -> tuple[Drill, ...] | None:
    """None where nothing was ever tried or done to the stack, as on a machine that only checks."""
    return read_drills(records) if any((records / name).exists() for name in (DRILLS, DEPLOYMENTS)) else None


def _mark(finding: Finding) -> str:
    return "✗" if finding.fails else "-" if finding.waived else "!"
