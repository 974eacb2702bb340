"""How fast READ is, against pyarrow's own CSV reader, on a synthetic table of 16 columns.

    python benchmarks/read_speed.py [ROWS] [BLOCK_KIB …]

Prints the best seconds of three for several shapes of the same table: plain UTF-8, CP932, all
cells quoted, packed, and with a ragged row in each block (the careful way).
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as pa_csv

from app.findings import Findings
from app.tabular import delimited, reader


def table_text(rows: int, *, quoted: bool = False, ragged_every: int = 0) -> str:
    """A table of facilities; every `ragged_every`-th row has one cell too many."""
    text = io.StringIO()
    text.write(",".join(f"列{n}" for n in range(16)) + "\r\n")
    for row in range(rows):
        cells = [
            *(str(row), "131016", "東京都", "千代田区", f"市役所{row % 5000}号館"),
            *(f"シヤクショ{row % 500}", f"東京都千代田区一丁目{row % 77}番", ""),
            *(f"35.{row % 99999:05d}", f"139.{row % 88888:05d}", "1階ロビー"),
            *(f"03-{row % 9999:04d}-1111", "月火水木金", "08:30", "17:15", ""),
        ]
        if ragged_every and row % ragged_every == 0:
            cells.append("x")
        text.write(",".join(f'"{c}"' for c in cells) if quoted else ",".join(cells))
        text.write("\r\n")
    return text.getvalue()


def read_by_tsunagu(file: Path) -> int:
    """Rows read as the product reads them."""
    return sum(map(len, reader.open_table(file, findings=Findings()).batches()))


def read_by_pyarrow(file: Path) -> int:
    """Rows read by pyarrow alone, all columns as strings, without line numbers."""
    names = [f"列{n}" for n in range(16)]
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
    )
    options = pa_csv.ReadOptions(block_size=delimited.BLOCK_BYTES)
    with pa_csv.open_csv(file, read_options=options, convert_options=convert) as batches:
        return sum(batch.num_rows for batch in batches)


def report(name: str, read: Callable[[Path], int], file: Path) -> None:
    """One line: the best of three."""
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        rows = read(file)
        seconds.append(time.perf_counter() - begun)
    size = file.stat().st_size / 1e6
    print(f"{name:24} {size:7.1f} MB {rows:9,} rows {min(seconds):6.2f} s")


def main(rows: int, block_kib: list[int]) -> None:
    """Writes the shapes into a temporary folder and reads each."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        plain = table_text(rows).encode()
        file.write_bytes(plain)
        report("pyarrow alone", read_by_pyarrow, file)
        for kib in block_kib or [delimited.BLOCK_BYTES >> 10]:
            delimited.BLOCK_BYTES = kib << 10
            report(f"utf-8, blocks of {kib} KiB", read_by_tsunagu, file)
        file.write_bytes(plain.decode().encode("cp932"))
        report("cp932", read_by_tsunagu, file)
        file.write_bytes(table_text(rows, quoted=True).encode())
        report("all quoted", read_by_tsunagu, file)
        file.write_bytes(table_text(rows, ragged_every=9000).encode())
        report("a ragged row a block", read_by_tsunagu, file)
        packed = file.with_suffix(".csv.gz")
        packed.write_bytes(gzip.compress(plain, 1))
        report("gzip", read_by_tsunagu, packed)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, [int(a) for a in sys.argv[2:]])
