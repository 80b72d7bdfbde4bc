from typing import Any

from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox.values import UNKNOWN, decode, encode, has_unknown

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), plain, max_size=4))
def test_properties_survive_the_wire(properties: dict[str, Any]) -> None:
    assert decode(encode(properties)) == (properties, frozenset())


def test_secrets_are_marked_on_the_wire_and_told_by_path() -> None:
    struct = encode({"envs": [{"value": "a"}, {"value": "b"}], "plain": 1}, [("envs", "*", "value")])
    value = json_format.MessageToDict(struct)["envs"][0]["value"]
    assert value == {SIGNATURE: SECRET, "value": "a"}
    assert decode(struct) == (
        {"envs": [{"value": "a"}, {"value": "b"}], "plain": 1},
        frozenset({("envs", 0, "value"), ("envs", 1, "value")}),
    )


def test_the_engines_unknowns_of_any_type_are_unknown() -> None:
    struct = struct_pb2.Struct()
    struct.update({"text": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "bool": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"})
    assert decode(struct)[0] == {"text": UNKNOWN, "bool": UNKNOWN}


def test_whole_numbers_come_back_whole() -> None:
    decoded = decode(encode({"port": 8080, "ratio": 0.5}))[0]
    assert (decoded["port"], type(decoded["port"]), decoded["ratio"]) == (8080, int, 0.5)


def test_an_unknown_anywhere_inside_is_found() -> None:
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": None}]})
