"""The Python language host of a Pulumi CLI that was built from Go modules: a stand-in for the vendor's own.

Pulumi starts `pulumi-language-python <engine address>`, reads a port from its first line and asks it, over gRPC, to
run programs, policy packs and providers written in Python. The vendor's host is not published as a Go module; where a
vendor's CLI is installed its host is used and this one is not put in place (tools/engine/place.py).

What differs from the vendor's, on purpose:

- `pulumi install` installs nothing: the packages come from `make setup`, with hashes.
- `GetRequiredPackages` leaves out the packages that PULUMI_DEBUG_PROVIDERS attaches. The engine downloads what a
  program requires before it looks at that variable; an attached provider runs already and needs no plugin. The engine
  also reads the stack's state for plugins, so a rehearsal sets PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true too:
  then it neither downloads nor fails.
- Programs that generate code (`pulumi convert`, `pulumi package gen-sdk`, `import` without `--generate-code=false`)
  are not served: they answer "unimplemented".

It ends when its engine does: Pulumi interrupts its plugins at the end of a command, and an engine that was killed is
noticed by the change of the parent process. Programs it runs are ended with it.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
import types
from pathlib import Path

PARENT_CHECK_SECONDS = 0.25


def main() -> None:
    """Serve until the engine is done or gone. Arguments: as Pulumi gives them, the engine's address last."""
    skip_sdk_start()
    # After skip_sdk_start: this import is what it makes quick.
    from tools.engine.host_server import serve

    parent = os.getppid()
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    host = serve(sys.argv[1:], starter=Path(sys.executable).parent / "pulumi-language-python-exec")
    sys.stdout.write(f"{host.port}\n")
    sys.stdout.flush()
    while not ending.wait(PARENT_CHECK_SECONDS) and os.getppid() == parent:
        pass
    host.close()
    # gRPC's threads would delay an orderly exit, and nothing is left to save.
    os._exit(0)


def skip_sdk_start() -> None:
    """Let `pulumi.runtime.proto` be imported without the SDK around it.

    `import pulumi` takes 0.15 s more than its protocol files alone, and every Pulumi command starts a host. Only for
    a process that uses nothing else of the SDK.
    """
    found = importlib.util.find_spec("pulumi")
    if found is None or not found.submodule_search_locations:
        sys.stderr.write("The Pulumi SDK is not installed beside this language host: run `make setup`.\n")
        sys.exit(1)
    folder = Path(found.submodule_search_locations[0])
    for name, path in (("pulumi", folder), ("pulumi.runtime", folder / "runtime")):
        package = types.ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package
