"""JSON text → values: numbers exact, nesting bounded, the line of every object known.

Integers become `int`, other numbers `Number`, which keeps its text, so that nothing passes
through a float. Source: RFC 8259.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]  # not in the stubs
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # not in the stubs
from typing import Any, NoReturn

from app.errors import Place, SourceError, SourceTooLarge, Text

_SHORT_INTEGER = 4000
"""Digits up to which Python converts text to `int` (sys.int_info.default_max_str_digits)."""


class Number(Decimal):
    """A number with a fraction or an exponent (or an integer too long for `int`), and its text."""

    text: str

    def __new__(cls, text: str) -> Number:
        made = super().__new__(cls, text)
        made.text = text
        return made


class Document:
    """A parsed document. `line_of` gives the line, from 1, on which an object or array of it
    begins."""

    def __init__(
        self, text: str, name: str, depth: int, repeated: Callable[[str, int], None]
    ) -> None:
        """`repeated` is told each member name that an object has twice, with its line.
        Raises SourceError with line and column, SourceTooLarge past the depth."""
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        parser = _Parser(self, name, depth, repeated)
        try:
            self.root: Any = parser.decode(text)
        except json.JSONDecodeError as error:
            raise SourceError(
                Text(ja=f"JSON として読めません: {error.msg}", en=f"not JSON: {error.msg}"),
                place=Place(name, error.lineno, error.colno),
                hint=Text(
                    ja="この位置の前後の引用符・コンマ・括弧を確かめてください。",
                    en="Check the quotes, commas and brackets around this place.",
                ),
            ) from error
        self._starts = parser.starts

    def line_of(self, value: object) -> int:
        """1 for what is neither object nor array."""
        return self.line_at(self._starts.get(id(value), 0))

    def line_at(self, offset: int) -> int:
        """The line of a character."""
        return bisect_right(self._breaks, offset - 1) + 1


class _Parser(json.JSONDecoder):
    """The decoder of the standard library, in its form that tells where values begin."""

    def __init__(
        self, document: Document, name: str, depth: int, repeated: Callable[[str, int], None]
    ) -> None:
        super().__init__(
            parse_float=Number,
            parse_int=_integer,
            parse_constant=self._constant,
            object_pairs_hook=self._members,
        )
        self.starts: dict[int, int] = {}
        self._document, self._name, self._most = document, name, depth
        self._repeated = repeated
        self._depth = self._offset = 0
        self.parse_object = self._counted(JSONObject)
        self.parse_array = self._counted(JSONArray)
        self.scan_once = py_make_scanner(self)

    def _counted(self, parse: Callable[..., tuple[Any, int]]) -> Callable[..., tuple[Any, int]]:
        def counted(start: tuple[str, int], *rest: Any) -> tuple[Any, int]:
            self._depth += 1
            if self._depth > self._most:
                raise SourceTooLarge(
                    Text(
                        ja=f"入れ子が {self._most} 段を超えています。",
                        en=f"it is nested more than {self._most} deep.",
                    ),
                    place=Place(self._name, self._document.line_at(start[1])),
                    hint=Text(
                        ja="設定 source_depth を見直してください。", en="Raise source_depth."
                    ),
                )
            outer, self._offset = self._offset, start[1] - 1
            value, end = parse(start, *rest)
            self._offset = outer
            self.starts[id(value)] = start[1] - 1
            self._depth -= 1
            return value, end

        return counted

    def _members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self._repeated(name, self._document.line_at(self._offset))
                seen.add(name)
        return members

    def _constant(self, text: str) -> NoReturn:
        raise SourceError(
            Text(ja=f"{text} は JSON の値ではありません。", en=f"{text} is no value of JSON."),
            place=Place(self._name),
            hint=Text(ja="null か文字列にしてください。", en="Write null, or a string."),
        )


def _integer(text: str) -> int | Number:
    return int(text) if len(text) <= _SHORT_INTEGER else Number(text)
