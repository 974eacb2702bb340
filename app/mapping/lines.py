"""The lines that one emit makes of one batch, and the rows they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.mapping.vector import Rows, combinations


@dataclass(frozen=True, slots=True)
class Lines:
    """`values`: N-Quads, null where a term is missing; `rows`: the batch row of each (None: one
    for each row, in order); `several`: a row may have more than one."""

    values: pa.Array
    rows: Rows | None = None
    several: bool = False

    def owners(self) -> Rows:
        """The batch row of each line."""
        return np.arange(len(self.values)) if self.rows is None else self.rows

    def without_nulls(self, bad: npt.NDArray[np.bool_] | None = None) -> Lines:
        """The lines that are there, and do not come from a bad row."""
        keep = self.values.is_valid() if self.values.null_count else None
        if bad is not None:
            good = pa.array(~bad[self.owners()])
            keep = good if keep is None else pc.and_(keep, good)
        if keep is None:
            return self
        rows = self.owners()[keep.to_numpy(zero_copy_only=False)]
        return Lines(self.values.filter(keep), rows, self.several)

    def once_a_row(self) -> Lines:
        """Without the repeats that rows with several values may give."""
        if not self.several or len(self.values) == 0:
            return self
        first = np.sort(combinations([self.values])[0])
        if len(first) == len(self.values):
            return self
        return Lines(self.values.take(pa.array(first)), self.owners()[first])
