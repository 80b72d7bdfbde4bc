"""What policies say about the stack as it would be, as a report shows it."""

from __future__ import annotations

from collections.abc import Iterable

from policies.finding import Finding
from report.secrecy import masked


def in_order(findings: Iterable[Finding], secrets: frozenset[str]) -> tuple[Finding, ...]:
    """Those that count before those that are waived, what stops a deployment first. Nothing secret is in them."""
    shown = (
        Finding(
            rule=masked(finding.rule, secrets),
            resource=masked(finding.resource, secrets),
            message=masked(finding.message, secrets),
            level=finding.level,
            system=masked(finding.system or "", secrets) or None,
            remedy=masked(finding.remedy, secrets),
            waived=None if finding.waived is None else masked(finding.waived, secrets),
        )
        for finding in findings
    )
    return tuple(sorted(shown, key=_weight))


def _weight(finding: Finding) -> tuple[bool, bool, str, str, Finding]:
    return finding.waived is not None, not finding.fails, finding.system or "", finding.resource, finding
