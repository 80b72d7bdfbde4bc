"""The emulated Fly.io alone, for work on it: `python -m sandbox.fly --port 4280 --store /tmp/fly.sqlite`."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from sandbox.faults import Faults
from sandbox.fly import build
from sandbox.front import Front
from sandbox.instances import Instances
from sandbox.store import Store


def main() -> None:
    """Serve until interrupted, on 127.0.0.1 only."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.fly", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--store", type=Path, required=True)
    options = parser.parse_args()
    store = Store(options.store)
    instances = Instances(store)
    app = build(store, instances, Front(store, instances), Faults(store))
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")


main()
