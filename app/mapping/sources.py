"""Logical sources as tables: files, and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa

from app.findings import Findings
from app.mapping.database_tables import DatabaseTable
from app.mapping.model import LogicalSource
from app.mapping.plan import Plan
from app.mapping.views import ViewTable
from app.tabular.batch import MemoryTable, Table

_ONE_ROW: Final = pa.Table.from_batches(
    [pa.RecordBatch.from_struct_array(pa.array([{}], pa.struct([])))]
)


def open_source(
    source: LogicalSource, open_file: Callable[[LogicalSource], Table], findings: Findings
) -> Table:
    """The table of a logical source; `open_file` gives that of a file. `findings` receives what is
    wrong with the cells that a view looks into."""
    if source.formulation == "none":
        return MemoryTable(source.path, _ONE_ROW)
    if source.view is not None:
        on = open_source(source.view.on, open_file, findings)
        parents = [open_source(join.parent, open_file, findings) for join in source.view.joins]
        return ViewTable(source.view, on, parents, findings)
    table = open_file(source)
    return DatabaseTable(table) if source.formulation == "table" else table


def sources_of(plan: Plan) -> tuple[LogicalSource, ...]:
    """Every source that a plan reads, each once."""
    scanned = [pipeline.source for pipeline in plan.pipelines]
    return tuple(dict.fromkeys([*scanned, *(table.source for table in plan.lookups)]))
