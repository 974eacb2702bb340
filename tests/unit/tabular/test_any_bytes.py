"""Whatever the bytes and the dialect: a table, findings, or a SourceError; nothing else."""

from __future__ import annotations

import gzip

from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import SourceError
from app.tabular.batch import Dialect
from app.tabular.limits import ReadLimits
from tests.unit.tabular.reading import Read, read

pieces = st.sampled_from(
    [
        *(b"a", b"1", b",", b'"', b"\n", b"\r", b"\r\n", b"\t", b";", b"#", b" ", b"\0", b"\x1b$B"),
        *("名".encode(), "称".encode("cp932"), "あ".encode("euc_jp"), "東\n".encode("utf-16-le")),
        *(b"\xff", b"\xfe", b"\x80", b"\xef\xbb\xbf", b"#property,", b"\\", b"\x1a"),
    ]
)
texts = st.lists(pieces, max_size=30).map(b"".join)

dialects = st.builds(
    Dialect,
    encoding=st.sampled_from([None, "utf-8", "sjis", "euc-jp", "utf-16", "iso-2022-jp"]),
    delimiter=st.sampled_from([None, ",", "\t", "、"]),
    quote=st.sampled_from(['"', None, "'"]),
    escape=st.sampled_from([None, "\\"]),
    header_rows=st.sampled_from([None, 0, 1, 2, 3]),
    skip_rows=st.sampled_from([0, 1, 2]),
    comment_prefix=st.sampled_from([None, "#", ""]),
    skip_initial_space=st.booleans(),
    skip_blank_rows=st.booleans(),
    trim=st.booleans(),
)


def read_or_error(
    data: bytes,
    *,
    dialect: Dialect | None = None,
    limits: ReadLimits | None = None,
    name: str = "t.csv",
) -> Read | SourceError:
    try:
        return read(data, dialect, limits=limits, name=name)
    except SourceError as error:
        return error


@settings(max_examples=600, deadline=None)
@given(st.one_of(texts, st.binary(max_size=60)), dialects)
def test_any_text_gives_a_table_or_a_source_error(data: bytes, dialect: Dialect) -> None:
    result = read_or_error(data, dialect=dialect, limits=ReadLimits(columns=20, cell_bytes=64))
    if isinstance(result, SourceError):
        assert result.message("ja")
        assert result.place is not None
        return
    assert len({*result.table.columns}) == len(result.table.columns)
    assert all(result.table.columns)
    lines = [line for line, _ in result.rows]
    assert lines == sorted({*lines})


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40), st.sampled_from(["t.zip", "t.gz", "t.csv.zst", "t.zip#x.csv"]))
def test_any_archive_gives_a_table_or_a_source_error(data: bytes, name: str) -> None:
    for packed in (
        data,
        b"PK\x03\x04" + data,
        gzip.compress(data)[: len(data)],
        b"\x28\xb5\x2f\xfd" + data,
    ):
        result = read_or_error(packed, name=name)
        assert isinstance(result, Read) or result.place is not None
