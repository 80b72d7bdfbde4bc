"""The forms that programs read: JSON, SARIF, JUnit, and the one page for browsers."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]  # its types are a package that nothing else needs
import pytest

from policies.finding import Finding
from report.forms.document import document, schema
from report.forms.drawing import svg
from report.forms.html import html
from report.forms.junit import junit
from report.forms.sarif import sarif
from report.graph import Node, graph
from report.preview import Operation
from report.report import Report
from tests.report.record import stream
from tests.report.reports import recorded, report, step, summary, twins
from tests.tetrix import ROOT

FORMS = (document, html, junit, sarif)

NASTY = """</script><b>&amp;"' ]]> <!-- ${x} {{ x }} \x00 \ufffe"""

TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}

SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
    "additionalProperties": False,
    "$defs": {
        "run": {
            "type": "object",
            "required": ["tool"],
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {"driver": {"$ref": "#/$defs/component"}},
                },
                "automationDetails": {"type": "object", "properties": {"id": {"type": "string"}}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
            "additionalProperties": False,
        },
        "component": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/descriptor"}},
            },
            "additionalProperties": False,
        },
        "descriptor": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}, "shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT},
            "additionalProperties": False,
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": -1},
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": TEXT,
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "suppressions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["kind"],
                        "properties": {"kind": {"enum": ["inSource", "external"]}, "justification": {"type": "string"}},
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
        "location": {
            "type": "object",
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "properties": {
                        "artifactLocation": {"type": "object", "properties": {"uri": {"type": "string"}}},
                        "region": {"type": "object", "properties": {"startLine": {"type": "integer", "minimum": 1}}},
                    },
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                },
                "logicalLocations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}},
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
}
"""The parts of SARIF 2.1.0 that are used, with the names and types that its schema gives them."""


@pytest.fixture(params=["planted", "drifted", "first", "secret", "same"])
def made(request: pytest.FixtureRequest) -> Report:
    stack = {"first": "performance", "secret": "staging", "same": "staging"}.get(request.param, "production")
    return recorded(request.param, stack)


def nasty() -> Report:
    """A report in which every text holds what means something to one form or another."""
    changes = [
        step("create", f"it{NASTY}", "cloudflare:index/dnsRecord:DnsRecord", None, {"name": NASTY, "content": NASTY})
    ]
    finding = Finding(NASTY, NASTY, NASTY, "mandatory", NASTY, NASTY)
    warning = {"diagnosticEvent": {"severity": "warning", "message": NASTY}}
    drift = step("refresh", "d", "x:index:New", {"a": NASTY}, {"a": f"{NASTY}2"}, "a")
    return report(summary(*changes, drift, warning), findings=[finding])


@pytest.mark.parametrize("form", FORMS)
def test_a_second_report_is_the_same_to_the_byte(form: Any) -> None:
    one, other = twins()
    assert form(one).encode() == form(other).encode()


def test_the_json_is_what_its_schema_says(made: Report) -> None:
    jsonschema.validate(json.loads(document(made)), schema())


def test_the_schema_is_the_one_that_is_documented() -> None:
    file = ROOT / "docs" / "schema" / "report.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == schema()


def test_the_json_has_the_planted_changes_with_risk_and_price() -> None:
    told = json.loads(document(recorded("planted")))
    assert told["counts"] == {"create": 2, "update": 3, "replace": 1}
    assert told["risks"] == {"data": 1, "traffic": 4, "restart": 1}
    (release,) = (change for change in told["changes"] if change["noun"] == "release")
    assert release["lines"] == [{"what": "memory of each machine", "old": "2,048 MB", "new": "4,096 MB"}]
    assert release["cost"] == {"low": 28.63, "high": 85.89, "unknown": 0}
    assert told["cost"]["before"] == {"low": 67.83, "high": 133.5, "unknown": 0}
    assert told["drift"] is None


def test_a_preview_that_changes_nothing_has_no_changes() -> None:
    told = json.loads(document(recorded("same", "staging")))
    assert not told["changes"]


def test_sarif_has_the_structure_that_the_standard_gives_it(made: Report) -> None:
    jsonschema.validate(json.loads(sarif(made)), SARIF)


def test_sarif_tells_levels_places_and_waivers() -> None:
    (run,) = json.loads(sarif(recorded("planted")))["runs"]
    told = [
        (
            result["ruleId"],
            result["level"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            [each["justification"] for each in result.get("suppressions", [])],
        )
        for result in run["results"]
    ]
    assert told == [
        ("two-machines", "error", "systems/paintbox.yaml", []),
        ("image-digest", "warning", "systems/paintbox.yaml", []),
        ("volume-snapshots", "error", "systems/tattoo-contest.yaml", ["backed up elsewhere (until 2027-03-31)"]),
    ]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert len({result["partialFingerprints"]["finding/v1"] for result in run["results"]}) == len(run["results"])


def test_a_finding_about_the_whole_stack_lies_in_the_stacks_file() -> None:
    made = report(stream("same"), "staging", [Finding("within-budget", "staging", "too much", "mandatory")])
    (result,) = json.loads(sarif(made))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "Pulumi.staging.yaml"}


