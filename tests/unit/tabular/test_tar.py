"""Tables in tar archives and xz streams."""

from __future__ import annotations

import io
import lzma
import tarfile

import pytest

from app.errors import SourceError
from app.findings import Findings
from app.tabular.reader import open_bytes

CSV = "番号,名称\n" + "".join(f"{i},施設{i}\n" for i in range(2000))


def tar(mode: str, **files: str) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode=mode) as archive:  # type: ignore[call-overload]  # any
        for name, text in files.items():
            data = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return output.getvalue()


def rows(name: str, data: bytes) -> int:
    table = open_bytes(name, data, findings=Findings())
    assert table.columns == ("番号", "名称")
    return sum(len(batch) for batch in table.batches())


@pytest.mark.parametrize(("suffix", "mode"), [("gz", "w:gz"), ("xz", "w:xz")])
def test_the_one_table_of_a_tar_archive_is_read(suffix: str, mode: str) -> None:
    assert rows(f"t.csv.tar.{suffix}", tar(mode, **{"t.csv": CSV, "._t.csv": "litter"})) == 2000


def test_xz_streams_one_after_the_other_are_one_table() -> None:
    half = len(CSV) // 2
    data = lzma.compress(CSV[:half].encode()) + lzma.compress(CSV[half:].encode())
    assert rows("t.csv.xz", data) == 2000


def test_a_second_file_in_the_archive_is_not_lost_unseen() -> None:
    with pytest.raises(SourceError, match="several") as caught:
        rows("t.tar.gz", tar("w:gz", a=CSV, b=CSV))
    assert "zip" in caught.value.message("ja")


def test_an_archive_without_a_file_is_refused() -> None:
    with pytest.raises(SourceError):
        rows("t.tar.gz", tar("w:gz"))


def test_a_cut_off_stream_is_refused() -> None:
    with pytest.raises(SourceError, match="cut off"):
        rows("t.csv.xz", lzma.compress(CSV.encode())[:-20])
