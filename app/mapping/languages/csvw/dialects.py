"""Dialect descriptions (Metadata Vocabulary, section 5.9): JSON to `CsvwDialect`."""

from __future__ import annotations

import codecs
from typing import Any

from app.errors import Text
from app.mapping.languages.csvw.model import CsvwDialect
from app.mapping.languages.csvw.properties import (
    BOOLEAN,
    STRING,
    UNKNOWN,
    Description,
    check_id_and_type,
)
from app.mapping.languages.csvw.vocabulary import DIALECT, expand

_COUNTS = {
    "skipRows": "skip_rows",
    "skipColumns": "skip_columns",
    "headerRowCount": "header_row_count",
}
_FLAGS = {
    "doubleQuote": "double_quote",
    "skipBlankRows": "skip_blank_rows",
    "skipInitialSpace": "skip_initial_space",
}
_TEXTS = {"commentPrefix": "comment_prefix", "quoteChar": "quote_char"}


def read_dialect(description: Description) -> CsvwDialect:
    """A dialect; what is not permitted warns and the default holds.
    Raises MappingError for a blank `@id` or a wrong `@type`."""
    check_id_and_type(description, "Dialect")
    members = description.members
    for name in members:
        if name not in DIALECT and expand(name) is None:
            description.warn(name, UNKNOWN)
    given: dict[str, Any] = {}
    for name, field in _COUNTS.items():
        if name in members:
            _read_count(description, name, field, given)
    for name, field in _FLAGS.items():
        flag = description.boolean(name)
        if flag is not None:
            given[field] = flag
    for name, field in _TEXTS.items():
        if name in members and (members[name] is None or description.text(name) is not None):
            given[field] = members[name] or None
    _read_header(description, given)
    _read_delimiter_and_encoding(description, given)
    _read_line_terminators(description, given)
    _read_trim(description, given)
    return CsvwDialect(**given)


def _read_count(description: Description, name: str, field: str, given: dict[str, Any]) -> None:
    value = description.members[name]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        given[field] = value
    else:
        description.warn(
            name, Text(ja="0 以上の整数です。", en="it must be an integer, not negative.")
        )


def _read_header(description: Description, given: dict[str, Any]) -> None:
    header = description.boolean("header")
    if header is False and "header_row_count" not in given:
        given["header_row_count"] = 0


def _read_delimiter_and_encoding(description: Description, given: dict[str, Any]) -> None:
    delimiter = description.text("delimiter")
    if delimiter:
        given["delimiter"] = delimiter
    encoding = description.text("encoding")
    if encoding is None:
        return
    try:
        given["encoding"] = codecs.lookup(encoding).name
    except LookupError:
        description.warn(
            "encoding", Text(ja="未知の文字コードです。", en="it is not a known encoding.")
        )


def _read_line_terminators(description: Description, given: dict[str, Any]) -> None:
    value = description.members.get("lineTerminators")
    if value is None:
        return
    values = [value] if isinstance(value, str) else value
    if isinstance(values, list) and values and all(isinstance(item, str) for item in values):
        given["line_terminators"] = tuple(values)
    else:
        description.warn("lineTerminators", STRING)
        return
    if not set(values) <= {"\r\n", "\n", "\r"}:
        description.warn(
            "lineTerminators",
            Text(
                ja="改行（CRLF、LF、CR）以外の行末は読めません。",
                en="only line breaks (CRLF, LF, CR) can end a row here.",
            ),
        )


def _read_trim(description: Description, given: dict[str, Any]) -> None:
    trim = description.members.get("trim")
    if isinstance(trim, bool):
        given["trim"] = "true" if trim else "false"
    elif trim in ("true", "false", "start", "end"):
        given["trim"] = trim
    elif trim is not None:
        description.warn("trim", BOOLEAN)
    elif given.get("skip_initial_space"):
        # Section 5.9: with skipInitialSpace and no trim of its own, white space before goes.
        given["trim"] = "start"
