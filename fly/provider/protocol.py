"""Pulumi's protocol messages without the rest of Pulumi's SDK.

`import pulumi` costs 0.3 s, the messages alone 0.05 s, and every preview starts this provider. So, unless the SDK is
loaded already, its package is stood in for by one that only knows its folder.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path


def _stand_in(name: str, folder: Path) -> None:
    module = types.ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


def _light() -> None:
    if "pulumi" in sys.modules:
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    _stand_in("pulumi", folder)
    _stand_in("pulumi.runtime", folder / "runtime")


_light()

from pulumi.runtime.proto import errors_pb2, plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2  # noqa: E402

__all__ = ["errors_pb2", "plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2"]
