"""A publish that is killed, or runs out of disk, at any moment leaves the old or the new release."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import DiskFull
from app.store.embedded import EmbeddedReleases

from .conftest import open_releases, publish

ROOT = Path(__file__).resolve().parents[2]
G = "http://example.org/g"

# A publisher that kills itself with SIGKILL at a named point.
PUBLISHER = """
import io, os, pathlib, signal, sys
sys.path.insert(0, {root!r})
from app.store import building, releases
from tests.store.conftest import entry, open_releases, statements

point = {point!r}

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

class Deadly(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 200_000:
            die()
        return super().read(size)

source = statements({count})
if point == "loading":
    source = Deadly(source.getvalue())
elif point == "link waiting":
    pathlib.Path.replace = die
elif point.startswith("sync "):
    calls = 0
    real = releases.sync_directory
    def counted(path):
        global calls
        if calls == int(point.split()[1]):
            die()
        calls += 1
        real(path)
    releases.sync_directory = counted
elif point == "counting":
    building.quads_of = die
with open_releases(pathlib.Path({data!r})).build() as builder:
    builder.load({graph!r}, source, entry=entry())
    print("sealing", flush=True)
    builder.seal()
"""


def publisher(data: Path, point: str, count: int) -> list[str]:
    program = PUBLISHER.format(root=str(ROOT), point=point, count=count, data=str(data), graph=G)
    return [sys.executable, "-c", program]


def assert_whole(releases: EmbeddedReleases, *counts: int) -> int:
    manifest = releases.verify()
    held = len(list(releases.snapshot().quads(limit=10**6)))
    assert held == manifest.quads
    assert held in counts
    return held


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("loading", 100),
        ("counting", 100),
        ("sync 0", 100),  # files summed, not yet on the disk
        ("sync 1", 100),  # manifest written
        ("sync 2", 100),  # renamed, not yet current
        ("link waiting", 100),  # the new link made beside the old one
        ("sync 3", 5000),  # switched
    ],
)
def test_kill_9_leaves_a_whole_release(
    releases: EmbeddedReleases, point: str, expected: int
) -> None:
    publish(releases, 100)
    data = releases.directory.data_dir
    done = subprocess.run(publisher(data, point, 5000), capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert assert_whole(releases, 100, 5000) == expected
    publish(releases, 70)
    assert assert_whole(releases, 70) == 70
    assert not list(releases.directory.releases_dir.glob(".building-*"))
    assert not list(data.glob(".current-*"))


def test_kill_9_at_any_time_leaves_a_whole_release(releases: EmbeddedReleases) -> None:
    publish(releases, 100)
    data = releases.directory.data_dir
    for delay in (0.0, 0.01, 0.03, 0.06):
        process = subprocess.Popen(
            publisher(data, "never", 5000), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
        assert_whole(releases, 100, 5000)


def test_a_full_disk_leaves_the_old_release(tmp_path: Path) -> None:
    with small_disk(tmp_path, 8 << 20) as data:
        releases = open_releases(data)
        old = publish(releases, 100)
        with pytest.raises(DiskFull) as caught:
            publish(releases, 300_000)
        assert "空きがありません" in caught.value.text.ja
        assert releases.current_id() == old
        assert assert_whole(releases, 100) == 100
        publish(releases, 50)
        assert assert_whole(releases, 50) == 50


def test_a_file_size_limit_is_told_like_a_full_disk(tmp_path: Path) -> None:
    program = f"""
import resource, sys, pathlib
sys.path.insert(0, {str(ROOT)!r})
from tests.store.conftest import entry, open_releases, publish, statements
from app.errors import DiskFull
releases = open_releases(pathlib.Path({str(tmp_path)!r}))
old = publish(releases, 100)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    publish(releases, 100_000)
except DiskFull:
    assert releases.current_id() == old
    print("told")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, timeout=60
    )
    assert done.stdout.decode().strip() == "told", done.stderr.decode()[-2000:]


class small_disk:  # noqa: N801 - used like a function
    """A file system of a few bytes, mounted for the time of a test."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path / "disk", size

    def __enter__(self) -> Path:
        self.path.mkdir()
        if os.geteuid() != 0:
            pytest.skip("mounting a small file system needs root")
        options = ["mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", str(self.path)]
        done = subprocess.run(options, capture_output=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"cannot mount: {done.stderr.decode().strip()}")
        return self.path / "data"

    def __exit__(self, *_: object) -> None:
        # Lazily: the error that the test has caught still holds the failed store.
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)
