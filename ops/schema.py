"""`schema`: the JSON Schemas by which editors complete and check settings files, and of what verbs write."""

from __future__ import annotations

import json
from pathlib import Path

from ops.generated import write
from report.forms.document import schema as report_file
from settings.schema import stack_file, system_file


def write_schemas(root: Path, *, check: bool) -> list[str]:
    """Write docs/schema/*.json below `root`. Returns the files that changed; with `check`, those that would."""
    schemas = {
        "docs/schema/report.schema.json": report_file(),
        "docs/schema/stack.schema.json": stack_file(),
        "docs/schema/system.schema.json": system_file(),
    }
    texts = {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas.items()}
    return write(root, texts, check=check)
