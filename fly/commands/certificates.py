"""`flyctl certs`."""

from __future__ import annotations

from fly.commands.command import Command, read, write


def list_certificates(app: str) -> Command:
    """The host names of an app that have or want a certificate (the first 50)."""
    return read("app", "certs", "list", "--app", app, "--json")


def add_certificate(app: str, hostname: str) -> Command:
    """Ask for a certificate; the answer carries the DNS records that prove ownership."""
    return write("certificate", "certs", "add", hostname, "--app", app, "--json")


def check_certificate(app: str, hostname: str) -> Command:
    """One certificate with its DNS records."""
    return read("certificate", "certs", "check", hostname, "--app", app, "--json")


def remove_certificate(app: str, hostname: str) -> Command:
    """Drop the host name and its certificates."""
    return write("certificate", "certs", "remove", hostname, "--app", app, "--yes")
