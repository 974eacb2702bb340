"""Structured item names (構造化項目名記法): the path from a thing to the value of a column.

    施設>利用可能時間{@定期スケジュール型}>開始時間
    *施設>ID[町字]>識別値      施設>名称>表記@ja      施設>関連施設{役割='設置施設'}>参照>

- a class, then properties; each may have a prefix;
- `[label]` or `【label】` after a name keeps columns with another label on another node;
- `{p='v'}` gives the node a fixed value, `{@型}` a type;
- a leading `*` marks the key, a trailing `@lang` a language, a trailing `>` a cell that is an IRI;
- white space is allowed between tokens; quotes are escaped by a backslash;
- several paths of one column are joined by ` | `.

Source: the notation of the IMI item tables of the Digital Agency (see `docs/`), as the published
tables use it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

NOTE: Final = re.compile(r"[（(]注[0-9０-９、,，・ 注]*[）)]")
"""A note of the table's editors that stands inside the path."""

_SPACE: Final = re.compile(r"[\s\u3000]*")
_NAME: Final = re.compile(r"[^\s\u3000>\[\]【】{}@*|='\"]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path with what it says of the node it leads to."""

    name: str
    label: str | None = None
    types: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPath:
    """A class and the properties that lead from it to a value."""

    steps: tuple[Step, ...]
    is_key: bool = False
    is_iri: bool = False
    language: str | None = None


class NotAPath(ValueError):
    """A text that is not in this notation; `at` is the offset where it goes wrong."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def read_paths(text: str) -> tuple[ItemPath, ...]:
    """The paths of a text. Raises NotAPath."""
    reader = _Reader(text)
    paths = [reader.path()]
    while reader.taken("|"):
        paths.append(reader.path())
    if reader.at != len(text):
        raise NotAPath(reader.at)
    return tuple(paths)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def path(self) -> ItemPath:
        is_key = self.taken("*")
        steps = [self._step()]
        is_iri = False
        while self.taken(">"):
            if self.at == len(self.text) or self.text[self.at] in "|@":
                is_iri = True
                break
            steps.append(self._step())
        language = None
        if self.taken("@"):
            language = self._match(_LANGUAGE)
        return ItemPath(tuple(steps), is_key, is_iri, language)

    def _step(self) -> Step:
        name = self._match(_NAME)
        label: str | None = None
        types: list[str] = []
        fixed: list[tuple[str, str]] = []
        while True:
            if self.taken("["):
                label = self._until("]")
            elif self.taken("【"):
                label = self._until("】")
            elif self.taken("{"):
                if self.taken("@"):
                    types.append(self._match(_NAME))
                else:
                    property = self._match(_NAME)
                    self._expect("=")
                    fixed.append((property, self._quoted()))
                self._expect("}")
            else:
                return Step(name, label, tuple(types), tuple(fixed))

    def _skip_space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def taken(self, mark: str) -> bool:
        """Whether a mark came, which is then passed, with the space around it."""
        self._skip_space()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        self._skip_space()
        return True

    def _expect(self, mark: str) -> None:
        if not self.taken(mark):
            raise NotAPath(self.at)

    def _match(self, pattern: re.Pattern[str]) -> str:
        self._skip_space()
        match = pattern.match(self.text, self.at)
        if match is None:
            raise NotAPath(self.at)
        self.at = match.end()
        self._skip_space()
        return match[0]

    def _until(self, mark: str) -> str:
        end = self.text.find(mark, self.at)
        if end < 0:
            raise NotAPath(self.at)
        label = self.text[self.at : end].strip()
        self.at = end + len(mark)
        return label

    def _quoted(self) -> str:
        self._skip_space()
        quote = self.text[self.at : self.at + 1]
        if quote not in {"'", '"'}:
            raise NotAPath(self.at)
        value: list[str] = []
        at = self.at + 1
        while at < len(self.text) and self.text[at] != quote:
            at += self.text[at] == "\\"
            value.append(self.text[at : at + 1])
            at += 1
        if at >= len(self.text):
            raise NotAPath(self.at)
        self.at = at + 1
        return "".join(value)
