"""Property values between the engine's gRPC contract and plain Python.

On the wire secrets, unknowns, assets and outputs are objects or strings with fixed signatures. Here a property map is
a plain dict, unknowns are the object `UNKNOWN`, and which paths are secret is told apart from the values.
The signatures are those of pulumi/pulumi, sdk/python/lib/pulumi/runtime/rpc.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf import struct_pb2

from sandbox.paths import Path, covers

Properties = dict[str, Any]

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a public signature of the wire format
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    }
)
_UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class _Unknown:
    """A value that only an update will tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, _: object) -> _Unknown:
        return self


UNKNOWN = _Unknown()


def decode(struct: struct_pb2.Struct) -> tuple[Properties, frozenset[Path]]:
    """The properties of a message, and the paths that are secret."""
    secrets: set[Path] = set()
    fields = {key: _decode(value, (key,), secrets) for key, value in struct.fields.items()}
    return fields, frozenset(secrets)


def encode(properties: Properties, secrets: Iterable[Path] = ()) -> struct_pb2.Struct:
    """A message of the properties; what lies exactly at one of the `secrets` (`*` allowed) is marked secret."""
    struct = struct_pb2.Struct()
    patterns = tuple(secrets)
    for key, value in properties.items():
        struct.fields[key].CopyFrom(_encode(value, (key,), patterns))
    return struct


def has_unknown(value: Any) -> bool:
    """True when the value, or anything inside it, is unknown."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def _decode(value: struct_pb2.Value, path: Path, secrets: set[Path]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _decode_struct(value.struct_value, path, secrets)
    if kind == "list_value":
        return [_decode(item, (*path, index), secrets) for index, item in enumerate(value.list_value.values)]
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    if kind == "bool_value":
        return value.bool_value
    return None


def _decode_struct(struct: struct_pb2.Struct, path: Path, secrets: set[Path]) -> Any:
    signature = struct.fields[_SIGNATURE].string_value if _SIGNATURE in struct.fields else ""
    if signature == _SECRET:
        secrets.add(path)
        return _decode(struct.fields["value"], path, secrets)
    if signature == _OUTPUT:
        if struct.fields["secret"].bool_value:
            secrets.add(path)
        return _decode(struct.fields["value"], path, secrets) if "value" in struct.fields else UNKNOWN
    if signature == _RESOURCE:
        return _decode(struct.fields["id"], path, secrets)
    return {key: _decode(item, (*path, key), secrets) for key, item in struct.fields.items()}


def _encode(value: Any, path: Path, secrets: tuple[Path, ...]) -> struct_pb2.Value:
    plain = _encode_plain(value, path, secrets)
    if not any(len(pattern) == len(path) and covers(pattern, path) for pattern in secrets):
        return plain
    marked = struct_pb2.Value()
    marked.struct_value.fields[_SIGNATURE].string_value = _SECRET
    marked.struct_value.fields["value"].CopyFrom(plain)
    return marked


def _encode_plain(value: Any, path: Path, secrets: tuple[Path, ...]) -> struct_pb2.Value:
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=_UNKNOWN_STRING)
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if isinstance(value, list):
        items = [_encode(item, (*path, index), secrets) for index, item in enumerate(value)]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
    struct = struct_pb2.Value(struct_value=struct_pb2.Struct())
    for key, item in value.items():
        struct.struct_value.fields[key].CopyFrom(_encode(item, (*path, key), secrets))
    return struct
