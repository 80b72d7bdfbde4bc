"""The page of the policies says of each rule what people need."""

from __future__ import annotations

import re

import pytest

from ops.policy_page import policies_page
from policies.registry import registry

PAGE = policies_page()


def test_the_page_has_a_row_and_a_section_for_each_rule() -> None:
    assert re.findall(r"^### (.+)$", PAGE, re.MULTILINE) == list(registry())
    assert re.findall(r"^\| \[([^]]+)\]\(#", PAGE, re.MULTILINE) == list(registry())


@pytest.mark.parametrize("name", registry())
def test_a_section_says_why_and_what_to_do(name: str) -> None:
    rule = registry()[name]
    section = PAGE.partition(f"### {name}\n")[2].partition("\n### ")[0]
    for said in (rule.title, rule.why, rule.remedy, rule.source):
        assert said in section
