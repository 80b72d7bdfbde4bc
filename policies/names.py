"""The names of all rules, known without loading them."""

from __future__ import annotations

import functools
import pkgutil

from policies import rules


@functools.cache
def policy_names() -> tuple[str, ...]:
    """The names in order. A rule's file has its name, with underscores."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(rules.__path__)))
