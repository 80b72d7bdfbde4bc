"""The programs a language host runs: started, listened to, and ended with it."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# What a Pulumi program gets to end itself after SIGTERM.
GRACE_SECONDS = 2.0
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True)
class Call:
    """A program to start: its arguments, its environment (complete), its working folder."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path


class Children:
    """The processes that run; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def start(self, call: Call, *, captured: bool) -> subprocess.Popen[bytes]:
        """Start a program; its output is `captured` for `output`, or goes where this process's own goes."""
        where = subprocess.PIPE if captured else None
        process = subprocess.Popen(  # noqa: S603 - what Pulumi asks to be run, as a list of arguments
            call.argv, cwd=call.cwd, env=call.env, stdin=subprocess.DEVNULL, stdout=where, stderr=where
        )
        with self._lock:
            self._running.add(process)
        return process

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end of a started program; its exit code, negative for a signal."""
        code = process.wait()
        with self._lock:
            self._running.discard(process)
        return code

    def output(self, process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
        """(`stdout` or `stderr`, text) as a captured program writes it, until it closes both."""
        texts: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

        def read(channel: str, stream: IO[bytes]) -> None:
            with stream:
                while text := stream.read1(CHUNK_BYTES):  # type: ignore[attr-defined] # a pipe is a BufferedReader
                    texts.put((channel, text))
            texts.put((channel, b""))

        streams = {"stdout": process.stdout, "stderr": process.stderr}
        for channel, stream in streams.items():
            threading.Thread(target=read, args=(channel, stream), daemon=True).start()
        ended = 0
        while ended < len(streams):
            channel, text = texts.get()
            if text:
                yield channel, text
            else:
                ended += 1

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a program at once, and reap it."""
        process.kill()
        self.wait(process)

    def end(self) -> None:
        """Ask every running program to end, and kill those that do not."""
        with self._lock:
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
