"""Rewrites of a plan, one a file, in the order in which they run.

Each takes a plan and gives an equivalent, cheaper one; each has a fixture of the same name in
tests/plans/.
"""

from __future__ import annotations

from collections.abc import Callable

from app.mapping.passes.self_joins import remove_self_joins
from app.mapping.plan import Plan

PASSES: tuple[Callable[[Plan], Plan], ...] = (remove_self_joins,)
