"""Loads single modules of the providers' SDKs.

`import pulumi_cloudflare` takes 2.7 s and 165 MB, because its `__init__` imports every resource that there is. A module
imported under an empty package of the same name takes a quarter of that, and works the same.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any


def load(name: str) -> Any:
    """The module `name`, such as `pulumi_digitalocean.app`. Raises ModuleNotFoundError where the SDK is missing."""
    package = name.partition(".")[0]
    if package not in sys.modules:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError(f"{package} is not installed; run: make setup", name=package)
        stub = ModuleType(package)
        stub.__path__ = list(spec.submodule_search_locations)
        stub.__spec__ = spec
        sys.modules[package] = stub
    return importlib.import_module(name)
