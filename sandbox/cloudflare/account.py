"""What is the same for every resource of a Cloudflare account or zone."""

from __future__ import annotations

from sandbox.resource import Form, OneOf

SWITCH = OneOf(("on", "off"))
IDENTIFIER = Form(r"[0-9a-f]{32}", "an id of 32 hexadecimal digits")
