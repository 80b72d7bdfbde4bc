"""How a resource type of an emulated cloud is described: each type is one short data file built from this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sandbox import paths
from sandbox.store import Document, Store
from sandbox.values import Properties
from sandbox.vault import Vault


class Problem(NamedTuple):
    """Something wrong with an input: where, and the rule with the way out."""

    path: str
    reason: str


@dataclass(frozen=True)
class OneOf:
    """A closed list of values; `renamed` tells the successor of a value that is no longer accepted."""

    values: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)


class Span(NamedTuple):
    """An inclusive range of numbers."""

    low: float
    high: float


class Form(NamedTuple):
    """A pattern that a whole string matches, and how to say it."""

    pattern: str
    meaning: str


Rule = OneOf | Span | Form

# Property path patterns (`*` for any key or index) to the rule for what is found there.
Rules = Mapping[str, Rule]


@dataclass
class Request:
    """What a type's own code gets: one create or update, before it is stored."""

    store: Store
    vault: Vault
    kind: str
    id: str
    document: Document
    old: Document | None
    now: str

    def others(self, kind: str = "") -> Iterator[tuple[str, Document]]:
        """The documents of a kind (this one's by default), without the one being written."""
        wanted = kind or self.kind
        for id_, document in self.store.all(wanted):
            if (wanted, id_) != (self.kind, self.id):
                yield id_, document

    def number(self, name: str) -> int:
        """1, 2, 3 … per name."""
        return self.store.next_number(name)


def _nothing_wrong(_: Properties) -> Iterable[Problem]:
    return ()


def _nothing_more(_: Request) -> None:
    return None


def _may_go(_store: Store, _id: str) -> None:
    return None


def _last_part(import_id: str) -> str:
    return re.split(r"[/,]", import_id)[-1]


@dataclass(frozen=True)
class ResourceType:
    """One resource type: what the SDK's types do not say.

    checks and problems   refused by the provider, before anything is sent: a check failure
    limits and refuse     refused by the cloud at create and update: an API error
    replaces              a change of these replaces the resource
    sets                  lists whose order means nothing
    defaults              what an absent input becomes
    computed              inputs that the cloud fills in when they are absent
    outputs               properties that are never inputs
    secrets               secret in the provider's schema; `write_only` is never given back by the API
    named                 the path of the human name
    autoname              an absent top-level `name` is made from the resource's name in the program
    identify              the id, where it follows from the properties
    retire                refuses a delete, by raising CloudError
    owns                  kinds whose documents go with this one, and the property that holds its id
    imported              the id in an import id; by default what follows the last slash or comma
    scope                 the input that a document's identity lies under, where ids are unique only within it
    """

    pulumi_type: str
    title: str
    url: str
    named: str = "name"
    required: tuple[str, ...] = ()
    checks: Rules = field(default_factory=dict)
    problems: Callable[[Properties], Iterable[Problem]] = _nothing_wrong
    limits: Rules = field(default_factory=dict)
    refuse: Callable[[Request], None] = _nothing_more
    fill: Callable[[Request], None] = _nothing_more
    replaces: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    computed: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    write_only: tuple[str, ...] = ()
    autoname: bool = False
    scope: str = ""
    identify: Callable[[Request], str] | None = None
    retire: Callable[[Store, str], None] = _may_go
    owns: Mapping[str, str] = field(default_factory=dict)
    imported: Callable[[str], str] = _last_part

    @property
    def kind(self) -> str:
        """The store's kind: `digitalocean/app` of `digitalocean:index/app:App`."""
        package, module, _ = self.pulumi_type.split(":")
        return f"{package}/{module.removeprefix('index/')}"

    def address(self, properties: Properties) -> str:
        """The API's path with the properties that it names."""
        return re.sub(r"\{(\w+)\}", lambda found: str(properties.get(found[1], "")), self.url)

    def name_of(self, properties: Properties) -> str:
        """The human name in the properties, or an empty string."""
        name = paths.lookup(properties, paths.parse(self.named))
        return name if isinstance(name, str) else ""
