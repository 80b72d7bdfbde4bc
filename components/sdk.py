"""Loads single modules of the providers' SDKs, and of their shared types only what those modules name.

`import pulumi_cloudflare` takes 2.7 s and 165 MB: its `__init__` imports every resource that there is, and each of them
imports all types of all resources, 12 MB of source. So a resource's module is imported under an empty package of the
same name, with `_inputs` and `outputs` cut down to the classes that it refers to. What was cut out is kept in
`.slipway/sdk/`, per version, where Python keeps its bytecode as well.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_KEPT: Final = Path(__file__).resolve().parent.parent / ".slipway" / "sdk"
_CUT_BY: Final = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
"""Cut out anew when this file changes."""

_PARTS: Final = {
    "_inputs": (re.compile(r"\b([A-Z]\w+Args(?:Dict)?)\b"), re.compile(r"'([A-Z]\w+)'")),
    "outputs": (re.compile(r"\boutputs\.([A-Z]\w+)"), re.compile(r"'outputs\.([A-Z]\w+)'")),
}
"""The files of shared types, with how a resource's module names their classes, and how these name each other."""

_CLASS: Final = re.compile(r"^class (\w+)", re.MULTILINE)
_LIST_OF_NAMES: Final = re.compile(r"^__all__ = \[.*?^\]$", re.MULTILINE | re.DOTALL)


def load(name: str) -> Any:
    """The module `name`, such as `pulumi_digitalocean.app`. Raises ModuleNotFoundError where the SDK is missing."""
    if name in sys.modules:
        return sys.modules[name]
    package_name, _, module_name = name.partition(".")
    package = _empty_package(package_name)
    folder = Path(package.__path__[0])
    whole = {part: sys.modules.get(f"{package_name}.{part}") for part in _PARTS}
    try:
        for part in _PARTS:
            _load_types(package, folder, part, module_name)
        return importlib.import_module(name)
    finally:
        # Whoever imports the files themselves, as others may in this process, must get all of them.
        for part, module in whole.items():
            _put(package, part, module)


def _empty_package(name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"{name} is not installed; run: make setup", name=name)
    package = ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules[name] = package
    return package


def _load_types(package: ModuleType, folder: Path, part: str, module_name: str) -> None:
    """Put the classes of one file of shared types that one resource's module needs in the place of all of them."""
    name = f"{package.__name__}.{part}_of_{module_name}"
    kept = _KEPT / f"{package.__name__}-{_version(folder)}-{_CUT_BY}" / f"{part}_of_{module_name}.py"
    if not kept.exists():
        source = _cut(
            (folder / f"{part}.py").read_text("utf-8"), (folder / f"{module_name}.py").read_text("utf-8"), part
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}.new")
        draft.write_text(source, encoding="utf-8")
        draft.replace(kept)
    spec = importlib.util.spec_from_file_location(name, kept)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{kept} cannot be imported; remove it", name=name)
    module = importlib.util.module_from_spec(spec)
    # Under its own name for resolving type hints, under the file's for the imports that the SDK's modules make.
    sys.modules[name] = module
    _put(package, part, module)
    spec.loader.exec_module(module)


@functools.cache
def _version(folder: Path) -> str:
    """As the SDK's own file has it: looking a distribution up by its name takes as long as loading a module of it."""
    return str(json.loads((folder / "pulumi-plugin.json").read_bytes())["version"])


def _put(package: ModuleType, part: str, module: ModuleType | None) -> None:
    """Make `module` the package's file `part`; None takes away what stands there."""
    name = f"{package.__name__}.{part}"
    if module is None:
        sys.modules.pop(name, None)
        vars(package).pop(part, None)
    else:
        sys.modules[name] = module
        setattr(package, part, module)


def _cut(types: str, module: str, part: str) -> str:
    """The source of `types` with only the classes that `module` names, and those that these name in turn."""
    in_module, in_types = _PARTS[part]
    head, *blocks = types.split("\n\n\n")
    defined = {name: block for block in blocks for name in _CLASS.findall(block)}
    wanted = [name for name in dict.fromkeys(in_module.findall(module)) if name in defined]
    found: dict[str, None] = {}
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = None
            wanted += [other for other in in_types.findall(defined[name]) if other in defined]
    head = _LIST_OF_NAMES.sub(f"__all__ = {sorted(found)}", head)
    kept = [block for block in blocks if any(name in found for name in _CLASS.findall(block))]
    nodes = [node for block in [head, *kept] for node in ast.parse(block).body]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef) and node.name in found]
    others = [node for node in nodes if not isinstance(node, ast.ClassDef)]
    return "\n".join([*map(ast.unparse, others), *_lightened(classes)])


def _lightened(classes: list[ast.ClassDef]) -> Iterator[str]:
    """The classes without what only people and type checkers read; that is most of the time they take to import.

    What a property returns is asked for at run time, so it stays, but each type is made once for all that return it.
    """
    types: dict[str, str] = {}
    for function in [found for node in classes for found in ast.walk(node) if isinstance(found, ast.FunctionDef)]:
        for argument in [*function.args.args, *function.args.kwonlyargs]:
            argument.annotation = None
        if function.returns and not isinstance(function.returns, ast.Constant):
            function.returns = ast.Name(types.setdefault(ast.unparse(function.returns), f"_type_{len(types)}"))
        if ast.get_docstring(function, clean=False) is not None:
            function.body = function.body[1:] or [ast.Pass()]
    yield from (f"{name} = {text}" for text, name in types.items())
    yield "class _AnyDict(TypedDict): ..."
    for node in classes:
        is_dict = [ast.unparse(base) for base in node.bases] == ["TypedDict"]
        # Only that it is a dict is asked for at run time.
        yield f"{node.name} = _AnyDict" if is_dict else ast.unparse(node)
