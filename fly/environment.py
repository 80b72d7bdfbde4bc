"""The environment that flyctl gets: what it needs, quiet, and nothing else of ours."""

from __future__ import annotations

from collections.abc import Mapping

_PASSED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "FLY_ACCESS_TOKEN",
    "FLY_API_TOKEN",
    "FLY_API_BASE_URL",
    "FLY_FLAPS_BASE_URL",
    "FLY_UIEX_BASE_URL",
    "FLY_METRICS_BASE_URL",
    "FLY_SYNTHETICS_BASE_URL",
    "FLY_REGISTRY_HOST",
    "FLY_CONFIG_DIR",
    "DOCKER_HOST",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)

_QUIET = {
    "FLY_NO_UPDATE_CHECK": "1",
    "FLY_SEND_METRICS": "0",
    "FLY_SYNTHETICS_AGENT": "0",
    "FLY_NO_INCIDENTS_CHECK": "1",
    "FLY_EMIT_RELEASE_JSON": "1",
    "NO_COLOR": "1",
    "CI": "1",
    "LANG": "C.UTF-8",
}

TOKEN_VARIABLES = ("FLY_ACCESS_TOKEN", "FLY_API_TOKEN")


def flyctl_environment(ours: Mapping[str, str], config_dir: str) -> dict[str, str]:
    """flyctl's environment out of ours.

    With a token in the environment flyctl gets `config_dir` for its own files, so it neither reads nor changes the
    user's login. Without one the user's own folder is used, because the login is there.
    """
    chosen = {name: ours[name] for name in _PASSED_ON if name in ours}
    if any(chosen.get(name) for name in TOKEN_VARIABLES):
        chosen.setdefault("FLY_CONFIG_DIR", config_dir)
    return {**chosen, **_QUIET}


def tokens_in(ours: Mapping[str, str]) -> tuple[str, ...]:
    """The token values, for redaction."""
    return tuple(ours[name] for name in TOKEN_VARIABLES if ours.get(name))
