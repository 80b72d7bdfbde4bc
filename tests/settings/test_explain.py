"""Every kind of error that the models can have is said in this project's words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from settings.explain import kind_of
from settings.schema import settings_schema
from settings.stack import StackSettings
from tests.settings.samples import DIGITALOCEAN, FLY, refusals


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ('app: {port: "2"}', 'app.port: "2" must be a whole number, not text; remove the quotes'),
        ("app: {port: many}", 'app.port: "many" must be a whole number, not text; write a whole number'),
        ("app: {port: 1e999}", 'app.port: "1e999" must be a whole number, not text; write a whole number'),
        ("app: {port: 80.5}", "app.port: 80.5 must be a whole number, not a decimal number; round it"),
        ("app: {port: true}", "app.port: true must be a whole number, not true or false; write a whole number"),
        ("app: {port: [80]}", "app.port: must be a whole number, not a list; write a whole number"),
        ("app: {port: {a: 1}}", "app.port: must be a whole number, not a map; write a whole number"),
        ("app: {port: 99999999999999999999}", "app.port: 99999999999999999999 is more than 65535; choose 1 to 65535"),
        ("app: {name: 5}", 'app.name: 5 must be text, not a whole number; put it in quotes: "5"'),
        ("app: {name: 1.5}", 'app.name: 1.5 must be text, not a decimal number; put it in quotes: "1.5"'),
        ("app: {name: true}", 'app.name: true must be text, not true or false; put it in quotes: "true"'),
        ("app: {name: [a]}", "app.name: must be text, not a list; write text"),
        ("app: {adopt: 5}", 'app.adopt: 5 must be text, not a whole number; put it in quotes: "5"'),
        (
            "app: {adopt: abc}",
            'app.adopt: "abc" is not an id; copy it whole, as in 123e4567-e89b-12d3-a456-426614174000',
        ),
        (
            "app: {github: {deploy_on_push: no}}",
            'app.github.deploy_on_push: "no" must be true or false, not text; write true or false',
        ),
        ("app: {health: /api}", 'app.health: "/api" must be a map of keys, not text; write a map of keys'),
        ("app: {variables: [a]}", "app.variables: must be a map of keys, not a list; write a map of keys"),
        ("app: {cors: {a: 1}}", "app.cors: must be a list, not a map; write a list"),
        (
            "monitoring: {regions: eu_west}",
            'monitoring.regions: "eu_west" must be a list, not text; put it in brackets: ["eu_west"]',
        ),
        (
            'monitoring: {uptime_percent: "99.9"}',
            'monitoring.uptime_percent: "99.9" must be a number, not text; remove the quotes',
        ),
        ("monitoring: {regions: []}", "monitoring.regions: it is empty; write at least 1 entry"),
        (
            "monitoring: {probes: {a: {path: /, slow_above: [1s, 2s, 3s, 4s]}}}",
            "monitoring.probes.a.slow_above: 4 entries are more than 3; shorten it",
        ),
        ("edge: {mode: 5}", "edge.mode: 5 is not one of platform, cloudflare; use one of them"),
        ("edge: {mode: [platform]}", 'edge.mode: ["platform"] is not one of platform, cloudflare; use one of them'),
        ("app: {region: 5}", 'app.region: 5 must be text, not a whole number; put it in quotes: "5"'),
        ("app: {health: null}", 'app.health: health is required; add it, such as health: {"path": "/api/health"}'),
        ("app: null", "app: app is required; add it, see docs/configuration.md"),
        ("platform: []", "platform: [] is not one of digitalocean, fly; use one of them"),
        ('"a\\nb": 1', '"a\\nb": unknown key "a\\nb"; '),
    ],
)
def test_a_wrong_value_is_explained(change: str, problem: str) -> None:
    (found,) = refusals(DIGITALOCEAN, change)
    assert found == problem or (problem.endswith("; ") and found.startswith(problem))


def test_a_step_is_explained() -> None:
    (found,) = refusals(FLY, "app: {machines: {memory_mb: 300}}")
    assert found == "app.machines.memory_mb: 300 is not a multiple of 256; round it"


def test_a_long_value_is_cut() -> None:
    (found,) = refusals(DIGITALOCEAN, f"app: {{port: {'x' * 10_000}}}")
    assert found == f'app.port: "{"x" * 59}…" must be a whole number, not text; write a whole number'


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "app: {secrets: {A: hunter2}}",
            "app.secrets.A: the value must be a map of keys, not text; "
            "write {} here; the value itself is set with pulumi config set --secret",
        ),
        (
            "app: {secrets: {A: [hunter2]}}",
            "app.secrets.A: must be a map of keys, not a list; "
            "write {} here; the value itself is set with pulumi config set --secret",
        ),
        ("app: {secrets: hunter2}", "app.secrets: the value must be a map of keys, not text; write a map of keys"),
        (
            "app: {secrets: {A: {scope: hunter2}}}",
            "app.secrets.A.scope: the value is not one of run_time, run_and_build_time; use one of them",
        ),
        ("app: {secrets: {A: {hunter: hunter2}}}", "app.secrets.A.hunter: unknown key hunter; known here: scope"),
    ],
)
def test_what_stands_below_secrets_is_never_repeated(change: str, problem: str) -> None:
    (found,) = refusals(DIGITALOCEAN, change)
    assert found == problem
    assert "hunter2" not in found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (False, "true or false"),
        (0, "a whole number"),
        (0.5, "a decimal number"),
        ("", "text"),
        ([], "a list"),
        ({}, "a map"),
    ],
)
def test_types_have_names(value: object, words: str) -> None:
    assert kind_of(value) == words


def test_every_pattern_has_a_meaning_in_words() -> None:
    schema = settings_schema()
    unexplained = [path for path, part in _strings(schema, ()) if "pattern" in part and "x-meaning" not in part]
    assert unexplained == []


def _strings(part: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    if isinstance(part, list):
        return [found for item in part for found in _strings(item, path)]
    if not isinstance(part, dict):
        return []
    own = [(path, part)] if part.get("type") == "string" else []
    return own + [found for key, item in part.items() for found in _strings(item, (*path, key))]


def test_the_models_hold_only_kinds_of_values_whose_errors_are_explained() -> None:
    StackSettings.model_rebuild(force=True)
    kinds = set(re.findall(r"'type': '([a-z_-]+)'", str(StackSettings.__pydantic_core_schema__)))
    explained = {
        "bool", "dict", "float", "function-after", "function-plain", "int", "literal", "model", "model-fields", "str",
        "tagged-union", "tuple", "uuid",
    }  # fmt: skip
    cannot_fail = {"default", "definition-ref", "definitions", "function-before", "model-field", "no-info", "nullable"}
    serialization = {"function-plain", "to-string"}
    assert explained <= kinds
    assert kinds <= explained | cannot_fail | serialization
