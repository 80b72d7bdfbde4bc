"""The findings of policies as SARIF 2.1.0, which code scanning reads (docs.oasis-open.org/sarif/sarif/v2.1.0, 2023)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from policies.finding import Finding
from policies.registry import registry
from report.report import Report
from report.secrecy import masked

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"mandatory": "error", "advisory": "warning", "off": "none"}


def sarif(report: Report) -> str:
    """The JSON text: one run, with the rules that found something, in the order of their names."""
    names = sorted({finding.rule for finding in report.findings})
    run = {
        "tool": {"driver": {"name": "Slipway", "rules": [_rule(name) for name in names]}},
        "automationDetails": {"id": f"slipway/{report.stack}/"},
        "results": [_result(report.stack, finding, names) for finding in report.findings],
    }
    text = json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)
    return masked(text, report.secrets) + "\n"


def _rule(name: str) -> dict[str, Any]:
    rule = registry().get(name)
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.remedy}; source: {rule.source}"},
    }


def _result(stack: str, finding: Finding, names: list[str]) -> dict[str, Any]:
    about = f"{finding.system}/{finding.resource}" if finding.system else finding.resource
    identity = "\0".join((stack, finding.rule, finding.resource, finding.message))
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": names.index(finding.rule),
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.message}; {finding.remedy}"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _file(stack, finding)}, "region": {"startLine": 1}},
                "logicalLocations": [{"fullyQualifiedName": f"{stack}/{about}", "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"finding/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }
    if finding.waived is not None:
        result["suppressions"] = [{"kind": "external", "justification": finding.waived}]
    return result


def _file(stack: str, finding: Finding) -> str:
    """Where what is wrong is written: in the system's file, or in the stack's."""
    return f"systems/{finding.system}.yaml" if finding.system else f"Pulumi.{stack}.yaml"
