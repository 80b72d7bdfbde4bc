"""The policy pack, as `pulumi preview --policy-pack policies` and `pulumi up` start it."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

# The pack lives for one command, and collections cost more than what they would free.
gc.disable()
# There are none, and pydantic looks through every installed package for them.
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "true"
# The engine starts it in its own folder, and its packages lie beside that.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from policies.pack import serve

serve()
