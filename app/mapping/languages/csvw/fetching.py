"""How metadata documents and tables are reached: a Protocol, and files beside the metadata.

Metadata names other files by address. This package opens nothing by itself: whoever calls it
gives a `Fetch`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.errors import Place, SourceNotFound, Text
from app.tabular.batch import Dialect, Table


class Fetch(Protocol):
    """Gets what an address names. Addresses are absolute."""

    def document(self, url: str) -> bytes | None:
        """The bytes of a metadata document, None when there is none."""

    def links(self, url: str) -> Sequence[str]:
        """The values of the Link headers that come with an address."""

    def table(self, url: str, dialect: Dialect) -> Table:
        """The table at an address. Raises SourceError."""


class BesideMetadata:
    """Only the files of one folder, under the address `base` (ending in a slash).

    `read` gives the bytes of a file by its name relative to the folder, or None; `open_table`
    opens one as a table. A name never leaves the folder.
    """

    def __init__(
        self,
        base: str,
        read: Callable[[str], bytes | None],
        open_table: Callable[[str, Dialect], Table],
    ) -> None:
        self._base = base
        self._read = read
        self._open_table = open_table

    def document(self, url: str) -> bytes | None:
        """The bytes of a file, None when there is none or it lies elsewhere."""
        name = self.name(url)
        return None if name is None else self._read(name)

    def links(self, url: str) -> Sequence[str]:
        """Files have no headers."""
        del url
        return ()

    def table(self, url: str, dialect: Dialect) -> Table:
        """The table in a file. Raises SourceNotFound for an address outside the folder."""
        name = self.name(url)
        if name is None:
            raise SourceNotFound(
                Text(
                    ja=f"{url} はデータセットのフォルダの外にあるため読みません。",
                    en=f"{url} lies outside the folder of the data set and is not read.",
                ),
                place=Place(url),
                hint=Text(
                    ja="CSV をメタデータと同じフォルダに置き、url に相対的な名前を書いてください。",
                    en="Put the CSV beside the metadata and give a relative name as url.",
                ),
            )
        return self._open_table(name, dialect)

    def name(self, url: str) -> str | None:
        """The relative file name of an address, None when it is outside."""
        if not url.startswith(self._base):
            return None
        name = posixpath.normpath(unquote(urlsplit(url[len(self._base) :]).path))
        outside = name.startswith(("/", "..")) or name == "." or "\\" in name or "\0" in name
        return None if outside else name
