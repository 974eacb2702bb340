"""Canonical hashes of graphs: equal for equal graphs, whoever serialises them.

SHA-256 of the canonical N-Quads of a graph's triples by RDFC-1.0
(https://www.w3.org/TR/rdf-canon/): sorted by code points, blank nodes renamed. Without blank
nodes nothing needs renaming, and sorting is all. The graph's name is left out, so that the
Turtle of a data set has the same hash as its graph. Written into each release; the manifest,
which is signed, holds the sum of this file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from app.store.base import Snapshot

FILE: Final = "canonical.json"
ALGORITHM: Final = "RDFC-1.0"
MOST_QUADS: Final = 500_000
_BATCH: Final = 2_000
_MOST_BLANK: Final = 20_000
"""Blank nodes of a graph that is hashed: telling alike ones apart can take very long (the
specification's section on poison graphs)."""

_MOST_LINKED: Final = 100
"""Links between blank nodes of a graph that is hashed. Measured: a list of 500 elements takes
the engine 30 s, one of 2,000 ends the process."""


def write(path: Path, new: Snapshot, old: Snapshot | None, most: int) -> None:
    """Write the hashes of all graphs; those of graphs that did not change are taken from the
    release before. Graphs with blank nodes and more than `most` quads get none."""
    known = read(old)
    hashes: dict[str, str] = {}
    for iri, entry in new.manifest.graphs.items():
        before = old.manifest.graphs.get(iri) if old is not None else None
        if before == entry and iri in known:
            hashes[iri] = known[iri]
        else:
            found = _hash_of_lines(new.lines(iri, path.parent))
            if found is None and entry.quads <= most:
                found = graph_hash(new.graph(iri))
            if found is not None:
                hashes[iri] = found
    body = {"algorithm": ALGORITHM, "hash": "SHA-256", "graphs": hashes}
    path.write_bytes(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(snapshot: Snapshot | None) -> dict[str, str]:
    """The hashes that a release carries, by graph; none where it carries none."""
    path = snapshot.file(FILE) if snapshot is not None else None
    if path is None:
        return {}
    graphs: dict[str, str] = orjson.loads(path.read_bytes())["graphs"]
    return graphs


def _hash_of_lines(blocks: Iterator[bytes]) -> str | None:
    """The hash of a graph whose sorted lines are given; None for one with blank nodes."""
    digest = hashlib.sha256()
    for block in blocks:
        if b"_:" in block and any(map(_has_blank_node, block.splitlines())):
            return None
        digest.update(block)
    return digest.hexdigest()


def _has_blank_node(line: bytes) -> bool:
    """Whether a line of N-Triples may hold a blank node outside of a text."""
    if b"_:" not in line:
        return False
    subject, _, value = line.split(b" ", 2)
    return subject.startswith(b"_:") or value.startswith((b"_:", b"<<"))


def graph_hash(quads: Iterator[Quad]) -> str | None:
    """The hash of a graph in hex; None for one with too many blank nodes."""
    triples, blank, linked = [], set(), 0
    lines: list[bytes] = []
    for quad in quads:
        triple = quad.triple
        met = list(_blank_nodes(triple))
        blank.update(met)
        linked += len(met) >= 2
        if len(blank) > _MOST_BLANK or linked > _MOST_LINKED:
            return None
        triples.append(triple)
        if not blank and len(triples) >= _BATCH:
            lines += _lines(triples)
            triples.clear()
    if blank:
        named = _relabelled(lines, triples)
        return _sum(named)
    return _sum(lines + _lines(triples))


def _blank_nodes(triple: Triple) -> Iterator[BlankNode]:
    """Those of a triple and of the triple terms in it."""
    for term in (triple.subject, triple.object):
        if isinstance(term, BlankNode):
            yield term
        elif isinstance(term, Triple):
            yield from _blank_nodes(term)


def _relabelled(lines: list[bytes], triples: list[Triple]) -> list[bytes]:
    """Only triples with blank nodes decide the labels: RDFC-1.0 hashes a node by its own quads."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return lines + _lines([quad.triple for quad in dataset])


def _lines(triples: list[Triple]) -> list[bytes]:
    return (serialize(triples, None, RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)


def _sum(lines: list[bytes]) -> str:
    # The order of UTF-8 bytes is that of code points.
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line)
    return digest.hexdigest()
