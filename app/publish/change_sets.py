"""What differs between two releases, as files that are made once and kept: `data/changes/`.

A set is a folder `{old}..{new}` with a summary, a packed file of changed quads for each data
set, and the list of entities that changed. It outlives the releases that it was made from, so
that an app that comes by seldom still finds every step.

The quads of both releases are read as lines, from the dumps where there are any, and those that
stand in both are crossed out as they come. A store gives its quads in an order that depends on
the terms alone, so equal lines meet soon and memory grows with the difference, not with the
data; with another order only memory would suffer. Measured: 1.1 µs for each quad of a release.
Blank nodes are compared by their labels, which a new load gives anew.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from itertools import chain, zip_longest
from pathlib import Path
from typing import IO, Final, cast

import orjson
import zstandard
from pydantic import BaseModel, ConfigDict, ValidationError
from pyoxigraph import BlankNode, NamedNode, RdfFormat, serialize

from app.errors import AnswerTooLarge, Text
from app.publish import dumps
from app.publish.catalog import VOCABULARY
from app.publish.changes import EntityChange, Operation, changed_graphs
from app.store.base import GraphEntry, Manifest, Snapshot

SUMMARY: Final = "summary.json"
_ENTITIES: Final = "entities.tsv.zst"
_BUILDING: Final = ".building-"
_ZSTD_LEVEL: Final = 6
_CHUNK: Final = 256 << 10
_SETTLED: Final = 20_000  # lines between two looks at the bound

RELEASE_ID: Final = r"\d{8}T\d{6}Z-[0-9a-f]{6}"
SPAN: Final = re.compile(rf"({RELEASE_ID})\.\.({RELEASE_ID})")
"""The name of a set: two releases' ids."""


class DatasetChange(BaseModel):
    """How many quads of one data set came and went; `name` is its id, or the graph's IRI where
    a graph belongs to none."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: Mapping[str, str] = {}
    before: int
    after: int
    added: int
    removed: int
    file: str


class Summary(BaseModel):
    """A set in a few numbers. `created` is that of the newer release."""

    model_config = ConfigDict(frozen=True)

    old: str
    new: str
    created: datetime
    note: str = ""
    parent: str | None = None
    before: int
    after: int
    datasets: tuple[DatasetChange, ...]
    entities_new: int = 0
    entities_gone: int = 0
    entities_changed: int = 0

    @property
    def added(self) -> int:
        """Quads that came."""
        return sum(dataset.added for dataset in self.datasets)

    @property
    def removed(self) -> int:
        """Quads that went."""
        return sum(dataset.removed for dataset in self.datasets)


@dataclass(frozen=True, slots=True)
class ChangedEntity:
    """An entity that is new, gone or changed, with its quads added and removed."""

    kind: str
    added: int
    removed: int
    iri: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A set that is there."""

    folder: Path
    summary: Summary

    def lines(
        self,
        operation: Operation | None = None,
        dataset: str | None = None,
        entity: str | None = None,
    ) -> Iterator[bytes]:
        """Blocks of whole lines `A|D subject predicate object graph .`, deletions of a data set
        before its additions; only those of one operation, data set or entity (its parts, whose
        IRIs continue its own by `#`, included)."""
        wanted = _pattern(operation, entity)
        for known in self.summary.datasets:
            if dataset is not None and known.name != dataset:
                continue
            for block in dumps.unpacked_blocks(self.folder / known.file):
                found = block if wanted is None else b"".join(wanted.findall(block))
                if found:
                    yield found

    def patch(self, dataset: str | None = None, entity: str | None = None) -> Iterator[bytes]:
        """An RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html)."""
        yield (
            f"H id <urn:tsunagu:release:{self.summary.new}> .\n"
            f"H prev <urn:tsunagu:release:{self.summary.old}> .\nTX .\n"
        ).encode()
        yield from self.lines(None, dataset, entity)
        yield b"TC .\n"

    def quads(
        self, operation: Operation, dataset: str | None = None, entity: str | None = None
    ) -> Iterator[bytes]:
        """N-Quads of one operation."""
        mark = re.compile(rb"^%s " % operation.value.encode(), re.MULTILINE)
        for block in self.lines(operation, dataset, entity):
            yield mark.sub(b"", block)

    def narrowed(
        self, dataset: str | None, entity: str | None
    ) -> tuple[Summary, Iterable[ChangedEntity]]:
        """The numbers and the entities of a part, counted from its lines. An entity's kind is
        that in the whole set: what left one data set and stands in another has changed."""
        if dataset is None and entity is None:
            return self.summary, self.entities()
        gathered, datasets = _Entities(), []
        for known in self.summary.datasets:
            if dataset is None or known.name == dataset:
                before = gathered.counts()
                for block in self.lines(None, known.name, entity):
                    for line in block.splitlines():
                        gathered.count(Operation(chr(line[0])), line[2:])
                added, removed = (a - b for a, b in zip(gathered.counts(), before, strict=True))
                if added or removed:
                    counted = {"added": added, "removed": removed}
                    datasets.append(known.model_copy(update=counted))
        found = gathered.known(self.entities())
        kinds = Counter(f"entities_{each.kind}" for each in found)
        none = {"entities_new": 0, "entities_gone": 0, "entities_changed": 0}
        counts = {**none, **kinds, "datasets": tuple(datasets)}
        return self.summary.model_copy(update=counts), found

    def entities(self) -> Iterator[ChangedEntity]:
        """The entities that changed, by IRI."""
        for block in dumps.unpacked_blocks(self.folder / _ENTITIES):
            for line in map(bytes.decode, block.splitlines()):  # a text would part at U+2028 too
                kind, added, removed, iri = line.split("\t", 3)
                yield ChangedEntity(kind, int(added), int(removed), iri)


