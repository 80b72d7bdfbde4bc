"""All rules, found by their files."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from policies import rules
from policies.names import policy_names
from policies.rule import Rule


@functools.cache
def registry() -> Mapping[str, Rule[Any]]:
    """The rules by name, in the order of their names."""
    modules = {name: f"{rules.__name__}.{name.replace('-', '_')}" for name in policy_names()}
    return MappingProxyType({name: importlib.import_module(module).RULE for name, module in modules.items()})
