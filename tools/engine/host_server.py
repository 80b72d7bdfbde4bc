"""The gRPC side of the language host: what the engine asks, and what it is answered."""
# ruff: noqa: N802 - the method names are those of the gRPC contract

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterator, Sequence
from concurrent import futures
from functools import partial
from pathlib import Path

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from tools.engine import installed, pins
from tools.engine.children import Call, Children
from tools.engine.program_call import CannotRunError, analyzer_call, program_call, provider_call, python_of

# The engine's own limit for a message (rpcutil.maxRPCMessageSize in Pulumi's SDK).
MAX_MESSAGE_BYTES = 400 * 1024 * 1024
# A program or a plugin occupies a thread while it runs; a command runs one program and a few policy packs.
THREADS = 32
# pulumi-language-python-exec ends with it when it has shown the error to the user already.
ERROR_WAS_SHOWN = 32


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine. `engine_address` and `tracing` are passed on to the programs it runs."""

    def __init__(self, engine_address: str, tracing: str, starter: Path) -> None:
        self._engine_address = engine_address
        self._tracing = tracing
        self._starter = starter
        self._children = Children()
        self.port = 0
        self._server: grpc.Server | None = None

    def listen(self) -> None:
        """Serve on a free loopback port, which `port` then holds."""
        limits = [(f"grpc.max_{way}_message_length", MAX_MESSAGE_BYTES) for way in ("receive", "send")]
        self._server = grpc.server(futures.ThreadPoolExecutor(THREADS), options=limits)
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def close(self) -> None:
        """Stop serving and end every program that still runs."""
        self._children.end()
        if self._server is not None:
            self._server.stop(grace=None)

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """An engine that attaches to a running host says where it is."""
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """The version of the CLI that this host is made for."""
        return plugin_pb2.PluginInfo(version=pins.PULUMI.version)

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """The Pulumi packages installed for the program, without those whose providers are attached."""
        try:
            folder = installed.site_packages(python_of(request.info))
        except CannotRunError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        attached = installed.attached_providers()
        packages = [package for package in installed.pulumi_packages(folder) if package.name not in attached]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        """Run a program to its end; its output goes where the host's goes."""
        try:
            call = program_call(request, self._starter, self._engine_address, self._tracing)
        except CannotRunError as error:
            return language_pb2.RunResponse(error=str(error))
        process = self._start(call, context, captured=False)
        code = self._children.wait(process)
        if code == ERROR_WAS_SHOWN:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=how_it_ended(code))

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack or a provider, and stream what it prints; the engine's hanging up ends it."""
        try:
            call = analyzer_call(request) if request.kind == "analyzer" else provider_call(request)
        except CannotRunError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        process = self._start(call, context, captured=True)
        for channel, text in self._children.output(process):
            if channel == "stdout":
                yield language_pb2.RunPluginResponse(stdout=text)
            else:
                yield language_pb2.RunPluginResponse(stderr=text)
        yield language_pb2.RunPluginResponse(exitcode=self._children.wait(process))

    def _start(self, call: Call, context: grpc.ServicerContext, *, captured: bool) -> subprocess.Popen[bytes]:
        """Start a program that is killed when the engine hangs up."""
        process = self._children.start(call, captured=captured)
        if not context.add_callback(partial(self._children.kill, process)):
            self._children.kill(process)
        return process

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Nothing to do: `make setup` has installed them, from a lock file with hashes."""
        text = "The Python packages of this project come from `make setup`: nothing to install.\n"
        yield language_pb2.InstallDependenciesResponse(stdout=text.encode())

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        """The Python that runs the program."""
        return language_pb2.AboutResponse(executable=str(python_of(request.info)), version=platform.python_version())

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """The Python packages installed for the program; without transitive ones, those that no other requires."""
        found = installed.distributions(
            installed.site_packages(python_of(request.info)), transitive=request.transitiveDependencies
        )
        dependencies = [language_pb2.DependencyInfo(name=name, version=version) for name, version in found]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """The user cancelled: end what runs."""
        self._children.end()
        return Empty()


def serve(arguments: Sequence[str], starter: Path) -> LanguageHost:
    """A host that listens, from the arguments Pulumi gives a plugin: flags, then the engine's address."""
    tracing = ""
    if "--tracing" in arguments[:-1]:
        tracing = arguments[arguments.index("--tracing") + 1]
    host = LanguageHost(arguments[-1] if arguments else "", tracing, starter)
    host.listen()
    return host


def how_it_ended(code: int) -> str:
    """What the engine shows of an exit code; "" for success. Negative codes are signals, as in subprocess."""
    if code == 0:
        return ""
    if code < 0:
        return f"Program was ended by signal {-code}"
    return f"Program exited with non-zero exit code: {code}"
