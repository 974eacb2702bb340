"""What can be wrong with data: kinds with a code and a bilingual template, and a collector.

A finding never stops a run by itself (a `TsunaguError` does). All are counted; the first
hundred of each kind are kept with their place, so memory stays bounded however bad a file is.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from app.errors import Language, Place, Text

KEPT_PER_KIND = 100


class Severity(IntEnum):
    """How bad a finding is. ERROR makes a command exit with 1."""

    INFO = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One thing that can be wrong.

    `what`, `why` and `mend` are templates filled by `str.format` from a finding's values.
    Declared with `kind()` beside the code that detects it, so that `all_kinds()` lists them.
    """

    code: str
    severity: Severity
    what: Text
    mend: Text
    why: Text | None = None


_kinds: dict[str, FindingKind] = {}


def kind(
    code: str, severity: Severity, *, what: Text, mend: Text, why: Text | None = None
) -> FindingKind:
    """Declare a kind. Raises ValueError when the code is taken."""
    if code in _kinds:
        raise ValueError(f"finding code {code!r} is declared twice")
    _kinds[code] = declared = FindingKind(code, severity, what, mend, why)
    return declared


def all_kinds() -> Mapping[str, FindingKind]:
    """Every kind declared by the modules imported so far, by code."""
    return dict(sorted(_kinds.items()))


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence: the kind, where it is, the values for its templates, the place in the
    mapping that met it, and for a range of cells how many of them it counts."""

    kind: FindingKind
    place: Place
    values: Mapping[str, object] = field(default_factory=dict)
    mapping_place: Place | None = None
    count: int = 1

    def message(self, language: Language = "en") -> str:
        """Place, what is wrong, and how to mend it, in one language."""
        what = self.kind.what.format(**self.values).in_language(language)
        mend = self.kind.mend.format(**self.values).in_language(language)
        return f"{self.place}: {what} {mend}"

    def to_json(self) -> dict[str, Any]:
        """The one shape of a finding for machines."""
        what, mend = self.kind.what.format(**self.values), self.kind.mend.format(**self.values)
        body: dict[str, Any] = {
            "code": self.kind.code,
            "severity": self.kind.severity.name.lower(),
            "place": self.place.to_json(),
            "message": {"ja": what.ja, "en": what.en},
            "mend": {"ja": mend.ja, "en": mend.en},
        }
        if self.kind.why is not None:
            why = self.kind.why.format(**self.values)
            body["why"] = {"ja": why.ja, "en": why.en}
        if self.mapping_place is not None:
            body["mapping"] = self.mapping_place.to_json()
        if self.count != 1:
            body["count"] = self.count
        return body


class Findings:
    """Collects findings of one run; safe to use from several threads."""

    def __init__(self, kept_per_kind: int = KEPT_PER_KIND) -> None:
        self._kept: dict[str, list[Finding]] = {}
        self._kept_per_kind = kept_per_kind
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(
        self,
        kind: FindingKind,
        place: Place,
        values: Mapping[str, object] | None = None,
        *,
        count: int = 1,
        mapping_place: Place | None = None,
    ) -> None:
        """Count `count` occurrences and keep this one as an example if there is room."""
        with self._lock:
            self._counts[kind.code] += count
            kept = self._kept.setdefault(kind.code, [])
            if len(kept) < self._kept_per_kind:
                kept.append(Finding(kind, place, values or {}, mapping_place, count))

    def extend(self, other: Findings) -> None:
        """Take over all that another collector has counted and kept."""
        for code, count in other.counts().items():
            kept = other._kept[code]
            for finding in kept:
                self.add(
                    finding.kind,
                    finding.place,
                    finding.values,
                    count=finding.count,
                    mapping_place=finding.mapping_place,
                )
            beyond = count - sum(finding.count for finding in kept)
            if beyond:
                with self._lock:
                    self._counts[code] += beyond

    def alike(self) -> Findings:
        """An empty collector that keeps as many examples."""
        return Findings(self._kept_per_kind)

    def has_room(self, kind: FindingKind) -> bool:
        """Whether another example of this kind would be kept."""
        return len(self._kept.get(kind.code, ())) < self._kept_per_kind

    def counts(self) -> dict[str, int]:
        """How often each kind occurred, by code."""
        return dict(sorted(self._counts.items()))

    def __iter__(self) -> Iterator[Finding]:
        """The kept ones, by file, line and code."""
        kept = [finding for findings in self._kept.values() for finding in findings]
        kept.sort(key=lambda f: (f.place.file or "", f.place.line or 0, f.kind.code))
        return iter(kept)

    def __len__(self) -> int:
        return sum(self._counts.values())

    def worst(self) -> Severity | None:
        """The highest severity met, or None."""
        met = [f[0].kind.severity for f in self._kept.values() if f]
        return max(met, default=None)

    def to_json(self) -> dict[str, Any]:
        """Counts of all and the kept examples."""
        return {"counts": self.counts(), "findings": [f.to_json() for f in self]}
