"""The versions, hashes and addresses that set-up relies on. Nothing else decides a version.

A version that is already on PATH is used from `minimum` on: that is what the tests of this project run with.
"""

from __future__ import annotations

from tools.engine.program import GoModule, Program, VendorArchive

# The two builds together left 5.3 GB in Go's module and build caches (linux/amd64, Go 1.26, 2026-11-22);
# one of them alone stays below this.
BUILD_NEEDS_BYTES = 4 * 1024**3

PULUMI = Program(
    name="pulumi",
    title="Pulumi CLI",
    version="3.259.0",
    minimum="3.259.0",
    needs_beside=("pulumi-language-python",),
    vendor=VendorArchive(
        base="https://get.pulumi.com/releases/sdk",
        archive="pulumi-v{version}-{os}-{arch}.tar.gz",
        checksums="pulumi-{version}-checksums.txt",
        os_names={"linux": "linux", "darwin": "darwin"},
        arch_names={"x86_64": "x64", "arm64": "arm64"},
        # The archive carries the hosts of all languages, about 400 MB; one of them is used.
        keep=("pulumi", "*python*"),
    ),
    go=GoModule(
        path="github.com/pulumi/pulumi/pkg/v3",
        package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        module_hash="h1:Zf4wiLmgdhTAyq5dtTVnNY26BjtGrJ85ZQYut2qG6xM=",
        go_version="1.25.11",
        ldflags="-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{version}",
        minutes=5,
        packages=1650,
        # The SDK's own starter of Python programs, which tools/engine/language_host.py runs.
        extra_files={
            "pulumi-language-python-exec": "github.com/pulumi/pulumi/sdk/v3:python/cmd/pulumi-language-python-exec"
        },
    ),
    install_page="https://www.pulumi.com/docs/install/",
)

FLYCTL = Program(
    name="flyctl",
    title="flyctl",
    version="0.4.80",
    minimum="0.4.80",
    needs_beside=(),
    vendor=VendorArchive(
        base="https://github.com/superfly/flyctl/releases/download/v{version}",
        archive="flyctl_{version}_{os}_{arch}.tar.gz",
        checksums="flyctl_{version}_checksums.txt",
        os_names={"linux": "Linux", "darwin": "macOS"},
        arch_names={"x86_64": "x86_64", "arm64": "arm64"},
        keep=("flyctl",),
    ),
    go=GoModule(
        path="github.com/superfly/flyctl",
        package="github.com/superfly/flyctl",
        module_hash="h1:tpOJEPegW05BWML59WOzIg4JjTh72d3sUIoPLdOxIRE=",
        go_version="1.26.1",
        # As the vendor builds its releases: without the tag flyctl is a development build with a version of its own.
        tags="production",
        ldflags=(
            "-s -w -X github.com/superfly/flyctl/internal/buildinfo.buildVersion={version}"
            " -X github.com/superfly/flyctl/internal/buildinfo.buildDate=2026-08-07T19:44:04Z"
        ),
        minutes=4,
        packages=1375,
    ),
    install_page="https://fly.io/docs/flyctl/install/",
)

ACTIONLINT = Program(
    name="actionlint",
    title="actionlint",
    version="1.7.12",
    minimum="1.7.12",
    needs_beside=(),
    ask=("-version",),
    vendor=VendorArchive(
        base="https://github.com/rhysd/actionlint/releases/download/v{version}",
        archive="actionlint_{version}_{os}_{arch}.tar.gz",
        checksums="actionlint_{version}_checksums.txt",
        os_names={"linux": "linux", "darwin": "darwin"},
        arch_names={"x86_64": "amd64", "arm64": "arm64"},
        keep=("actionlint",),
    ),
    go=GoModule(
        path="github.com/rhysd/actionlint",
        package="github.com/rhysd/actionlint/cmd/actionlint",
        module_hash="h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY=",
        go_version="1.25.0",
        ldflags="-s -w",
        minutes=1,
        packages=106,
    ),
    install_page="https://github.com/rhysd/actionlint/blob/main/docs/install.md",
)

PROGRAMS = (PULUMI, FLYCTL, ACTIONLINT)
