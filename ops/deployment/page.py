"""docs/deploying.md: made from the steps, so that it says what is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ops.deployment.release import KEPT
from ops.deployment.steps import BACK, FORWARD, SKIPPABLE, StepPlan
from ops.deployment.verdict import EXIT_CODES, Verdict
from ops.lease import EXPIRY_SECONDS

_TEXT: Final = """\
# Deploying

<!-- Made by `./slipway docs` from ops/deployment/. Change that, not this page. -->

```sh
./slipway deploy                      # ask what is asked beforehand, preview, change nothing
./slipway deploy --yes                # deploy, verify, and go back when it is not good
./slipway deploy --yes --resume       # go on after a cut
./slipway verify                      # look at what runs
./slipway rollback                    # what a return to the release before would do
./slipway rollback --yes --to 4
./slipway history                     # who deployed what, when, and what became of it
./slipway history 7                   # one deployment, step by step
```

With `--sandbox` each of them acts on the emulated clouds. `pulumi up` still works, but knows no verdict, keeps no
record and goes nowhere back.

## The steps

{forward}

`--skip` leaves out {skippable}. What fails after the engine began to change something leads back:

{back}

Going back deploys the release before as a whole, the way it was deployed then: its program, its settings, its secrets,
its images by digest, its counts; on App Platform by the API's own validate, roll back and commit, so that the code is
the one that ran. What was added since and holds data or is protected stays where it is. Where going back would shrink,
empty or remove what holds data, it is refused and says so. The engine's state is written by the same `up`, so that it
agrees with the clouds afterwards.

## The verdict

{verdicts}

It comes from what is seen, not from exit codes: flyctl may end with 0 for a release that serves errors, and with 1 for
one that stands. `rollback` that brings the release back ends with 0.

## What verify looks at

- machines and instances: how many, where, of which image; on App Platform the active deployment, and that no rollback
  is left open;
- the platform's own checks;
- DNS: each domain's record must be a CNAME to the app's default host name, proxied or not as `edge.mode` says. Anything
  else is a CNAME mismatch;
- certificates: issued on Fly.io; on App Platform active, with more days left than `monitoring.certificate_days`;
- the health page, every page under `monitoring.probes`, and the fields under `answers`;
- response times: the fastest of three answers against the lowest `slow_above` of a page.

What cannot be looked at is skipped, with the reason.

## Cuts

Every step stands in a journal (SQLite, in `.slipway/records/<stack>/`) before it begins and after it ended. After a
cut, a kill or a power failure, a plain `deploy` refuses and says where the last one stopped; `--resume` takes that step
again and ends in the new release or in the one before it. Locks that the cut left in the engine's state are taken off
when their process is seen to be gone, and creates that were under way are looked for in the clouds.

## One at a time

A lease lets one deployment of a stack go on at a time; `--wait` waits for the other one. It lies beside the journal,
so it reaches as far as this checkout. The lease of a process that is gone is taken over at once where that can be seen
(the same start of the same machine), else after {expiry:g} seconds without a sign of life. Between machines with
checkouts of their own only the lock of Pulumi's backend stands, which holds while the engine runs: deploy from one
place. Where that is CI, its jobs wait for each other and take the records with them, see [ci.md](ci.md).

## What is kept

Each release is a folder below `.slipway/records/<stack>/releases/`, readable by its owner only: the program, the
settings, the secrets encrypted with the stack's own key, and what was there before. The last {kept} that ran well can
be returned to. Secrets that lie in AWS Secrets Manager are not kept: going back takes their present values.
"""


def deploying_page() -> str:
    """docs/deploying.md."""
    return _TEXT.format(
        forward="\n".join(_table(FORWARD)),
        back="\n".join(_table(BACK)),
        skippable=", ".join(SKIPPABLE[:-1]) + f" or {SKIPPABLE[-1]}",
        verdicts="\n".join(_verdicts()),
        expiry=EXPIRY_SECONDS,
        kept=KEPT,
    )


def _table(plans: tuple[StepPlan, ...]) -> Iterator[str]:
    yield "| step | what | changes | after a failure |"
    yield "|---|---|---|---|"
    for plan in plans:
        yield f"| {plan.name} | {plan.what} | {plan.changes or 'nothing'} | {plan.undo or 'it ends there'} |"


def _verdicts() -> Iterator[str]:
    yield "| verdict | exit code of `deploy` |"
    yield "|---|---|"
    for verdict in Verdict:
        yield f"| {verdict} | {EXIT_CODES[verdict].value} |"
