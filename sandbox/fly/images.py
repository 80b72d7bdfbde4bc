"""The image catalogue: which references exist, and how a machine that runs one behaves.

A document of kind `fly/image`, id = reference, says how an image behaves (see `FIELDS`). A reference without a
document exists when it follows the convention below; so a rehearsal needs no catalogue for healthy images:

- repository `registry.fly.io/<existing app>`, `slipway/<anything>`, or one of `PUBLIC`;
- tag `latest`, `deployment-…`, or one that starts with a digit or with `v` and a digit (`1.4.0`, `v2`);
- a tag that ends in `-unhealthy` fails all its health checks, `-crash` exits soon after its start, and `-slow`
  takes `SLOW_BOOT_SECONDS` to listen. `@sha256:…` exists when that digest was resolved before.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sandbox.fly import identity
from sandbox.fly.errors import NotFoundError, RefusedError
from sandbox.store import Document, Store

KIND = "fly/image"
DIGEST_KIND = "fly/image-digest"
FIELDS = (
    "boot_seconds",
    "failing_paths",
    "status_when_failing",
    "crash_after_seconds",
    "latency_ms",
    "version",
    "digest",
    "listens_on",
    "headers",
)
PUBLIC = ("library/redis", "edoburu/pgbouncer", "flyio/fly-autoscaler", "flyio/hellofly", "library/nginx")
SLOW_BOOT_SECONDS = 1.5
CRASH_AFTER_SECONDS = 0.15
ALL_PATHS = "*"
_DOCKER_HUB = "registry-1.docker.io"
_REFERENCE = re.compile(
    r"^(?:(?P<registry>[^/]+\.[^/]+|localhost(?::\d+)?)/)?(?P<repository>[a-z0-9._/-]+)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?$"
)
_TWICE = re.compile(r"(@sha256:[0-9a-f]{64})\1$")
_TAG = re.compile(r"^(latest|deployment-.+|v?\d.*)$")


class Image(NamedTuple):
    """A resolved reference: where it is, which bytes it is, and how it behaves."""

    registry: str
    repository: str
    tag: str
    digest: str
    behaviour: Document

    @property
    def reference(self) -> str:
        """`registry/repository:tag@digest`, without the parts it has not."""
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.registry}/{self.repository}{tag}@{self.digest}"

    def as_machine(self) -> dict[str, Any]:
        """The `image_ref` of a machine."""
        return {
            "registry": self.registry,
            "repository": self.repository,
            "tag": self.tag,
            "digest": self.digest,
            "labels": {},
        }


def catalogue(store: Store, reference: str, behaviour: Document) -> None:
    """Put an image into the catalogue. Keys are those of `FIELDS`; raises `RefusedError` for another."""
    unknown = sorted(set(behaviour) - set(FIELDS))
    if unknown:
        raise RefusedError(f"unknown key '{unknown[0]}' of image {reference}: use some of {', '.join(FIELDS)}")
    store.put(KIND, reference, behaviour)


def resolve(store: Store, reference: str) -> Image:
    """The image behind a reference; raises `NotFoundError` in the platform's words when there is none."""
    # `machine run` appends the digest to a reference that has it already (flyctl v0.4.80, imgsrc/resolver.go).
    parts = _REFERENCE.match(_TWICE.sub(r"\1", reference))
    if parts is None:
        raise NotFoundError(f'Could not find image "{reference}"')
    registry, repository = _place(parts["registry"], parts["repository"])
    if parts["digest"]:
        return _by_digest(store, reference, registry, repository, parts["tag"] or "", parts["digest"])
    tag = parts["tag"] or "latest"
    behaviour = _catalogued(store, reference, registry, repository, tag)
    if behaviour is None:
        behaviour = _by_convention(store, registry, repository, tag)
    if behaviour is None:
        raise NotFoundError(f'Could not find image "{reference}"')
    digest = str(behaviour.get("digest") or f"sha256:{identity.digest('image', registry, repository, tag, behaviour)}")
    _remember(store, digest, {**behaviour, "tag": tag})
    return Image(registry, repository, tag, digest, {"version": tag, **behaviour})


def _place(registry: str | None, repository: str) -> tuple[str, str]:
    if registry in (None, "docker.io", "index.docker.io", _DOCKER_HUB):
        return _DOCKER_HUB, repository if "/" in repository else f"library/{repository}"
    return str(registry), repository


def _catalogued(store: Store, reference: str, registry: str, repository: str, tag: str) -> Document | None:
    spellings = (reference, f"{registry}/{repository}:{tag}", f"docker.io/{repository}:{tag}", f"{repository}:{tag}")
    for spelling in spellings:
        document = store.get(KIND, spelling)
        if document is not None:
            return document
    return None


def _by_convention(store: Store, registry: str, repository: str, tag: str) -> Document | None:
    if not _TAG.match(tag) or not _known_repository(store, registry, repository):
        return None
    if tag.endswith("-unhealthy"):
        return {"failing_paths": [ALL_PATHS]}
    if tag.endswith("-crash"):
        return {"crash_after_seconds": CRASH_AFTER_SECONDS}
    if tag.endswith("-slow"):
        return {"boot_seconds": SLOW_BOOT_SECONDS}
    return {}


def _known_repository(store: Store, registry: str, repository: str) -> bool:
    if registry == "registry.fly.io":
        return store.get("fly/app", repository) is not None
    return registry == _DOCKER_HUB and (repository in PUBLIC or repository.startswith("slipway/"))


def _by_digest(store: Store, reference: str, registry: str, repository: str, tag: str, digest: str) -> Image:
    behaviour = store.get(DIGEST_KIND, digest)
    if behaviour is None:
        for known, document in store.all(KIND):
            if document.get("digest") == digest:
                behaviour = {**document, "tag": known.rpartition(":")[2]}
    if behaviour is None:
        raise NotFoundError(f'Could not find image "{reference}"')
    return Image(registry, repository, tag, digest, {"version": behaviour["tag"], **behaviour})


def _remember(store: Store, digest: str, behaviour: Document) -> None:
    if store.get(DIGEST_KIND, digest) != behaviour:
        store.put(DIGEST_KIND, digest, behaviour)
