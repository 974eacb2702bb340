"""Which variables a query gives values, and where: mistakes that are not in the letters.

Scope of variables: https://www.w3.org/TR/sparql11-query/#variableScope
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.errors import Text

Token = tuple[str, str, int]
"""Kind, text and start, as `lexer.every_token` gives them."""

_TERMS: Final = frozenset({"string", "iri", "variable", "name", "number", "word"})


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, at which offset of the text, how to mend it, and what to put in place of
    so many characters there (`replaces`), if that alone mends it."""

    offset: int
    text: Text
    hint: Text
    instead: str | None = None
    replaces: int = 0


def bound_again(tokens: list[Token]) -> Iterator[Mistake]:
    """`BIND (… AS ?x)` needs a variable that has no value yet in its group (section 10.1)."""
    groups: list[set[str]] = [set()]
    binding = 0  # parentheses open since BIND
    for (kind, piece, start), (_, before, _) in zip(tokens, [("", "", 0), *tokens], strict=False):
        if piece == "{":
            groups.append(set())
        elif piece == "}" and len(groups) > 1:
            inner = groups.pop()
            groups[-1] |= inner
        elif kind == "word" and piece.upper() == "BIND":
            binding = 1
        elif binding and piece in "()":
            binding += 1 if piece == "(" else -1
            binding = 0 if binding == 1 else binding
        elif kind == "variable":
            name = piece[1:]
            if binding == 2 and before.upper() == "AS" and name in groups[-1]:
                yield _again(name, start)
            groups[-1].add(name)


def overriding(tokens: list[Token]) -> Iterator[Mistake]:
    """`SELECT (… AS ?x)` where the pattern has ?x."""
    names = [piece[1:] for kind, piece, _ in tokens if kind == "variable"]
    for (_, before, _), (kind, piece, start) in pairwise(tokens):
        if kind == "variable" and before.upper() == "AS" and names.count(piece[1:]) > 1:
            yield _again(piece[1:], start)


def _again(name: str, start: int) -> Mistake:
    return Mistake(
        start,
        Text(
            ja=f"変数 ?{name} にはすでに値があります。",
            en=f"The variable ?{name} already has a value.",
        ),
        Text(
            ja=f"AS の後を ?{name}2 のような別の名前にしてください。",
            en=f"Give it another name after AS, such as ?{name}2.",
        ),
        instead=f"?{name}2",
        replaces=len(name) + 1,
    )


def ungrouped(tokens: list[Token]) -> Iterator[Mistake]:
    """Variables of the first SELECT that neither GROUP BY names nor an aggregate takes
    (section 11.2)."""
    words = [piece.upper() if kind == "word" else piece for kind, piece, _ in tokens]
    if "SELECT" not in words:
        return
    grouped: set[str] = set()
    for at, (word, follows) in enumerate(pairwise(words)):
        if (word, follows) == ("GROUP", "BY"):
            grouped |= {piece[1:] for kind, piece, _ in tokens[at:] if kind == "variable"}
    depth = 0
    for (kind, piece, start), word in list(zip(tokens, words, strict=True))[
        words.index("SELECT") :
    ]:
        depth += (piece == "(") - (piece == ")")
        if piece == "{" or word in ("WHERE", "FROM"):
            return
        if kind == "variable" and not depth and piece[1:] not in grouped:
            yield Mistake(
                start,
                Text(
                    ja=f"集計するとき、SELECT の {piece} は GROUP BY にも要ります。",
                    en=f"In a query that aggregates, {piece} of SELECT must stand in GROUP BY.",
                ),
                Text(
                    ja=f"GROUP BY に {piece} を加えるか、(SAMPLE({piece}) AS {piece}1) としてください。",
                    en=f"Add {piece} to GROUP BY, or write (SAMPLE({piece}) AS {piece}1).",
                ),
            )


def uneven_values(tokens: list[Token]) -> Iterator[Mistake]:
    """Rows of VALUES that have more or fewer terms than there are variables (section 10.2)."""
    at = 0
    while at < len(tokens):
        kind, piece, _ = tokens[at]
        at += 1
        if kind != "word" or piece.upper() != "VALUES":
            continue
        if at >= len(tokens) or tokens[at][1] != "(":
            continue
        variables, at = _enclosed(tokens, at)
        at += 1  # the brace
        while at < len(tokens) and tokens[at][1] == "(":
            row_start = tokens[at][2]
            terms, at = _enclosed(tokens, at)
            if terms != variables:
                yield Mistake(
                    row_start,
                    Text(
                        ja=f"VALUES の変数は {variables} 個ですが、この行の値は {terms} 個です。",
                        en=f"VALUES has {variables} variables, and this row {terms} values.",
                    ),
                    Text(
                        ja="数を合わせてください。値のないところは UNDEF と書きます。",
                        en="Make them as many. Write UNDEF where there is no value.",
                    ),
                )


def _enclosed(tokens: list[Token], at: int) -> tuple[int, int]:
    """How many terms stand between the parentheses that open at an index, and the index after."""
    count, at = 0, at + 1
    while at < len(tokens) and tokens[at][1] != ")":
        kind = tokens[at][0]
        before = tokens[at - 1][1]
        if before != "^^" and kind in _TERMS:
            count += 1
        at += 1
    return count, at + 1
