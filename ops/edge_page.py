"""The page of `edge try`: which rules there are, how often each matched, and what the cache holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from edge.proxy import Proxy
from edge.site import Site

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The edge</title><style>
body{font:15px/1.4 system-ui,sans-serif;margin:2rem;max-width:75rem;color:CanvasText;background:Canvas;
color-scheme:light dark}table{border-collapse:collapse;width:100%;margin-bottom:2rem}
th,td{text-align:left;padding:.3rem .6rem;vertical-align:top;border-bottom:1px solid #8884}
td.number{text-align:right}code{overflow-wrap:anywhere}
</style>"""


def page(proxy: Proxy) -> str:
    """The whole page. Everything in it that comes from settings or requests is escaped."""
    parts = [_HEAD, "<h1>The edge</h1>", "<p>Counted since this program started. Reload to see more.</p>"]
    for site in proxy.sites:
        if not site.platform:
            hosts = ", ".join(sorted(site.hosts))
            parts += [f"<h2>{escape(site.zone)}</h2><p>{escape(hosts)}</p>", _rules(site, proxy)]
    parts += ["<h2>Cache</h2>", _cache(proxy)]
    return "".join(parts)


def _rules(site: Site, proxy: Proxy) -> str:
    def rows() -> Iterator[tuple[str, ...]]:
        for phase, rules in site.rulesets.items():
            for place, rule in enumerate(rules, 1):
                hits = proxy.hits[phase, rule["ref"]]
                yield f"{phase} {place}", rule["ref"], rule["action"], rule["expression"], str(hits)
        for worker in site.workers:
            for place, rule in enumerate(worker.kept or (), 1):
                phase = f"worker {worker.name}"
                yield f"{phase} {place}", rule["name"], "keep", "", str(proxy.hits[phase, rule["name"]])

    return _table(("Phase", "Rule", "Action", "When", "Hits"), rows())


def _cache(proxy: Proxy) -> str:
    rows = (
        (method, url, str(len(kept.answer.body)), str(int(proxy.clock() - kept.since)), str(kept.seconds))
        for (method, url, _), kept in sorted(proxy.cache.items(), key=lambda item: item[0])
    )
    return _table(("Method", "URL", "Bytes", "Age in s", "Kept for s"), rows)


def _table(titles: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    if text.isdigit():
        return f'<td class="number">{text}</td>'
    return f"<td><code>{escape(text)}</code></td>"
