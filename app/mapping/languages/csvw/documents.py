"""A metadata document: JSON with limits, and the places of its parts for messages.

`json` reads the text; line and column of a part are looked for only when a message needs them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from app.errors import MappingError, MappingSyntaxError, Place, Text
from app.findings import Findings
from app.mapping.languages.csvw.findings import METADATA_IGNORED
from app.mapping.languages.scanning import Limits, too_deep

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\],:]|[^\s"{}\[\],:]++', re.DOTALL)
"""A string that is never closed goes on to the end, so that a scan passes each character once."""


_LONE_SURROGATE = re.compile(
    r"(?<!\\)(?:\\\\)*(?:"
    r"\\u[Dd][89ABab][0-9A-Fa-f]{2}(?!\\u[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    r"|(?<!\\u[Dd][89ABab][0-9A-Fa-f]{2})\\u[Dd][C-Fc-f][0-9A-Fa-f]{2})"
)


DEFAULT_LIMITS = Limits.of()


@dataclass(frozen=True)
class Document:
    """A parsed metadata document, its address, and where its warnings go."""

    url: str
    file: str
    text: str
    root: Any
    findings: Findings

    def place(self, path: Path) -> Place:
        """Line and column of a part, or of the nearest one around it that is there."""
        while path and path not in self._offsets:
            path = path[:-1]
        offset = self._offsets.get(path, 0)
        line = bisect_right(self._line_starts, offset)
        return Place(self.file, line, offset - self._line_starts[line - 1] + 1)

    @cached_property
    def _offsets(self) -> dict[Path, int]:
        return offsets(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def warn(self, path: Path, reason: Text) -> None:
        """Note that a part is wrong and was left out or replaced by its default."""
        if self.findings.has_room(METADATA_IGNORED):
            values = {
                "part": "/".join(str(step) for step in path) or "(root)",
                "reason": reason.ja,
                "reason_en": reason.en,
            }
            self.findings.add(METADATA_IGNORED, self.place(path), values)
        else:
            self.findings.add(METADATA_IGNORED, Place(self.file))

    def fail(self, path: Path, reason: Text, hint: Text | None = None) -> NoReturn:
        """Stop: the specification asks for an error here. Raises MappingError."""
        raise MappingError(reason, place=self.place(path), hint=hint)


def parse_document(
    data: bytes, url: str, file: str, findings: Findings, limits: Limits = DEFAULT_LIMITS
) -> Document:
    """Read JSON. Raises MappingSyntaxError naming line and column."""
    if len(data) > limits.bytes:
        raise MappingSyntaxError(
            Text(
                ja=f"メタデータが大きすぎます（{len(data)} バイト、上限 {limits.bytes}）。",
                en=f"the metadata is too large ({len(data)} bytes, the limit is {limits.bytes}).",
            ),
            place=Place(file),
            hint=Text(
                ja="設定 mapping_bytes を上げるか、表ごとに分けてください。",
                en="Raise the setting mapping_bytes, or split the tables.",
            ),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingSyntaxError(
            Text(
                ja="メタデータが UTF-8 ではありません。", en="the metadata is not encoded in UTF-8."
            ),
            place=Place(file),
            hint=Text(ja="UTF-8 で保存してください。", en="Save it as UTF-8."),
        ) from error
    _check_depth(text, file, limits.depth)
    try:
        root = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _not_json(file, error.lineno, error.colno, error.msg) from error
    except ValueError as error:
        raise _not_json(file, None, None, str(error)) from error
    lone = _LONE_SURROGATE.search(text)
    if lone is not None:
        line = text.count("\n", 0, lone.start()) + 1
        raise _not_json(file, line, None, f"{lone[0]} is half a character")
    return Document(url, file, text, root, findings)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _not_json(file: str, line: int | None, column: int | None, reason: str) -> MappingSyntaxError:
    return MappingSyntaxError(
        Text(
            ja=f"メタデータが JSON として読めません（{reason}）。",
            en=f"the metadata is not JSON ({reason}).",
        ),
        place=Place(file, line, column),
        hint=Text(
            ja="この位置のカンマ、引用符、括弧を確認してください。",
            en="Look for a missing comma, quote or bracket at this place.",
        ),
    )


def _check_depth(text: str, file: str, limit: int) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        first = text[token.start()]
        if first in "{[":
            depth += 1
            if depth > limit:
                line = text.count("\n", 0, token.start()) + 1
                raise too_deep(Place(file, line), limit)
        elif first in "}]":
            depth -= 1


def offsets(text: str) -> dict[Path, int]:
    """Where each value of a JSON text begins, by its path: one pass over the tokens."""
    found: dict[Path, int] = {}
    stack: list[str | int] = []
    expecting_key = False
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == ":":
            continue
        if mark == ",":
            last = stack[-1]
            if isinstance(last, int):
                stack[-1] = last + 1
            else:
                expecting_key = True
        elif mark in "}]":
            stack.pop()
            expecting_key = False
        elif expecting_key:
            stack[-1] = json.loads(mark, strict=False)
            expecting_key = False
        else:
            found[tuple(stack)] = token.start()
            if mark == "{":
                stack.append("")
                expecting_key = True
            elif mark == "[":
                stack.append(0)
    return found
