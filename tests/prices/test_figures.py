"""Every price that a document states, with where it is stated: the book and its arithmetic give the same figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from prices.book import Book
from prices.entry import rate
from prices.fly_costs import machine_rate
from settings.digitalocean import DEPRECATED_SIZES, INSTANCE_SIZES
from settings.edge_plan import ARGO_USD, PLANS

AUGUST = date(2026, 8, 31)
NOVEMBER = date(2026, 11, 22)

FLY = "fly.io docs, about/pricing, 2026-08"
POSTGRES = "fly.io docs, mpg, 2026-08"
SIZES = "digitalocean/openapi, examples of apps, and App Platform's list of sizes, 2026-08"
HEARSAY = "third parties, 2026-08: no official page was found"
PLAN_PAGES = "support.cloudflare.com, billing, and third parties, 2025-12; www.cloudflare.com/plans, 2026-10-07"
ARGO = "support.cloudflare.com, Billing for Argo"
WORKERS = "Cloudflare docs, workers/platform/pricing"

STATED = [
    ("Fly.io", "rootfs", "0.15", FLY),
    ("Fly.io", "volume", "0.15", FLY),
    ("Fly.io", "snapshots", "0.08", FLY),
    ("Fly.io", "ipv4", "2", FLY),
    ("Fly.io", "certificate", "0.10", FLY),
    ("Fly.io", "egress_address", "3.60", FLY),
    ("Fly.io", "egress.europe-north-america", "0.02", FLY),
    ("Fly.io", "egress.asia-pacific-south-america", "0.04", FLY),
    ("Fly.io", "egress.africa-india", "0.12", FLY),
    ("Fly.io", "between_regions.europe-north-america", "0.006", FLY),
    ("Fly.io", "postgres.basic", "38", POSTGRES),
    ("Fly.io", "postgres.starter", "72", POSTGRES),
    ("Fly.io", "postgres.launch", "282", POSTGRES),
    ("Fly.io", "postgres.scale", "962", POSTGRES),
    ("Fly.io", "postgres.performance", "1922", POSTGRES),
    ("Fly.io", "postgres_storage", "0.28", POSTGRES),
    ("Fly.io", "support.standard", "29", FLY),
    ("Fly.io", "support.premium", "199", FLY),
    ("DigitalOcean", "instances.apps-s-1vcpu-0.5gb", "5", SIZES),
    ("DigitalOcean", "instances.apps-s-1vcpu-1gb-fixed", "10", SIZES),
    ("DigitalOcean", "instances.apps-s-1vcpu-1gb", "12", SIZES),
    ("DigitalOcean", "instances.apps-s-1vcpu-2gb", "25", SIZES),
    ("DigitalOcean", "instances.apps-s-2vcpu-4gb", "50", SIZES),
    ("DigitalOcean", "instances.apps-d-1vcpu-0.5gb", "29", SIZES),
    ("DigitalOcean", "instances.apps-d-1vcpu-1gb", "34", SIZES),
    ("DigitalOcean", "instances.apps-d-1vcpu-2gb", "39", SIZES),
    ("DigitalOcean", "instances.apps-d-1vcpu-4gb", "49", SIZES),
    ("DigitalOcean", "instances.apps-d-2vcpu-4gb", "78", SIZES),
    ("DigitalOcean", "instances.apps-d-2vcpu-8gb", "98", SIZES),
    ("DigitalOcean", "instances.apps-d-4vcpu-8gb", "156", SIZES),
    ("DigitalOcean", "instances.apps-d-4vcpu-16gb", "196", SIZES),
    ("DigitalOcean", "instances.apps-d-8vcpu-32gb", "392", SIZES),
    ("DigitalOcean", "development_database", "7", HEARSAY),
    ("DigitalOcean", "postgres.db-s-1vcpu-1gb", "15", HEARSAY),
    ("DigitalOcean", "valkey.db-s-1vcpu-1gb", "15", HEARSAY),
    ("DigitalOcean", "uptime_check", "1", "DigitalOcean docs, uptime/details/pricing, 2026-03-27"),
    ("Cloudflare", "plans.free", "0", PLAN_PAGES),
    ("Cloudflare", "plans.pro", "25", PLAN_PAGES),
    ("Cloudflare", "plans.business", "250", PLAN_PAGES),
    ("Cloudflare", "plans_paid_yearly.pro", "20", PLAN_PAGES),
    ("Cloudflare", "plans_paid_yearly.business", "200", PLAN_PAGES),
    ("Cloudflare", "argo", "5", ARGO),
    ("Cloudflare", "argo_traffic", "0.10", ARGO),
    ("Cloudflare", "workers_free", "0", WORKERS),
    ("Cloudflare", "workers_paid", "5", WORKERS),
    ("Cloudflare", "workers_requests", "0.30", WORKERS),
    ("Cloudflare", "workers_cpu", "0.02", WORKERS),
    ("Cloudflare", "r2_storage", "0.015", "Cloudflare docs, r2/pricing"),
]

FREE = [
    ("Fly.io", "snapshots", 10, FLY),
    ("Fly.io", "certificate", 10, FLY),
    ("Cloudflare", "argo_traffic", 1, ARGO),
    ("Cloudflare", "workers_requests", 10, WORKERS),
    ("Cloudflare", "workers_cpu", 30, WORKERS),
]

MACHINES = [
    ("shared-cpu-1x", 256, "ams", AUGUST, "2.02", FLY),
    ("shared-cpu-2x", 512, "ams", AUGUST, "4.04", FLY),
    ("shared-cpu-4x", 1024, "ams", AUGUST, "8.08", FLY),
    ("shared-cpu-1x", 256, "sjc", AUGUST, "2.32", "fly.io docs, about/cost-management, 2026-08"),
    ("shared-cpu-1x", 1024, "sjc", AUGUST, "6.79", "fly.io docs, about/cost-management, 2026-08: 20.37 for three"),
    ("shared-cpu-1x", 256, "iad", NOVEMBER, "2.19", "docs.fly.io, about/pricing, 2026-10-09"),
    ("shared-cpu-1x", 512, "iad", NOVEMBER, "3.69", "docs.fly.io, about/pricing, 2026-10-09"),
    ("shared-cpu-1x", 1024, "iad", NOVEMBER, "6.70", "docs.fly.io, about/pricing, 2026-10-09"),
    ("shared-cpu-2x", 2048, "iad", NOVEMBER, "13.39", "docs.fly.io, about/pricing, 2026-10-09"),
    ("performance-1x", 2048, "iad", NOVEMBER, "33.00", "docs.fly.io, about/pricing, 2026-10-09"),
    ("performance-2x", 4096, "iad", NOVEMBER, "66.00", "docs.fly.io, about/pricing, 2026-10-09"),
    ("shared-cpu-1x", 1024, "fra", NOVEMBER, "7.73", "docs.fly.io, about/pricing, 2026-10-09"),
    ("shared-cpu-1x", 1024, "sin", NOVEMBER, "8.50", "docs.fly.io, about/pricing, 2026-10-09"),
]

ABOUT = [
    ("Paintbox, a running machine", 1, "shared-cpu-2x", 2048, "sjc", "13.3"),
    ("Paintbox, its two that always run", 2, "shared-cpu-2x", 2048, "sjc", "27"),
    ("Paintbox, all six", 6, "shared-cpu-2x", 2048, "sjc", "80"),
    ("Paintbox, a machine where it is cheap", 1, "shared-cpu-2x", 2048, "ams", "11.5"),
    ("paintbox-app, a machine where it is cheap", 1, "shared-cpu-4x", 1024, "ams", "8.1"),
    ("paintbox-app, a running machine", 1, "shared-cpu-4x", 1024, "sjc", "9.3"),
    ("paintbox-app, its two that always run", 2, "shared-cpu-4x", 1024, "sjc", "19"),
    ("paintbox-app, all ten", 10, "shared-cpu-4x", 1024, "sjc", "93"),
    ("paintbox-redis", 1, "shared-cpu-1x", 1024, "sjc", "6.8"),
    ("Tattoo Contest", 1, "shared-cpu-1x", 512, "iad", "3.3"),
]
"""Estimates of 2026-08, rounded and with the markup of San Jose rounded, too."""


def amount(book: Book, cloud: str, place: str, today: date = NOVEMBER) -> Decimal | None:
    return rate(dict(book.sections[cloud].prices())[place], today).usd


def cents(value: Decimal | None) -> Decimal:
    assert value is not None
    return value.quantize(Decimal("0.01"))


@pytest.mark.parametrize(("cloud", "place", "usd", "source"), STATED)
def test_the_book_has_each_price_that_a_source_states(
    book: Book, cloud: str, place: str, usd: str, source: str
) -> None:
    assert amount(book, cloud, place) == Decimal(usd), source


@pytest.mark.parametrize(("cloud", "place", "units", "source"), FREE)
def test_the_book_has_what_is_free(book: Book, cloud: str, place: str, units: int, source: str) -> None:
    assert dict(book.sections[cloud].prices())[place].free == units


@pytest.mark.parametrize(("size", "memory_mb", "region", "day", "usd", "source"), MACHINES)
def test_a_machine_costs_what_the_vendor_says(
    book: Book, size: str, memory_mb: int, region: str, day: date, usd: str, source: str
) -> None:
    assert cents(machine_rate(book.fly, size, memory_mb, region, day).usd) == Decimal(usd)


@pytest.mark.parametrize(("what", "count", "size", "memory_mb", "region", "usd"), ABOUT)
def test_systems_cost_about_what_was_estimated_for_them(
    book: Book, what: str, count: int, size: str, memory_mb: int, region: str, usd: str
) -> None:
    one = machine_rate(book.fly, size, memory_mb, region, AUGUST).usd
    assert one is not None
    assert float(count * one) == pytest.approx(float(usd), rel=0.035), what


def test_memory_costs_about_five_dollars_a_gb_and_month_until_it_rose_to_six(book: Book) -> None:
    month = 30 * 24 * 3600
    assert [cents(month * (amount(book, "Fly.io", "memory", day) or 0)) for day in (AUGUST, NOVEMBER)] == [
        Decimal("5.00"),
        Decimal("6.00"),
    ]


def test_two_instances_cost_what_the_document_of_tetrix_says(book: Book) -> None:
    """Document 004: about 12 an instance, 24 a month; about 5 before; 19 more."""
    now = amount(book, "DigitalOcean", f"instances.{DEPRECATED_SIZES['professional-xs']}")
    before = amount(book, "DigitalOcean", f"instances.{DEPRECATED_SIZES['basic-xxs']}")
    assert (now, before) == (12, 5)
    assert now is not None
    assert before is not None
    assert (2 * now, 2 * now - before) == (24, 19)


def test_scaling_tetrix_by_cpu_takes_dedicated_instances(book: Book) -> None:
    smallest = min(slug for slug, size in INSTANCE_SIZES.items() if size.dedicated and size.memory_mb == 512)
    assert 2 * (amount(book, "DigitalOcean", f"instances.{smallest}") or 0) == 58


def test_volumes_cost_what_was_estimated_for_them(book: Book) -> None:
    gb = amount(book, "Fly.io", "volume")
    assert gb is not None
    assert [cents(gb * size) for size in (6 * 1, 10, 8)] == [Decimal("0.90"), Decimal("1.50"), Decimal("1.20")]


def test_business_in_place_of_pro_costs_180_to_225_more(book: Book) -> None:
    monthly, yearly = (
        {name: amount(book, "Cloudflare", f"{kind}.{name}") or 0 for name in ("pro", "business")}
        for kind in ("plans", "plans_paid_yearly")
    )
    assert (yearly["business"] - yearly["pro"], monthly["business"] - monthly["pro"]) == (180, 225)


def test_every_instance_size_has_a_price_and_no_other(book: Book) -> None:
    assert book.digitalocean.instances.keys() == INSTANCE_SIZES.keys()


def test_messages_about_plans_name_the_prices_of_the_book(book: Book) -> None:
    found = {name: amount(book, "Cloudflare", f"plans.{name}") for name in PLANS}
    assert found == {name: plan.usd for name, plan in PLANS.items()}
    assert f"USD {int(amount(book, 'Cloudflare', 'argo') or 0)} " in ARGO_USD
    assert f"{amount(book, 'Cloudflare', 'argo_traffic'):.2f} a GB" in ARGO_USD


def test_no_region_has_two_areas_and_none_is_left_out(book: Book) -> None:
    regions = [region for regions in book.fly.areas.values() for region in regions]
    assert len(regions) == len(set(regions))
    assert book.fly.markup.regions.keys() <= set(regions)
