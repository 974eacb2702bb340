"""The recommended layouts and the words of headings, read from `vocab/layouts/`.

A layout is a list of columns with a class; what a column means comes from the words that all
layouts share (`columns.yaml`) unless the layout itself says otherwise (`own`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.mapping.languages.document import Map, Node, Scalar, Sequence, read_document
from app.mapping.languages.scanning import Limits

FOLDER: Final = "layouts"
WORDS: Final = "columns.yaml"

_NUMBERED: Final = re.compile(r"^\d{1,2}[._、)\s]\s*(?=\S)")
_BRACKETS: Final = re.compile(r"[\[(〔【][^\])〕】]*[\])〕】]")


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One column of a layout. `means` is a meaning of `modelling`, or empty: then `property` (or
    a property named after the column) takes values of the shape `shape`. `of` is what some
    meanings need to know besides (which hazard); `also` are other spellings."""

    name: str
    required: bool = False
    means: str = ""
    property: str = ""
    shape: str = ""
    unit: str = ""
    of: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A recommended layout. `classes` are CURIEs, `path` the part of the IRIs that names the
    class; `through` the property that leads to the place of a piece of equipment; `owner` the
    property that leads to the organisation."""

    id: str
    title: str
    title_en: str
    generation: str
    number: str
    words: tuple[str, ...]
    classes: tuple[str, ...]
    path: str
    columns: tuple[LayoutColumn, ...]
    through: str = ""
    owner: str = ""

    @property
    def full_title(self) -> str:
        """With the generation of the recommendation it belongs to."""
        return f"{self.title}（{self.generation}{' ' + self.number if self.number else ''}）"


@dataclass(frozen=True)
class Layouts:
    """All layouts, and `words`: folded heading → meaning."""

    layouts: tuple[Layout, ...]
    words: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The spellings of each meaning, the usual one first."""

    def meaning(self, heading: str) -> str | None:
        """What a heading means by its words alone."""
        return next((self.words[f] for f in foldings(heading) if f in self.words), None)


@cache
def load_layouts(vocab_dir: Path) -> Layouts:
    """Every layout of the vocabulary folder; none when it has no layouts."""
    folder = vocab_dir / FOLDER
    names: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    if (folder / WORDS).is_file():
        for entry in _read(folder / WORDS):
            names[entry["means"]] = tuple(entry["names"])
            for name in entry["names"]:
                words.setdefault(fold(name), entry["means"])
    layouts = [
        _layout(path.stem, _read(path), words)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != WORDS
    ]
    return Layouts(tuple(layouts), words, names)


def fold(heading: str) -> str:
    """A heading for comparing: NFKC, without case, punctuation, blanks and a number before it."""
    text = unicodedata.normalize("NFKC", heading)
    text = _NUMBERED.sub("", text.strip()) or text
    return "".join(c for c in text.casefold() if c.isalnum()) or text.strip()


def foldings(heading: str) -> Iterator[str]:
    """The forms in which a heading is looked up, the surest first: whole, without what is in
    brackets, and the last part of joined header rows."""
    yield fold(heading)
    text = unicodedata.normalize("NFKC", heading)
    bare = _BRACKETS.sub("", text)
    if bare != text and bare.strip():
        yield fold(bare)
    if "/" in text:
        yield fold(text.rsplit("/", 1)[-1])


def _layout(id: str, body: Mapping[str, Any], words: Mapping[str, str]) -> Layout:
    own: Mapping[str, Mapping[str, Any]] = body.get("own", {})
    required = set(body["required"])
    columns = []
    for name in body["columns"]:
        said = own.get(name, {})
        silent = not (said.get("property") or said.get("as"))
        means = said.get("means") or (words.get(fold(name), "") if silent else "")
        columns.append(
            LayoutColumn(
                name,
                name in required,
                means,
                said.get("property", ""),
                said.get("as", ""),
                said.get("unit", ""),
                said.get("of", ""),
                tuple(said.get("also", ())),
            )
        )
    return Layout(
        id=id,
        title=body["title"],
        title_en=body["title_en"],
        generation=body["generation"],
        number=body.get("number", ""),
        words=tuple(body["words"]),
        classes=tuple(body["classes"]),
        path=body["path"],
        columns=tuple(columns),
        through=body.get("through", ""),
        owner=body.get("owner", ""),
    )


def _read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return _plain(read_document(text, file=str(path), limits=Limits.of()))


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [_plain(item) for item in node]
        case Map():
            return {entry.key.text: _plain(entry.value) for entry in node}
