"""Encodings: declared, marked, detected; and what is said of bytes that do not fit."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from app.errors import Place, SourceEncodingError, SourceError
from app.findings import Findings
from app.tabular.batch import Dialect
from app.tabular.encoding import declared_encoding, detect, find_encoding
from app.tabular.reader import open_table
from tests.unit.tabular.reading import read

TABLE = "名称,住所,説明\n千代田区役所,東京都千代田区九段南一丁目2番1号,ここは日本です。\nあおぞら館,ソラ町,テスト\n"


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("cp932", "cp932"),
        ("euc_jp", "euc_jp"),
        ("iso2022_jp", "iso2022_jp"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encodings_are_detected(codec: str, found: str) -> None:
    result = read(TABLE.encode(codec))
    assert (result.table.description.encoding, result.table.description.encoding_source) == (
        found,
        "detected",
    )
    assert result.table.columns == ("名称", "住所", "説明")
    assert result.rows[1] == (3, ("あおぞら館", "ソラ町", "テスト"))


@pytest.mark.parametrize(
    ("mark", "codec", "declared"),
    [
        (codecs.BOM_UTF8, "utf-8", None),
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", None),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", None),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    ],
)
def test_a_byte_order_mark_is_obeyed_and_removed(
    mark: bytes, codec: str, declared: str | None
) -> None:
    result = read(mark + TABLE.encode(codec), Dialect(encoding=declared))
    assert result.table.columns[0] == "名称"
    assert result.table.description.encoding == codec
    assert result.table.description.encoding_source == ("declared" if declared else "bom")


def test_a_byte_order_mark_inside_quotes_is_removed() -> None:
    result = read('"\ufeff名称","住所"\nA,B\n'.encode("utf-8-sig"))
    assert result.table.columns == ("名称", "住所")


@pytest.mark.parametrize(
    "name",
    ["Shift_JIS", "shift-jis", "SJIS", "Windows-31J", "cp932", "MS_Kanji", "x-sjis", "ms932"],
)
def test_every_name_of_shift_jis_means_cp932(name: str) -> None:
    result = read("名称\n①㈱髙﨑\n".encode("cp932"), Dialect(encoding=name))
    assert result.cells == [("①㈱髙﨑",)]
    assert result.table.description.encoding == "cp932"


def test_a_declared_encoding_wins_over_what_would_be_detected() -> None:
    declared = read("a\né\n".encode("latin-1"), Dialect(encoding="ISO-8859-1"))
    assert declared.cells == [("é",)]
    assert declared.table.description.encoding_source == "declared"


def test_an_unknown_encoding_is_an_error_with_near_names() -> None:
    with pytest.raises(SourceError) as caught:
        declared_encoding("shift_jiss", Place("t.csv"))
    assert "shift_jis" in caught.value.message("ja")


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "base64", "idna"])
def test_codecs_that_no_file_is_written_in_are_refused(name: str) -> None:
    with pytest.raises(SourceError):
        declared_encoding(name, Place("t.csv"))


def test_half_width_kana_is_cp932_and_not_euc() -> None:
    assert detect("ﾎｯｶｲﾄﾞｳ,ｻｯﾎﾟﾛｼ,ﾁｭｳｵｳｸ".encode("cp932")) == "cp932"
    assert detect("01101,060,ﾎｯｶｲﾄﾞｳ,北海道,札幌市\n".encode("cp932")) == "cp932"


@pytest.mark.parametrize("text", ["役所", "市役所,区役所", "ひらがな", "カタカナ", "高松市,番町"])
@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_short_japanese_texts_are_told_apart(text: str, codec: str) -> None:
    assert detect(text.encode(codec)).replace("euc_jis_2004", "euc_jp") == codec


def test_vendor_characters_in_euc_are_read() -> None:
    assert detect("①番,ひらがな,㈱".encode("euc_jis_2004")) == "euc_jis_2004"


def test_detection_looks_past_a_long_ascii_beginning() -> None:
    chunks = [b"a,b\n" * 1000] * 300 + ["名称,住所\n".encode("cp932")]
    assert find_encoding(chunks, None, Place("t.csv")).codec == "cp932"


def test_a_character_cut_at_the_end_of_the_sample_does_not_mislead() -> None:
    data = TABLE.encode("utf-8")[:-2]
    assert detect(data, final=False) == "utf-8"


def test_undecodable_bytes_are_told_with_line_offset_bytes_and_what_would_fit() -> None:
    data = "名称,住所\r\nあ,い\r\n".encode() + "う,え\r\n".encode("cp932")
    offset = data.index("う".encode("cp932"))
    with pytest.raises(SourceEncodingError) as caught:
        read(data, Dialect(encoding="utf-8"))
    error = caught.value
    assert error.place is not None
    assert error.place.line == 3
    assert f"byte offset {offset}" in error.text.en
    assert "82 a4" in error.text.en
    assert error.hint is not None


def test_the_encodings_that_fit_the_whole_file_are_named() -> None:
    with pytest.raises(SourceEncodingError) as caught:
        read(TABLE.encode("cp932"), Dialect(encoding="utf-8"))
    assert "cp932" in caught.value.message("en")
    with pytest.raises(SourceEncodingError) as caught:
        read(TABLE.encode("euc_jp"), Dialect(encoding="iso-2022-jp"))
    assert "euc_jp" in caught.value.message("ja")


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "utf-16-le"])
def test_the_place_of_a_bad_byte_is_right_far_into_a_file(codec: str, tmp_path: Path) -> None:
    good = "名称,住所\r\n".encode(codec) + "あいう,東京\r\n".encode(codec) * 200_000
    bad = b"\x00\xd8\x00\x00" if codec == "utf-16-le" else b"\xff\xff"
    file = tmp_path / "t.csv"
    file.write_bytes(good + bad + "\r\nか,き\r\n".encode(codec))
    table = open_table(file, Dialect(encoding=codec), findings=Findings())
    with pytest.raises(SourceEncodingError) as caught:
        for _ in table.batches():
            pass
    assert caught.value.place == Place("t.csv", 200_002)
    assert f"offset {len(good)}." in caught.value.text.en


def test_a_damaged_file_is_blamed_on_the_damage_not_on_its_first_character() -> None:
    data = ("名称,住所\n" + "高松市,番町\n" * 50).encode("cp932") + b"\xff\xff,x\n"
    with pytest.raises(SourceEncodingError) as caught:
        read(data)
    assert caught.value.place is not None
    assert caught.value.place.line == 52