def find(folder: Path, old: str, new: str) -> ChangeSet | None:
    """A set that was made before. Looking keeps it from being pruned soon."""
    path = folder / f"{old}..{new}"
    try:
        summary = Summary.model_validate_json((path / SUMMARY).read_bytes())
    except (OSError, ValidationError):
        return None
    with suppress(OSError):
        (path / SUMMARY).touch()
    return ChangeSet(path, summary)


def all_of(folder: Path) -> list[ChangeSet]:
    """All sets that are there, the newest first."""
    if not folder.is_dir():
        return []
    names = (SPAN.fullmatch(path.name) for path in folder.iterdir())
    found = (find_untouched(folder / match.group()) for match in names if match is not None)
    return sorted(
        (known for known in found if known is not None),
        key=lambda known: (known.summary.new, known.summary.old),
        reverse=True,
    )


def find_untouched(path: Path) -> ChangeSet | None:
    """A set by its folder, without keeping it longer."""
    try:
        return ChangeSet(path, Summary.model_validate_json((path / SUMMARY).read_bytes()))
    except (OSError, ValidationError):
        return None


def make(folder: Path, old: Snapshot, new: Snapshot, *, most: int) -> ChangeSet:
    """Compare two releases and keep the result. Raises AnswerTooLarge when more than `most`
    quads of a data set differ on one side."""
    name = f"{old.manifest.id}..{new.manifest.id}"
    building = folder / f"{_BUILDING}{name}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        gathered = _Entities()
        datasets = []
        for number, part in enumerate(_parts(old.manifest, new.manifest)):
            before, after = _lines(old, part), _lines(new, part)
            file = f"{number}.patch.zst"
            with _packed(building / file) as output:
                added, removed = _compare(before, after, output, gathered, most)
            if added or removed:  # published anew does not mean changed
                datasets.append(part.change(added, removed, file))
            else:
                (building / file).unlink()
        counts = gathered.write(building / _ENTITIES, old, new)
        summary = Summary(
            old=old.manifest.id,
            new=new.manifest.id,
            created=new.manifest.created,
            note=new.manifest.note,
            parent=new.manifest.parent,
            before=old.manifest.quads,
            after=new.manifest.quads,
            datasets=tuple(datasets),
            entities_new=counts["new"],
            entities_gone=counts["gone"],
            entities_changed=counts["changed"],
        )
        (building / SUMMARY).write_bytes(summary.model_dump_json(indent=1).encode())
        final = folder / name
        shutil.rmtree(final, ignore_errors=True)
        building.rename(final)
        return ChangeSet(final, summary)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def prune(folder: Path, most_bytes: int) -> list[str]:
    """Remove the sets that were not asked for longest until the rest fits; their names."""
    sizes = {
        known.folder: sum(file.stat().st_size for file in known.folder.iterdir())
        for known in all_of(folder)
    }
    total, removed = sum(sizes.values()), []
    for path in sorted(sizes, key=lambda path: (path / SUMMARY).stat().st_mtime):
        if total <= most_bytes:
            break
        shutil.rmtree(path)
        total -= sizes[path]
        removed.append(path.name)
    return removed


