"""Origins that are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app

ANY: Final = re.compile(r"exact:(\*|null)?|prefix:.*|regex:(?!\^.*\$$).*|regex:.*(?<!\\)\.(?![^\[]*\]).*")
"""Every page can make its origin `null`. Each prefix goes on, and a dot without its backslash is any character."""


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    for entry in known(app.cors):
        for origin in known(entry.origins):
            if ANY.fullmatch(known(origin)) is not None:
                yield f"pages of anybody may call {entry.prefix} in a visitor's name ({origin})"


def cors(origins: object) -> dict[str, object]:
    """The spec of a sample that lets in one origin."""
    rule = {"match": {"path": {"prefix": "/api"}}, "cors": {"allow_origins": origins}}
    return {"ingress": {"rules": [rule]}}


RULE = Rule(
    name="exact-origins",
    about=AppPlatformApp,
    title="Other origins that may call an API are named one by one.",
    why="A pattern that is open at an end fits hosts that somebody else owns, such as example.com.attacker.net.",
    source="DigitalOcean docs, app-platform/reference/app-spec (cors), read 2026-08",
    remedy="name the origins under app.cors, each with its scheme",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(platform_app(spec=cors({"exact": "https://shop.example.com"}))),
            sample(platform_app(spec=cors({"regex": "^https://(a|b)\\.example\\.com$"}))),
            sample(platform_app(spec=cors({"regex": "^https://[^.]+\\.example\\.com$"}))),
            sample(platform_app()),
        ),
        fails=(
            sample(platform_app(spec=cors({"exact": "*"}))),
            sample(platform_app(spec=cors({"exact": "null"}))),
            sample(platform_app(spec=cors({"prefix": "https://shop.example.com"}))),
            sample(platform_app(spec=cors({"regex": "^https://shop.example\\.com$"}))),
            sample(platform_app(spec=cors({"regex": "https://shop\\.example\\.com"}))),
            sample(platform_app(spec=cors({"regex": "^https://.*\\.example\\.com$"}))),
        ),
        unknown=(sample(platform_app(spec=cors(UNKNOWN))),),
    ),
)
