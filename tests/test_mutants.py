"""Each of these mistakes, made in a copy of the project, must make a component test fail."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.mutation import Mutant, as_json
from tests.tetrix import ROOT

NONE = Mutant("no mistake at all", "planning/naming.py", "limit", "limit")
MUTANTS = [
    Mutant("the app leaves its component", "components/app_platform.py", "parent=self,\n", "\n"),
    Mutant("the app goes to the caller's parent", "components/app_platform.py", "parent=self,", "parent=opts.parent,"),
    Mutant(
        "a system ignores its caller's parent",
        "components/system.py",
        '"slipway:index:System", name, None, opts',
        '"slipway:index:System", name, None, None',
    ),
    Mutant(
        "the edge ignores its caller's parent",
        "components/edge.py",
        '"slipway:index:Edge", name, None, opts',
        '"slipway:index:Edge", name, None, None',
    ),
    Mutant(
        "uptime checks leave their component",
        "components/monitoring.py",
        "enabled=True,\n                opts=pulumi.ResourceOptions(parent=self),",
        "enabled=True,",
    ),
    Mutant(
        "a system registers nothing",
        "components/system.py",
        "self.register_outputs(self.outputs)",
        "self.register_outputs({})",
    ),
    Mutant(
        "the app registers nothing", "components/app_platform.py", '{**self.outputs, "ingressHost"', '{"ingressHost"'
    ),
    Mutant("the edge registers nothing", "components/edge.py", '{"hostNames": self.host_names}', "{}"),
    Mutant("monitoring registers nothing", "components/monitoring.py", '{"checkIds": self.check_ids}', "{}"),
    Mutant(
        "an adopted app is not protected", "components/app_platform.py", "protect=adopt is not None", "protect=False"
    ),
    Mutant("every app is protected", "components/app_platform.py", "protect=adopt is not None", "protect=True"),
    Mutant("the app is imported in every run", "components/app_platform.py", "adopt if adopting else None", "adopt"),
    Mutant("adopting applies the settings", "components/app_platform.py", 'ignored = ["spec"]', "ignored = []"),
    Mutant("nothing is ever ignored", "components/app_platform.py", "ignore_changes=ignored", "ignore_changes=[]"),
    Mutant(
        "a changed secret is not sent",
        "components/app_platform.py",
        "mark != deployed.mark.partition(_JOINT)[0]",
        "False",
    ),
    Mutant(
        "secrets are sent in every run",
        "components/app_platform.py",
        "mark != deployed.mark.partition(_JOINT)[0]",
        "True",
    ),
    Mutant(
        "a failed first run counts as none",
        "components/app_platform.py",
        "(deployed.app_id or not first)",
        "deployed.app_id",
    ),
    Mutant(
        "the first run is never over", "components/deployed.py", '["output"] == made_with', '["input"] == made_with'
    ),
    Mutant(
        "what tells the first run changes", "components/deployed.py", 'ignore_changes=["input"]', "ignore_changes=[]"
    ),
    Mutant(
        "environments share a mark",
        "components/app_platform.py",
        'fingerprint, secrets, purpose=f"{environment}/{name}"',
        'fingerprint, secrets, purpose=f"{name}"',
    ),
    Mutant(
        "the mark does not cover alerts",
        "components/app_platform.py",
        "settings=marked_settings(settings.monitoring)",
        'settings=""',
    ),
    Mutant(
        "the app's secrets are plain",
        "components/app_platform.py",
        "pulumi.Output.secret(value.get_secret_value())",
        "value.get_secret_value()",
    ),
    Mutant(
        "the Worker's secret is plain",
        "components/edge.py",
        "pulumi.Output.secret(origin_secret.get_secret_value())",
        "origin_secret.get_secret_value()",
    ),
    Mutant(
        "the webhook's URL is plain",
        "components/monitoring.py",
        "pulumi.Output.secret(secrets[notify.slack.webhook_secret].get_secret_value())",
        "secrets[notify.slack.webhook_secret].get_secret_value()",
    ),
    Mutant("the Worker's secret is a plain binding", "components/edge.py", '"secret_text"', '"plain_text"'),
    Mutant("a second app may be adopted", "components/deployed.py", 'not in ("", adopt)', 'in ("", adopt)'),
    Mutant("records are proxied the wrong way round", "components/edge.py", "proxied=proxied", "proxied=not proxied"),
    Mutant("no mode has a Worker", "components/edge.py", "        if proxied and", "        if False and"),
    Mutant("records have no time to live", "components/edge.py", "ttl=settings.record_ttl", "ttl=1"),
    Mutant("checks are off", "components/monitoring.py", "enabled=True", "enabled=False"),
    Mutant("checks ask the wrong page", "components/monitoring.py", "concat(base_url, probe.path)", "concat(base_url)"),
    Mutant("secret variables are general", "planning/app_platform.py", '"type": "SECRET"', '"type": "GENERAL"'),
    Mutant("plain variables are secret", "planning/app_platform.py", '"type": "GENERAL"', '"type": "SECRET"'),
    Mutant(
        "prefixes are cut off",
        "planning/app_platform.py",
        '"preserve_path_prefix": True',
        '"preserve_path_prefix": False',
    ),
    Mutant("short prefixes come first", "planning/app_platform.py", "(-len(cors.path)", "(len(cors.path)"),
    Mutant("origins match by their beginning", "planning/app_platform.py", "sorted(origins))})$", "sorted(origins))})"),
    Mutant("origins are not escaped", "planning/app_platform.py", "re.escape(origin)", "origin"),
    Mutant("a proxied app has domains", "planning/app_platform.py", "if edge and not proxied else", "if edge else"),
    Mutant("a proxied app is open", "planning/app_platform.py", "if proxied else None", "if False else None"),
    Mutant("every domain is an alias", "planning/app_platform.py", "domain.role.upper()", '"ALIAS"'),
    Mutant("alerts are raised below", "planning/app_platform.py", '"GREATER_THAN"', '"LESS_THAN"'),
    Mutant("limits are one higher", "planning/app_platform.py", "int(limit.value)", "int(limit.value) + 1"),
    Mutant("a count stays with autoscaling", "planning/app_platform.py", "app.instances[1]", "app.instances[0] + 1"),
    Mutant("liveness waits for two", "planning/app_platform.py", '"success_threshold": 1}', '"success_threshold": 2}'),
    Mutant("drain and grace change places", "planning/app_platform.py", "app.shutdown.drain", "app.shutdown.grace"),
    Mutant("the lockfile may change", "planning/app_platform.py", " --frozen-lockfile", ""),
    Mutant(
        "the names of alerts' destinations may be read back",
        "planning/app_platform.py",
        '.alerts[{index}].destinations"',
        '.alerts[{index}]"',
    ),
    Mutant("response times are seconds", "planning/thresholds.py", "timedelta(milliseconds=1)", "timedelta(seconds=1)"),
    Mutant(
        "days are one fewer",
        "planning/monitoring.py",
        'int(limit.value), "less_than"',
        'int(limit.value) - 1, "less_than"',
    ),
    Mutant("the limit itself is trouble", "planning/thresholds.py", "measured > self.value", "measured >= self.value"),
    Mutant(
        "an alert fires a failure early",
        "planning/alerts/state.py",
        ">= alert.threshold.in_a_row",
        ">= alert.threshold.in_a_row - 1",
    ),
    Mutant(
        "an alert does not wait",
        "planning/alerts/state.py",
        "alert.threshold.lasts.total_seconds()",
        "0",
    ),
    Mutant(
        "there is no cooldown",
        "planning/alerts/state.py",
        "else alert.watch.cooldown",
        "else alert.watch.interval",
    ),
    Mutant(
        "an alert ends at the first good round",
        "planning/alerts/state.py",
        "state.good < alert.watch.successes",
        "state.good < 1",
    ),
    Mutant("no end is told", "planning/alerts/state.py", "if state.announced else None", "if not state.good else None"),
    Mutant("slow means fast", "planning/monitoring.py", '"greater_than")', '"less_than")'),
    Mutant(
        "one region's trouble is everybody's",
        "planning/monitoring.py",
        'Alert("down", "down_global"',
        'Alert("down", "down"',
    ),
    Mutant("long names lose their hash", "planning/naming.py", '-{digest}"', '"'),
    Mutant("names may be one longer", "planning/naming.py", "len(name) <= limit", "len(name) <= limit + 1"),
    Mutant("environments share names", "planning/naming.py", "environment == PLAIN_ENVIRONMENT", "True"),
    Mutant(
        "the mark knows no names",
        "planning/fingerprint.py",
        "json.dumps([values",
        "json.dumps([sorted(values.values())",
    ),
    Mutant("the mark is not salted", "planning/fingerprint.py", "purpose.encode()", 'b""'),
    Mutant("Redis may run twice", "components/redis.py", "single_instance=True", "single_instance=None"),
    Mutant("Redis starts without its volume", "components/redis.py", "depends_on=[volumes]", "depends_on=[]"),
    Mutant("Redis's URL is plain", "components/redis.py", 'secret(f"redis://', 'from_input(f"redis://'),
    Mutant("PgBouncer is public", "components/pgbouncer.py", '"private_v6"', '"v6"'),
    Mutant("PgBouncer is asked by HTTP", "components/pgbouncer.py", '"successes": 0', '"successes": 1'),
    Mutant("a database is not protected", "components/database.py", "protect=True", "protect=False"),
    Mutant("a Valkey is not protected", "components/valkey.py", "protect=True", "protect=False"),
    Mutant(
        "databases are reached from outside",
        "components/database.py",
        '"private_host" if private else "host"',
        '"host"',
    ),
    Mutant("firewalls know no app", "components/firewall.py", '"type": "app"', '"type": "tag"'),
    Mutant("there are no spare volumes", "components/volumes.py", "settings.count or machines", "machines"),
    Mutant("volumes leave their component", "components/volumes.py", "parent=self, aliases=before", "aliases=before"),
    Mutant("policies are spelt one way", "planning/database.py", '.replace("-", "_")', ""),
    Mutant("the autoscaler may run twice", "components/autoscaler.py", "single_instance=True", "single_instance=None"),
]


def test_each_mistake_is_a_change_of_one_place() -> None:
    wrong = [mutant.name for mutant in MUTANTS if (ROOT / mutant.file).read_text().count(mutant.old) != 1]
    assert wrong == []
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[int, str]]:
    command = [sys.executable, "-m", "tests.mutation"]
    ran = subprocess.run(
        command, input=as_json([NONE, *MUTANTS]), capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, tuple[int, str]] = json.loads(ran.stdout)
    return found


@pytest.mark.engine
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mistake_is_noticed(mutant: Mutant, outcomes: dict[str, tuple[int, str]]) -> None:
    code, output = outcomes[mutant.name]
    assert code == pytest.ExitCode.TESTS_FAILED, f"{mutant.name}: exit code {code}\n{output}"


@pytest.mark.engine
@pytest.mark.timeout(300)
def test_without_a_mistake_all_tests_pass(outcomes: dict[str, tuple[int, str]]) -> None:
    code, output = outcomes[NONE.name]
    assert code == pytest.ExitCode.OK, output
