"""The comment: every change in a form that a reviewer can read, and never longer than a forge takes."""

from __future__ import annotations

import functools
import html as entities
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policies.finding import Finding
from report.forms.markdown import GRAPH, LIMIT, markdown
from report.forms.mermaid import mermaid
from report.forms.page import code, plain
from report.graph import MOST
from report.report import Report
from tests.report.record import stream
from tests.report.reports import recorded, report, step, summary, twins, update

MARKER = len("<!-- slipway report of production -->\n")
RELEASE = "fly:index:Release"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
VOLUME = "fly:index:Volume"


def rendered(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"linkify": False}).render(text))


def cells(text: str) -> Iterator[list[str]]:
    """The cells of each row of each table, as a reader sees them."""
    for row in re.findall(r"<tr>(.*?)</tr>", rendered(text), re.DOTALL):
        found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        yield [" ".join(entities.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in found]


def test_the_headline_says_it_all() -> None:
    assert markdown(recorded("planted")).text.splitlines()[:6] == [
        "## production: 2 to create, 3 to update, 1 to replace",
        "",
        "- **Risk:** data (1 change), traffic (4 changes), restart (1 change)",
        r"- **Cost:** \$67.83 to \$133.50 → \$96.46 to \$219.39 a month (+\$28.63 to +\$85.89)",
        "- **Policies:** 1 finding to mend before a deployment, 1 piece of advice, 1 waived, "
        "1 not known before the deployment",
        "- **Drift:** not looked for (--refresh looks)",
    ]


def test_the_planted_changes_stand_in_the_table_with_risk_and_price() -> None:
    rows = {row[1]: row for row in cells(markdown(recorded("planted")).text) if len(row) == 5}
    assert rows.keys() - {"Resource"} == {
        "tattoo-contest volume tattoo-contest/contest_data",
        "tetrixcorp-com ruleset firewall rules",
        "tetrixcorp-com ruleset response headers",
        "tetrix DNS record shop.tetrixcorp.com CNAME",
        "tetrix Worker route shop.tetrixcorp.com/*",
        "paintbox release paintbox",
    }
    assert rows["paintbox release paintbox"] == [
        "update",
        "paintbox release paintbox",
        "memory of each machine: 2,048 MB → 4,096 MB",
        "restart : a new release replaces the machines one after the other",
        "+$28.63 to +$85.89",
    ]
    volume = rows["tattoo-contest volume tattoo-contest/contest_data"]
    assert volume[0] == "replace"
    assert volume[3] == "data : what lies on the volume is lost; its snapshots are not copied"
    assert "rule tetrix_xss: removed" in rows["tetrixcorp-com ruleset firewall rules"][2]


def test_findings_come_with_their_remedies_and_waivers() -> None:
    rows = [row for row in cells(markdown(recorded("planted")).text) if len(row) == 4]
    assert rows == [
        ["Finding", "Resource", "What", "What to do"],
        [
            "must be mended two-machines",
            "paintbox paintbox-release",
            "paintbox-release: one machine keeps running",
            "set app.machines.minimum to 2 or more",
        ],
        [
            "advice image-digest",
            "paintbox paintbox-release",
            "paintbox-release: v1 is no digest",
            "name the image by its digest",
        ],
        ["Finding", "Resource", "What", "Let pass because"],
        [
            "volume-snapshots",
            "tattoo-contest tattoo-contest-volume",
            "tattoo-contest-volume: no snapshots",
            "backed up elsewhere (until 2027-03-31)",
        ],
    ]


def test_drift_is_told_beside_what_was_deployed() -> None:
    text = markdown(recorded("drifted")).text
    assert "- **Drift:** 1 resource changed behind the engine's back" in text
    assert ["paintbox uptime check paintbox-simple", "kind: https → ping"] in list(cells(text))


def test_a_preview_without_changes_says_so_in_a_few_lines() -> None:
    text = markdown(report(stream("same"), "staging")).text
    assert text.startswith("## staging: nothing changes\n")
    assert "### " not in text


@pytest.mark.parametrize("whole", [False, True])
def test_a_second_report_is_the_same_to_the_byte_whatever_came_first(whole: bool) -> None:
    one, other = twins()
    assert one == other
    assert markdown(one, whole=whole).text.encode() == markdown(other, whole=whole).text.encode()


def many_records(count: int) -> list[Mapping[str, Any]]:
    """A stream that creates so many DNS records."""
    names = (f"some-longer-name-of-a-record-{number:04}" for number in range(count))
    return summary(
        *(step("create", name, RECORD, None, {"type": "A", "name": name, "content": "192.0.2.1"}) for name in names)
    )


@functools.cache
def crowd(count: int) -> Report:
    """A report on many changes of all kinds, with as many findings and a drift each."""
    events: list[dict[str, Any]] = []
    for number in range(count):
        name = f"some-longer-name-of-a-resource-{number:04}"
        record = {"type": "A", "name": f"{name}.example.com", "content": "x" * 200}
        match number % 4:
            case 0:
                events.append(step("create", name, RECORD, None, record))
            case 1:
                events.append(step("replace", name, VOLUME, {"name": name, "sizeGb": 1}, {"name": name, "sizeGb": 2}))
            case 2:
                variables = {f"VARIABLE_{index}": "v" * 60 for index in range(10)}
                events.append(step("update", name, RELEASE, {"config": {"env": {}}}, {"config": {"env": variables}}))
            case _:
                events.append(step("delete", name, "x:index:New", record, None))
        events.append(step("refresh", name, RECORD, {"content": "a"}, {"content": "b" * 300}, "content"))
    warnings = [
        {"diagnosticEvent": {"severity": "warning", "message": f"warning {n} {'w' * 300}"}} for n in range(count)
    ]
    findings = [
        Finding(
            f"rule-{number}",
            f"resource-{number}",
            "m" * 300,
            "mandatory",
            "system",
            "r" * 200,
            "w" * 90 if number % 2 else None,
        )
        for number in range(count)
    ]
    return report(summary(*events, *warnings), findings=findings)


@pytest.mark.thorough
@pytest.mark.parametrize("count", [20, 500])
def test_however_much_changes_the_comment_can_be_posted(count: int) -> None:
    made = crowd(count)
    text, left_out = markdown(made)
    assert len(text.encode()) + MARKER <= LIMIT
    assert left_out > 0
    told = sum(int(number) for number in re.findall(r"^(\d+) more rows are in the whole report\.$", text, re.MULTILINE))
    assert told == left_out
    assert len(made.nodes) <= MOST
    whole = markdown(made, whole=True)
    assert whole.left_out == 0
    assert all(f"some-longer-name-of-a-resource-{number:04}" in whole.text for number in range(count))


def test_a_graph_of_long_names_keeps_to_its_share() -> None:
    names = [f"{'|' * 60}{number}" for number in range(70)]
    steps = (step("create", f"r{index}", "fly:index:App", None, {"name": name}) for index, name in enumerate(names))
    text = markdown(report(summary(*steps))).text
    drawn = re.search(r"```mermaid\n.*?```", text, re.DOTALL)
    assert drawn
    assert len(drawn[0]) <= GRAPH
    assert len(text.encode()) + MARKER <= LIMIT


def test_what_is_most_dangerous_is_what_is_kept() -> None:
    rows = [row for row in cells(markdown(crowd(500)).text) if len(row) == 5 and row[0] != "Change"]
    assert len(rows) > 40
    assert all("data" in row[3] for row in rows)


NASTY = st.text(st.sampled_from("ab|`<>@#*_[]()~$\\&\n\r\t\"'é漢😀-=:!{}"), max_size=60)


@given(NASTY)
def test_any_text_is_shown_as_it_is_and_as_nothing_else(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| {plain(text)} | {code(text)} |\n"
    shown = " ".join(text.split())
    (_, row) = list(cells(table))
    assert row[0].split() == shown.split()
    # In code a backslash before a bar cannot be told from one that escapes it.
    assert row[1].replace("\\", "").split() == shown.replace("\\", "").split()


@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=40), st.integers(1, 30))
def test_no_input_makes_the_comment_too_long_or_breaks_its_tables(pairs: list[tuple[str, str]], times: int) -> None:
    events = [
        step("update", f"r{index}", "x:index:New", {"a": old * times}, {"a": new * times, "b": f"{index}"})
        for index, (old, new) in enumerate(pairs)
    ]
    text, _ = markdown(report(summary(*events)))
    assert len(text.encode()) + MARKER <= LIMIT
    assert {len(row) for row in cells(text)} <= {5}


def test_mermaid_is_told_nothing_that_it_could_take_for_its_own() -> None:
    made = update("cloudflare:index/workersRoute:WorkersRoute", {"pattern": "a"}, {"pattern": 'x"]; click n0 <b>`#*'})
    assert 'n2["Worker route<br/>x#34;#93;; click n0 #60;b#62;#96;#35;#42;"]:::updateNode' in mermaid(made.nodes)
