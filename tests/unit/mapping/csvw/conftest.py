"""A small web in memory: documents, tables and Link headers by address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from app.errors import Place, SourceNotFound, Text
from app.findings import Findings
from app.mapping.execute import Executor
from app.mapping.languages.csvw import (
    AnnotatedGroup,
    compile_csvw,
    read_described,
    read_table,
    table_opener,
    validate,
)
from app.tabular.batch import Dialect, Table
from app.tabular.reader import open_bytes

BASE = "http://example.org/data/"
CONTEXT = "http://www.w3.org/ns/csvw"


@dataclass
class Web:
    """A `Fetch` over a dictionary, and shortcuts for tests."""

    files: dict[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, content: str | bytes | dict[str, Any]) -> Web:
        """Lay a file at a name relative to BASE; an object becomes JSON."""
        if isinstance(content, dict):
            content = json.dumps({"@context": CONTEXT, **content}, ensure_ascii=False)
        self.files[BASE + name] = content if isinstance(content, bytes) else content.encode()
        return self

    def document(self, url: str) -> bytes | None:
        self.asked.append(url)
        return self.files.get(url)

    def links(self, url: str) -> Sequence[str]:
        return self.headers.get(url, ())

    def table(self, url: str, dialect: Dialect) -> Table:
        if url not in self.files:
            raise SourceNotFound(Text(ja="ありません", en="not there"), place=Place(url))
        name = url.rsplit("/", 1)[-1]
        return open_bytes(name, self.files[url], dialect, findings=self.findings)

    def described(self, name: str = "m.json", *, validating: bool = False) -> AnnotatedGroup:
        """The tables that a metadata document describes."""
        return read_described(BASE + name, self, self.findings, validating=validating)

    def found(self, name: str, *, metadata: str | None = None) -> AnnotatedGroup:
        """A table with its metadata."""
        url = None if metadata is None else BASE + metadata
        return read_table(BASE + name, self, self.findings, metadata_url=url)

    def quads(self, group: AnnotatedGroup, *, minimal: bool = True) -> list[str]:
        """The conversion's N-Quads, sorted, without their full stops."""
        plan = compile_csvw(group, minimal=minimal)
        executor = Executor(plan, partial(table_opener, group), self.findings)
        text = b"".join(bytes(chunk.data()) for chunk in executor.run()).decode()
        return sorted({line.removesuffix(" .") for line in text.splitlines()})

    def validated(self, name: str = "m.json") -> list[tuple[str, int | None, str | None]]:
        """Code, line and field of every finding of a validation."""
        validate(self.described(name, validating=True), self.findings)
        return self.told()

    def told(self) -> list[tuple[str, int | None, str | None]]:
        """Code, line and field of every finding so far."""
        return [(f.kind.code, f.place.line, f.place.field) for f in self.findings]


@pytest.fixture
def web() -> Web:
    """An empty web."""
    return Web()
