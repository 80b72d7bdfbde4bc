"""Property values on the engine's wire, and as plain Python.

Numbers that are whole become `int`. What is not known before an update is `UNKNOWN`. A secret is a `Secret`, which
prints redacted; `plain` takes the wrappings off. The signatures are the ones of Pulumi's protocol
(sdk/python/lib/pulumi/runtime/rpc.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

Properties = dict[str, Any]

_KEY = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a public signature of the protocol
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """The type of `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class Secret:
    """A value that the engine encrypts in state and never shows."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret([redacted])"


def unmarshal(struct: struct_pb2.Struct) -> Properties:
    """The properties of a message, with `UNKNOWN` and `Secret` inside."""
    return {key: _from_wire(value) for key, value in struct.fields.items()}


def marshal(properties: Mapping[str, object]) -> struct_pb2.Struct:
    """A message of the properties. What is None is left out."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        if value is not None:
            struct.fields[key].CopyFrom(_to_wire(value))
    return struct


def plain(value: Any) -> Any:
    """The same without `Secret` wrappings."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def without_unknowns(value: Any) -> Any:
    """The same without what is unknown: such keys and list items are left out."""
    if isinstance(value, Mapping):
        return {key: without_unknowns(item) for key, item in value.items() if item is not UNKNOWN}
    if isinstance(value, list):
        return [without_unknowns(item) for item in value if item is not UNKNOWN]
    return value


def has_unknown(value: Any) -> bool:
    """Whether anything in it is not known yet."""
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def has_secret(value: Any) -> bool:
    """Whether anything in it is secret."""
    if isinstance(value, Mapping):
        return any(has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(has_secret(item) for item in value)
    return isinstance(value, Secret)


def hidden(properties: Properties, key: str) -> Properties:
    """The property as a secret, even when the program forgot to say so; nothing when it is not there."""
    value = properties.get(key)
    if value is None:
        return {}
    return {key: value if isinstance(value, Secret) or value is UNKNOWN else Secret(plain(value))}


def _from_wire(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            return _from_struct(value.struct_value)
        case "list_value":
            return [_from_wire(item) for item in value.list_value.values]
        case "string_value":
            return UNKNOWN if value.string_value == _UNKNOWN else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
    return None


def _from_struct(struct: struct_pb2.Struct) -> Any:
    signature = struct.fields[_KEY].string_value if _KEY in struct.fields else ""
    if signature == _SECRET:
        return Secret(_from_wire(struct.fields["value"]))
    if signature == _OUTPUT:
        inner = _from_wire(struct.fields["value"]) if "value" in struct.fields else UNKNOWN
        return Secret(inner) if struct.fields["secret"].bool_value else inner
    if signature == _RESOURCE:
        return struct.fields["urn"].string_value
    return unmarshal(struct)


def _to_wire(value: object) -> struct_pb2.Value:
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=_UNKNOWN)
    match value:
        case Secret():
            marked = struct_pb2.Struct()
            marked.fields[_KEY].string_value = _SECRET
            marked.fields["value"].CopyFrom(_to_wire(value.value))
            return struct_pb2.Value(struct_value=marked)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case Mapping():
            return struct_pb2.Value(struct_value=marshal(value))
        case list() | tuple():
            return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_to_wire(item) for item in value]))
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    raise TypeError(f"a property cannot be a {type(value).__name__}")