@dataclass(slots=True)
class _Part:
    """The graphs of one data set that may differ."""

    name: str
    title: dict[str, str] = field(default_factory=dict)
    graphs: list[str] = field(default_factory=list)
    before: int = 0
    after: int = 0

    def change(self, added: int, removed: int, file: str) -> DatasetChange:
        return DatasetChange(
            name=self.name,
            title=self.title,
            before=self.before,
            after=self.after,
            added=added,
            removed=removed,
            file=file,
        )


def _parts(old: Manifest, new: Manifest) -> list[_Part]:
    parts: dict[str, _Part] = {}
    for iri in changed_graphs(old, new):
        before, after = old.graphs.get(iri), new.graphs.get(iri)
        entry = after or before
        assert entry is not None
        about = entry.about
        name = _dataset(new, iri, entry)
        part = parts.setdefault(name, _Part(name))
        part.graphs.append(iri)
        part.before += before.quads if before is not None else 0
        part.after += after.quads if after is not None else 0
        title = about.get("title")
        if title:
            part.title = {"ja": str(title), "en": str(about.get("title_en") or title)}
    return [parts[name] for name in sorted(parts)]


def _dataset(manifest: Manifest, iri: str, entry: GraphEntry) -> str:
    """The data set that a graph belongs to, by the names that dumps have."""
    if iri == f"{manifest.base_iri}/graphs/{VOCABULARY}":
        return VOCABULARY
    return entry.dataset or iri


def _lines(snapshot: Snapshot, part: _Part) -> Iterator[bytes]:
    """The quads of a part as N-Quads lines with their line feeds."""
    graphs = [iri for iri in part.graphs if iri in snapshot.manifest.graphs]
    manifest = snapshot.manifest
    of_dataset = [i for i, g in manifest.graphs.items() if _dataset(manifest, i, g) == part.name]
    dump = snapshot.file(f"{dumps.FOLDER}/{part.name}.nq.zst")
    if dump is not None and sorted(of_dataset) == sorted(graphs):
        return _unpacked(dump)
    return chain.from_iterable(_serialised(snapshot, iri) for iri in graphs)


