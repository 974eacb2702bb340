"""A call in one line: `ex:f(a = $(b), ex:c = "text, with a comma", d = ex:g(e = $(f)))`.

Source: YARRRML, section "Functions" (calls inside calls and quoted values are additions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.errors import MappingSyntaxError, Text
from app.mapping.languages.document import Scalar
from app.mapping.languages.scanning import too_deep

_CALL: Final = re.compile(r"\s*([^\s()=,$\"]+)\s*\(")
_NAME: Final = re.compile(r"\s*([^\s()=,$\"]+)\s*=\s*")
_SPACE: Final = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class InlineCall:
    """A function's name and its arguments: names with texts or further calls."""

    function: Scalar
    arguments: tuple[tuple[Scalar, Scalar | InlineCall], ...]


def read_inline_call(scalar: Scalar, depth: int) -> InlineCall:
    """Parse a call that fills the whole text. Raises MappingSyntaxError with the column."""
    reader = _Reader(scalar, depth)
    call = reader.call()
    reader.skip_space()
    if reader.at != len(scalar.text):
        raise reader.error(
            Text(ja="閉じ括弧の後に余分な文字があります。", en="there is text after the closing ).")
        )
    return call


class _Reader:
    def __init__(self, scalar: Scalar, depth: int) -> None:
        self.scalar = scalar
        self.text = scalar.text
        self.at = 0
        self.most = self.depth = depth

    def call(self) -> InlineCall:
        match = _CALL.match(self.text, self.at)
        if match is None:
            raise self.error(
                Text(ja="関数の名前がありません。", en="a function's name is missing.")
            )
        if self.depth == 0:
            raise too_deep(self.scalar.at(self.at), self.most)
        self.depth -= 1
        function = self._part(match.start(1), match.end(1))
        self.at = match.end()
        arguments: list[tuple[Scalar, Scalar | InlineCall]] = []
        self.skip_space()
        while not self._closed():
            if arguments:
                self._expect_comma()
            arguments.append(self._argument())
            self.skip_space()
        self.at += 1
        self.depth += 1
        return InlineCall(function, tuple(arguments))

    def _closed(self) -> bool:
        if self.at >= len(self.text):
            raise self.error(
                Text(ja="関数の括弧が閉じられていません。", en="the function's ( is not closed.")
            )
        return self.text[self.at] == ")"

    def _expect_comma(self) -> None:
        if self.text[self.at] != ",":
            raise self.error(Text(ja="引数の間にコンマが必要です。", en="a comma is missing."))
        self.at += 1

    def _argument(self) -> tuple[Scalar, Scalar | InlineCall]:
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.error(
                Text(ja="引数は 名前 = 値 と書きます。", en="an argument is written name = value.")
            )
        name = self._part(match.start(1), match.end(1))
        self.at = match.end()
        inner = _CALL.match(self.text, self.at)
        if inner is not None and (":" in inner[1] or inner[1] in {"equal", "notEqual"}):
            return name, self.call()
        if self.text.startswith('"', self.at):
            return name, self._quoted()
        return name, self._plain()

    def _quoted(self) -> Scalar:
        start = self.at + 1
        end = start
        while end < len(self.text) and self.text[end] != '"':
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise self.error(Text(ja="引用符が閉じられていません。", en="a quote is not closed."))
        self.at = end + 1
        part = self._part(start, end)
        return Scalar(part.text.replace('\\"', '"'), part.place, plain=False, origin=None)

    def _plain(self) -> Scalar:
        start = end = self.at
        open_brackets = 0
        while end < len(self.text):
            character = self.text[end]
            if character == "\\":
                end += 1
            elif character == "(":
                open_brackets += 1
            elif character == ")":
                if open_brackets == 0:
                    break
                open_brackets -= 1
            elif character == "," and open_brackets == 0:
                break
            end += 1
        end = min(end, len(self.text))
        self.at = end
        return self._part(start, start + len(self.text[start:end].rstrip()))

    def _part(self, start: int, end: int) -> Scalar:
        origin = None if self.scalar.origin is None else 0
        return Scalar(self.text[start:end], self.scalar.at(start), plain=False, origin=origin)

    def skip_space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def error(self, text: Text) -> MappingSyntaxError:
        return MappingSyntaxError(
            text,
            place=self.scalar.at(min(self.at, len(self.text))),
            hint=Text(
                ja="ex:f(a = $(列), b = 値) のように書いてください。",
                en="Write it like ex:f(a = $(column), b = value).",
            ),
        )