def test_junit_has_a_test_a_finding() -> None:
    root = ElementTree.fromstring(junit(recorded("planted")))  # noqa: S314  made here
    (suite,) = root
    assert suite.attrib == {
        "name": "policies of production",
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    told = [(case.attrib["classname"], case.attrib["name"], [part.tag for part in case]) for case in suite]
    assert told == [
        ("two-machines", "paintbox-release", ["failure"]),
        ("image-digest", "paintbox-release", ["system-out"]),
        ("volume-snapshots", "tattoo-contest-volume", ["skipped"]),
    ]


def test_junit_without_a_finding_has_one_test_that_passes() -> None:
    root = ElementTree.fromstring(junit(report(stream("same"), "staging")))  # noqa: S314  made here
    assert root.attrib["tests"] == "1"
    assert [list(case) for case in root[0]] == [[]]


@pytest.mark.parametrize("form", [junit])
def test_no_text_breaks_the_xml(form: Any) -> None:
    ElementTree.fromstring(form(nasty()))  # noqa: S314  made here


class _Page(HTMLParser):
    """The tags of a page, checked to be closed in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [str(value) for name, value in attrs if name in {"src", "href", "srcset", "action"}]
        if tag not in {"meta", "br", "rect", "path"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"rect", "path"}:
            assert self.open.pop() == tag


@pytest.mark.parametrize("of", ["planted", "drifted", "nasty"])
def test_the_page_is_whole_and_needs_nothing_else(of: str) -> None:
    text = html(nasty() if of == "nasty" else recorded(of))
    page = _Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert page.links == []
    assert not {"script", "link", "img", "iframe", "b"} & set(page.seen)
    assert not re.search(
        r"url\(|@import|https?://(?!www\.w3\.org)", re.sub(r"<(td|li|code|dd)\b.*?</\1>", "", text, flags=re.DOTALL)
    )
    assert "default-src 'none'" in text


def test_the_page_tells_what_the_comment_tells() -> None:
    text = html(recorded("planted"))
    assert "<h1>production: 2 to create, 3 to update, 1 to replace</h1>" in text
    assert "<code>2,048 MB</code> → <code>4,096 MB</code>" in text
    assert '<td class="money">+$28.63 to +$85.89</td>' in text
    assert "name the image by its digest" in text
    assert "backed up elsewhere (until 2027-03-31)" in text


def test_boxes_of_the_graph_neither_overlap_nor_leave_the_picture() -> None:
    nodes = recorded("first", "performance").nodes
    root = ElementTree.fromstring(svg(nodes))  # noqa: S314  made here
    boxes = [tuple(int(box.attrib[key]) for key in ("x", "y", "width", "height")) for box in root.iter("rect")]
    assert len(boxes) == len(nodes)
    assert all(x >= 0 and y >= 0 for x, y, _, _ in boxes)
    assert all(x + width <= int(root.attrib["width"]) for x, _, width, _ in boxes)
    assert all(y + height <= int(root.attrib["height"]) for _, y, _, height in boxes)
    pairs = [(one, other) for index, one in enumerate(boxes) for other in boxes[:index]]
    assert not [pair for pair in pairs if _overlap(*pair)]


def _overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2] for axis in (0, 1))


def test_the_graph_shows_changes_below_their_systems() -> None:
    nodes = recorded("planted").nodes
    (index,) = (number for number, node in enumerate(nodes) if node.title == "paintbox")
    below = [node for node in nodes if node.parent == index]
    assert below == [
        Node(index, "change", "release", "paintbox", Operation.UPDATE),
        Node(index, "rest", "13 unchanged"),
    ]


@pytest.mark.parametrize(("count", "titles"), [(3, 3), (300, 1)])
def test_a_graph_of_many_changes_groups_them(count: int, titles: int) -> None:
    steps = [step("create", f"r{number}", "fly:index:App", None, {"name": f"r{number}"}) for number in range(count)]
    nodes = report(summary(*steps)).nodes
    changes = [node for node in nodes if node.kind == "change"]
    assert len(changes) == titles
    if titles == 1:
        assert (changes[0].title, changes[0].detail) == ("Fly.io app", "300 to create")


def test_even_of_very_many_systems_a_graph_can_be_looked_at() -> None:
    made = report(summary(*(step("create", f"r{n}", f"x{n}:index:Y{n}", None, {}) for n in range(200))))
    systems = {change.urn: f"system-{index}" for index, change in enumerate(made.changes)}
    spread = [change.__class__(**{**change.__dict__, "system": systems[change.urn]}) for change in made.changes]
    preview = type("P", (), {"stack": "production", "resources": ()})()
    nodes = graph(preview, spread, systems)
    assert len(nodes) == 80
    assert nodes[-1].title == "and 122 more systems"
