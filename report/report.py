"""Everything that a report says about one preview."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from policies.finding import Audit, Finding
from report.changes import Change, Moved, changes, moves, systems_of
from report.cost import Pricing
from report.findings import in_order
from report.graph import Node, graph
from report.preview import Operation, Preview
from report.risk import Risk


@dataclass(frozen=True)
class Report:
    """The model behind every form. The same preview, prices and findings give an equal one."""

    stack: str
    changes: tuple[Change, ...]
    unchanged: int
    """How many resources at the clouds stay as they are."""
    drift: tuple[Moved, ...] | None
    """None: nobody looked."""
    pricing: Pricing
    findings: tuple[Finding, ...]
    undecided: int
    """How many rules cannot be decided before the deployment."""
    nodes: tuple[Node, ...]
    warnings: tuple[str, ...]
    secrets: frozenset[str]
    """What must not appear in any form."""

    @property
    def counts(self) -> dict[Operation, int]:
        """How many resources each operation happens to, the lightest operation first."""
        found = Counter(change.operation for change in self.changes)
        return {operation: found[operation] for operation in reversed(Operation) if found[operation]}

    @property
    def risks(self) -> dict[Risk, int]:
        """How many changes carry each risk; a change may carry several."""
        found = Counter(risk for change in self.changes for risk in {danger.risk for danger in change.dangers})
        return {risk: found[risk] for risk in Risk if found[risk]}

    @property
    def standing(self) -> tuple[Finding, ...]:
        """The findings that are not waived."""
        return tuple(finding for finding in self.findings if finding.waived is None)


def report_on(preview: Preview, pricing: Pricing, audit: Audit) -> Report:
    """The report on a preview."""
    found = changes(preview)
    return Report(
        stack=preview.stack,
        changes=found,
        unchanged=sum(part.custom and part.operation is Operation.SAME for part in preview.resources),
        drift=moves(preview),
        pricing=pricing,
        findings=in_order(audit.findings, preview.secrets),
        undecided=len(audit.undecided),
        nodes=graph(preview, found, systems_of(preview)),
        warnings=preview.warnings,
        secrets=preview.secrets,
    )
