"""`docs`: the pages that are made from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ops.command_pages import commands_page, exit_codes_page
from ops.deployment.page import deploying_page
from ops.generated import write
from ops.policy_page import policies_page
from ops.price_page import prices_page
from ops.report_page import reports_page
from ops.runbook.pages import runbook_pages
from settings.reference import sections, stack_sections
from settings.secret import MAXIMUM_BYTES, environment_name, set_command

_INTRODUCTION: Final = """\
# Configuration

<!-- Made by `./slipway docs` from the models in settings/. Change those, not this page. -->

Two kinds of files say what runs: `systems/<name>.yaml` describes a system, and `Pulumi.<stack>.yaml` selects the
systems of a stack and says what differs there. `./slipway check` validates all of them without the engine and reports
every problem at once, each with file, line, column, path, the rule and the way out. Editors with a YAML language server
complete and check both kinds by the JSON Schemas in [schema/](schema/).

## Stack files

A stack is an environment. Its file may hold config of other programs as well; these keys are Slipway's:

| Key | What it is |
|---|---|
| `slipway:environment` | The environment: 2 to 15 lower-case letters and digits. `production` names resources as the \
systems say, any other adds its name to theirs. |
| `slipway:systems` | A map of systems by the name of their file. `{}` takes a file as it is; anything else is laid \
over it. |
| `slipway:policies` | How the stack is held to the [policies](policies.md): see [Policies of a stack]\
(#policies-of-a-stack). |
| `slipway:secrets` | The values of secrets by system and name, each encrypted by itself. See [Secrets](#secrets). |

```yaml
config:
  slipway:environment: staging
  slipway:systems:
    tetrix:
      app:
        size: apps-s-1vcpu-0.5gb
        replicas: 1
```

## What is laid over what

A system file may take everything that it does not say from another one, which may do the same; circles are refused:

```yaml
extends: tetrix
app:
  name: tetrix-preview
```

From the bottom up: the file at the end of the chain, the files that extend it, the stack file. Maps are merged key by
key. Everything else is replaced whole, lists too. `null` takes a key away, so that its default holds again.

## How values are written

Files are YAML 1.2: `no` and `22:30` are text, `true` and `false` are the only booleans. `007` is text as well. Numbers
are not taken for text nor text for numbers: the value of a variable is quoted, `"30000"`. A key without a value, a key
that stands twice, and a YAML tag are refused. Durations are text, a whole number with its unit: `500ms`, `30s`, `5m`,
`1h`, `14d`.
"""

_SECRETS: Final = """\
## Secrets

A system file names its secrets, the values are kept encrypted in the stack file. Each is asked for at the prompt, so
that it is in no shell history:

```sh
{command}
```

A value in plain text is refused, and so are empty values, placeholders, NUL characters and values over {kib} KiB.
An environment variable, where there is one, goes before the stack file; for the secret above it is
`{variable}`. `pulumi up` lists all secrets without a value together, with the
command for each.
"""


def configuration_page() -> str:
    """docs/configuration.md."""
    secrets = _SECRETS.format(
        command=set_command("staging", "tetrix", "DATABASE_URL"),
        variable=environment_name("tetrix", "DATABASE_URL"),
        kib=MAXIMUM_BYTES // 1024,
    )
    policies = ["## Policies of a stack\n", *stack_sections()]
    return "\n".join([_INTRODUCTION, secrets, *policies, "## Settings of a system\n", *sections()])


def write_docs(root: Path, *, check: bool) -> list[str]:
    """Write the generated pages below `root`. Returns the files that changed; with `check`, those that would."""
    pages = {
        "docs/commands.md": commands_page(),
        "docs/configuration.md": configuration_page(),
        "docs/deploying.md": deploying_page(),
        "docs/exit-codes.md": exit_codes_page(),
        "docs/policies.md": policies_page(),
        "docs/prices.md": prices_page(),
        "docs/reports.md": reports_page(),
        **runbook_pages(),
    }
    return write(root, pages, check=check)
