"""An app on App Platform: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, refusals

KEPT = (
    "{}",
    "app: {name: ab}",
    "app: {name: a2345678901234567890123456789012}",
    "app: {adopt: ca96485c-ee6b-401b-b1a2-8442c3bc7f04}",
    "app: {github: {branch: feature/x-1.2}}",
    "app: {build: {package_manager: yarn@4.0.0}}",
    "app: {port: 1}",
    "app: {port: 65535}",
    "app: {replicas: 250}",
    "app: {replicas: null, size: apps-d-1vcpu-0.5gb, autoscaling: {minimum: 4, maximum: 4, cpu_percent: 100}}",
    "app: {size: apps-s-1vcpu-0.5gb, replicas: 1}",
    "app: {health: {timeout: 9s}}",
    "app: {health: {initial_delay: 1h, period: 300s, timeout: 120s, failures: 50, successes: 50}}",
    "app: {liveness: {path: /live, failures: 1}}",
    "app: {shutdown: {drain: 110s, grace: 600s, app_timeout: 590s}}",
    "app: {shutdown: {grace: 31s}}",
    "app: {secrets: {A: {scope: run_and_build_time}}}",
    'app: {cors: [{path: /api, allow_origins: ["https://a.example.com:8443"], max_age: 24h}]}',
    'app: {cors: [{path: /api, allow_origins: ["https://a.example.com"]}, {path: /, allow_origins: ["https://b.example.com"]}]}',
)
REFUSED = (
    (
        "app: {name: a}",
        [
            'app.name: "a" is not a name of 2 to 32 lower-case letters, digits and hyphens, a letter first and '
            'no hyphen last; write it as in "my-app"',
        ],
    ),
    (
        "app: {name: a23456789012345678901234567890123}",
        [
            'app.name: "a23456789012345678901234567890123" has 33 characters, more than 32; shorten it',
        ],
    ),
    (
        "app: {name: Sample}",
        [
            'app.name: "Sample" is not a name of 2 to 32 lower-case letters, digits and hyphens, a letter first '
            'and no hyphen last; write it as in "my-app"',
        ],
    ),
    (
        "app: {name: sample-}",
        [
            'app.name: "sample-" is not a name of 2 to 32 lower-case letters, digits and hyphens, a letter first '
            'and no hyphen last; write it as in "my-app"',
        ],
    ),
    (
        "app: {region: fra1}",
        [
            'app.region: "fra1" is not a region of App Platform; App Platform writes it without the number: "fra"',
        ],
    ),
    (
        "app: {region: franc}",
        [
            'app.region: "franc" is not a region of App Platform; did you mean "fra"?',
        ],
    ),
    (
        "app: {region: mars}",
        [
            'app.region: "mars" is not a region of App Platform; known here: ams, atl, blr, fra, lon, nyc, sfo, '
            "sgp, syd, tor",
        ],
    ),
    (
        "app: {size: professional-xs}",
        [
            'app.size: "professional-xs" was withdrawn by App Platform; use its successor "apps-s-1vcpu-1gb"',
        ],
    ),
    (
        "app: {size: apps-s-1vcpu-1gbb}",
        [
            'app.size: "apps-s-1vcpu-1gbb" is not an instance size of App Platform; did you mean "apps-s-1vcpu-1gb"?',
        ],
    ),
    (
        "app: {adopt: ca96485c}",
        [
            'app.adopt: "ca96485c" is not an id; copy it whole, as in 123e4567-e89b-12d3-a456-426614174000',
        ],
    ),
    (
        "app: {github: {repository: tetrix}}",
        [
            'app.github.repository: "tetrix" is not the owner and the name of a repository; write it as in '
            '"owner/name"',
        ],
    ),
    (
        "app: {github: {branch: -x}}",
        [
            'app.github.branch: "-x" is not the name of a git branch; write it as in "main"',
        ],
    ),
    (
        "app: {github: {branch: a..b}}",
        [
            'app.github.branch: "a..b" is not the name of a git branch; write it as in "main"',
        ],
    ),
    (
        "app: {github: {branch: a b}}",
        [
            'app.github.branch: "a b" is not the name of a git branch; write it as in "main"',
        ],
    ),
    (
        "app: {github: {deploy_on_push: yes}}",
        [
            'app.github.deploy_on_push: "yes" must be true or false, not text; write true or false',
        ],
    ),
    (
        "app: {build: {package_manager: pnpm@10}}",
        [
            'app.build.package_manager: "pnpm@10" is not pnpm, npm or yarn with an exact version; write it as in '
            '"pnpm@10.18.3"',
        ],
    ),
    (
        "app: {build: {package_manager: bun@1.0.0}}",
        [
            'app.build.package_manager: "bun@1.0.0" is not pnpm, npm or yarn with an exact version; write it as '
            'in "pnpm@10.18.3"',
        ],
    ),
    (
        "app: {build: {script: build && deploy}}",
        [
            'app.build.script: "build && deploy" is not the name of a script of package.json; write it as in "build"',
        ],
    ),
    (
        'app: {run_command: ""}',
        [
            'app.run_command: the text is empty; write it as in "node server.js"',
        ],
    ),
    (
        "app: {port: 0}",
        [
            "app.port: 0 is less than 1; choose 1 to 65535",
        ],
    ),
    (
        "app: {port: 65536}",
        [
            "app.port: 65536 is more than 65535; choose 1 to 65535",
        ],
    ),
    (
        "app: {replicas: 251}",
        [
            "app.replicas: 251 is more than 250; choose 1 to 250",
        ],
    ),
    (
        "app: {replicas: 0}",
        [
            "app.replicas: 0 is less than 1; choose 1 to 250",
        ],
    ),
    (
        "app: {replicas: null}",
        [
            "app.replicas: neither replicas nor autoscaling is set; set replicas, such as replicas: 2",
        ],
    ),
    (
        "app: {autoscaling: {minimum: 2, maximum: 4, cpu_percent: 80}}",
        [
            "app.replicas: a fixed number of replicas together with autoscaling; remove one of the two; in a "
            "stack file, null takes away what the system says",
            "app.size: autoscaling does not work on the shared size apps-s-1vcpu-1gb; use a dedicated size such "
            "as apps-d-1vcpu-1gb, or set replicas instead",
        ],
    ),
    (
        "app: {replicas: null, autoscaling: {minimum: 2, maximum: 4, cpu_percent: 80}}",
        [
            "app.size: autoscaling does not work on the shared size apps-s-1vcpu-1gb; use a dedicated size such "
            "as apps-d-1vcpu-1gb, or set replicas instead",
        ],
    ),
    (
        "app: {replicas: null, size: apps-d-1vcpu-0.5gb, autoscaling: {minimum: 5, maximum: 4, cpu_percent: 101}}",
        [
            "app.autoscaling.cpu_percent: 101 is more than 100; choose 1 to 100",
            "app.autoscaling.minimum: 5 is more than the maximum of 4; swap the two",
        ],
    ),
    (
        "app: {replicas: null, size: apps-d-1vcpu-0.5gb, autoscaling: {minimum: 1, maximum: 251, cpu_percent: 0}}",
        [
            "app.autoscaling.cpu_percent: 0 is less than 1; choose 1 to 100",
            "app.autoscaling.maximum: 251 is more than 250; choose 1 to 250",
        ],
    ),
    (
        "app: {size: apps-s-1vcpu-0.5gb}",
        [
            "app.size: apps-s-1vcpu-0.5gb allows one instance only, and 2 are asked for; use apps-s-1vcpu-1gb, "
            "the smallest size that allows more",
        ],
    ),
    (
        "app: {size: apps-s-1vcpu-1gb-fixed}",
        [
            "app.size: apps-s-1vcpu-1gb-fixed allows one instance only, and 2 are asked for; use "
            "apps-s-1vcpu-1gb, the smallest size that allows more",
        ],
    ),
    (
        "app: {health: {path: health}}",
        [
            'app.health.path: "health" is not an absolute path of a URL, without query; write it as in "/api/health"',
        ],
    ),
    (
        "app: {health: {path: /a?b}}",
        [
            'app.health.path: "/a?b" is not an absolute path of a URL, without query; write it as in "/api/health"',
        ],
    ),
    (
        "app: {health: {timeout: 10s}}",
        [
            "app.health.timeout: 10s is not shorter than the period of 10s; shorten the timeout or lengthen the period",
        ],
    ),
    (
        "app: {health: {initial_delay: 3601s}}",
        [
            "app.health.initial_delay: 3601s is outside 0s to 3600s; choose a duration in that range",
        ],
    ),
    (
        "app: {health: {period: 301s}}",
        [
            "app.health.period: 301s is outside 1s to 300s; choose a duration in that range",
        ],
    ),
    (
        "app: {health: {period: 300s, timeout: 121s}}",
        [
            "app.health.timeout: 121s is outside 1s to 120s; choose a duration in that range",
        ],
    ),
    (
        "app: {health: {failures: 51}}",
        [
            "app.health.failures: 51 is more than 50; choose 1 to 50",
        ],
    ),
    (
        "app: {health: {successes: 0}}",
        [
            "app.health.successes: 0 is less than 1; choose 1 to 50",
        ],
    ),
    (
        "app: {liveness: {path: /live, successes: 1}}",
        [
            "app.liveness.successes: unknown key successes; known here: failures, initial_delay, path, period, timeout",
        ],
    ),
    (
        "app: {shutdown: {drain: 111s}}",
        [
            "app.shutdown.drain: 111s is outside 1s to 110s; choose a duration in that range",
        ],
    ),
    (
        "app: {shutdown: {grace: 601s}}",
        [
            "app.shutdown.grace: 601s is outside 1s to 600s; choose a duration in that range",
        ],
    ),
    (
        "app: {shutdown: {grace: 30s}}",
        [
            "app.shutdown.grace: 30s is not longer than the 30s that the app takes to stop; set it to more than 30s",
        ],
    ),
    (
        'app: {variables: {PORT: "1"}}',
        [
            "app.variables.PORT: the platform sets PORT from the setting port; remove it here",
        ],
    ),
    (
        "app: {secrets: {PORT: {}}}",
        [
            "app.secrets.PORT: the platform sets PORT from the setting port; remove it here",
        ],
    ),
    (
        "app: {variables: {A: x}, secrets: {A: {}}}",
        [
            "app.variables.A: A is a plain variable and a secret; keep it under secrets only",
        ],
    ),
    (
        "app: {secrets: {A: {scope: build_time}}}",
        [
            "app.secrets.A.scope: the value is not one of run_time, run_and_build_time; did you mean "
            '"run_and_build_time"?',
        ],
    ),
    (
        "app: {secrets: {A: hunter2}}",
        [
            "app.secrets.A: the value must be a map of keys, not text; write {} here; the value itself is set "
            "with pulumi config set --secret",
        ],
    ),
    (
        "app: {cors: [{path: /api, allow_origins: []}]}",
        [
            "app.cors[0].allow_origins: it is empty; write at least 1 entry",
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["http://a.example.com"]}]}',
        [
            'app.cors[0].allow_origins[0]: "http://a.example.com" is not an exact origin: https, a host name in '
            'lower case, a port if need be, and no path; write it as in "https://www.example.com"',
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com/"]}]}',
        [
            'app.cors[0].allow_origins[0]: "https://a.example.com/" is not an exact origin: https, a host name '
            'in lower case, a port if need be, and no path; write it as in "https://www.example.com"',
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["*"]}]}',
        [
            'app.cors[0].allow_origins[0]: "*" is not an exact origin: https, a host name in lower case, a port '
            'if need be, and no path; write it as in "https://www.example.com"',
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com", "https://a.example.com"]}]}',
        [
            'app.cors[0].allow_origins: "https://a.example.com" stands here 2 times; name it once',
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com"], allow_methods: [GET, FETCH]}]}',
        [
            'app.cors[0].allow_methods[1]: "FETCH" is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS; '
            'did you mean "PATCH"?',
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com"], allow_methods: []}]}',
        [
            "app.cors[0].allow_methods: it is empty; write at least 1 entry",
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com"], allow_headers: ["X Y"]}]}',
        [
            'app.cors[0].allow_headers[0]: "X Y" is not the name of an HTTP header; write it as in "Content-Type"',
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com"], max_age: 25h}]}',
        [
            "app.cors[0].max_age: 25h is outside 0s to 24h; choose a duration in that range",
        ],
    ),
    (
        'app: {cors: [{path: /api, allow_origins: ["https://a.example.com"]}, {path: /api, allow_origins: ["https://b.example.com"]}]}',
        [
            "app.cors[1].path: /api has a cross-origin rule already; merge the two rules",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems
