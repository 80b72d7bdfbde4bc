"""The report as JSON, by a documented schema: docs/schema/report.schema.json."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from prices.line import Amount
from report.changes import Change, Line
from report.forms import headline
from report.preview import Operation
from report.price_rows import price_rows
from report.report import Report
from report.risk import Risk
from report.secrecy import masked

VERSION: Final = 1

OperationName = Literal["create", "import", "update", "replace", "delete"]
RiskName = Literal["data", "traffic", "restart"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class LinePart(_Part):
    """One property that changes. Both texts are null where only the fact may be told, as of a secret."""

    what: str
    """In plain words."""
    old: str | None
    """Before; null where it was not set."""
    new: str | None
    """After; null where it is not set any more."""


class DangerPart(_Part):
    """What a change puts at risk, and why."""

    risk: RiskName
    reason: str


class MoneyPart(_Part):
    """US dollars a month."""

    low: float
    """At the least."""
    high: float
    """At the most."""
    unknown: int
    """How many things have a price that nobody can say."""


class ChangePart(_Part):
    """What happens to one resource."""

    operation: OperationName
    urn: str
    type: str
    """The type token."""
    system: str
    """The system it belongs to, or the zone that several share; empty for neither."""
    noun: str
    name: str
    """What people call it."""
    facts: tuple[str, ...]
    """What matters about a resource that comes or goes."""
    lines: tuple[LinePart, ...]
    dangers: tuple[DangerPart, ...]
    """The heaviest first."""
    cost: MoneyPart
    """What the change adds; those of all changes and the cost's `beside` add up to the difference of the stack's."""


class DriftPart(_Part):
    """A resource that somebody changed behind the engine's back."""

    urn: str
    system: str
    noun: str
    name: str
    gone: bool
    lines: tuple[LinePart, ...]
    """`old` is as it was deployed, `new` as it is."""


class SystemCostPart(_Part):
    """What one system costs."""

    system: str
    """`shared` for what serves several."""
    before: MoneyPart
    after: MoneyPart


class CostPart(_Part):
    """What the stack costs."""

    before: MoneyPart
    after: MoneyPart
    beside: MoneyPart
    """What changes and belongs to no resource, such as the plan of a zone that the stack comes to use."""
    systems: tuple[SystemCostPart, ...]
    items: tuple[dict[str, str], ...]
    """Each thing that is paid for, as people read it: `system`, `resource`, `item`, `before`, `after`, `source`."""


class FindingPart(_Part):
    """What a policy has against the stack as it would be."""

    rule: str
    level: Literal["mandatory", "advisory", "off"]
    """`mandatory` stops a deployment unless it is waived."""
    system: str | None
    resource: str
    message: str
    remedy: str
    waived: str | None
    """Why it is let pass, and until when."""


class Document(_Part):
    """A report."""

    version: Literal[1]
    stack: str
    headline: dict[Literal["changes", "risk", "cost", "policies", "drift"], str]
    """The sentences at the top of the comment."""
    counts: dict[OperationName, Annotated[int, Field(ge=1)]]
    """How many resources each operation happens to."""
    unchanged: int
    risks: dict[RiskName, Annotated[int, Field(ge=1)]]
    """How many changes carry each risk."""
    changes: tuple[ChangePart, ...]
    """The most dangerous first."""
    drift: tuple[DriftPart, ...] | None
    """Null: the preview did not look."""
    cost: CostPart
    findings: tuple[FindingPart, ...]
    undecided: int
    """How many rules cannot be decided before the deployment."""
    warnings: tuple[str, ...]
    """Of the engine."""


def document(report: Report) -> str:
    """The JSON text."""
    text = _document(report).model_dump_json(indent=2) + "\n"
    return masked(text, report.secrets)


def schema() -> dict[str, Any]:
    """The JSON Schema of the text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Document.model_json_schema(mode="serialization"),
    }


def _document(report: Report) -> Document:
    comparison = report.pricing.comparison
    return Document(
        version=VERSION,
        stack=report.stack,
        headline={
            "changes": headline.counts(report),
            "risk": headline.risk(report),
            "cost": headline.cost(report),
            "policies": headline.policies(report),
            "drift": headline.drift(report),
        },
        counts={_operation(operation): count for operation, count in report.counts.items()},
        unchanged=report.unchanged,
        risks={_risk(risk): count for risk, count in report.risks.items()},
        changes=tuple(_change(report, change) for change in report.changes),
        drift=None
        if report.drift is None
        else tuple(
            DriftPart(
                urn=moved.urn,
                system=moved.system,
                noun=moved.noun,
                name=moved.title,
                gone=moved.gone,
                lines=_lines(moved.lines),
            )
            for moved in report.drift
        ),
        cost=CostPart(
            before=_money(comparison.total.before),
            after=_money(comparison.total.after),
            beside=_money(report.pricing.beside),
            systems=tuple(
                SystemCostPart(system=each.system, before=_money(each.before), after=_money(each.after))
                for each in comparison.systems
            ),
            items=tuple(
                {
                    "system": row.system,
                    "resource": row.resource,
                    "item": row.item,
                    "before": row.before,
                    "after": row.after,
                    "source": row.source,
                }
                for row in price_rows(report.pricing, report.secrets)
                if not row.total
            ),
        ),
        findings=tuple(
            FindingPart(
                rule=finding.rule,
                level=finding.level,
                system=finding.system,
                resource=finding.resource,
                message=finding.message,
                remedy=finding.remedy,
                waived=finding.waived,
            )
            for finding in report.findings
        ),
        undecided=report.undecided,
        warnings=report.warnings,
    )


def _change(report: Report, change: Change) -> ChangePart:
    return ChangePart(
        operation=_operation(change.operation),
        urn=change.urn,
        type=change.type,
        system=change.system,
        noun=change.noun,
        name=change.title,
        facts=change.facts,
        lines=_lines(change.lines),
        dangers=tuple(DangerPart(risk=_risk(each.risk), reason=each.reason) for each in change.dangers),
        cost=_money(report.pricing.steps.get(change.urn, Amount())),
    )


def _lines(lines: tuple[Line, ...]) -> tuple[LinePart, ...]:
    return tuple(LinePart(what=line.label, old=line.old, new=line.new) for line in lines)


def _money(amount: Amount) -> MoneyPart:
    return MoneyPart(low=float(amount.low), high=float(amount.high), unknown=amount.unknown)


def _operation(operation: Operation) -> OperationName:
    names: dict[Operation, OperationName] = {
        Operation.CREATE: "create",
        Operation.IMPORT: "import",
        Operation.UPDATE: "update",
        Operation.REPLACE: "replace",
        Operation.DELETE: "delete",
    }
    return names[operation]


def _risk(risk: Risk) -> RiskName:
    names: dict[Risk, RiskName] = {Risk.DATA: "data", Risk.TRAFFIC: "traffic", Risk.RESTART: "restart"}
    return names[risk]
