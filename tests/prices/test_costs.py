"""What an inventory costs: every line with its amount, or with why there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.fly_address import FlyAddress
from inventory.stack import Inventory
from inventory.unknown import UNKNOWN
from prices.book import Book
from prices.costs import compare, costs
from prices.line import SHARED, Amount, Line
from prices.load import load_book
from tests.prices.samples import (
    TODAY,
    certificates,
    cluster,
    described,
    fly_app,
    http_service,
    inventory,
    platform_app,
    volume,
    worker,
    zone,
)

BOOK = load_book()


def lines(book: Book, found: Inventory, kind: str = "fixed", today: date = TODAY) -> list[Line]:
    return [line for line in costs(found, book, today).lines if line.kind == kind]


def said(line: Line) -> str:
    return f"{line.system}: {line.resource}: {line.item}: {line.low} to {line.high}"


def test_the_two_replicas_of_tetrix_cost_24_dollars(book: Book) -> None:
    (replicas,) = [line for line in lines(book, described("production")) if line.subject == "instances"]
    assert said(replicas) == "tetrix: tetrix-minimal: instances, apps-s-1vcpu-1gb: 24.00 to 24.00"
    assert (replicas.quantity, replicas.unit_usd, replicas.date) == ((2, 2), 12, "2026-08")
    assert replicas.source == "digitalocean/openapi, examples of apps; App Platform's list of sizes"


def test_a_stack_costs_what_its_systems_cost_line_by_line(book: Book) -> None:
    cost = costs(described("production"), book, TODAY)
    assert [said(line) for line in cost.lines if line.kind == "fixed"] == [
        "paintbox: paintbox: machines in sjc, shared-cpu-2x, 2048 MB: 31.94 to 95.81",
        "paintbox: DigitalOcean account: uptime checks: 3.00 to 3.00",
        "tattoo-contest: tattoo-contest: machines in iad, shared-cpu-1x, 512 MB: 3.69 to 3.69",
        "tattoo-contest: tattoo-contest: volume contest_data, 8 GB, grows to 20 GB: 1.20 to 3.00",
        "tattoo-contest: tattoo-contest: certificates: 0.00 to 0.00",
        "tattoo-contest: DigitalOcean account: uptime checks: 3.00 to 3.00",
        "tetrix: tetrix-minimal: instances, apps-s-1vcpu-1gb: 24.00 to 24.00",
        "tetrix: DigitalOcean account: uptime checks: 2.00 to 2.00",
        "tetrix: tetrixcorp.com: plan, Free: 0.00 to 0.00",
        "tetrix: Cloudflare account: Workers, Free: 0.00 to 0.00",
    ]
    assert cost.by_system == {
        "paintbox": Amount(Decimal("34.94"), Decimal("98.81")),
        "tattoo-contest": Amount(Decimal("7.89"), Decimal("9.69")),
        "tetrix": Amount(Decimal("26.00"), Decimal("26.00")),
    }
    assert cost.total == Amount(Decimal("68.83"), Decimal("134.50"))


def test_data_services_and_paid_workers_are_priced_and_what_has_no_price_is_counted(book: Book) -> None:
    cost = costs(described("performance"), book, TODAY)
    assert [said(line) for line in cost.lines if line.kind == "fixed" and line.system == "paintbox-performance"] == [
        "paintbox-performance: paintbox-pgbouncer: machines in sjc, shared-cpu-1x, 256 MB: 2.62 to 2.62",
        "paintbox-performance: paintbox-redis: machines in sjc, shared-cpu-1x, 1024 MB: 7.98 to 7.98",
        "paintbox-performance: paintbox-app: machines in sjc, shared-cpu-4x, 1024 MB: 20.93 to 104.64",
        "paintbox-performance: paintbox-redis: volume redis_data, 10 GB: 1.50 to 1.50",
        "paintbox-performance: paintbox-app: certificates: 0.00 to 0.00",
        "paintbox-performance: DigitalOcean account: uptime checks: 3.00 to 3.00",
        "paintbox-performance: paintbox-app.com: plan, Pro: 25.00 to 25.00",
        "paintbox-performance: Cloudflare account: Workers, Paid: 5.00 to 5.00",
    ]
    assert cost.of("paintbox-digitalocean") == Amount(Decimal("40.00"), Decimal("40.00"), unknown=1)


def test_an_unknown_price_is_said_with_the_way_to_give_it(book: Book) -> None:
    (line,) = lines(book, inventory(clusters=(cluster(size="db-s-1vcpu-2gb", nodes=2),)), "unknown")
    assert (line.low, line.high, line.note) == (
        0,
        0,
        "the price book has no price of postgres nodes of db-s-1vcpu-2gb; write yours into prices.yaml, at "
        "digitalocean.postgres.db-s-1vcpu-2gb",
    )


@pytest.mark.parametrize(
    "found",
    [
        inventory(fly_apps=(fly_app(counts=UNKNOWN),)),
        inventory(fly_apps=(fly_app(counts={"iad": UNKNOWN}),)),
        inventory(fly_apps=(fly_app(size=UNKNOWN),)),
        inventory(fly_apps=(fly_app(memory_mb=UNKNOWN),)),
        inventory(fly_volumes=(volume(size_gb=UNKNOWN),)),
        inventory(fly_volumes=(volume(count=UNKNOWN),)),
        inventory(platform_apps=(platform_app(size=UNKNOWN),)),
        inventory(platform_apps=(platform_app(maximum=UNKNOWN),)),
        inventory(platform_apps=(platform_app(size="apps-new"),)),
        inventory(clusters=(cluster(size=UNKNOWN),)),
        inventory(clusters=(cluster(engine=UNKNOWN),)),
        inventory(clusters=(cluster(engine="mysql"),)),
        inventory(clusters=(cluster(nodes=UNKNOWN),)),
        inventory(zones=(zone(plan=UNKNOWN),)),
        inventory(zones=(zone(plan="enterprise"),)),
    ],
)
def test_what_nobody_can_say_is_one_unknown_and_in_no_total(book: Book, found: Inventory) -> None:
    assert costs(found, book, TODAY).total == Amount(unknown=1)
    (line,) = lines(book, found, "unknown")
    assert line.note


def test_a_region_or_size_that_the_book_does_not_have_is_unknown(book: Book) -> None:
    elsewhere = lines(book, inventory(fly_apps=(fly_app(region="bom", counts={"bom": 1}),)), "unknown")
    larger = lines(book, inventory(fly_apps=(fly_app(size="performance-64x"),)), "unknown")
    assert [line.note for line in elsewhere + larger] == [
        "the price book has no prices of the region bom",
        "the price book has no machines of the size performance-64x",
    ]


def test_machines_in_several_regions_cost_what_each_region_charges(book: Book) -> None:
    found = inventory(fly_apps=(fly_app(memory_mb=1024, counts={"iad": 1, "fra": 1, "sin": 1}),))
    assert [said(line) for line in lines(book, found)] == [
        "shop: shop: machines in iad, shared-cpu-1x, 1024 MB: 6.70 to 6.70",
        "shop: shop: machines in fra, shared-cpu-1x, 1024 MB: 7.73 to 7.73",
        "shop: shop: machines in sin, shared-cpu-1x, 1024 MB: 8.50 to 8.50",
    ]
    assert [(line.subject, line.unit_usd) for line in lines(book, found, "use")] == [
        ("egress from Asia, the Pacific and South America", Decimal("0.04")),
        ("egress from Europe and North America", Decimal("0.02")),
    ]


def test_only_the_primary_region_keeps_machines_running(book: Book) -> None:
    found = inventory(fly_apps=(fly_app(counts={"iad": 3, "fra": 2}, services=(http_service(minimum=2),)),))
    assert [(line.subject, line.quantity) for line in lines(book, found)] == [
        ("machines in iad", (2, 3)),
        ("machines in fra", (0, 2)),
    ]
    assert "root file systems of stopped machines" in [line.subject for line in lines(book, found, "use")]


def test_a_service_beside_the_app_sends_nothing_to_the_internet(book: Book) -> None:
    assert lines(book, inventory(fly_apps=(fly_app(role="redis"),)), "use") == []


def test_dedicated_addresses_cost_and_others_do_not(book: Book) -> None:
    kinds = ("v4", "shared_v4", "v6", UNKNOWN)
    addresses = tuple(FlyAddress(name=f"shop-{kind}", system="shop", app="shop", kind=kind) for kind in kinds)
    cost = costs(inventory(fly_addresses=addresses), book, TODAY)
    assert cost.total == Amount(Decimal("2.00"), Decimal("2.00"), unknown=1)


def test_a_larger_disk_of_a_cluster_is_unknown(book: Book) -> None:
    found = inventory(clusters=(cluster(storage_mib=30 * 1024),))
    assert costs(found, book, TODAY).total == Amount(Decimal("15.00"), Decimal("15.00"), unknown=1)
    assert [line.note for line in lines(book, found, "unknown")] == ["no official page was found that says it"]


def test_a_line_made_of_several_prices_is_as_old_as_the_oldest(book: Book) -> None:
    memory = book.fly.memory.model_copy(update={"history": book.fly.memory.history[:1]})
    older = book.model_copy(update={"fly": book.fly.model_copy(update={"memory": memory})})
    (line,) = lines(older, inventory(fly_apps=(fly_app(),)))
    assert line.date == "2026-08-07"


def test_instances_that_scale_cost_from_the_fewest_to_the_most(book: Book) -> None:
    found = inventory(platform_apps=(platform_app(size="apps-d-1vcpu-0.5gb", minimum=2, maximum=4),))
    (line,) = lines(book, found)
    assert (line.quantity, line.low, line.high) == ((2, 4), 58, 116)


def test_every_volume_of_a_name_costs_and_its_snapshots_go_by_use(book: Book) -> None:
    found = inventory(fly_volumes=(volume(size_gb=5, count=2),))
    assert [said(line) for line in lines(book, found)] == ["shop: shop: volume data, 5 GB: 1.50 to 1.50"]
    assert [line.note for line in lines(book, found, "use")] == ["the first 10 GB of an organization are free"]
    assert lines(book, inventory(fly_volumes=(volume(scheduled_snapshots=False),)), "use") == []


def test_ten_certificates_of_an_organization_are_free_whatever_app_has_them(book: Book) -> None:
    apps = (fly_app("a"), fly_app("b"), fly_app("c", organization="other"))
    found = inventory(
        fly_apps=apps,
        fly_certificates=(
            *certificates("a", *(f"a{number}.example.com" for number in range(8))),
            *certificates("b", *(f"b{number}.example.com" for number in range(5)), "*.example.com"),
            *certificates("c", "c.example.com"),
        ),
    )
    assert [
        (line.system, line.subject, line.high, line.note) for line in lines(book, found) if "cert" in line.subject
    ] == [
        ("a", "certificates", Decimal("0.00"), "8 of them free"),
        ("b", "certificates", Decimal("0.30"), "2 of them free"),
        ("b", "wildcard certificates", Decimal("1.00"), ""),
        ("c", "certificates", Decimal("0.00"), "1 of them free"),
    ]


def test_argo_costs_by_zone_and_by_traffic(book: Book) -> None:
    found = inventory(zones=(zone(argo=True),))
    assert [said(line) for line in lines(book, found)] == [
        "site: example.com: plan, Pro: 25.00 to 25.00",
        "site: example.com: Argo Smart Routing: 5.00 to 5.00",
    ]
    assert [(line.unit_usd, line.note) for line in lines(book, found, "use")] == [
        (Decimal("0.1"), "the first 1 GB are free")
    ]
    assert costs(inventory(zones=(zone(argo=UNKNOWN),)), book, TODAY).total.unknown == 1


def test_what_serves_several_systems_is_shared(book: Book) -> None:
    found = inventory(
        zones=(zone(systems=("shop", "site")),), workers=(worker("shop", cpu_ms=50), worker("site", cpu_ms=50))
    )
    assert [said(line) for line in lines(book, found)] == [
        "shared: example.com: plan, Pro: 25.00 to 25.00",
        "shared: Cloudflare account: Workers, Paid: 5.00 to 5.00",
    ]


def test_the_paid_plan_for_workers_is_for_the_system_that_needs_it(book: Book) -> None:
    found = inventory(workers=(worker("shop"), worker("site", cpu_ms=50)))
    assert [said(line) for line in lines(book, found)] == ["site: Cloudflare account: Workers, Paid: 5.00 to 5.00"]


def test_an_estimate_is_said_to_be_one(book: Book) -> None:
    cost = costs(inventory(clusters=(cluster(nodes=3),)), book, TODAY)
    (line,) = cost.doubts
    assert (line.high, line.estimate, line.old) == (45, True, False)


@pytest.mark.parametrize(("day", "old"), [(date(2027, 8, 1), False), (date(2027, 8, 2), True)])
def test_a_price_read_more_than_a_year_ago_is_said_to_be_old(book: Book, day: date, old: bool) -> None:
    (line,) = lines(book, inventory(platform_apps=(platform_app(),)), today=day)
    assert (line.high, line.old) == (24, old)


def test_the_newest_price_that_was_known_on_the_day_counts(book: Book) -> None:
    found = inventory(fly_apps=(fly_app(region="sjc", counts={"sjc": 1}),))
    assert [
        (line.low, line.date)
        for day in (date(2026, 10, 8), date(2026, 10, 9))
        for line in lines(book, found, today=day)
    ] == [(Decimal("2.32"), "2026-08-07"), (Decimal("2.62"), "2026-10-09")]


def test_a_comparison_says_what_changed_for_each_system_and_line(book: Book) -> None:
    before = inventory(fly_apps=(fly_app("a"), fly_app("b")), zones=(zone(plan="free", systems=("a", "b")),))
    after = inventory(
        fly_apps=(fly_app("a", memory_mb=512), fly_app("c")), zones=(zone(plan="enterprise", systems=("a", "c")),)
    )
    found = compare(before, after, book, TODAY)
    assert [(change.system, change.delta) for change in found.systems] == [
        ("a", Amount(Decimal("1.50"), Decimal("1.50"))),
        ("b", Amount(Decimal("-2.19"), Decimal("-2.19"))),
        ("c", Amount(Decimal("2.19"), Decimal("2.19"))),
        (SHARED, Amount(unknown=1)),
    ]
    assert found.total.delta == Amount(Decimal("1.50"), Decimal("1.50"), unknown=1)
    assert [(old and old.item, new and new.item) for old, new in found.lines if (old or new).kind != "use"] == [
        ("machines in iad, shared-cpu-1x, 256 MB", "machines in iad, shared-cpu-1x, 512 MB"),
        ("machines in iad, shared-cpu-1x, 256 MB", None),
        ("plan, Free", "plan, Enterprise"),
        (None, "machines in iad, shared-cpu-1x, 256 MB"),
    ]


def test_nothing_is_different_between_a_stack_and_itself(book: Book) -> None:
    found = compare(described("performance"), described("performance"), book, TODAY)
    assert found.lines == ()
    assert all(change.delta == Amount() for change in (*found.systems, found.total))


def test_a_new_price_alone_changes_no_quantity_but_every_amount(book: Book) -> None:
    before, after = (costs(described("staging"), book, day).total for day in (date(2026, 8, 31), TODAY))
    assert before.low < after.low
    assert before.high < after.high


@given(
    fewest=st.integers(0, 5),
    more=st.integers(0, 5),
    memory=st.sampled_from([256, 512, 1024, 2048]),
    region=st.sampled_from(["iad", "sjc", "fra", "bom"]),
    volumes=st.lists(st.tuples(st.integers(1, 500), st.integers(1, 10)), max_size=3),
)
def test_totals_are_sums_and_more_of_anything_is_never_cheaper(
    fewest: int, more: int, memory: int, region: str, volumes: list[tuple[int, int]]
) -> None:
    def stack(extra: int) -> Inventory:
        app = fly_app(
            region=region,
            counts={region: fewest + more + extra},
            memory_mb=memory,
            services=(http_service(minimum=fewest),),
        )
        disks = tuple(
            volume(name=f"v{at}", volume=f"v{at}", size_gb=size, count=n) for at, (size, n) in enumerate(volumes)
        )
        return inventory(fly_apps=(app,), fly_volumes=disks)

    cost, larger = (costs(stack(extra), BOOK, TODAY) for extra in (0, 1))
    assert cost.total == sum(cost.by_system.values(), Amount())
    assert all(line.low <= line.high for line in cost.lines)
    assert larger.total.high >= cost.total.high
    assert cost.total.unknown == (1 if region == "bom" else 0)
