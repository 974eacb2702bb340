"""References to other mappings and the conditions that join them.

Source: YARRRML, section "Referring to other mappings".
"""

from __future__ import annotations

from difflib import get_close_matches

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.mapping.languages.document import Scalar
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.functions import EQUAL, GivenCall
from app.mapping.model import Join


def parents(context: Context, name: Scalar) -> tuple[str, ...]:
    """The triples maps that a mapping's name means. Raises MappingReferenceError."""
    ids = context.triples_maps.get(name.text)
    if ids is not None:
        return ids
    near = get_close_matches(name.text, context.triples_maps, n=1, cutoff=0.5)
    raise MappingReferenceError(
        Text(
            ja=f"マッピング {name.text} は定義されていません。",
            en=f"there is no mapping {name.text}.",
        ),
        place=name.place,
        hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?") if near else None,
    )


def join_of(given: GivenCall) -> Join | None:
    """A join, if the call compares the two sides; None for a condition on the child's row."""
    sides = {argument.side for argument in given.given}
    if given.function != EQUAL:
        if "o" in sides:
            raise MappingError(
                Text(
                    ja="結合条件に使える関数は equal だけです。",
                    en="the only function that can join two mappings is equal.",
                ),
                place=given.place,
                hint=Text(
                    ja="値を加工するには、equal の引数を関数にしてください。",
                    en="To compare changed values, make the arguments of equal functions.",
                ),
            )
        return None
    if len(given.given) != 2:
        raise _equal_takes_two(given.place)
    first, second = given.given
    if sides in ({None}, {"s", "o"}, {None, "o"}, {"s", None}):
        child, parent = (
            (second, first) if first.side == "o" or second.side == "s" else (first, second)
        )
        return Join(child.argument.value.expression, parent.argument.value.expression, given.place)
    if sides == {"s"}:
        return None
    raise _equal_takes_two(given.place)


def _equal_takes_two(place: Place) -> MappingError:
    return MappingError(
        Text(
            ja="結合条件 equal には、この行の値 (s) と相手の値 (o) が一つずつ必要です。",
            en="the join condition equal needs one value of this mapping (s) and one of the "
            "other (o).",
        ),
        place=place,
        hint=Text(
            ja="[str1, $(列), s] と [str2, $(相手の列), o] を書いてください。",
            en="Write [str1, $(column), s] and [str2, $(column of the other), o].",
        ),
    )
