"""An app on Fly.io: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals

KEPT = (
    "{}",
    "app: {image: null, build: {folder: images/sample, arguments: {A: b}}}",
    'app: {image: "registry.fly.io/sample@sha256:0123456789012345678901234567890123456789012345678901234567890123"}',
    "app: {checks: {ready: {timeout: 9s}}}",
    "app: {checks: {ready: {interval: 60s}}}",
    "app: {checks: {tcp: {kind: tcp, steers: deploys, interval: 2s, timeout: 1s}}}",
    "app: {node_heap_mb: 384}",
    "app: {variables: {NODE_OPTIONS: --max-old-space-size=100}}",
    "app: {secrets: {A: {aws: {id: x, region: us-west-1}}}}",
    "app: {headers: {X-Powered-By: null, A: b}}",
    "app: {metrics: {port: 9091}}",
    "app: {volume: {name: data, path: /data, size_gb: 1, holds: logs}}",
)
REFUSED = (
    (
        "app: {name: a}",
        [
            'app.name: "a" is not a name of 2 to 63 lower-case letters, digits and hyphens, a letter first and '
            'no hyphen last; write it as in "my-app"',
        ],
    ),
    (
        "app: {region: fra1}",
        [
            'app.region: "fra1" is not a region of Fly.io; did you mean "fra"?',
        ],
    ),
    (
        "app: {region: mars}",
        [
            'app.region: "mars" is not a region of Fly.io; known here: ams, arn, bom, cdg, dfw, ewr, fra, gru, '
            "iad, jnb, lax, lhr, …",
        ],
    ),
    (
        "app: {organization: My Org}",
        [
            'app.organization: "My Org" is not the slug of an organization: lower-case letters, digits and '
            'hyphens; write it as in "personal"',
        ],
    ),
    (
        "app: {image: null}",
        [
            "app.image: neither image nor build is set; set exactly one of the two",
        ],
    ),
    (
        "app: {build: {folder: images/sample}}",
        [
            "app.image: image and build are both set; set exactly one of the two",
        ],
    ),
    (
        "app: {image: null, build: {folder: images/../../x}}",
        [
            'app.build.folder: "images/../../x" is not a path inside the project, without ..; write it as in "app"',
        ],
    ),
    (
        "app: {image: null, build: {folder: /etc}}",
        [
            'app.build.folder: "/etc" is not a path inside the project, without ..; write it as in "app"',
        ],
    ),
    (
        "app: {image: registry.fly.io/sample}",
        [
            "app.image: registry.fly.io/sample names no fixed image; use a version tag or a digest (@sha256:…)",
        ],
    ),
    (
        'app: {image: "registry.fly.io/sample:latest"}',
        [
            "app.image: registry.fly.io/sample:latest names no fixed image; use a version tag or a digest (@sha256:…)",
        ],
    ),
    (
        "app: {image: Registry/x y}",
        [
            'app.image: "Registry/x y" is not an image with its registry and a tag or digest; write it as in '
            '"registry.fly.io/my-app:v1"',
        ],
    ),
    (
        "app: {checks: null}",
        [
            "app.checks: checks is required; add it, see docs/configuration.md",
        ],
    ),
    (
        "app: {checks: {ready: {steers: deploys}}}",
        [
            "app.checks: no check steers traffic, so a broken machine would keep getting requests; let one steer "
            "traffic",
        ],
    ),
    (
        "app: {checks: {ready: {timeout: 10s}}}",
        [
            "app.checks.ready.timeout: 10s is not shorter than the interval of 10s; shorten the timeout or "
            "lengthen the interval",
        ],
    ),
    (
        "app: {checks: {ready: {interval: 61s}}}",
        [
            "app.checks.ready.interval: 61s is more than the 60s that steer traffic; set it to 60s or less",
        ],
    ),
    (
        "app: {checks: {ready: {path: null}}}",
        [
            "app.checks.ready.path: a check of kind http needs a path; add it",
        ],
    ),
    (
        "app: {checks: {tcp: {kind: tcp, path: /x, steers: deploys, interval: 10s, timeout: 5s}}}",
        [
            "app.checks.tcp.path: a check of kind tcp has no path; remove it",
        ],
    ),
    (
        "app: {checks: {tcp: {kind: tcp, steers: traffic, interval: 10s, timeout: 5s}}}",
        [
            "app.checks.tcp.kind: Fly.io's HTTP service has no TCP checks; set steers: deploys, or kind: http",
        ],
    ),
    (
        "app: {checks: {ready: {grace: 61s}}}",
        [
            "app.checks.ready.grace: 61s is outside 1s to 60s; choose a duration in that range",
        ],
    ),
    (
        "app: {node_heap_mb: 385}",
        [
            "app.node_heap_mb: 385 MB is more than 75 % of the machine's 512 MB; set it to 384 or less",
        ],
    ),
    (
        "app: {node_heap_mb: 63}",
        [
            "app.node_heap_mb: 63 is less than 64; choose 64 to 131072",
        ],
    ),
    (
        "app: {variables: {FLY_X: a}}",
        [
            "app.variables.FLY_X: FLY_X: names with FLY_ belong to Fly.io; rename it",
        ],
    ),
    (
        'app: {variables: {PORT: "1"}}',
        [
            "app.variables.PORT: the platform sets PORT from the setting port; remove it here",
        ],
    ),
    (
        "app: {variables: {NODE_OPTIONS: --optimize-for-size}}",
        [
            "app.variables.NODE_OPTIONS: Node does not start with --optimize-for-size in NODE_OPTIONS (exit code "
            "9 in Node 20); put it on the command line: node --optimize-for-size server.js",
        ],
    ),
    (
        "app: {node_heap_mb: 300, variables: {NODE_OPTIONS: --max-old-space-size=100}}",
        [
            "app.variables.NODE_OPTIONS: the heap is limited by node_heap_mb already; keep one of the two",
        ],
    ),
    (
        "app: {variables: {A: x}, secrets: {A: {}}}",
        [
            "app.variables.A: A is a plain variable and a secret; keep it under secrets only",
        ],
    ),
    (
        "app: {secrets: {A: {aws: {id: x, region: us-west}}}}",
        [
            'app.secrets.A.aws.region: "us-west" is not a region of AWS; write it as in "us-west-1"',
        ],
    ),
    (
        "app: {headers: {X Y: a}}",
        [
            'app.headers.X Y: "X Y" is not the name of an HTTP header; write it as in "X-Frame-Options"',
        ],
    ),
    (
        'app: {headers: {A: "b\\nc"}}',
        [
            'app.headers.A: "b\\nc" is not one line of text; write it as in "DENY"',
        ],
    ),
    (
        "app: {metrics: {port: 9091, path: /ready}}",
        [
            "app.metrics.path: /ready is a health check's path; give metrics a path of their own",
        ],
    ),
    (
        "app: {volume: {name: data, path: /data, size_gb: 1}}",
        [
            "app.machines.maximum: 2 machines with state in files on their volumes would hold different data; "
            "set maximum: 1, or move the state to a database",
        ],
    ),
    (
        "app: {deploy: {strategy: canary}, volume: {name: data, path: /data, size_gb: 1, holds: logs}}",
        [
            "app.deploy.strategy: canary is not possible with a volume, which stays with its machine; use rolling",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(FLY, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems
