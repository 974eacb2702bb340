"""The dataset of an update's protocol request, written into its text: the engine takes it in no
other way.

https://www.w3.org/TR/sparql11-protocol/#update-dataset : `using-graph-uri` and
`using-named-graph-uri` stand for USING and USING NAMED in every operation that has a WHERE, and
it is an error when the text has USING or WITH of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from app.store.workers import lexer


class DatasetConflictError(ValueError):
    """The update names a dataset, and so does the request."""


def with_dataset(text: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """The update with USING clauses before each WHERE. Raises DatasetConflictError, and
    ValueError for what is no IRI."""
    if not using and not using_named:
        return text
    clauses = [f"USING {NamedNode(iri)}" for iri in using]
    clauses += [f"USING NAMED {NamedNode(iri)}" for iri in using_named]
    inserted = " ".join(["", *clauses, ""])
    parts: list[str] = []
    start = depth = 0
    before = ""
    shorthand: int | None = None  # where the pattern of a DELETE WHERE begins
    for kind, read, place in lexer.marked_tokens(text):
        word = read.upper() if kind == "word" else read
        if kind == "mark":
            depth += {"{": 1, "}": -1}.get(read, 0)
            if shorthand is not None and depth == 0 and read == "}":
                pattern = text[shorthand : place + 1]
                parts += [text[start : place + 1], f"{inserted}WHERE", pattern]
                start, shorthand = place + 1, None
        elif kind == "word" and depth == 0:
            if word in ("USING", "WITH"):
                raise DatasetConflictError(word)
            if word == "WHERE" and before == "DELETE":
                parts.append(text[start:place])
                start = shorthand = place + len(word)
            elif word == "WHERE":
                parts += [text[start:place], inserted]
                start = place
        before = word
    return "".join([*parts, text[start:]])
