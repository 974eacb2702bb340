"""YAML as a small frozen tree in which everything knows its line and column.

A mapping is text from outside, so the reader is strict about the shape of the YAML itself: no
anchors, aliases, tags, merge keys, repeated keys or second documents, and a limit on size and
depth that holds while the text is scanned, before any tree exists. All scalars are text: `no`,
`012` and `12:30` stay what they are (a mapping has no numbers or booleans of its own).

Source: YAML 1.2.2, https://yaml.org/spec/1.2.2/ .
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from app.errors import MappingSyntaxError, Place, Text
from app.mapping.languages.scanning import (
    Limits,
    check_size,
    limited_scanner,
    not_yaml,
    too_deep,
    wrong_character,
)

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
"""Plain scalars that mean "nothing here" (YAML 1.2 core schema, section 10.3.2)."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text. `origin` is the offset of its first character from the place where the
    scalar begins (1 when quoted), or None when characters cannot be counted (folded lines)."""

    text: str
    place: Place
    plain: bool = True
    origin: int | None = 0

    @property
    def is_null(self) -> bool:
        """Whether nothing was written, or an unquoted null."""
        return self.plain and self.text in NULLS

    def at(self, offset: int) -> Place:
        """The place of the character at `offset` of the text, as exactly as it is known."""
        if self.origin is None or self.place.column is None:
            return self.place
        return Place(self.place.file, self.place.line, self.place.column + self.origin + offset)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a map and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Map:
    """Keys and values, in the order of the text; no key occurs twice."""

    entries: tuple[Entry, ...]
    place: Place

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


Node = Scalar | Sequence | Map


def read_document(text: str, *, file: str, limits: Limits) -> Node:
    """The tree of a YAML text.

    Raises MappingSyntaxError with the line and column (both from 1) of whatever is not
    well-formed, not allowed, too large or too deep.
    """
    check_size(text, file=file, limits=limits)
    text = text.removeprefix("\ufeff")
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = limited_scanner(file, limits.depth)
    try:
        return _Composer(file, limits).compose(yaml.parse(text))
    except MarkedYAMLError as error:
        raise not_yaml(error, text, file) from error
    except ReaderError as error:
        raise wrong_character(error, text, file) from error
    except (YAMLError, ValueError, OverflowError) as error:
        raise MappingSyntaxError(
            Text(ja=f"YAML として読めません: {error}", en=f"this is not YAML: {error}"),
            place=Place(file),
        ) from error


class _Composer:
    """Turns parser events into nodes; refuses what a mapping must not contain."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._depth = limits.depth
        # Scanning takes 20 µs a part: this many keep the time near one second.
        self._most_events = limits.bytes // 20
        self._events = 0

    def compose(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        # One list of finished children for each open collection: no recursion, so that depth
        # costs memory only up to the limit.
        open_collections: list[tuple[Any, list[Node]]] = []
        for event in events:
            name = type(event).__name__
            finished: Node | None = None
            if name == "DocumentStartEvent" and root is not None:
                raise self._refused(
                    event,
                    Text(
                        ja="二つ目の文書 (---) があります。", en="there is a second document (---)."
                    ),
                    Text(ja="ファイルを分けてください。", en="Put it into a file of its own."),
                )
            self._count(event)
            if name == "ScalarEvent":
                finished = self._scalar(event)
            elif name in {"SequenceStartEvent", "MappingStartEvent"}:
                if len(open_collections) >= self._depth:
                    raise too_deep(self._place(event), self._depth)
                open_collections.append((event, []))
            elif name in {"SequenceEndEvent", "MappingEndEvent"}:
                start, children = open_collections.pop()
                place = self._place(start)
                finished = (
                    Sequence(tuple(children), place)
                    if name == "SequenceEndEvent"
                    else self._map(children, place)
                )
            if finished is not None:
                if open_collections:
                    open_collections[-1][1].append(finished)
                else:
                    root = finished
        return Scalar("", Place(self._file, 1, 1)) if root is None else root

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark, event.end_mark
        quoted = event.style in {"'", '"'}
        length = end.index - start.index - (2 if quoted else 0)
        countable = start.line == end.line and length == len(event.value)
        return Scalar(
            event.value,
            self._place(event),
            plain=event.style is None,
            origin=int(quoted) if countable else None,
        )

    def _map(self, children: list[Node], place: Place) -> Map:
        seen: dict[str, Scalar] = {}
        entries = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise MappingSyntaxError(
                    Text(
                        ja="キーは文字列でなければなりません (得られたもの: "
                        f"{described(key).ja})。",
                        en=f"a key must be text, got {described(key).en}.",
                    ),
                    place=key.place,
                    hint=Text(
                        ja="{…} や […] で始まる値は引用符で囲んでください。",
                        en="Put a value that begins with { or [ into quotes.",
                    ),
                )
            if key.text in seen:
                first = seen[key.text].place
                raise MappingSyntaxError(
                    Text(
                        ja=f"キー {key.text} が二度あります (一度目は {first.line} 行目)。",
                        en=f"the key {key.text} occurs twice (first on line {first.line}).",
                    ),
                    place=key.place,
                    hint=Text(ja="どちらかを消してください。", en="Remove one of them."),
                )
            seen[key.text] = key
            entries.append(Entry(key, value))
        return Map(tuple(entries), place)

    def _count(self, event: Any) -> None:
        self._events += 1
        if self._events > self._most_events:
            raise self._refused(
                event,
                Text(
                    ja=f"項目が多すぎます (上限 {self._most_events:,})。",
                    en=f"there are too many parts (at most {self._most_events:,} are allowed).",
                ),
                Text(ja="ファイルを分けてください。", en="Split the file."),
            )

    def _refused(self, event: Any, text: Text, hint: Text) -> MappingSyntaxError:
        return MappingSyntaxError(text, place=self._place(event), hint=hint)


def described(node: Node) -> Text:
    """What a node is, for "expected …, got …" messages."""
    if isinstance(node, Map):
        return Text(ja="キーと値の組", en="keys and values")
    if isinstance(node, Sequence):
        return Text(ja="リスト", en="a list")
    if node.is_null:
        return Text(ja="空", en="nothing")
    shown = node.text if len(node.text) <= 40 else node.text[:40] + "…"
    return Text(ja=f"文字列「{shown}」", en=f'the text "{shown}"')
