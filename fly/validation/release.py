"""Everything that must hold of a release before flyctl starts."""

from __future__ import annotations

from collections.abc import Mapping

from fly.config import FlyConfig
from fly.errors import Problem
from fly.validation.checks import check_problems
from fly.validation.deploys import count_problems, deploy_problems
from fly.validation.env import env_problems, node_problems
from fly.validation.mounts import mount_problems
from fly.validation.places import region_problems, vm_problems
from fly.validation.services import service_problems


def release_problems(
    config: FlyConfig, counts: Mapping[str, int] | None, secrets: frozenset[str] | None, *, single: bool
) -> list[Problem]:
    """All problems of a fly.toml together with the number of machines per region and the names of the secrets.

    None stands for what is not known yet: nothing is said about it.
    """
    problems = region_problems("config.primary_region", config.primary_region)
    for region in sorted(counts or {}):
        problems += region_problems(f"counts.{region}", region)
    for index, vm in enumerate(config.vm or []):
        problems += vm_problems(f"config.vm[{index}]", vm)
    problems += check_problems("config", config)
    problems += service_problems("config", config)
    problems += mount_problems("config", config)
    problems += deploy_problems("config", config, counts or {})
    if counts is not None:
        problems += count_problems("counts", config, counts, single=single)
    problems += env_problems("config.env", config.env or {}, secrets or frozenset())
    problems += node_problems("config.env", config)
    problems += file_problems(config, secrets)
    return problems


def file_problems(config: FlyConfig, secrets: frozenset[str] | None) -> list[Problem]:
    """Files that come from nowhere, from two places, or from a secret that is not there."""
    problems = []
    for index, file in enumerate(config.files or []):
        path = f"config.files[{index}]"
        if (file.raw_value is None) == (file.secret_name is None):
            rule = "a file comes from raw_value or from secret_name"
            problems.append(Problem(path, file.guest_path, rule, "give exactly one"))
        elif file.secret_name is not None and secrets is not None and file.secret_name not in secrets:
            rule = "no such secret belongs to the release"
            problems.append(Problem(f"{path}.secret_name", file.secret_name, rule, "add it to the app's secrets"))
    return problems
