"""The typed registry of functions that mappings may call.

A function is written for one row: strings in, a string (or several, or none) out. The executor
calls it once for each distinct combination of arguments of a batch. A value that cannot be
understood raises `BadValue`, which becomes a finding with the cell's place.

No function reaches the network or the disk; tables they need are bundled (`app.codes`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from app.errors import MappingReferenceError, Place, Text
from app.findings import FindingKind, Severity, kind

JFN: Final = "urn:tsunagu:fn:"
"""Namespace of our own functions, bound as `jfn:` in every mapping."""

Result = str | tuple[str, ...] | None

BAD_VALUE = kind(
    "function-bad-value",
    Severity.WARNING,
    what=Text(
        ja="「{value}」を{expected}として読み取れません。",
        en="“{value}” cannot be read as {expected_en}.",
    ),
    mend=Text(ja="{suggestion}", en="{suggestion_en}"),
)


class BadValue(ValueError):
    """A cell that a function cannot read. Carries the finding's kind and values."""

    def __init__(self, found: FindingKind, /, **values: object) -> None:
        super().__init__(found.code)
        self.kind = found
        self.values: Mapping[str, object] = values

    @classmethod
    def expected(cls, value: str, what: Text, suggestion: Text) -> BadValue:
        """The usual case: this value was met where something else was expected."""
        return cls(
            BAD_VALUE,
            value=value,
            expected=what.ja,
            expected_en=what.en,
            suggestion=suggestion.ja,
            suggestion_en=suggestion.en,
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its short name (also the Python argument) and all IRIs that mean it."""

    name: str
    iris: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments and what comes out: documentation that is a test."""

    arguments: Mapping[str, str | None]
    result: Result


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `takes_null` means that it is called even when an argument is null
    (otherwise the result is null). `boolean` results are "true" or "false"."""

    iri: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    call: Callable[..., Result]
    summary: Text
    examples: tuple[Example, ...]
    takes_null: bool = False
    boolean: bool = False

    @property
    def name(self) -> str:
        """The local name."""
        return self.iri.rsplit(":", 1)[-1].rsplit("#", 1)[-1]

    def parameter(self, iri: str, place: Place | None = None) -> Parameter:
        """The parameter with this IRI or short name. Raises MappingReferenceError."""
        for parameter in self.parameters:
            if iri in parameter.iris or iri == parameter.name:
                return parameter
        names = [p.name for p in self.parameters]
        raise MappingReferenceError(
            Text(
                ja=f"関数 {self.name} に引数 {iri} はありません。",
                en=f"function {self.name} has no parameter {iri}.",
            ),
            place=place,
            hint=Text(ja=f"使える引数: {', '.join(names)}", en=f"It takes: {', '.join(names)}."),
        )


_functions: dict[str, Function] = {}


def function(
    iri: str,
    *,
    summary: Text,
    examples: tuple[Example, ...],
    aliases: tuple[str, ...] = (),
    parameters: Mapping[str, tuple[str, ...]] | None = None,
    takes_null: bool = False,
    boolean: bool = False,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Register a Python function under an IRI (a bare name means one of our own).

    Parameters are taken from the signature; those with a default may be left out. `parameters`
    adds IRIs by which the mapping languages know them; `jfn:<name>` is always understood.
    """

    def register(call: Callable[..., Result]) -> Callable[..., Result]:
        full = iri if ":" in iri else JFN + iri
        declared = tuple(
            Parameter(
                name,
                (JFN + name, *(parameters or {}).get(name, ())),
                required=parameter.default is inspect.Parameter.empty,
            )
            for name, parameter in inspect.signature(call).parameters.items()
        )
        made = Function(full, aliases, declared, call, summary, examples, takes_null, boolean)
        for known in (full, *aliases):
            if known in _functions:
                raise ValueError(f"function {known} is registered twice")
            _functions[known] = made
        return call

    return register


def all_functions() -> list[Function]:
    """Every function once, by IRI."""
    return sorted({f.iri: f for f in _functions.values()}.values(), key=lambda f: f.iri)


def find(iri: str, place: Place | None = None) -> Function:
    """The function with this IRI. Raises MappingReferenceError with the nearest known ones."""
    found = _functions.get(iri)
    if found is not None:
        return found
    by_name = {f.name: f for f in _functions.values()}
    near = get_close_matches(iri.rsplit(":", 1)[-1].rsplit("#", 1)[-1], by_name, n=3)
    hint = ", ".join(by_name[name].iri.replace(JFN, "jfn:") for name in near)
    raise MappingReferenceError(
        Text(ja=f"関数 {iri} は登録されていません。", en=f"there is no function {iri}."),
        place=place,
        hint=Text(ja=f"近い名前: {hint}", en=f"Near ones: {hint}.") if near else None,
    )


def call(iri: str, **arguments: Any) -> Result:
    """Call a function by its IRI: for tests and for previews of a single value."""
    return find(iri).call(**arguments)
