"""The files of each data set that can be fetched: the tables it was made from, and its dumps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from app.errors import Text
from app.publish import dumps, sources
from app.publish.sources import Part
from app.rdf.formats import Format, Formats
from app.store.base import Manifest

_ORDER: Final = {
    form.value: place
    for place, form in enumerate((Formats.GEOJSON, Formats.TURTLE, Formats.N_QUADS))
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file. `key` tells it from the others of its data set; `path`, below `/dumps/`, is as
    on the wire; `file` its name in the release; `note` what it is, beside its format."""

    dataset: str
    key: str
    path: str
    file: str
    format: Format
    note: Text | None
    bytes: int
    sha256: str
    packed: bool = False

    @property
    def label(self) -> Text:
        """What it is called on a page."""
        form = self.format.label + (" (zstd)" if self.packed else "")
        return Text(form, form) if self.note is None else self.note


def of(manifest: Manifest) -> tuple[Distribution, ...]:
    """All files of a release: by data set, the tables first."""
    found = (*_tables(manifest), *_dumps(manifest))
    return tuple(sorted(found, key=lambda each: each.dataset))  # stable


def by_dataset(manifest: Manifest) -> Mapping[str, tuple[Distribution, ...]]:
    """The files of a release by the id of their data set."""
    found: dict[str, tuple[Distribution, ...]] = {}
    for each in of(manifest):
        found[each.dataset] = (*found.get(each.dataset, ()), each)
    return found


def sums(manifest: Manifest) -> bytes:
    """The files of a release as `sha256sum --check` reads them in a mirror of `/dumps/`."""
    return "".join(f"{file.sha256}  {unquote(file.path)}\n" for file in of(manifest)).encode()


def _tables(manifest: Manifest) -> Iterator[Distribution]:
    for kept in sources.of(manifest):
        if kept.part is Part.MAPPING:
            continue
        label = kept.format.label
        yield Distribution(
            dataset=kept.dataset,
            key=f"{kept.part.value}-{quote(kept.name)}",
            path=quote(kept.path),
            file=f"{sources.FOLDER}/{kept.path}",
            format=kept.format,
            note=Text(f"{label}（元のまま）: {kept.name}", f"{label}, as received: {kept.name}")
            if kept.part is Part.SOURCE
            else Text(f"{label}（UTF-8）: {kept.name}", f"{label} in UTF-8: {kept.name}"),
            bytes=kept.bytes,
            sha256=kept.sha256,
        )


def _dumps(manifest: Manifest) -> Iterator[Distribution]:
    known = sorted(dumps.of(manifest), key=lambda d: (d.dataset, _ORDER.get(d.format, 0)))
    for dump in known:
        yield Distribution(
            dataset=dump.dataset,
            key=dump.format.id,
            path=dump.name,
            file=f"{dumps.FOLDER}/{dump.name}",
            format=dump.format,
            note=None,
            bytes=dump.bytes,
            sha256=dump.sha256,
            packed=dump.packed,
        )
