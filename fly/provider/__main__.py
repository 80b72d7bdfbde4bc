"""`python -m fly.provider ENGINE`: what the Pulumi engine starts."""

from __future__ import annotations

from fly.provider.serve import main

main()
