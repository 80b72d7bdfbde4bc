"""The report as one HTML file that needs nothing else: no network, no script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from prices.line import Amount
from report.changes import Change
from report.forms import headline
from report.forms.drawing import svg
from report.money import span
from report.price_rows import price_rows
from report.report import Report
from report.secrecy import masked

_TEMPLATE: Final = "page.html.j2"


def html(report: Report) -> str:
    """The page."""
    page = _template().render(
        report=report,
        counts=headline.counts(report),
        headline={
            "Risk": headline.risk(report),
            "Cost": headline.cost(report),
            "Policies": headline.policies(report),
            "Drift": headline.drift(report),
        },
        prices={change.urn: _price(report, change) for change in report.changes},
        # Made of elements and text, each escaped as it is written.
        graph=Markup(svg(report.nodes)),  # noqa: S704
        bars=_bars(report),
        rows=[row for row in price_rows(report.pricing, report.secrets) if not row.total],
    )
    return masked(page, report.secrets)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(_TEMPLATE)


def _price(report: Report, change: Change) -> str:
    return span(report.pricing.steps.get(change.urn, Amount()), signed=True)


def _bars(report: Report) -> list[dict[str, object]]:
    """What each system costs, with the lengths of its bars: percentages of the most that any system costs."""
    systems = report.pricing.comparison.systems
    most = max((max(each.before.high, each.after.high) for each in systems), default=0) or 1
    return [
        {
            "system": each.system,
            "before": span(each.before),
            "after": span(each.after),
            "delta": "" if each.before == each.after else span(each.delta, signed=True),
            "before_percent": round(float(100 * each.before.high / most), 1),
            "after_percent": round(float(100 * each.after.high / most), 1),
        }
        for each in systems
    ]
