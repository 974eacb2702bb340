"""What mappings compile to, and what each rewrite makes of a plan (see README.md)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.mapping.compile import compile_mapping
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.mapping.passes import PASSES
from app.mapping.passes.repeats import mark_repeats
from app.mapping.passes.self_joins import remove_self_joins
from app.mapping.plan import Plan, Term, Value
from app.mapping.plan_json import plan_of, to_json
from app.mapping.printing import as_text, inside, term

FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in FOLDER.glob("*/*/mapping.*"))


def compiled(case: Path) -> Plan:
    """The plan of a case's mapping before any rewrite."""
    [path] = case.glob("mapping.*")
    mapping = read_mapping(path.read_text(encoding="utf-8"), file=path.name)
    return compile_mapping(mapping, base="http://base.example/", passes=())


def marked(case: Path) -> Callable[[Plan], Plan]:
    """`mark_repeats`, where the nodes that the case states differ in all rows."""
    keys = set((case / "keys.txt").read_text(encoding="utf-8").splitlines())

    def unique(source: LogicalSource, node: Value | Term) -> bool:
        shown = term(node, {}) if isinstance(node, Term) else inside(node)
        return f"{source.path} {shown}" in keys

    return lambda plan: mark_repeats(plan, unique)


def rewritten(case: Path) -> Plan:
    """The plan after the rewrite that the case's folder is named after."""
    rewrites = {"self_joins": remove_self_joins, "mark_repeats": None}
    rewrite = rewrites[case.parent.name] or marked(case)
    return rewrite(compiled(case))


def same(path: Path, plan: Plan) -> None:
    """The plan is printed as the file says, or written there when asked for."""
    if os.environ.get("TSUNAGU_WRITE_PLANS"):
        path.write_text(as_text(plan), encoding="utf-8")
    assert as_text(plan) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_plans_are_as_written(case: Path) -> None:
    same(case / ("plan.txt" if case.parent.name == "compile" else "before.txt"), compiled(case))
    if case.parent.name != "compile":
        same(case / "after.txt", rewritten(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_plans_survive_json(case: Path) -> None:
    plan = compiled(case)
    for rewrite in PASSES:
        plan = rewrite(plan)
    back = plan_of(json.loads(json.dumps(to_json(plan), ensure_ascii=False)))
    assert back == plan
    assert to_json(back) == to_json(plan)  # places too, which take no part in equality


def test_every_rewrite_has_cases() -> None:
    modules = {p.stem for p in (FOLDER.parents[1] / "app/mapping/passes").glob("[a-z]*.py")}
    named = {"repeats": "mark_repeats"}
    assert {named.get(name, name) for name in modules} <= {case.parent.name for case in CASES}