def _serialised(snapshot: Snapshot, graph: str) -> Iterator[bytes]:
    batch = []
    for quad in snapshot.graph(graph):
        batch.append(quad)
        if len(batch) == 1_000:
            yield from (serialize(batch, None, RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
            batch.clear()
    yield from (serialize(batch, None, RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def _unpacked(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        yield from BufferedReader(cast(IO[bytes], reader), _CHUNK)  # type: ignore[type-var]


def _packed(path: Path) -> zstandard.ZstdCompressionWriter:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).stream_writer(path.open("wb"))


def _compare(
    before: Iterable[bytes],
    after: Iterable[bytes],
    output: IO[bytes] | zstandard.ZstdCompressionWriter,
    entities: _Entities,
    most: int,
) -> tuple[int, int]:
    gone: set[bytes] = set()
    come: set[bytes] = set()
    for count, (old, new) in enumerate(zip_longest(before, after)):
        if old == new:
            continue
        if old is not None:
            if old in come:
                come.remove(old)
            else:
                gone.add(old)
        if new is not None:
            if new in gone:
                gone.remove(new)
            else:
                come.add(new)
        if count % _SETTLED == 0 and max(len(gone), len(come)) > most:
            raise too_large(most)
    if max(len(gone), len(come)) > most:
        raise too_large(most)
    for operation, lines in ((Operation.DELETE, gone), (Operation.ADD, come)):
        mark = operation.value.encode() + b" "
        for line in sorted(lines):
            entities.count(operation, line)
            output.write(mark + line)
    return len(come), len(gone)


class _Entities:
    """Quads added and removed, by entity."""

    def __init__(self) -> None:
        self._found: dict[str, EntityChange] = {}

    def count(self, operation: Operation, line: bytes) -> None:
        subject = line.partition(b" ")[0].decode()
        iri = subject if subject.startswith("_:") else subject[1:-1].partition("#")[0]
        entity = self._found.get(iri)
        if entity is None:
            entity = self._found[iri] = EntityChange(iri)
        if operation is Operation.ADD:
            entity.added += 1
        else:
            entity.removed += 1

    def counts(self) -> tuple[int, int]:
        """Quads added and removed of all."""
        found = self._found.values()
        return sum(one.added for one in found), sum(one.removed for one in found)

    def known(self, entities: Iterable[ChangedEntity]) -> list[ChangedEntity]:
        """Those of a whole set that were counted here, with the numbers counted here."""
        found = self._found
        return [
            ChangedEntity(each.kind, found[each.iri].added, found[each.iri].removed, each.iri)
            for each in entities
            if each.iri in found
        ]

    def write(self, path: Path, old: Snapshot, new: Snapshot) -> dict[str, int]:
        counts = {"new": 0, "gone": 0, "changed": 0}
        with _packed(path) as output:
            for iri in sorted(self._found):
                entity = self._found[iri]
                kind = "changed"
                if entity.removed == 0 and not _knows(old, iri):
                    kind = "new"
                elif entity.added == 0 and not _knows(new, iri):
                    kind = "gone"
                counts[kind] += 1
                output.write(f"{kind}\t{entity.added}\t{entity.removed}\t{iri}\n".encode())
        return counts


def _knows(snapshot: Snapshot, iri: str) -> bool:
    return snapshot.knows(BlankNode(iri[2:]) if iri.startswith("_:") else NamedNode(iri))


def _pattern(operation: Operation | None, entity: str | None) -> re.Pattern[bytes] | None:
    if operation is None and entity is None:
        return None
    mark = operation.value.encode() if operation is not None else b"[AD]"
    subject = b""
    if entity is not None:
        subject = b"<" + re.escape(entity.encode()) + b"(?:#[^>]*)?> "
    return re.compile(b"^" + mark + b" " + subject + b".*\n", re.MULTILINE)


def too_large(most: int) -> AnswerTooLarge:
    """The error of a difference past the bound."""
    return AnswerTooLarge(
        Text(
            ja=f"{most:,} 件を超えるクアッドが変わったので、差分は作りません。",
            en=f"More than {most:,} quads differ, so no list of changes is made.",
        ),
        hint=Text(
            ja="/dumps/ から全体を取ってください。", en="Take the whole data from /dumps/ instead."
        ),
    )


def listed(found: Iterable[ChangedEntity], offset: int, limit: int) -> list[ChangedEntity]:
    """A page of the entities that changed."""
    return [entity for place, entity in enumerate(found) if offset <= place < offset + limit]


def as_json(summary: Summary) -> dict[str, object]:
    """A summary for programs."""
    body: dict[str, object] = orjson.loads(summary.model_dump_json(exclude={"datasets"}))
    datasets = [dataset.model_dump(exclude={"file"}) for dataset in summary.datasets]
    return {**body, "added": summary.added, "removed": summary.removed, "datasets": datasets}
