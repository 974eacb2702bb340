"""Every command of the READMEs works, in a copy of the tree, against a server started by the
README's own first command."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.readme import Block, blocks

README_ADDRESS = "127.0.0.1:8000"
START_SECONDS = 120


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Checkout:
    """A copy of the tree with a server of its own; the installed packages are shared."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        tracked = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
        for name in tracked:
            source = ROOT / name
            if source.is_file() and not name.startswith(("tests/", "benchmarks/")):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        # The scripts of the pages are built by `make test` before; building them again takes
        # half a minute of npm.
        built = ROOT / "app/web/static/dist"
        if built.is_dir():
            shutil.copytree(built, folder / "app/web/static/dist")
        # What `make run` would install is already there: the same packages, this tree's code.
        binaries = folder / ".venv/bin"
        binaries.mkdir(parents=True)
        for name in ("python", "tsunagu"):
            module = "" if name == "python" else " -m app"
            script = binaries / name
            script.write_text(
                f'#!/bin/sh\nPYTHONPATH="{folder}" exec "{sys.executable}"{module} "$@"\n'
            )
            script.chmod(0o755)
        (folder / ".venv/.installed").touch()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TSUNAGU_")},
            "TSUNAGU_PORT": self.address.rsplit(":", 1)[1],
            "TSUNAGU_LANGUAGE": "en",
        }

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(command)],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def here(self, command: str) -> str:
        """The command for this server; names of things keep the README's address."""
        return command.replace(f"http://{README_ADDRESS}/sparql", f"http://{self.address}/sparql")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    log = (made.folder / "server.log").open("w")
    server = subprocess.Popen(
        ["make", "run"], cwd=made.folder, env=made.environment,
        stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            try:
                urllib.request.urlopen(f"http://{made.address}/readyz", timeout=1)
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("make run did not start:\n" + (made.folder / "server.log").read_text())
        yield made
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def test_make_run_prints_the_address_three_entities_and_a_query(checkout: Checkout) -> None:
    log = (checkout.folder / "server.log").read_text()
    assert f"http://{checkout.address}/" in log
    assert log.count(f"http://{checkout.address}/id/") == 3
    links = [word for word in log.split() if word.startswith(f"http://{checkout.address}/")]
    for link in links:
        with urllib.request.urlopen(link, timeout=10) as answer:
            assert answer.status == 200, link


def written(block: Block, folder: Path) -> None:
    assert block.file is not None
    (folder / block.file).write_text(block.text, encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_every_command_of_the_readme_works(checkout: Checkout, name: str) -> None:
    shutil.rmtree(checkout.folder / "mappings/my-parks", ignore_errors=True)
    (checkout.folder / "parks.csv").unlink(missing_ok=True)
    ran = []
    for block in blocks(ROOT / name):
        if block.file is not None:
            written(block, checkout.folder)
        elif block.language == "sh" and block.text.strip() not in {"make run", "make test"}:
            # Those two run already: as this server, and as this test.
            command = (
                block.text.replace(
                    f"http://{README_ADDRESS}/id", f"http://{checkout.address}/id", 1
                )
                if block.text.startswith("curl -iL")
                else block.text
            )
            command = command.replace(f"{README_ADDRESS}/doc", f"{checkout.address}/doc")
            done = checkout.run(command)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            ran.append((command, done.stdout))
    shown = "\n".join(output for _, output in ran)
    assert "千代田区" in shown
    assert "sac:C13101" in shown
    assert "31201,鳥取市" in shown
    with urllib.request.urlopen(
        urllib.request.Request(
            f"http://{checkout.address}/id/my-parks/1", headers={"Accept": "text/turtle"}
        ),
        timeout=10,
    ) as answer:
        turtle = answer.read().decode()
    assert '"中央公園"@ja' in turtle
    assert '"1953-03-23"^^xsd:date' in turtle
    assert "region/37201>" in turtle


def test_a_second_start_publishes_nothing_and_is_quick(checkout: Checkout) -> None:
    done = checkout.run(".venv/bin/tsunagu publish --json")
    assert done.returncode == 0, done.stderr
    started = time.monotonic()
    done = checkout.run(".venv/bin/tsunagu publish")
    assert "Nothing has changed" in done.stdout
    assert time.monotonic() - started < 5
