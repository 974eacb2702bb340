"""Names for people: labels of vocabulary terms, and the choice among labels in languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import unquote

from pyoxigraph import Literal

from app.codes.terms import TermTable
from app.errors import Language


class Labels(Protocol):
    """Labels of vocabulary terms (classes and properties), read from `vocab/`."""

    def label(self, iri: str, language: Language) -> str | None:
        """The term's label in that language or the nearest one, None when it is unknown."""


class NoLabels:
    """Knows no term: every name is the local part of its IRI."""

    def label(self, iri: str, language: Language) -> str | None:  # noqa: ARG002 - a Protocol's shape
        """None."""
        return None


class VocabularyLabels:
    """The labels of the terms in `vocab/`."""

    def __init__(self, terms: TermTable) -> None:
        self._terms = terms

    def label(self, iri: str, language: Language) -> str | None:
        """The term's label, None for a term of another vocabulary."""
        return self._terms.label(iri, language) if iri in self._terms else None


def choose(labels: Iterable[Literal], language: Language) -> str | None:
    """The label to show: the language asked for, then Japanese, none, English, any.

    Readings (`ja-Hrkt`, `ja-Hira`, `ja-Latn`) are not names and come last.
    """
    order = ("ja", "", "en") if language == "ja" else ("en", "ja", "")
    best: tuple[int, str] | None = None
    for literal in labels:
        tag = (literal.language or "").lower()
        rank = order.index(tag) if tag in order else (9 if tag.startswith("ja-") else 5)
        if best is None or rank < best[0]:
            best = (rank, literal.value)
    return best[1] if best is not None else None


def local_name(iri: str) -> str:
    """The last part of an IRI, decoded for reading: what is shown when there is no label."""
    trimmed = iri.rstrip("/#")
    tail = trimmed[max(trimmed.rfind("#"), trimmed.rfind("/")) + 1 :]
    return unquote(tail) or iri
