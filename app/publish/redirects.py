"""Addresses that moved: `mappings/redirects.csv`, with the columns `from`, `to` and `status`.

`from` is a path of this site (`/id/aed/12`) or an IRI of ours; `to` is either, or an address
elsewhere. `status` is 301 or 308 (empty: 308, which keeps the method; RFC 9110, section 15.4.9).
What the release still describes is never redirected: data that is there wins.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import DatasetError, Place, Text

FILE: Final = "redirects.csv"
_STATUSES: Final = {"": 308, "301": 301, "308": 308}
_LOG: Final = logging.getLogger("tsunagu.redirects")


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where an address leads now: an IRI, and the status to say it with."""

    to: str
    status: int


def read(path: Path, base: str) -> Mapping[str, Redirect]:
    """The table by IRI, each chain followed to its end. No file: no redirects.

    Raises DatasetError with the line of a wrong row: another status, an address that is not
    ours, one that stands there twice, a circle.
    """
    if not path.is_file():
        return {}
    found: dict[str, Redirect] = {}
    lines: dict[str, int] = {}
    for line, row in _rows(path):
        start = _iri(row["from"], base)
        if not start.startswith(f"{base}/"):
            raise _wrong(
                path,
                line,
                Text(
                    ja=f"{start} はこのサイトのアドレスではありません。", en=f"{start} is not ours."
                ),
            )
        if start in found:
            raise _wrong(
                path,
                line,
                Text(
                    ja=f"{start} は {lines[start]} 行目にもあります。",
                    en=f"{start} is there on line {lines[start]} as well.",
                ),
            )
        status = _STATUSES.get(row["status"])
        if status is None:
            raise _wrong(
                path,
                line,
                Text(
                    ja=f"status {row['status']} は使えません。301 か 308 にしてください。",
                    en=f"status {row['status']} cannot be used; write 301 or 308.",
                ),
            )
        found[start] = Redirect(_iri(row["to"], base), status)
        lines[start] = line
    return {start: _followed(start, found, lines, path) for start in found}


class RedirectTable:
    """The table as the file is now: read again when the file changes. A change that cannot be
    read leaves the old table in force and is logged."""

    def __init__(self, path: Path, base: str) -> None:
        self._path = path
        self._base = base
        self._stamp = self._stamped()
        self._table = read(path, base)

    def get(self, iri: str) -> Redirect | None:
        """Where an IRI leads now."""
        stamp = self._stamped()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._table = read(self._path, self._base)
            except DatasetError as error:
                _LOG.warning("%s", error)
        return self._table.get(iri)

    def _stamped(self) -> tuple[int, int] | None:
        try:
            known = self._path.stat()
        except OSError:
            return None
        return known.st_mtime_ns, known.st_size


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"from", "to"} <= set(rows.fieldnames or ()):
                raise _wrong(
                    path,
                    1,
                    Text(
                        ja="見出しは from,to,status にしてください。",
                        en="The header must be from,to,status.",
                    ),
                )
            for row in rows:
                values = {name: (row.get(name) or "").strip() for name in ("from", "to", "status")}
                if not values["from"] or not values["to"]:
                    raise _wrong(
                        path,
                        rows.line_num,
                        Text(ja="from か to が空です。", en="from or to is empty."),
                    )
                yield rows.line_num, values
    except (UnicodeDecodeError, csv.Error) as error:
        raise _wrong(
            path, None, Text(ja=f"読めません: {error}", en=f"cannot be read: {error}")
        ) from error


def _iri(address: str, base: str) -> str:
    return base + address if address.startswith("/") else address


def _followed(
    start: str, found: Mapping[str, Redirect], lines: Mapping[str, int], path: Path
) -> Redirect:
    met, end = {start}, found[start]
    while end.to in found:
        if end.to in met:
            raise _wrong(
                path,
                lines[end.to],
                Text(ja=f"{end.to} は輪になっています。", en=f"{end.to} is part of a circle."),
            )
        met.add(end.to)
        end = Redirect(found[end.to].to, end.status)
    return end


def _wrong(path: Path, line: int | None, text: Text) -> DatasetError:
    return DatasetError(text, place=Place(str(path), line))
