import json
from pathlib import Path

import pytest

from tools.engine import installed


def package(folder: Path, module: str, version: str, plugin: dict[str, object] | None, requires: str = "") -> None:
    """An installed package: its metadata and, when given, its pulumi-plugin.json."""
    (folder / module).mkdir()
    if plugin is not None:
        (folder / module / "pulumi-plugin.json").write_text(json.dumps(plugin))
    metadata = folder / f"{module}-{version}.dist-info"
    metadata.mkdir()
    text = f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n"
    (metadata / "METADATA").write_text(text + (f"Requires-Dist: {requires}\n" if requires else ""))


def test_packages_with_a_resource_plugin_are_reported_with_their_version(tmp_path: Path) -> None:
    package(tmp_path, "pulumi_cloudflare", "6.23.1", {"resource": True, "name": "cloudflare", "version": "6.23.1"})
    package(tmp_path, "pulumi_policy", "1.21.0", {"resource": False})
    package(tmp_path, "typer", "1.0", None)
    found = installed.pulumi_packages(tmp_path)
    assert [(entry.name, entry.kind, entry.version) for entry in found] == [("cloudflare", "resource", "v6.23.1")]


def test_a_plugin_without_name_and_version_takes_those_of_its_package(tmp_path: Path) -> None:
    package(tmp_path, "pulumi_random_things", "4.1.0", {"resource": True})
    (found,) = installed.pulumi_packages(tmp_path)
    assert (found.name, found.version) == ("random-things", "v4.1.0")


def test_a_plugin_keeps_its_server_and_parameters(tmp_path: Path) -> None:
    parameters = {"name": "acme", "version": "1.0.0", "value": "eA=="}
    described = {"resource": True, "name": "terraform", "version": "2.0.0", "server": "https://acme"}
    package(tmp_path, "pulumi_acme", "1.0.0", {**described, "parameterization": parameters})
    (found,) = installed.pulumi_packages(tmp_path)
    assert (found.server, found.parameterization.name, found.parameterization.value) == ("https://acme", "acme", b"x")


def test_direct_packages_are_those_no_other_requires(tmp_path: Path) -> None:
    package(tmp_path, "typer", "1.0", None, requires="rich-click (>=2.0)")
    package(tmp_path, "rich_click", "2.0", None)
    assert installed.distributions(tmp_path, transitive=False) == [("typer", "1.0")]
    assert installed.distributions(tmp_path, transitive=True) == [("rich_click", "2.0"), ("typer", "1.0")]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("", set()),
        ("digitalocean:4001", {"digitalocean"}),
        ("digitalocean:1,cloudflare:2", {"digitalocean", "cloudflare"}),
    ],
)
def test_attached_providers_are_read_from_the_engines_variable(
    value: str, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", value)
    assert installed.attached_providers() == names
