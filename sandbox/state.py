"""What the engine records of a resource: its name, its expected outputs, and the inputs that a live one stands for."""

from __future__ import annotations

import copy
import re
from typing import Any

from sandbox.diff import Kind, diff
from sandbox.resource import ResourceType
from sandbox.sdk_types import inputs as sdk_inputs
from sandbox.sdk_types import properties as sdk_properties
from sandbox.values import UNKNOWN, Properties


def autoname(urn: str, proposed: str, seed: bytes) -> str:
    """The physical name of a resource whose program gives none: the engine's proposal, or made as the SDKs do."""
    return proposed or f"{urn.split('::')[-1]}-{seed.hex()[:7]}"


def keeps_name(type_: ResourceType, urn: str, news: Properties, state: Properties) -> bool:
    """True when the replacement would have the same, chosen name as what it replaces, so both cannot exist at once."""
    generated = re.fullmatch(re.escape(urn.split("::")[-1]) + r"-[0-9a-f]{7}", str(news.get("name")))
    return type_.autoname and news.get("name") == state.get("name") and generated is None


def with_unknown_outputs(type_: ResourceType, expected: Properties) -> Properties:
    """What a preview of a create shows: the inputs, and everything the cloud will tell as unknown."""
    filled: Properties = copy.deepcopy(expected)
    for name in sdk_properties(type_.pulumi_type):
        if name not in sdk_inputs(type_.pulumi_type).fields or name in type_.computed:
            filled.setdefault(name, UNKNOWN)
    return filled


def live_inputs(type_: ResourceType, olds: Properties, live: Properties) -> Properties:
    """The inputs that would make the live state: for a known resource those it had, at an import all there are."""
    fields = sdk_inputs(type_.pulumi_type).fields
    if not olds:
        return {key: value for key, value in live.items() if key in fields and value not in (None, "", [], {})}
    kept: Properties = _project(olds, live)
    for change in diff(type_, kept, live):
        key = str(change.path[0])
        if change.kind is Kind.DELETE and len(change.path) == 1:
            kept[key] = live[key]
    return kept


def _project(old: Any, live: Any) -> Any:
    """The live value with only the properties that the old one names. Lists that grew or shrank are taken whole."""
    if isinstance(old, dict) and isinstance(live, dict):
        return {key: _project(value, live[key]) for key, value in old.items() if live.get(key) is not None}
    if isinstance(old, list) and isinstance(live, list) and len(old) == len(live):
        return [_project(*pair) for pair in zip(old, live, strict=True)]
    return live
