"""docs/reports.md: what a report says, what it counts as a risk and why, and its forms."""

from __future__ import annotations

from collections.abc import Iterator

from ops.report import FILES, WHOLE
from report.forms.form import Form
from report.preview import Operation
from report.risk import ANY, GONE, HARMLESS, TABLE, UPDATED, Row
from report.words import words_for

_INTRODUCTION = f"""\
# Reports

<!-- Made by `./slipway docs` from report/. Change that, not this page. -->

`./slipway report` previews a stack and says what would change, for people who review it:

```sh
./slipway report --stack production
./slipway report --stack production --refresh --out reports
./slipway report --stack staging --sandbox --format html --out reports
```

The first prints the comment of a pull request. The second also looks for what was changed behind the engine's back and
writes every form; the third previews on the emulated clouds. Nothing is changed anywhere. `--record FILE` keeps the
engine's events, and `--events FILE` reports on events that were kept, so that the preview can be made in one place and
the report in another.

The comment has, from the top: what is created, updated, replaced and deleted; what that puts at risk; the cost before
and after; what the policies say; drift. Then a table of the changes in plain words, each with old and new values, its
risks with their reasons and what it adds to the cost; findings with their remedies; the graph of the stack with
the changes in colour; and the prices with their sources. The same preview gives the same bytes, whenever and wherever.
A comment is never longer than 65,536 characters: every section has its share, the most dangerous changes come first,
what does not fit is counted, and `{WHOLE}` beside it has everything.

A preview that failed, or whose events are not all there, ends with exit code 5 and is not reported on: no file is
written, and one of an earlier run stays as it is. A file without events, or with those of another stack, ends with
exit code 2. See [exit-codes.md](exit-codes.md).

## What is not shown

What Pulumi knows to be secret never reaches its events. On top of that a report does not show texts whose names say
what they are (`DB_PASSWORD`, `apiKey`), values of the type `SECRET`, digests of secrets, anything in the shape of
a token, a private key or a password in a URL, and the values of the stack's own secrets wherever they turn up. Such a
change is told as "changed".
"""

_FORMS = {
    Form.MARKDOWN: "the comment; `./slipway comment reports` keeps it on a pull request",
    Form.HTML: "one page without scripts, light or dark as the reader's system is, that loads nothing",
    Form.JSON: "everything, by the schema in [schema/report.schema.json](schema/report.schema.json)",
    Form.SARIF: "the findings of policies as SARIF 2.1.0, for code scanning",
    Form.JUNIT: "the findings as tests: what must be mended fails, what is waived is skipped",
}


def reports_page() -> str:
    """The page."""
    return "\n".join([_INTRODUCTION, *_forms(), "", *_risks()]) + "\n"


def _forms() -> Iterator[str]:
    yield "## Forms\n"
    yield "| `--format` | file | what it is |"
    yield "|---|---|---|"
    for form, what in _FORMS.items():
        yield f"| `{form.value}` | `STACK/{FILES[form]}` | {what} |"


def _risks() -> Iterator[str]:
    yield "## Risks\n"
    yield "Of several risks of one change the heaviest stands first: data, then traffic, then restart.\n"
    yield "| resource | when it is | property | risk | why |"
    yield "|---|---|---|---|---|"
    for row in TABLE:
        yield f"| {_noun(row.type)} | {_operations(row)} | {_property(row)} | {row.risk.value} | {row.reason} |"
    for type_, why in HARMLESS.items():
        yield f"| {_noun(type_)} | anything | | none | {why} |"
    yield "| any other | deleted, replaced | | data | nothing is known about it, and it may have held data |"


def _noun(type_: str) -> str:
    return f"{words_for(type_).noun}"


def _operations(row: Row) -> str:
    if row.operations == ANY:
        return "anything"
    past = {Operation.DELETE: "deleted", Operation.REPLACE: "replaced", Operation.UPDATE: "updated"}
    return ", ".join(past[operation] for operation in past if operation in row.operations & (GONE | UPDATED))


def _property(row: Row) -> str:
    condition = row.when or row.of
    words = [f"`{row.path}`" if row.path else "", (condition.__doc__ or "") if condition else ""]
    return " ".join(filter(None, words))
