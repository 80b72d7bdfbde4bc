import asyncio
import time
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.faults import Fault, Faults, Plan
from sandbox.store import Store


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    return Faults(Store(tmp_path / "cloud.sqlite"))


def request(faults: Faults, operation: str = "create", target: str = "app/tetrix") -> Fault | None:
    try:
        asyncio.run(faults.before("digitalocean", operation, target))
        asyncio.run(faults.after("digitalocean", operation, target))
    except Fault as fault:
        return fault
    return None


def test_without_a_plan_nothing_happens(faults: Faults) -> None:
    assert request(faults) is None


def test_a_throttle_is_429_with_retry_after_as_often_as_planned(faults: Faults) -> None:
    faults.plant(Plan("throttle", count=2, retry_after=7))
    first, second, third = (request(faults) for _ in range(3))
    assert first is not None
    assert (first.status, first.retry_after) == (429, 7)
    assert second is not None
    assert third is None


def test_a_count_of_zero_has_no_end(faults: Faults) -> None:
    faults.plant(Plan("error", count=0, status=503))
    assert [fault.status for fault in (request(faults) for _ in range(5)) if fault] == [503] * 5


@pytest.mark.parametrize(
    "scope", [{"api": "cloudflare"}, {"operation": "delete"}, {"target": "dnsRecord/*"}, {"target": "app/other"}]
)
def test_a_fault_out_of_scope_does_not_strike_and_is_not_used_up(faults: Faults, scope: dict[str, str]) -> None:
    id_ = faults.plant(Plan("error", **scope))  # type: ignore[arg-type]
    assert request(faults) is None
    assert faults.all()[id_]["hits"] == 0


def test_latency_delays_and_then_serves(faults: Faults) -> None:
    faults.plant(Plan("latency", latency_ms=60))
    started = time.monotonic()
    assert request(faults) is None
    assert time.monotonic() - started >= 0.06


def test_a_timeout_comes_after_success(faults: Faults) -> None:
    faults.plant(Plan("timeout"))
    asyncio.run(faults.before("digitalocean", "create", "app/tetrix"))
    with pytest.raises(Fault) as raised:
        asyncio.run(faults.after("digitalocean", "create", "app/tetrix"))
    assert raised.value.status == 504


def test_a_probability_draws_the_same_from_the_same_seed(tmp_path: Path) -> None:
    def run(name: str, seed: int) -> list[bool]:
        faults = Faults(Store(tmp_path / name))
        faults.plant(Plan("error", count=0, probability=0.5, seed=seed))
        return [request(faults) is not None for _ in range(40)]

    assert run("a", 1) == run("b", 1) != run("c", 2)
    assert 5 < sum(run("d", 1)) < 35


def test_a_build_fault_strikes_builds_only(faults: Faults) -> None:
    faults.plant(Plan("build", target="app/tetrix"))
    assert request(faults) is None
    assert not faults.strikes("build", "digitalocean", "app/other")
    assert faults.strikes("build", "digitalocean", "app/tetrix")
    assert not faults.strikes("build", "digitalocean", "app/tetrix")


def test_planted_faults_can_be_taken_back(faults: Faults) -> None:
    first, second = faults.plant(Plan("error")), faults.plant(Plan("error"))
    assert faults.clear(first) == 1
    assert list(faults.all()) == [second]
    assert faults.clear() == 1
    assert request(faults) is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"kind": "error", "tagret": "x"}, "a fault has no field 'tagret'"),
        ({"kind": "flood"}, "'flood' is no kind of fault"),
        ({"kind": "error", "probability": 2}, "probability 2 must be 0 to 1"),
    ],
)
def test_a_wrong_plan_is_refused(document: dict[str, object], message: str) -> None:
    with pytest.raises(SandboxError, match=message):
        Plan.read(document)
