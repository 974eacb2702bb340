"""Where bytes come from: files, memory, archives; missing, damaged and hostile ones."""

from __future__ import annotations

import gzip
import io
import os
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest
import zstandard

from app.errors import SourceEmpty, SourceError, SourceNotFound, SourceTooLarge
from app.findings import Findings
from app.settings import load
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_table
from tests.unit.tabular.reading import read, rows_of

TEXT = "名称,住所\n市役所,番町\n"


def zipped(*members: tuple[str, str], encoding: str | None = None) -> bytes:
    """A zip archive; with `encoding`, names are stored in it without the UTF-8 flag."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, text) in enumerate(members):
            stored = (
                name if encoding is None else "x" * (len(name.encode(encoding)) - 1) + str(number)
            )
            archive.writestr(stored, text)
    data = buffer.getvalue()
    if encoding is not None:
        for number, (name, _) in enumerate(members):
            raw = name.encode(encoding)
            data = data.replace(b"x" * (len(raw) - 1) + str(number).encode(), raw)
    return data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("t.csv.zst", zstandard.compress(TEXT.encode())),
        ("t.zip", zipped(("t.csv", TEXT))),
        ("t.csv", gzip.compress(TEXT.encode(), mtime=0)),
        ("t.zip", zipped(("a/t.csv", TEXT), ("__MACOSX/a/._t.csv", "x"), ("a/.DS_Store", "x"))),
        ("t.zip", zipped(("読んでください.txt", "説明"), ("t.csv", TEXT))),
        ("t.csv.zst", zstandard.compress(b"") + zstandard.compress(TEXT.encode())),
        (
            "t.csv.gz",
            gzip.compress(TEXT[:6].encode(), mtime=0) + gzip.compress(TEXT[6:].encode(), mtime=0),
        ),
    ],
)
def test_packed_tables_are_unpacked(name: str, data: bytes) -> None:
    assert read(data, name=name).rows == [(2, ("市役所", "番町"))]


def test_a_packed_tab_separated_table_keeps_its_kind() -> None:
    assert read(gzip.compress(b"a\tb,c\n1\t2,3\n", mtime=0), name="t.tsv.gz").table.columns == (
        "a",
        "b,c",
    )


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", None])
def test_archive_members_have_japanese_names(encoding: str | None, tmp_path: Path) -> None:
    archive = tmp_path / "資料.zip"
    archive.write_bytes(
        zipped(("公衆トイレ.csv", TEXT), ("施設表.csv", "x\n1\n"), encoding=encoding)
    )
    table = open_table(tmp_path / "資料.zip#公衆トイレ.csv", findings=Findings())
    assert rows_of(table) == [(2, ("市役所", "番町"))]
    assert table.name == "資料.zip#公衆トイレ.csv"
    with pytest.raises(SourceError) as caught:
        open_table(archive, findings=Findings())
    assert "公衆トイレ.csv" in caught.value.message("ja")
    with pytest.raises(SourceNotFound) as missing:
        open_table(tmp_path / "資料.zip#公衆便所.csv", findings=Findings())
    assert "公衆トイレ.csv" in missing.value.message("ja")


def test_a_missing_file_is_told_with_near_names(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "ガイド一覧.csv")).write_text(TEXT)
    with pytest.raises(SourceNotFound) as caught:
        open_table(tmp_path / "ガイド一覧.CSV", findings=Findings())
    assert "一覧.csv" in caught.value.message("en")
    with pytest.raises(SourceNotFound):
        open_table(tmp_path / "ない" / "t.csv", findings=Findings())


def test_a_folder_is_refused_and_its_tables_named(tmp_path: Path) -> None:
    (tmp_path / "aed.csv").write_text(TEXT)
    with pytest.raises(SourceError) as caught:
        open_table(tmp_path, findings=Findings())
    assert "aed.csv" in caught.value.message("ja")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TEXT)
    file.chmod(0)
    with pytest.raises(SourceError, match="may not be read"):
        open_table(file, findings=Findings())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv.gz", gzip.compress(TEXT.encode() * 100, mtime=0)[:-12]),
        ("t.csv.gz", gzip.compress(TEXT.encode(), mtime=0)[:10] + b"\xff\xff\xff\xff" * 20),
        ("t.csv.zst", zstandard.compress(os.urandom(5000).hex().encode())[:-40]),
        ("t.csv.zst", b"\x28\xb5\x2f\xfd" + b"\xff" * 30),
        ("t.zip", zipped(("t.csv", TEXT))[:-30]),
    ],
)
def test_damaged_and_cut_off_files_are_errors_not_short_tables(name: str, data: bytes) -> None:
    with pytest.raises(SourceError, match="damaged or cut off"):
        read(data, name=name)


def test_an_encrypted_archive_is_told() -> None:
    data = bytearray(zipped(("t.csv", TEXT)))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    data[6] |= 1
    with pytest.raises(SourceError, match="encrypted"):
        read(bytes(data), name="t.zip")


def test_a_bomb_stops_at_the_expansion_limit() -> None:
    text = b"a,b\n" + b"0,0\n" * 8_000_000
    for name, data in [
        ("t.csv.gz", gzip.compress(text, 9, mtime=0)),
        ("t.csv.zst", zstandard.compress(text)),
    ]:
        with pytest.raises(SourceTooLarge, match="larger than the limit"):
            read(data, name=name, limits=ReadLimits(expansion=5))


def test_the_size_limit_holds_for_plain_packed_and_falsely_declared_sources() -> None:
    limits = ReadLimits(bytes=1000)
    text = TEXT * 100
    falsified = bytearray(zipped(("t.csv", text)))
    central = falsified.index(b"PK\x01\x02")
    falsified[central + 24 : central + 28] = struct.pack("<I", 500)
    for name, data in [
        ("t.csv", text.encode()),
        ("t.csv.gz", gzip.compress(text.encode(), mtime=0)),
        ("t.zip", zipped(("t.csv", text))),
    ]:
        with pytest.raises(SourceTooLarge):
            read(data, name=name, limits=limits)
    with pytest.raises(SourceError):
        read(bytes(falsified), name="t.zip", limits=limits)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"\xef\xbb\xbf\n <html>", "web page"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 20, "Excel"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "binary"),
        (b'{"a": 1}', "JSON"),
        (zipped(("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")), "workbook"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(data: bytes, word: str) -> None:
    with pytest.raises(SourceError, match=word):
        read(data)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n\r\n", b",,,\n,,,\n"])
def test_a_source_without_a_header_is_empty(data: bytes) -> None:
    with pytest.raises(SourceEmpty):
        read(data)


def test_limits_come_from_the_settings() -> None:
    assert ReadLimits.from_settings(load(environment={})) == ReadLimits()
