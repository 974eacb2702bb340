"""Refuses what is no table at all: a web page, a program's file, a picture called .csv."""

from __future__ import annotations

import codecs

from app.errors import Place, SourceEmpty, SourceError, Text
from app.tabular.encoding import utf16_without_mark

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_MAGIC = (
    (b"%PDF", Text(ja="PDF", en="a PDF document")),
    (b"\xd0\xcf\x11\xe0", Text(ja="旧形式の Excel または Word", en="an old Excel or Word file")),
    (b"\x89PNG", Text(ja="画像 (PNG)", en="a picture (PNG)")),
    (b"\xff\xd8\xff", Text(ja="画像 (JPEG)", en="a picture (JPEG)")),
    (b"GIF8", Text(ja="画像 (GIF)", en="a picture (GIF)")),
    (b"PK\x05\x06", Text(ja="空の zip", en="an empty zip archive")),
    (b"Rar!", Text(ja="RAR アーカイブ", en="a RAR archive")),
    (b"7z\xbc\xaf", Text(ja="7z アーカイブ", en="a 7z archive")),
    (b"SQLite format 3", Text(ja="SQLite データベース", en="an SQLite database")),
    (b"PAR1", Text(ja="Parquet", en="a Parquet file")),
)

_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<?xml", b"<!--")

_CONTROL = bytes(
    set(range(32)) - {0x00, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F}
)


def refuse_what_is_no_text(head: bytes, place: Place) -> None:
    """Raises SourceEmpty for no bytes, SourceError for content that is certainly no table.

    `head`: the first bytes as they stand in the file, before decoding.
    """
    if not head:
        raise SourceEmpty(
            Text(ja="ファイルが空です (0 バイト)。", en="the file is empty (no byte)."),
            place=place,
            hint=Text(
                ja="もう一度ダウンロードするか、元の表から保存し直してください。",
                en="Download it again, or save it again from the original.",
            ),
        )
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise _not_a_table(what, place)
    start = head[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_WEB_PAGE):
        raise SourceError(
            Text(
                ja="中身は CSV ではなく Web ページ (HTML または XML) です。",
                en="this is not a table but a web page (HTML or XML).",
            ),
            place=place,
            hint=Text(
                ja="ダウンロード先の URL が変わったか、ログインが要るページかもしれません。ブラウザーで開いて確かめてください。",
                en="The address may have moved or may want a sign-in: open it in a browser.",
            ),
        )
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r", b"[\n", b"[\r")):
        raise _not_a_table(Text(ja="JSON", en="JSON"), place)
    if head.startswith(UTF16_MARKS) or utf16_without_mark(head) is not None:
        return  # half of a character may be any byte
    controls = len(head) - len(head.translate(None, _CONTROL))
    if controls * 100 > len(head):
        raise _not_a_table(Text(ja="バイナリーデータ", en="binary data"), place)


def _not_a_table(what: Text, place: Place) -> SourceError:
    return SourceError(
        Text(
            ja=f"中身は CSV ではなく {what.ja} のようです。",
            en=f"this is not a delimited text; it looks like {what.en}.",
        ),
        place=place,
        hint=Text(
            ja="表を CSV (UTF-8) として保存し直してください。",
            en="Save the table as CSV (UTF-8).",
        ),
    )
