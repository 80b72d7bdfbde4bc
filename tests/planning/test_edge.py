"""The Worker's name and code."""

from __future__ import annotations

from planning.edge import worker_name, worker_script


def test_each_environment_has_its_own_worker() -> None:
    assert worker_name("tetrix", "production") == "tetrix"
    assert worker_name("tetrix", "staging") == "tetrix-staging"
    assert len(worker_name("a" * 70, "staging")) == 63


def test_the_worker_needs_only_what_it_is_bound_to() -> None:
    """The secret is a binding, never part of the code, which everybody with access to the account can read."""
    script = worker_script()
    assert [name for name in ("ORIGIN_HEADER", "ORIGIN_HOST", "ORIGIN_SECRET") if f"env.{name}" in script] == [
        "ORIGIN_HEADER",
        "ORIGIN_HOST",
        "ORIGIN_SECRET",
    ]
    assert script.count("env.") == 3


def test_the_worker_leaves_redirects_to_the_visitor_and_refuses_plain_http() -> None:
    script = worker_script()
    assert 'redirect: "manual"' in script
    assert script.index('url.protocol === "http:"') < script.index("env.ORIGIN_HOST")
