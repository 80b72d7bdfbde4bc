"""What a load test may be aimed at: the system's own hosts, and production only by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from planning.load_plan import own_hosts
from settings.problem import did_you_mean


def own_url(around: Surroundings, name: str, host: str) -> str:
    """Where the system answers, or https:// and the host that is asked for. Raises OperationError for a foreign one."""
    if not host:
        return around.url(name)
    if around.sandboxed:
        message = "a rehearsed app answers on loopback only; leave --host out, or --sandbox"
        raise OperationError(message, ExitCode.USAGE)
    system = around.stack.systems[name]
    known = own_hosts(system, around.app_name(system))
    if host not in known:
        message = f"{host} is no host of {name}, and nothing else may be put under load; {did_you_mean(host, known)}"
        raise OperationError(message, ExitCode.REFUSED)
    return f"https://{host}"


def production_word(around: Surroundings, urls: Iterable[str]) -> str:
    """The option that a test of production takes; `""` where none is needed."""
    if around.sandboxed or around.stack.environment != "production":
        return ""
    return f"--yes-production {_host(next(iter(urls)))}"


def refuse_production(around: Surroundings, urls: Collection[str], confirmed: str) -> None:
    """A test of production slows down real visitors, so each needs the name of the host. Raises OperationError."""
    word = production_word(around, urls)
    hosts = [_host(url) for url in urls]
    if not word or [confirmed] == hosts:
        return
    if len(hosts) > 1:
        message = f"{len(hosts)} systems of production would be put under load at once; choose one with --system"
    elif confirmed:
        message = f"--yes-production {confirmed} is not the host, which is {hosts[0]}"
    else:
        message = f"{hosts[0]} is production, with real visitors; if it must be, add: {word}"
    raise OperationError(message, ExitCode.REFUSED)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
