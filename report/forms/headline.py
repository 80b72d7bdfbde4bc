"""The few lines that say it all, the same in every form."""

from __future__ import annotations

from report.money import span
from report.report import Report


def counts(report: Report) -> str:
    """Such as `2 to create, 1 to replace`."""
    said = [f"{count} to {operation.value}" for operation, count in report.counts.items()]
    return ", ".join(said) or "nothing changes"


def risk(report: Report) -> str:
    """How many changes put what at risk."""
    said = [f"{risk.value} ({_times(count, 'change')})" for risk, count in report.risks.items()]
    return ", ".join(said) or "none"


def cost(report: Report) -> str:
    """Before, after and the difference, in US dollars a month."""
    total = report.pricing.comparison.total
    if total.before == total.after:
        return f"{span(total.after)} a month, unchanged"
    return f"{span(total.before)} → {span(total.after)} a month ({span(total.delta, signed=True)})"


def policies(report: Report) -> str:
    """How many findings there are, and how many were let pass."""
    stop = sum(finding.fails for finding in report.findings)
    advise = len(report.standing) - stop
    waived = len(report.findings) - len(report.standing)
    said = [
        f"{_times(stop, 'finding')} to mend before a deployment" if stop else "",
        f"{_times(advise, 'piece')} of advice" if advise else "",
        f"{waived} waived" if waived else "",
        f"{report.undecided} not known before the deployment" if report.undecided else "",
    ]
    return ", ".join(filter(None, said)) or "nothing found"


def drift(report: Report) -> str:
    """What was changed behind the engine's back."""
    if report.drift is None:
        return "not looked for (--refresh looks)"
    if not report.drift:
        return "none"
    return f"{_times(len(report.drift), 'resource')} changed behind the engine's back"


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
