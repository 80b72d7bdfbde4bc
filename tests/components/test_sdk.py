"""The SDKs are loaded module by module: their packages' own `__init__` would cost seconds in every preview."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from pulumi._types import input_type_types, is_input_type

from components import sdk

USED = [
    "pulumi_cloudflare.dns_record",
    "pulumi_cloudflare.get_zone",
    "pulumi_cloudflare.workers_route",
    "pulumi_cloudflare.workers_script",
    "pulumi_digitalocean.app",
    "pulumi_digitalocean.uptime_alert",
    "pulumi_digitalocean.uptime_check",
]


@pytest.fixture(autouse=True, scope="module")
def unloaded() -> Iterator[None]:
    """Whatever other tests have loaded of the SDKs is out of the way."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in sys.modules if name.startswith(("pulumi_cloudflare", "pulumi_digitalocean"))]:
            patch.delitem(sys.modules, name)
        yield


@pytest.mark.parametrize("name", USED)
def test_loading_a_module_does_not_run_the_package(name: str) -> None:
    module = sdk.load(name)
    package = sys.modules[name.partition(".")[0]]
    assert sys.modules[name] is module
    assert not hasattr(package, "Provider"), "the package's __init__ ran: it imports every resource that there is"
    assert not hasattr(package, "__file__")


@pytest.mark.parametrize("name", USED)
def test_every_type_that_a_module_names_is_there(name: str) -> None:
    """A class that was left out would only be missed when somebody uses the property that has it."""
    module = sdk.load(name)
    types = sys.modules[f"{name.partition('.')[0]}._inputs_of_{name.partition('.')[2]}"]
    named = [getattr(types, cls) for cls in dir(types) if cls.endswith("Args")]
    named += [getattr(module, cls) for cls in module.__all__ if cls.endswith("Args")]
    for cls in filter(is_input_type, named):
        assert all(hint is not None for hint in input_type_types(cls).values())


def test_loading_twice_gives_the_same_module() -> None:
    assert sdk.load(USED[0]) is sdk.load(USED[0])


def test_a_missing_sdk_names_the_way_out() -> None:
    with pytest.raises(ModuleNotFoundError) as raised:
        sdk.load("pulumi_nowhere.app")
    assert str(raised.value) == "pulumi_nowhere is not installed; run: make setup"
    assert raised.value.name == "pulumi_nowhere"
