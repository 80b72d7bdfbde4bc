"""What the autoscaler asks Prometheus, and its fly.toml."""

from __future__ import annotations

from fly.config import FlyConfig
from fly.validation.release import release_problems
from planning.autoscaler import autoscaler_toml, query
from settings.autoscaler import Autoscaler
from tests.paintbox import FLY, paintbox

CPU = (
    'label_replace(sum(sum by (instance) (rate(fly_instance_cpu{app="a",mode!="idle"}[2m])) / '
    'sum by (instance) (rate(fly_instance_cpu{app="a"}[2m]))) / 0.7, "by", "cpu", "", "")'
)
MEMORY = (
    'label_replace(sum(1 - fly_instance_memory_mem_available{app="a"} / fly_instance_memory_mem_total{app="a"}) / 0.88'
    ', "by", "memory", "", "")'
)


def test_it_asks_for_as_many_machines_as_the_busier_of_the_two_needs() -> None:
    assert query(Autoscaler(cpu_percent=70), "a") == f"max({CPU})"
    assert query(Autoscaler(memory_percent=88), "a") == f"max({MEMORY})"
    assert query(Autoscaler(cpu_percent=70, memory_percent=88), "a") == f"max({CPU} or {MEMORY})"


def test_its_machine_passes_every_check_of_the_release() -> None:
    app = paintbox(FLY).app
    config = FlyConfig.model_validate(autoscaler_toml(Autoscaler(cpu_percent=70), app, "paintbox-app"))
    assert release_problems(config, {"sjc": 1}, frozenset({"FAS_API_TOKEN"}), single=True) == []
