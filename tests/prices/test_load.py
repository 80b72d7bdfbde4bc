"""A price book is read as a whole, and refused as a whole with every problem at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from prices.load import FOLDER, PriceBookError, load_book


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the book to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "book"))


def spoil(folder: Path, section: str, *changes: tuple[str, str]) -> None:
    file = folder / f"{section}.yaml"
    text = file.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text)


def problems(folder: Path, root: Path | None = None) -> list[str]:
    """What is said, without lines and columns: those of the book change whenever a price is added."""
    with pytest.raises(PriceBookError) as caught:
        load_book(root, folder=folder)
    return [re.sub(r":\d+:\d+:", ":", str(problem)) for problem in caught.value.problems]


def test_every_problem_of_every_file_comes_at_once(folder: Path) -> None:
    spoil(
        folder,
        "fly",
        ("volume:\n  item: volume\n  unit: gb-month", "volume:\n  item: volume\n  unit: gb-moth"),
        ("amount: 2\n", "amount: -2\n"),
        ("      - date: 2026-08-07\n        amount: 72", "      - amount: 72"),
        ("amount: 3.60", "amount: '3.60'"),
    )
    spoil(
        folder,
        "cloudflare",
        ("r2_storage:", "r3_storage:"),
        ("unknown: it is agreed on by contract\n", "estimate: true\n"),
    )
    spoil(
        folder, "digitalocean", ("apps-s-1vcpu-2gb:\n", "apps-s-1vcpu-3gb:\n"), ("date: 2026-03-27", "date: 2026-03-32")
    )
    assert problems(folder) == [
        "prices/book/cloudflare.yaml: cloudflare.r2_storage: r2_storage is required; add it, see docs/prices.md",
        "prices/book/cloudflare.yaml: cloudflare.plans.enterprise.history[0]: neither amount nor unknown is set; write "
        "amount, or in unknown why there is none",
        'prices/book/cloudflare.yaml: cloudflare.r3_storage: unknown key r3_storage; did you mean "r2_storage"?',
        'prices/book/digitalocean.yaml: digitalocean.instances.apps-s-1vcpu-3gb: "apps-s-1vcpu-3gb" is not an instance '
        'size of App Platform; did you mean "apps-s-1vcpu-2gb"?',
        'prices/book/digitalocean.yaml: digitalocean.uptime_check.history[0].date: "2026-03-32" is no day; write it as '
        "in 2026-08-07, or 2026-08 for a month",
        'prices/book/fly.yaml: fly.volume.unit: "gb-moth" is not one of gb-month; did you mean "gb-month"?',
        "prices/book/fly.yaml: fly.ipv4.history[0].amount: -2 is less than 0; choose 0 or more",
        'prices/book/fly.yaml: fly.egress_address.history[0].amount: "3.60" must be a number, not text; remove the '
        "quotes",
        "prices/book/fly.yaml: fly.postgres.starter.history[0].date: date is required; add it, such as date: "
        "2026-08-07",
    ]


def test_a_problem_names_the_line_that_it_is_on(folder: Path) -> None:
    spoil(folder, "fly", ("amount: 2\n", "amount: -2\n"))
    with pytest.raises(PriceBookError) as caught:
        load_book(folder=folder)
    line = 1 + (folder / "fly.yaml").read_text().partition("amount: -2")[0].count("\n")
    assert str(caught.value) == (
        "1 problem in the price book:\n"
        f"  prices/book/fly.yaml:{line}:7: fly.ipv4.history[0].amount: -2 is less than 0; choose 0 or more"
    )


def test_a_price_is_an_amount_or_unknown_but_never_both(folder: Path) -> None:
    spoil(folder, "fly", ("amount: 2\n", "amount: 2\n      unknown: nobody says it\n"))
    assert problems(folder) == [
        "prices/book/fly.yaml: fly.ipv4.history[0]: amount and unknown are both set; write amount, or in unknown why "
        "there is none"
    ]


def test_readings_stand_in_rising_order_one_a_date(folder: Path) -> None:
    spoil(folder, "fly", ("date: 2026-10-09", "date: 2026-08-07"))
    assert problems(folder) == [
        "prices/book/fly.yaml: fly.cpu.shared: its history is not in rising order of dates; put the oldest first, one "
        "entry a date"
    ]


def test_what_is_no_yaml_does_not_hide_the_problems_of_other_files(folder: Path) -> None:
    spoil(folder, "fly", ("cpu:", "cpu: ["))
    (folder / "cloudflare.yaml").write_text("- a list\n")
    spoil(folder, "digitalocean", ("amount: 12", "amount: a dozen"))
    found = problems(folder)
    assert found[:2] == [
        "prices/book/cloudflare.yaml: must be a map of keys, not a list; see docs/prices.md",
        'prices/book/digitalocean.yaml: digitalocean.instances.apps-s-1vcpu-1gb.history[0].amount: "a dozen" must be a '
        "number, not text; write a number",
    ]
    assert len(found) == 3
    assert found[2].startswith("prices/book/fly.yaml: not valid YAML: ")


def test_a_key_that_stands_twice_is_a_problem(folder: Path) -> None:
    spoil(folder, "fly", ("rootfs:", "memory:"))
    assert [problem for problem in problems(folder) if "twice" in problem] == [
        'prices/book/fly.yaml: fly.memory: the key "memory" stands here twice; keep one of the two'
    ]


def test_every_plan_and_kind_of_cpu_and_area_has_a_price(folder: Path) -> None:
    for section, start, end in (
        ("cloudflare", "  free:", "  pro:"),
        ("fly", "  performance:\n    item: CPU", "memory:"),
    ):
        file = folder / f"{section}.yaml"
        before, _, rest = file.read_text().partition(start)
        file.write_text(before + end + rest.partition(f"\n{end}")[2])
    # The anchors that stood in the parts that are gone are used further down.
    spoil(folder, "cloudflare", ("source: *plans", "source: &plans x"), ("source: *page", "source: &page x"))
    assert problems(folder) == [
        "prices/book/cloudflare.yaml: cloudflare.plans: 3 entries are fewer than 4; add to it",
        "prices/book/fly.yaml: fly.cpu: 1 entries are fewer than 2; add to it",
    ]


def test_a_missing_file_is_a_problem(folder: Path) -> None:
    (folder / "fly.yaml").unlink()
    assert problems(folder) == ["prices/book/fly.yaml: there is no such file; create it"]


def test_own_prices_go_before_the_book_and_add_to_it(folder: Path, tmp_path: Path) -> None:
    own = """
digitalocean:
  postgres:
    db-s-1vcpu-2gb: {item: node, unit: month, history: [{date: 2026-11-22, amount: 30.45, source: control panel}]}
cloudflare:
  plans:
    enterprise: {item: our contract, unit: month, history: [{date: 2026-11-01, amount: 3000, source: contract}]}
"""
    (tmp_path / "prices.yaml").write_text(own)
    book = load_book(tmp_path, folder=folder)
    assert book.digitalocean.postgres.keys() == {"db-s-1vcpu-1gb", "db-s-1vcpu-2gb"}
    assert book.cloudflare.plans["enterprise"].history[0].amount == 3000
    assert load_book(folder=folder).cloudflare.plans["enterprise"].history[0].amount is None


def test_problems_of_own_prices_name_their_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("fly:\n  volume:\n    unit: month\n")
    assert problems(folder, tmp_path) == [
        'prices.yaml: fly.volume.unit: "month" is not one of gb-month; did you mean "gb-month"?'
    ]
