"""The kinds of resources that the provider has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fly.facts import Facts
from fly.provider.address import AddressResource
from fly.provider.app import AppResource
from fly.provider.certificate import CertificateResource
from fly.provider.release import ReleaseResource
from fly.provider.resource import Resource
from fly.provider.secrets import SecretsResource
from fly.provider.volume import VolumeResource
from fly.release.deployer import Deployer
from fly.release.gate import Gatekeeper
from fly.release.outside import UrllibHttp
from fly.runner import Runner
from fly.version import SupportedOnly


def kinds(runner: Runner, folder: Path, environment: Mapping[str, str]) -> dict[str, Resource]:
    """Every kind of resource by its type token, over one memory of facts."""
    facts = Facts(SupportedOnly(runner))
    deployer = Deployer(facts, Gatekeeper(facts, UrllibHttp(), environment), folder)
    return {
        "fly:index:App": AppResource(facts),
        "fly:index:Volume": VolumeResource(facts),
        "fly:index:Secrets": SecretsResource(facts),
        "fly:index:Address": AddressResource(facts),
        "fly:index:Certificate": CertificateResource(facts),
        "fly:index:Release": ReleaseResource(facts, deployer),
    }
