"""How large a source may be: the part of the settings that READ needs."""

from __future__ import annotations

from dataclasses import dataclass

from app.settings import Settings


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds of one source; the defaults are those of `app.settings`.

    `bytes`: after unpacking. `cell_bytes`: one cell in UTF-8. `expansion`: unpacked size over
    packed size. `json_bytes`, `json_depth`: of a JSON document, which is read whole.
    `sheet_cells`: of a sheet of a workbook, empty ones within its rectangle included.
    """

    bytes: int = 4 << 30
    columns: int = 4096
    cell_bytes: int = 1 << 20
    expansion: int = 1000
    json_bytes: int = 64 << 20
    json_depth: int = 100
    sheet_cells: int = 10_000_000

    @classmethod
    def from_settings(cls, settings: Settings) -> ReadLimits:
        """The limits an operator has set."""
        return cls(
            bytes=settings.source_bytes,
            columns=settings.source_columns,
            cell_bytes=settings.source_cell_bytes,
            expansion=settings.source_expansion,
            json_bytes=settings.source_json_bytes,
            json_depth=settings.source_depth,
            sheet_cells=settings.source_sheet_cells,
        )

    @property
    def record_bytes(self) -> int:
        """Longest record: sixteen of the longest cells. A record that has not ended by then is
        almost always a quote that is never closed."""
        return 16 * self.cell_bytes
