"""Images and source folders: whether two references are the same image, and what a folder holds."""

from __future__ import annotations

import hashlib
import re
from fnmatch import fnmatch
from pathlib import Path

from fly.errors import Problem
from fly.provider.values import Properties, plain

_REFERENCE = re.compile(
    r"(?P<name>[a-z0-9][^@\s]*?)(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_DOCKER_HUB = ("registry-1.docker.io/", "index.docker.io/", "docker.io/")
_NEVER_SENT = (".git", "node_modules", ".venv", "__pycache__")


def same_image(old: object, new: object) -> bool:
    """Whether two references mean the same bytes as far as can be said: by digest, else by name and tag."""
    one, other = plain(old), plain(new)
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    left, right = _REFERENCE.fullmatch(one), _REFERENCE.fullmatch(other)
    if not left or not right or _name(left["name"]) != _name(right["name"]):
        return False
    if left["digest"] and right["digest"]:
        return left["digest"] == right["digest"]
    return (left["tag"] or "latest") == (right["tag"] or "latest")


def image_problems(news: Properties) -> list[Problem]:
    """An image that is no reference, and neither or both of image and source."""
    image, source = plain(news.get("image")), plain(news.get("source"))
    if (image is None) == (source is None):
        return [Problem("image", image, "a release has an image or a source", "give exactly one of them")]
    if isinstance(image, str) and not _REFERENCE.fullmatch(image):
        rule = "is no image reference"
        return [Problem("image", image, rule, "write registry/name:tag, or registry/name@sha256:… to pin it")]
    return []


def source_problems(news: Properties) -> list[Problem]:
    """A folder or a Dockerfile that is not there."""
    source = plain(news.get("source"))
    if not isinstance(source, dict) or not isinstance(source.get("folder"), str):
        return []
    folder = Path(source["folder"])
    if not folder.is_dir():
        return [Problem("source.folder", str(folder), "there is no such folder", "correct the path")]
    dockerfile = source.get("dockerfile") or "Dockerfile"
    if isinstance(dockerfile, str) and not (folder / dockerfile).is_file():
        rule = f"there is no such file in {folder}"
        return [Problem("source.dockerfile", dockerfile, rule, "add it, or name another")]
    return []


def hashed(news: Properties) -> Properties:
    """The inputs with the hash of the source folder's content, so that a changed file is a changed release."""
    source = news.get("source")
    if not isinstance(source, dict) or not isinstance(source.get("folder"), str):
        return news
    folder = Path(source["folder"])
    return {**news, "source": {**source, "hash": folder_hash(folder)}} if folder.is_dir() else news


def folder_hash(folder: Path) -> str:
    """A SHA-256 over the paths and contents of what a build would send, .dockerignore respected (without its `!`)."""
    ignore = folder / ".dockerignore"
    lines = ignore.read_text().splitlines() if ignore.is_file() else []
    patterns = [line.strip().strip("/") for line in lines if line.strip() and not line.startswith(("#", "!"))]
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not _left_out(name, patterns):
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _left_out(name: str, patterns: list[str]) -> bool:
    parts = name.split("/")
    if any(part in _NEVER_SENT for part in parts):
        return True
    parents = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(fnmatch(parent, pattern) for parent in parents for pattern in patterns)


def _name(name: str) -> str:
    for registry in _DOCKER_HUB:
        name = name.removeprefix(registry)
    return name.removeprefix("library/")
