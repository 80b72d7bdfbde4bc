"""The findings of policies as JUnit's XML, which most CI systems show as tests: one test a finding."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from report.report import Report
from report.secrecy import masked

_UNFIT: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What no XML document may contain (w3.org/TR/xml, section 2.2)."""


def junit(report: Report) -> str:
    """The XML text. A finding that stops a deployment is a failure, a waived one is skipped, advice passes with words;
    without a finding there is one test that passes."""
    failures = sum(finding.fails for finding in report.findings)
    skipped = sum(finding.waived is not None for finding in report.findings)
    tests = len(report.findings) or 1
    numbers = {"tests": str(tests), "failures": str(failures), "errors": "0", "skipped": str(skipped)}
    root = Element("testsuites", {"name": "slipway", **numbers})
    suite = SubElement(root, "testsuite", {"name": f"policies of {report.stack}", **numbers})
    for finding in report.findings:
        case = SubElement(suite, "testcase", _attributes(_text(finding.rule, report), _text(finding.resource, report)))
        told = _text(f"{finding.message}\n{finding.remedy}", report)
        if finding.waived is not None:
            SubElement(case, "skipped", {"message": _text(f"waived: {finding.waived}", report)})
        elif finding.fails:
            SubElement(
                case, "failure", {"message": _text(finding.message, report), "type": _text(finding.rule, report)}
            ).text = told
        else:
            SubElement(case, "system-out").text = told
    if not report.findings:
        SubElement(suite, "testcase", _attributes("policies", report.stack))
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _attributes(class_name: str, name: str) -> dict[str, str]:
    return {"classname": class_name, "name": name, "time": "0"}


def _text(text: str, report: Report) -> str:
    return _UNFIT.sub("", masked(text, report.secrets))
