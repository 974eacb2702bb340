"""The typed registry of functions that mappings may call.

A function is written for one row: strings in, a string (or several, or none) out. The executor
calls it once for each distinct combination of arguments of a batch. A value that cannot be
understood raises `BadValue`, which becomes a finding with the cell's place.

No function reaches the network or the disk; tables they need are bundled (`app.codes`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from app.errors import MappingReferenceError, Place, Text
from app.findings import FindingKind, Severity, kind
from app.rdf.namespaces import XSD

JFN: Final = "urn:tsunagu:fn:"
"""Namespace of our own functions, bound as `jfn:` in every mapping."""

RESULT: Final = JFN + "result"
"""The output of every function of our own, and one more name for that of the others."""

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

_SPREADSHEET_ERROR: Final = re.compile(r"#(?:[A-Z][A-Z0-9/_]*[!?]|N/A|#+)")
"""What spreadsheets show for a formula that failed (#REF!, #DIV/0!, #NAME?, #N/A), or for a
column that is too narrow (####)."""

_MEND_FORMULA: Final = Text(
    ja="表計算ソフトのエラー表示です。元のファイルの数式を直すか、空欄にして書き出し直してください。",
    en="This is what a spreadsheet shows for an error: mend the formula in the original file, or "
    "leave the cell empty, and export it again.",
)


class BadValue(ValueError):
    """A cell that a function cannot read. Carries the finding's kind and values, and in
    `partial` what can be used all the same (None: nothing)."""

    partial: Result = None

    def __init__(self, found: FindingKind, /, **values: object) -> None:
        super().__init__(found.code)
        self.kind = found
        self.values: Mapping[str, object] = values

    @classmethod
    def expected(cls, value: str, what: Text, suggestion: Text) -> BadValue:
        """The usual case: this value was met where something else was expected."""
        if _SPREADSHEET_ERROR.fullmatch(value.strip()):
            suggestion = _MEND_FORMULA
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
    """A parameter: its short name (also the Python argument) and all IRIs that mean it.
    A parameter annotated `tuple[str, ...]` takes all values given to it, in order."""

    name: str
    iris: tuple[str, ...]
    required: bool = True
    many: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments and what comes out: documentation that is a test."""

    arguments: Mapping[str, str | tuple[str | None, ...] | None]
    result: Result


@dataclass(frozen=True, slots=True)
class Output:
    """What a function returns: the IRIs that name it in `rml:return`, and the datatype of a
    literal made from it when the mapping states neither datatype nor language (None: a plain
    string). `arguments` are constants to add to the call where a function has several outputs."""

    iris: tuple[str, ...]
    datatype: str | None = None
    arguments: tuple[tuple[str, str], ...] = ()


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
    outputs: tuple[Output, ...] = (Output((RESULT,)),)

    @property
    def name(self) -> str:
        """The local name."""
        return _local_name(self.iri)

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

    def output(self, iri: str | None = None, place: Place | None = None) -> Output:
        """The output with this IRI, the first one for None. Raises MappingReferenceError."""
        for output in self.outputs:
            if iri is None or iri in output.iris:
                return output
        names = [name for output in self.outputs for name in output.iris]
        raise MappingReferenceError(
            Text(
                ja=f"関数 {self.name} に出力 {iri} はありません。",
                en=f"function {self.name} has no output {iri}.",
            ),
            place=place,
            hint=Text(ja=f"使える出力: {', '.join(names)}", en=f"It returns: {', '.join(names)}."),
        )


def _local_name(iri: str) -> str:
    return re.split("[:/#]", iri)[-1]


_functions: dict[str, Function] = {}
_refused: dict[str, Text] = {}


def function(
    iri: str,
    *,
    summary: Text,
    examples: tuple[Example, ...],
    aliases: tuple[str, ...] = (),
    parameters: Mapping[str, tuple[str, ...]] | None = None,
    takes_null: bool = False,
    boolean: bool = False,
    outputs: tuple[Output, ...] | None = None,
    datatype: str | None = None,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Register a Python function under an IRI (a bare name means one of our own).

    Parameters are taken from the signature; those with a default may be left out. `parameters`
    adds IRIs by which the mapping languages know them; `jfn:<name>` is always understood.
    `datatype` is that of the one output, where `outputs` does not name others; that of a
    boolean function is xsd:boolean.
    """
    if outputs is None:
        outputs = (Output((RESULT,), XSD + "boolean" if boolean else datatype),)

    def register(call: Callable[..., Result]) -> Callable[..., Result]:
        full = iri if ":" in iri else JFN + iri
        declared = tuple(
            Parameter(
                name,
                (JFN + name, *(parameters or {}).get(name, ())),
                required=parameter.default is inspect.Parameter.empty,
                many=str(parameter.annotation).startswith("tuple"),
            )
            for name, parameter in inspect.signature(call).parameters.items()
        )
        made = Function(
            full, aliases, declared, call, summary, examples, takes_null, boolean, outputs
        )
        for known in (full, *aliases):
            if known in _functions:
                raise ValueError(f"function {known} is registered twice")
            _functions[known] = made
        return call

    return register


def refuse(iri: str, reason: Text) -> None:
    """Name a function that will never be here, so that a mapping which uses it is told why."""
    _refused[iri] = reason


def refused() -> Mapping[str, Text]:
    """The functions that will never be here, with the reason of each."""
    return dict(sorted(_refused.items()))


def all_functions() -> list[Function]:
    """Every function once, by IRI."""
    return sorted({f.iri: f for f in _functions.values()}.values(), key=lambda f: f.iri)


def find(iri: str, place: Place | None = None) -> Function:
    """The function with this IRI. Raises MappingReferenceError with the nearest known ones."""
    found = _functions.get(iri)
    if found is not None:
        return found
    if iri in _refused:
        raise MappingReferenceError(
            Text(ja=f"関数 {iri} は使えません。", en=f"the function {iri} is not offered."),
            place=place,
            hint=_refused[iri],
        )
    by_name = {f.name: f for f in _functions.values()}
    near = get_close_matches(_local_name(iri), by_name, n=3)
    hint = ", ".join(by_name[name].iri.replace(JFN, "jfn:") for name in near)
    raise MappingReferenceError(
        Text(ja=f"関数 {iri} は登録されていません。", en=f"there is no function {iri}."),
        place=place,
        hint=Text(ja=f"近い名前: {hint}", en=f"Near ones: {hint}.") if near else None,
    )


def call(iri: str, **arguments: Any) -> Result:
    """Call a function by its IRI: for tests and for previews of a single value."""
    return find(iri).call(**arguments)
