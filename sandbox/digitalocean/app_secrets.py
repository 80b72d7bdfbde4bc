"""SECRET variables of an app: App Platform keeps them encrypted and gives back `EV[1:…]`, never the value."""

from __future__ import annotations

from sandbox import paths
from sandbox.errors import CloudError
from sandbox.resource import Request
from sandbox.store import Document
from sandbox.vault import strings

ENCRYPTED = "EV[1:"


def encrypt_secrets(request: Request, envs: list[Document]) -> None:
    """Replace the values of SECRET variables by their encrypted form, in place.

    An encrypted value that the program sends back keeps the variable as it is; one that this app never gave out is
    refused, as is any in a new app.
    """
    given_out = set(strings(paths.lookup(request.old or {}, ("spec",), {})))
    for env in envs:
        if env.get("type") != "SECRET":
            continue
        value = str(env.get("value") or "")
        if not value.startswith(ENCRYPTED):
            env["value"] = request.vault.encrypted(request.id, value)
        elif value not in given_out:
            raise CloudError(
                400,
                f"error validating app spec: {env.get('key')}: an encrypted value (EV[1:…]) is bound to the app it "
                "came from, and this app has none such; send the plain secret",
            )
