"""Files that are meant to hurt: each is refused clearly or read as what it is, in bounded memory.

Every file is made and checked in one process of its own, which says what it told and how far its
memory grew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

GROWTH_MB = 256
"""No file here is larger than 12 MB; reading one may hold a few copies of it, and no more."""

_CHILD = r"""
import gzip, io, json, resource, sys, zipfile
from app.codes.bundled import region_table, vocab_dir
from app.errors import TsunaguError
from app.publish.checking import check_bytes
from app.settings import Settings
from tests.unit.tabular.workbooks import xlsx

settings = Settings(vocab_dir=vocab_dir(), source_bytes=64 << 20)
regions = region_table()

def zipped(name, make):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w") as member:
            for part in make():
                member.write(part)
    return output.getvalue()

def zeros(): return (b"0" * (1 << 20) for _ in range(512))

def inside_a_workbook(part, parts):
    plain = xlsx({"s": [["a", "b"], ["1", "2"]]})
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != part:
                new.writestr(item, old.read(item))
        with new.open(part, "w") as member:
            for each in parts:
                member.write(each)
    return output.getvalue()

def wide(): return (",".join(f"c{n}" for n in range(10_000)) + "\n").encode()

def many_cells():
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    yield head
    for row in range(1, 65):
        yield f'<row r="{row}"><c r="XFD{row * 16000}"><v>1</v></c></row>'.encode()
    yield b"</sheetData></worksheet>"

FORMULAS = [
    ["NO", "name", "sum"],
    [1, "a", '<c r="AT"><f>HYPERLINK("http://evil.test/","x")</f><v>3</v></c>'],
    [2, "b", '<c r="AT" t="str"><f>WEBSERVICE("http://evil.test/")</f><v>=cmd|calc</v></c>'],
]
CASES = {
    "web page": ("page.csv", lambda: b"<!DOCTYPE html><html><body>404 Not Found</body></html>"),
    "program": ("program.csv", lambda: b"\x7fELF" + bytes(range(256)) * 4096),
    "empty": ("empty.csv", lambda: b""),
    "10,000 columns": ("wide.csv", wide),
    "a cell of 10 MB": ("cell.csv", lambda: b"a,b\n1,\"" + b"x" * (10 << 20) + b"\"\n"),
    "a quote that never ends": ("quote.csv", lambda: b"a,b\n1,\"" + b"x,y\n" * (2 << 20)),
    "zip bomb": ("bomb.zip", lambda: zipped("a.csv", zeros)),
    "gzip bomb": ("bomb.csv.gz", lambda: gzip.compress(b"a,b\n" + b"0" * (300 << 20), 1)),
    "workbook bomb": ("bomb.xlsx", lambda: inside_a_workbook("xl/worksheets/sheet1.xml", zeros())),
    "strings bomb": ("strings.xlsx", lambda: inside_a_workbook("xl/sharedStrings.xml", zeros())),
    "far cells": ("far.xlsx", lambda: inside_a_workbook("xl/worksheets/sheet1.xml", many_cells())),
    "no workbook": ("no.xlsx", lambda: b"PK\x03\x04" + b"\0" * 4096),
    "an old workbook": ("old.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096),
    "macros": ("macros.xlsm", lambda: xlsx({"s": [["NO", "name"], [1, "a"]]}, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 64})),
    "formulas": ("formulas.xlsx", lambda: xlsx({"s": FORMULAS})),
    "entities": ("entities.xlsx", lambda: inside_a_workbook("xl/worksheets/sheet1.xml", [b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'])),
}
told = {}
check_bytes("warm.csv", b"a,b\n1,2\n", settings, regions)
for case, (name, make) in CASES.items():
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        report = check_bytes(name, data, settings, regions)
        outcome = {"rows": report.rows, "codes": sorted(report.findings.counts()), "code": None}
    except TsunaguError as error:
        outcome = {"code": error.code, "ja": error.text.ja, "hint": bool(error.hint)}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    told[case] = outcome | {"grown_mb": grown // 1024, "bytes": len(data)}
print(json.dumps(told))
"""


@cache
def told() -> dict[str, dict[str, Any]]:
    """What each case came to."""
    command = [sys.executable, "-c", _CHILD]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    outcomes: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return outcomes


REFUSED = {
    "web page": ("source-error", "Web ページ"),
    "program": ("source-error", "バイナリー"),
    "empty": ("source-empty", "空です"),
    "10,000 columns": ("source-too-large", "10,000 列"),
    "a cell of 10 MB": ("source-too-large", "セル"),
    "zip bomb": ("source-too-large", ""),
    "gzip bomb": ("source-too-large", ""),
    "workbook bomb": ("source-too-large", ""),
    "strings bomb": ("source-too-large", ""),
    "far cells": ("source-too-large", "セル"),
    "no workbook": ("source-error", ""),
    "an old workbook": ("source-error", ".xls の表は読めません"),
    "entities": ("source-error", ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_in_words(case: str) -> None:
    outcome = told()[case]
    code, words = REFUSED[case]
    assert outcome["code"] == code, outcome
    assert words in outcome["ja"]
    assert outcome["hint"], "what to do is said"


@pytest.mark.parametrize("case", [*REFUSED, "a quote that never ends", "macros", "formulas"])
def test_memory_stays_bounded(case: str) -> None:
    assert told()[case]["grown_mb"] < GROWTH_MB, told()[case]


def test_a_quote_that_never_ends_is_told_as_what_it_is() -> None:
    outcome = told()["a quote that never ends"]
    assert (outcome["rows"], "table-unclosed-quote" in outcome["codes"]) == (0, True)


def test_macros_are_not_run_and_the_table_is_read() -> None:
    outcome = told()["macros"]
    assert (outcome["code"], outcome["rows"]) == (None, 1)


def test_formulas_are_not_computed_their_last_values_are_read() -> None:
    outcome = told()["formulas"]
    assert (outcome["code"], outcome["rows"]) == (None, 2)
