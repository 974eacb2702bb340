"""What a graph holds, counted from its sorted lines on the way: a tenth of asking the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from app.rdf import terms
from app.rdf.namespaces import RDF

_TYPE: Final = terms.iri(RDF + "type").encode()


@dataclass(slots=True)
class LineCounts:
    """Triples, subjects, instances by class and triples by property, as `GraphEntry` has them."""

    quads: int = 0
    subjects: int = 0
    _classes: Counter[bytes] = field(default_factory=Counter)
    _properties: Counter[bytes] = field(default_factory=Counter)
    _subject: bytes = b""

    def take(self, lines: list[bytes]) -> None:
        """Count some lines of N-Triples, those of a subject together and each once."""
        self.quads += len(lines)
        subject, subjects = self._subject, self.subjects
        predicates: list[bytes] = []
        classes: list[bytes] = []
        for line in lines:
            first, predicate, rest = line.split(b" ", 2)
            if first != subject:
                subject = first
                subjects += 1
            predicates.append(predicate)
            if predicate == _TYPE and rest[:1] == b"<" and rest[:2] != b"<<":
                classes.append(rest)
        self._subject, self.subjects = subject, subjects
        self._properties.update(predicates)
        self._classes.update(classes)

    @property
    def properties(self) -> dict[str, int]:
        """Triples by property."""
        return dict(sorted((name[1:-1].decode(), n) for name, n in self._properties.items()))

    @property
    def classes(self) -> dict[str, int]:
        """Instances by class."""
        ending = len(b"> .\n")
        return dict(sorted((name[1:-ending].decode(), n) for name, n in self._classes.items()))
