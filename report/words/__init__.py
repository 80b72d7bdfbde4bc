"""Plain words for the types of resources that systems consist of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from report.words.cloudflare import CLOUDFLARE
from report.words.digitalocean import DIGITALOCEAN
from report.words.fly import FLY
from report.words.words import Words

WORDS: Final[Mapping[str, Words]] = {**FLY, **DIGITALOCEAN, **CLOUDFLARE}


def words_for(type_: str) -> Words:
    """The words for a type; its own name where there are none."""
    return WORDS.get(type_) or Words(type_.rpartition(":")[2])
