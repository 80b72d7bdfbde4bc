"""Secret values kept in AWS Secrets Manager, read with the credentials that the AWS tools find on this machine."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from pydantic import SecretStr

from settings.app import AwsSecret
from settings.document import Document
from settings.problem import Problem
from settings.secret_values import Pair
from settings.stack import StackSettings

_TIMEOUT_SECONDS: Final = 10
_ATTEMPTS: Final = 3


def wanted(settings: StackSettings) -> dict[Pair, AwsSecret]:
    """The secrets that lie in AWS Secrets Manager, by system and name."""
    return {
        (system, name): aws for system, parts in settings.systems.items() for name, aws in parts.aws_secrets.items()
    }


def read(
    settings: StackSettings, known: Collection[Pair], places: Document
) -> tuple[dict[Pair, SecretStr], list[Problem]]:
    """The values of all wanted secrets but the `known` ones, and what is wrong. Each secret is asked for once."""
    asked: dict[tuple[str, str], str | _Refused] = {}
    values: dict[Pair, SecretStr] = {}
    problems: list[Problem] = []
    for pair, aws in wanted(settings).items():
        if pair in known:
            continue
        where = (aws.region, aws.id)
        if where not in asked:
            asked[where] = _ask(*where)
        found = _inside(asked[where], aws.key)
        if isinstance(found, str):
            values[pair] = SecretStr(found)
        else:
            path = ("systems", pair[0], "app", "secrets", pair[1], "aws")
            rule = f"{aws.id} in {aws.region}: {found.rule}"
            problems.append(Problem(places.position(path), path, rule, found.way_out))
    return values, problems


class _Refused:
    """Why there is no value. Holds nothing of the secret."""

    def __init__(self, rule: str, way_out: str) -> None:
        self.rule = rule
        self.way_out = way_out


_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "ResourceNotFoundException": ("there is no such secret", "correct its id or region, or create it"),
    "AccessDeniedException": ("reading it is not allowed", "allow secretsmanager:GetSecretValue for it"),
    "DecryptionFailure": ("its key cannot be used", "allow kms:Decrypt for the key it is encrypted with"),
    "ExpiredTokenException": ("the AWS credentials have expired", "log in again, for example with aws sso login"),
    "UnrecognizedClientException": ("the AWS credentials are not valid", "set valid ones, see aws configure"),
}


def _ask(region: str, id_: str) -> str | _Refused:
    # boto3 takes 0.3 s to import, and hardly any stack needs it.
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    config = Config(
        connect_timeout=_TIMEOUT_SECONDS, read_timeout=_TIMEOUT_SECONDS, retries={"max_attempts": _ATTEMPTS}
    )
    try:
        answer: dict[str, Any] = boto3.client("secretsmanager", region_name=region, config=config).get_secret_value(
            SecretId=id_
        )
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        return _Refused(*_REFUSALS.get(code, (f"AWS answers {code}", "see the AWS documentation of that error")))
    except BotoCoreError as error:
        return _Refused(f"AWS cannot be asked: {type(error).__name__}", "check the credentials and the network")
    text = answer.get("SecretString")
    return text if isinstance(text, str) else _Refused("it is binary", "store it as text")


def _inside(found: str | _Refused, key: str | None) -> str | _Refused:
    """The value under a key of a JSON object, or the whole text."""
    if isinstance(found, _Refused) or key is None:
        return found
    try:
        fields = json.loads(found)
    except ValueError:
        return _Refused("its value is no JSON object, so it has no keys", "leave out `key` to take all of it")
    value = fields.get(key) if isinstance(fields, dict) else None
    if isinstance(value, str):
        return value
    return _Refused(f"it has no text under the key {key}", "correct the key")
