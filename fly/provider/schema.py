"""The provider's schema for `pulumi import` and `pulumi package`, made from the input models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from fly.provider.inputs import (
    AddressInputs,
    AppInputs,
    CertificateInputs,
    Inputs,
    ReleaseInputs,
    SecretsInputs,
    VolumeInputs,
)

PACKAGE = "fly"
_ANY = {"$ref": "pulumi.json#/Any"}
_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}
_OUTPUTS: dict[type[Inputs], dict[str, dict[str, Any]]] = {
    AppInputs: {"hostname": _TYPES["string"]},
    VolumeInputs: {"volumeIds": {"type": "array", "items": _TYPES["string"]}},
    SecretsInputs: {"digests": {"type": "object", "additionalProperties": _TYPES["string"]}},
    AddressInputs: {"address": _TYPES["string"]},
    CertificateInputs: {"validationRecords": _ANY, "targets": _ANY},
    ReleaseInputs: {
        "toml": _TYPES["string"],
        "version": _TYPES["integer"],
        "deployedImage": _TYPES["string"],
        "verified": _TYPES["boolean"],
    },
}


def token(model: type[Inputs]) -> str:
    """The type token of the resource with these inputs."""
    return f"{PACKAGE}:index:{model.__name__.removesuffix('Inputs')}"


def schema(version: str) -> dict[str, Any]:
    """Pulumi's package schema."""
    return {"name": PACKAGE, "version": version, "resources": {token(model): _resource(model) for model in _OUTPUTS}}


def _resource(model: type[Inputs]) -> dict[str, Any]:
    described = model.model_json_schema(by_alias=True)
    inputs = {name: _property(model, name, spec) for name, spec in described["properties"].items()}
    required = described.get("required", [])
    return {
        "description": described.get("description", ""),
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": {**inputs, **_OUTPUTS[model]},
        "required": required,
    }


def _property(model: type[BaseModel], name: str, spec: dict[str, Any]) -> dict[str, Any]:
    kinds = [option for option in spec.get("anyOf", [spec]) if option.get("type") != "null"]
    shape = dict(_TYPES.get(kinds[0].get("type", ""), _ANY))
    return {**shape, "secret": True} if name in ("values", "secrets") else shape
