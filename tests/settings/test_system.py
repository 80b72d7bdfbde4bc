"""What systems have on every platform."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, refusals

KEPT = ("{edge: {mode: platform}, app: {variables: {EDGE_ORIGIN_SECRET: a}}}",)
REFUSED = (
    (
        "description: null",
        [
            "description: description is required; add it, such as description: A site in two replicas in Frankfurt",
        ],
    ),
    (
        'description: ""',
        [
            'description: the text is empty; write it as in "A site in two replicas in Frankfurt"',
        ],
    ),
    (
        'description: "two\\nlines"',
        [
            'description: "two\\nlines" is not one line of text, with neither spaces nor control characters '
            'around it; write it as in "A site in two replicas in Frankfurt"',
        ],
    ),
    (
        "platform: digitalocan",
        [
            'platform: "digitalocan" is not one of digitalocean, fly; did you mean "digitalocean"?',
        ],
    ),
    (
        "platform: null",
        [
            "platform: platform is required; add it, such as platform: digitalocean",
        ],
    ),
    (
        "monitering: {}",
        [
            'monitering: unknown key monitering; did you mean "monitoring"?',
        ],
    ),
    (
        '{monitoring: {notify: {slack: {channel: "#a", webhook_secret: HOOK}}}, app: {variables: {HOOK: a}}}',
        [
            "app.variables.HOOK: HOOK is a plain variable of the app and a secret of the system; rename the variable",
        ],
    ),
    (
        "{edge: {mode: cloudflare}, app: {variables: {EDGE_ORIGIN_SECRET: a}}}",
        [
            "app.variables.EDGE_ORIGIN_SECRET: EDGE_ORIGIN_SECRET is a plain variable of the app and a secret of "
            "the system; rename the variable",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems
