"""Files that are made from the code and committed: written, or compared with what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write(root: Path, texts: Mapping[str, str], *, check: bool) -> list[str]:
    """Make the files below `root` hold these texts. Returns those that differed; with `check`, nothing is written."""
    different = [name for name, text in texts.items() if not _holds(root / name, text)]
    if not check:
        for name in different:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(texts[name], encoding="utf-8")
    return different


def _holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text
