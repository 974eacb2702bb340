"""Several conditions as one."""

from __future__ import annotations

from collections.abc import Sequence

from app.mapping.model import Argument, Call, Expression, TermMap
from app.rdf.namespaces import IDLAB_FN


def all_of(conditions: Sequence[Expression]) -> Expression | None:
    """One condition that is true when all are: `idlab-fn:trueCondition` gives its second
    argument when the first is true."""
    joined: Expression | None = None
    for condition in reversed(conditions):
        if joined is None:
            joined = condition
        else:
            joined = Call(
                IDLAB_FN + "trueCondition",
                (
                    Argument(IDLAB_FN + "strBoolean", TermMap(condition), condition.place),
                    Argument(IDLAB_FN + "str", TermMap(joined), joined.place),
                ),
                place=condition.place,
            )
    return joined
