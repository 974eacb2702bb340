"""The table of moved addresses: chains end, slips are told with their line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.errors import DatasetError
from app.publish.redirects import Redirect, RedirectTable, read

BASE = "https://data.example.jp"


def table(tmp_path: Path, *rows: str, header: str = "from,to,status") -> Path:
    path = tmp_path / "redirects.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8-sig")
    return path


def test_paths_and_iris_are_read_and_chains_followed(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "/id/aed/1,/id/aed/2,301",
        f"/id/aed/2,{BASE}/id/aed/3,",
        f"{BASE}/id/old,https://example.org/new,308",
    )
    assert read(path, BASE) == {
        f"{BASE}/id/aed/1": Redirect(f"{BASE}/id/aed/3", 301),
        f"{BASE}/id/aed/2": Redirect(f"{BASE}/id/aed/3", 308),
        f"{BASE}/id/old": Redirect("https://example.org/new", 308),
    }


def test_no_file_means_no_redirects(tmp_path: Path) -> None:
    assert read(tmp_path / "redirects.csv", BASE) == {}


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["/id/a,/id/b,302"], 2),
        (["/id/a,/id/b,", "/id/a,/id/c,"], 3),
        (["/id/a,/id/b,", "/id/b,/id/a,"], 2),
        (["https://elsewhere.example/a,/id/b,"], 2),
        (["/id/a,,301"], 2),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, rows: list[str], line: int) -> None:
    with pytest.raises(DatasetError) as caught:
        read(table(tmp_path, *rows), BASE)
    assert caught.value.place is not None
    assert caught.value.place.line == line


def test_another_header_and_other_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        read(table(tmp_path, "a,b", header="old,new"), BASE)
    (tmp_path / "redirects.csv").write_bytes(b"from,to\n\xff,\xfe\n")
    with pytest.raises(DatasetError):
        read(tmp_path / "redirects.csv", BASE)


def test_a_change_is_read_and_a_broken_change_keeps_the_old_table(tmp_path: Path) -> None:
    path = table(tmp_path, "/id/a,/id/b,")
    known = RedirectTable(path, BASE)
    table(tmp_path, "/id/a,/id/c,308", "/id/x,/id/y,301")
    os.utime(path, ns=(1, 1))
    assert known.get(f"{BASE}/id/x") == Redirect(f"{BASE}/id/y", 301)
    table(tmp_path, "/id/a,/id/d,999")
    os.utime(path, ns=(2, 2))
    assert known.get(f"{BASE}/id/a") == Redirect(f"{BASE}/id/c", 308)
