"""Values that readers give to the parameters of a saved query: read, checked, and made terms.

A value never becomes part of a query's text: it is bound to its variable in the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Final

from app.codes.invalid import InvalidCode
from app.codes.regions import RegionTable
from app.errors import BadRequest, Text
from app.publish.queries import Parameter, SavedQuery
from app.rdf.terms import is_valid_iri

LONGEST: Final = 2_000  # characters of a value

_INTEGER: Final = re.compile(r"[+-]?\d{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})")
_BOOLEANS: Final = {"true": "true", "1": "true", "on": "true", "false": "false", "0": "false"}
# Digits as people type them in Japanese.
_WIDE: Final = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")


@dataclass(frozen=True, slots=True)
class Bound:
    """The values in force, in the form in which they were understood, and N-Triples terms by
    variable."""

    values: Mapping[str, str]
    substitutions: Mapping[str, str]


def bind(
    query: SavedQuery, given: Iterable[tuple[str, str]], regions: Callable[[], RegionTable]
) -> Bound:
    """The values of all parameters: those given, else the defaults. `regions` is asked only
    when a parameter is a region. Raises BadRequest naming the parameter."""
    sent: dict[str, str] = {}
    known = {parameter.name: parameter for parameter in query.parameters}
    for name, value in given:
        if name not in known:
            raise _unknown(name, known)
        if name in sent:
            raise BadRequest(
                Text(
                    ja=f"パラメーター {name} が2回以上あります。",
                    en=f"The parameter {name} is given more than once.",
                ),
                hint=Text(ja="一つだけにしてください。", en="Give it once."),
            )
        sent[name] = value
    values: dict[str, str] = {}
    terms: dict[str, str] = {}
    for name, parameter in known.items():
        text = sent.get(name, "").strip()
        if not text and (name not in sent or not parameter.optional):
            text = parameter.default
        if not text and parameter.optional:
            values[name] = ""
            continue
        values[name] = read(parameter, text, regions)
        terms[parameter.variable] = parameter.term(values[name])
    return Bound(values, terms)


def read(parameter: Parameter, text: str, regions: Callable[[], RegionTable]) -> str:
    """A value in the lexical form of its type. Raises BadRequest."""
    if len(text) > LONGEST:
        raise _wrong(
            parameter,
            text,
            Text(ja=f"{LONGEST} 文字までです。", en=f"At most {LONGEST} characters."),
        )
    value = _READERS[parameter.type](parameter, text, regions)
    if parameter.values and value not in parameter.values:
        choices = ", ".join(parameter.values)
        raise _wrong(
            parameter, text, Text(ja=f"選べるのは {choices} です。", en=f"One of: {choices}.")
        )
    return value


def _string(_parameter: Parameter, text: str, _regions: Callable[[], RegionTable]) -> str:
    return text


def _integer(parameter: Parameter, text: str, _regions: Callable[[], RegionTable]) -> str:
    plain = text.translate(_WIDE).replace(",", "")
    if not _INTEGER.fullmatch(plain):
        raise _wrong(
            parameter,
            text,
            Text(ja="整数で書いてください（例: 10）。", en="Write an integer (10)."),
        )
    _within(parameter, text, Decimal(plain))
    return str(int(plain))


def _decimal(parameter: Parameter, text: str, _regions: Callable[[], RegionTable]) -> str:
    plain = text.translate(_WIDE)
    try:
        if not _DECIMAL.fullmatch(plain):
            raise InvalidOperation
        _within(parameter, text, Decimal(plain))
    except InvalidOperation as error:
        raise _wrong(
            parameter,
            text,
            Text(ja="数で書いてください（例: 35.6812）。", en="Write a number (35.6812)."),
        ) from error
    return plain


def _boolean(parameter: Parameter, text: str, _regions: Callable[[], RegionTable]) -> str:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise _wrong(
            parameter,
            text,
            Text(ja="true か false と書いてください。", en="Write true or false."),
        )
    return value


def _date(parameter: Parameter, text: str, _regions: Callable[[], RegionTable]) -> str:
    try:
        # fromisoformat alone takes weeks (2026-W01-1) and dates without hyphens too.
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _wrong(
            parameter,
            text,
            Text(
                ja="年-月-日で書いてください（例: 2026-04-01）。", en="Write a date (2026-04-01)."
            ),
        ) from error


def _iri(parameter: Parameter, text: str, _regions: Callable[[], RegionTable]) -> str:
    if not is_valid_iri(text):
        raise _wrong(
            parameter,
            text,
            Text(
                ja="https:// などで始まる IRI を書いてください。",
                en="Write an absolute IRI (https://…).",
            ),
        )
    return text


def _region(parameter: Parameter, text: str, regions: Callable[[], RegionTable]) -> str:
    """A code of five or six digits, a name, or the IRI of a region; one region must fit."""
    table, key = regions(), text.translate(_WIDE).rstrip("/").rpartition("/")[2].strip()
    if key.isascii() and key.isdecimal():
        try:
            return table.get(key).code5
        except InvalidCode as error:
            raise _wrong(parameter, text, error.text) from error
    found = table.by_name(key)
    if len(found) == 1:
        return found[0].code5
    near = (found or table.search(key, limit=5))[:5]
    if len(near) == 1:
        return near[0].code5
    names = ", ".join(f"{region.full_name} ({region.code5})" for region in near)
    if not near:
        raise _wrong(
            parameter,
            text,
            Text(
                ja="5桁の地域コードか名前を書いてください（例: 31201、鳥取市）。",
                en="Write a region's code of five digits or its name (31201, 鳥取市).",
            ),
        )
    raise _wrong(
        parameter, text, Text(ja=f"どれのことですか: {names}", en=f"Which of these: {names}?")
    )


_READERS: Final[Mapping[str, Callable[[Parameter, str, Callable[[], RegionTable]], str]]] = {
    "string": _string,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "iri": _iri,
    "region": _region,
}


def _within(parameter: Parameter, text: str, value: Decimal) -> None:
    least, most = parameter.least, parameter.most
    if (least is not None and value < Decimal(str(least))) or (
        most is not None and value > Decimal(str(most))
    ):
        low = f"{least:g}" if least is not None else "−∞"
        high = f"{most:g}" if most is not None else "∞"
        raise _wrong(
            parameter,
            text,
            Text(ja=f"{low} から {high} までです。", en=f"Between {low} and {high}."),
        )


def _wrong(parameter: Parameter, text: str, hint: Text) -> BadRequest:
    shown = text if len(text) <= 80 else f"{text[:80]}…"
    return BadRequest(
        Text(
            ja=f"パラメーター {parameter.name}（{parameter.title.ja}）の値「{shown}」は使えません。",
            en=f"The parameter {parameter.name} ({parameter.title.en}) cannot be “{shown}”.",
        ),
        hint=hint,
    )


def _unknown(name: str, known: Mapping[str, Parameter]) -> BadRequest:
    shown = name if len(name) <= 80 else f"{name[:80]}…"
    near = get_close_matches(name, known, n=1)
    names = ", ".join(known)
    if near:
        hint = Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
    elif known:
        hint = Text(ja=f"使えるのは {names} です。", en=f"It takes {names}.")
    else:
        hint = Text(ja="この問い合わせにパラメーターはありません。", en="It takes no parameters.")
    return BadRequest(
        Text(
            ja=f"パラメーター {shown} はありません。",
            en=f"There is no parameter {shown}.",
        ),
        hint=hint,
    )
