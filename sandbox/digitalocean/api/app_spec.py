"""An app's spec between the API's JSON and the store, which has the shape of the engine's provider."""

from __future__ import annotations

from sandbox.spelling import camel_case, renamed, snake_case
from sandbox.store import Document


def to_api(spec: Document) -> Document:
    """The API's JSON of a stored spec."""
    told: Document = renamed(spec, snake_case)
    if "domain_names" in told:
        told["domains"] = [{"domain": entry.pop("name"), **entry} for entry in told.pop("domain_names")]
    if told.get("egresses"):
        told["egress"] = told["egresses"][0]
    told.pop("egresses", None)
    if told.get("vpcs"):
        told["vpc"] = told["vpcs"][0]
    told.pop("vpcs", None)
    for holder in _with_cors(told):
        origins = holder["cors"].get("allow_origins")
        if isinstance(origins, dict):
            holder["cors"]["allow_origins"] = [{key: value} for key, value in origins.items()]
    for image in _images(told):
        pushes = image.pop("deploy_on_pushes", None)
        if pushes:
            image["deploy_on_push"] = pushes[0]
    return told


def from_api(told: Document) -> Document:
    """What is stored of a spec in the API's JSON."""
    spec: Document = renamed(told, camel_case)
    if "domains" in spec:
        spec["domainNames"] = [{"name": entry.pop("domain", ""), **entry} for entry in spec.pop("domains")]
    if "egress" in spec:
        spec["egresses"] = [spec.pop("egress")]
    if "vpc" in spec:
        spec["vpcs"] = [spec.pop("vpc")]
    for holder in _with_cors(spec):
        origins = holder["cors"].get("allowOrigins")
        if isinstance(origins, list):
            holder["cors"]["allowOrigins"] = {key: value for entry in origins for key, value in entry.items()}
    for image in _images(spec):
        if "deployOnPush" in image:
            image["deployOnPushes"] = [image.pop("deployOnPush")]
    return spec


def _with_cors(spec: Document) -> list[Document]:
    rules = (spec.get("ingress") or {}).get("rules") or []
    services = [*(spec.get("services") or []), *(spec.get("static_sites") or spec.get("staticSites") or [])]
    return [holder for holder in (*rules, *services) if isinstance(holder.get("cors"), dict)]


def _images(spec: Document) -> list[Document]:
    parts = [part for kind in ("services", "workers", "jobs") for part in spec.get(kind) or []]
    return [part["image"] for part in parts if part.get("image")]
